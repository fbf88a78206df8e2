"""The commands for doors, horn, lights and navigation, and the one that wakes a car."""

from typing import Annotated, Final

import typer

from carport.car.commands import (
    HonkAndFlash,
    HornMode,
    Lock,
    SendDestination,
    Unlock,
    Wake,
)

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption, add_command
from .ordering import order, simple

_SIMPLE: Final = (
    ("lock", Lock(), "Lock the whole car."),
    ("unlock", Unlock(), "Unlock the whole car."),
    ("wake", Wake(), "Wake the car to report; costs its 12 V battery."),
)

Seconds = Annotated[
    float | None,
    typer.Option("--seconds", help="For how long, where the maker lets you say it."),
]
Times = Annotated[
    int | None,
    typer.Option("--times", help="How often, where the maker lets you say it."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command, text in _SIMPLE:
        examples = (f"carport {name} aurora", f"carport {name} aurora --no-wait --json")
        add_command(app, name, simple(command), *examples, text=text)
    add_command(app, "flash", _flash, "carport flash aurora")
    add_command(
        app,
        "honk",
        _honk,
        "carport honk aurora --seconds 2",
        "carport honk aurora --flash",
    )
    add_command(
        app,
        "send",
        _send,
        "carport send aurora --at 52.52,13.40 --name Work",
        'carport send aurora --at 48.137,11.575 --name Lunch --street "Marienplatz 1"',
    )


def _flash(
    car: CarArgument,
    seconds: Seconds = None,
    times: Times = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Flash the lights."""
    command = HonkAndFlash(mode=HornMode.FLASH, duration=seconds, count=times)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _honk(
    car: CarArgument,
    flash: Annotated[
        bool, typer.Option("--flash", help="And flash the lights.")
    ] = False,
    seconds: Seconds = None,
    times: Times = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sound the horn."""
    mode = HornMode.HONK_AND_FLASH if flash else HornMode.HONK
    command = HonkAndFlash(mode=mode, duration=seconds, count=times)
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _send(
    car: CarArgument,
    place: Annotated[
        str, typer.Option("--at", metavar="LAT,LON", help="Degrees, as 52.52,13.40.")
    ],
    name: Annotated[str, typer.Option(help="What the car shows.")],
    street: str | None = None,
    city: str | None = None,
    postal_code: str | None = None,
    country: str | None = None,
    no_wait: NoWaitOption = False,
    pin_file: PinFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a destination to the car's navigation."""
    latitude, longitude = _place(place)
    parts = {
        "street": street,
        "city": city,
        "postal_code": postal_code,
        "country": country,
    }
    command = SendDestination(
        name=name,
        latitude=latitude,
        longitude=longitude,
        address={key: value for key, value in parts.items() if value},
    )
    order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)


def _place(text: str) -> tuple[float, float]:
    """Return the degrees of a place."""
    try:
        latitude, longitude = map(float, text.split(","))
    except ValueError:
        latitude = longitude = 360.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise typer.BadParameter("--at takes LAT,LON in degrees.")
    return latitude, longitude
