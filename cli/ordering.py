"""What all commands that ask a car to do something have in common."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from carport.car.commands import Command

from .arguments import CarArgument, JsonOption, NoWaitOption, PinFileOption
from .choosing import choose_car
from .exits import Exit
from .home import Home
from .output import Output, run
from .sending import MakeCommand, send
from .sign_in import read_secret

OnOff = Annotated[bool, typer.Option("--on/--off", help="Switch it on or off.")]
Minutes = Annotated[
    float | None, typer.Option(help="For how long; the car's own time without it.")
]


def simple(command: Command) -> Callable[..., None]:
    """Return a command-line command that takes nothing but the car."""

    def ask(
        car: CarArgument,
        no_wait: NoWaitOption = False,
        pin_file: PinFileOption = None,
        as_json: JsonOption = False,
    ) -> None:
        order(car, command, as_json=as_json, no_wait=no_wait, pin_file=pin_file)

    return ask


def order(
    wanted: str,
    command: Command | MakeCommand,
    *,
    as_json: bool,
    no_wait: bool,
    pin_file: Path | None,
) -> None:
    """Send a command to the car that is meant, and end with what became of it."""
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> Exit:
        car = choose_car(home, wanted)
        pin = read_secret(pin_file)
        return await send(home, car, command, out, wait=not no_wait, pin=pin)

    run(work(), out)
