"""The command that says what works, what does not, and why."""

from pathlib import Path
from typing import Annotated, Final

import typer

from .arguments import JsonOption, add_command
from .doctor import examine, show
from .exits import Exit
from .files import write_json
from .home import Home
from .output import Output, run

REPORT: Final = "carport-report.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "doctor",
        _doctor,
        "carport doctor",
        "carport doctor --report",
        "carport doctor --json",
    )


def _doctor(
    with_report: Annotated[
        bool,
        typer.Option(
            "--report",
            help=f"Write {REPORT} here: all that helps to find a fault, without "
            "names, VINs, places, passwords and tokens.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what works, what does not, and why: clock, network, accounts, cars.

    Each account is opened and each of its cars read once. The exit code is that of the
    first thing that does not work.
    """
    out = Output(as_json=as_json)
    home = Home.of_owner()

    async def work() -> Exit:
        found = await examine(home)
        show(found, out)
        if with_report:
            path = Path.cwd() / REPORT
            write_json(path, found.report())
            out.note(f"Written: {path}")
        return found.code

    run(work(), out)
