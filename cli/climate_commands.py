"""The commands for climate, windows, ventilation and heater."""

from datetime import datetime
from typing import Annotated

import typer

from carport.car.commands import (
    ScheduleClimate,
    SetTemperature,
    StartClimate,
    StopClimate,
)
from carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetDefrost,
    SetVentilation,
    SetWindowHeating,
)

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption, add_command
from .ordering import Minutes, OnOff, order, simple


def register(app: typer.Typer) -> None:
    """Add the commands."""
    climate = typer.Typer(
        help="Climate: start, stop, temperature, a later start, battery.",
        epilog="Examples: carport climate start aurora --temp 21; "
        "carport climate stop aurora",
        no_args_is_help=True,
    )
    add_command(
        climate,
        "start",
        _start,
        "carport climate start aurora",
        "carport climate start aurora --temp 21.5",
    )
    add_command(
        climate,
        "stop",
        simple(StopClimate()),
        "carport climate stop aurora",
        text="Stop conditioning the cabin.",
    )
    add_command(climate, "temp", _temperature, "carport climate temp aurora 21.5")
    add_command(
        climate,
        "at",
        _at,
        'carport climate at aurora "2026-12-24 07:30"',
        "carport climate at aurora",
    )
    add_command(
        climate, "on-battery", _on_battery, "carport climate on-battery aurora --off"
    )
    app.add_typer(climate, name="climate")
    add_command(
        app,
        "defrost",
        _defrost,
        "carport defrost aurora",
        "carport defrost aurora --off",
    )
    add_command(
        app, "window", _window, "carport window aurora", "carport window aurora --off"
    )
    add_command(
        app,
        "ventilate",
        _ventilate,
        "carport ventilate aurora --minutes 20",
        "carport ventilate aurora --off",
    )
    add_command(
        app,
        "heater",
        _heater,
        "carport heater aurora --minutes 20",
        "carport heater aurora --off",
    )


def _start(
    car: CarArgument,
    temperature: Annotated[
        float | None, typer.Option("--temp", help="In °C; the car's own without it.")
    ] = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Condition the cabin now."""
    command = StartClimate(temperature=temperature)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _temperature(
    car: CarArgument,
    temperature: Annotated[float, typer.Argument(help="In °C.")],
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the temperature of the cabin, without starting anything."""
    command = SetTemperature(temperature=temperature)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _at(
    car: CarArgument,
    moment: Annotated[
        datetime | None,
        typer.Argument(
            metavar="[WHEN]",
            formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            help="By the clock here; without it, a start that was set is taken back.",
        ),
    ] = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Condition the cabin once, from a moment to come."""
    try:
        at = None if moment is None else moment.astimezone()
    except OverflowError, ValueError:
        # Within hours of the first or last day of all calendars.
        raise typer.BadParameter("No clock knows this moment.") from None
    command = ScheduleClimate(at=at)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _on_battery(
    car: CarArgument,
    on: OnOff = True,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Allow climate from the battery, without mains power, or forbid it."""
    command = SetClimateOnBattery(on=on)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _defrost(
    car: CarArgument,
    on: OnOff = True,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Defrost the windscreen."""
    order(car, SetDefrost(on=on), as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _window(
    car: CarArgument,
    on: OnOff = True,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Heat the windows."""
    command = SetWindowHeating(on=on)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _ventilate(
    car: CarArgument,
    on: OnOff = True,
    minutes: Minutes = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Blow fresh air through the cabin."""
    command = SetVentilation(on=on, duration=minutes if on else None)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _heater(
    car: CarArgument,
    on: OnOff = True,
    minutes: Minutes = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the auxiliary heater, which burns fuel in many cars.

    Its exhaust can kill in a closed garage, so you have to permit it once:
    `carport permit CAR fuel-heater`.
    """
    command = SetAuxiliaryHeating(on=on, duration=minutes if on else None)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)
