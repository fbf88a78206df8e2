"""The commands for charging: start, stop, limits, current, mode, plug."""

from typing import Annotated

import typer

from carport.car.commands import (
    SetChargeCurrent,
    SetChargeLimit,
    SetChargeLimitMin,
    SetChargeMode,
    StartCharging,
    StopCharging,
)
from carport.car.signals import ChargeMode
from carport.car.switches import SetAutoUnlockPlug

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption, add_command
from .ordering import OnOff, order, simple

Percent = Annotated[float, typer.Argument(help="Per cent of the battery.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    charge = typer.Typer(
        help="Charging: start, stop, limits, current, mode, plug.",
        epilog="Examples: carport charge start aurora; carport charge limit aurora 80",
        no_args_is_help=True,
    )
    add_command(
        charge,
        "start",
        simple(StartCharging()),
        "carport charge start aurora",
        text="Start charging now.",
    )
    add_command(
        charge,
        "stop",
        simple(StopCharging()),
        "carport charge stop aurora",
        text="Stop charging.",
    )
    add_command(charge, "limit", _limit, "carport charge limit aurora 80")
    add_command(charge, "limit-min", _limit_min, "carport charge limit-min aurora 20")
    add_command(
        charge,
        "current",
        _current,
        "carport charge current aurora 16",
        "carport charge current aurora reduced",
    )
    add_command(charge, "mode", _mode, "carport charge mode aurora timer")
    add_command(charge, "plug", _plug, "carport charge plug aurora --off")
    app.add_typer(charge, name="charge")


def _limit(
    car: CarArgument,
    percent: Percent,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the level up to which the car charges."""
    command = SetChargeLimit(percent=percent)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _limit_min(
    car: CarArgument,
    percent: Percent,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the level up to which the car charges at once, whatever its timers say."""
    command = SetChargeLimitMin(percent=percent)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _current(
    car: CarArgument,
    current: Annotated[
        str, typer.Argument(help="Amperes, or one of the maker's words.")
    ],
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the current with which the car charges at most."""
    try:
        command = SetChargeCurrent(current=float(current))
    except ValueError:
        command = SetChargeCurrent(current=current)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _mode(
    car: CarArgument,
    mode: Annotated[ChargeMode, typer.Argument(help="When the car charges.")],
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Choose when the car charges; it may offer only some of these."""
    command = SetChargeMode(mode=mode)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _plug(
    car: CarArgument,
    on: OnOff = True,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Release the plug when charging is done, or keep it locked."""
    command = SetAutoUnlockPlug(on=on)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)
