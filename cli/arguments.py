"""Arguments and options that several commands take, and how a command is added."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

CarArgument = Annotated[
    str,
    typer.Argument(metavar="CAR", help="VIN, its end, number plate or name of a car."),
]
OptionalCar = Annotated[
    str | None,
    typer.Argument(metavar="[CAR]", help="Only this car; all without it."),
]
AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="A name that `carport accounts` lists.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
NoWaitOption = Annotated[
    bool,
    typer.Option("--no-wait", help="End when the maker has accepted the command."),
]
PinFileOption = Annotated[
    Path | None,
    typer.Option(
        "--pin-file",
        exists=True,
        dir_okay=False,
        help="A file with the PIN for commands.",
    ),
]


def add_command(
    app: typer.Typer,
    name: str,
    command: Callable[..., None],
    *examples: str,
    text: str | None = None,
) -> None:
    """Add a command with examples below its help, a line each."""
    lines = ("Examples:", *(f"  {example}" for example in examples))
    app.command(name, help=text, epilog="\n\n".join(lines))(command)
