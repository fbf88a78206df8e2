"""The command with the arguments of the bridge that came before Carport."""

from contextlib import redirect_stdout
import logging
import sys
from typing import Annotated

import typer

from carport.cloud.product import PRODUCT

from .arguments import add_command
from .bridge_commands import serve
from .bridge_setup import default_path
from .classic import Wanted, classic
from .exits import Exit
from .home import Home
from .output import Output, run

Word = Annotated[str | None, typer.Option(metavar="1|0|on|off")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "classic",
        _classic,
        "carport classic --state",
        "carport classic --name aurora --clima on --climatemp 21.5",
        "carport classic --plate 'WOB-T 1' --charger off --flash 1",
    )


def _classic(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Say the version.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Say more of what is done.")
    ] = False,
    info: Annotated[bool, typer.Option("--info", help="Log what happens.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Log every call.")] = False,
    profile: Annotated[
        bool,
        typer.Option("--profile", help="Show accounts, cars, and the last's state."),
    ] = False,
    state: Annotated[
        bool, typer.Option("--state", help="Read and show the short state.")
    ] = False,
    full_state: Annotated[
        bool, typer.Option("--fullstate", help="Read and show the full state.")
    ] = False,
    service: Annotated[
        bool,
        typer.Option("--service", help="Run the MQTT bridge in the classic layout."),
    ] = False,
    vin: Annotated[str | None, typer.Option(help="The car by its VIN.")] = None,
    plate: Annotated[str | None, typer.Option(help="By its number plate.")] = None,
    name: Annotated[str | None, typer.Option(help="By its name.")] = None,
    charger: Word = None,
    clima: Word = None,
    temperature: Annotated[
        float | None, typer.Option("--climatemp", metavar="XX.X", help="In °C.")
    ] = None,
    window: Word = None,
    honk: Word = None,
    flash: Word = None,
) -> None:
    """Take the arguments of We Connect MQTT, for any maker's car.

    Combined, they are done in this order: profile, state, fullstate, charger, clima,
    climatemp, window, honk, flash. A car is meant by --vin, else --plate, else --name;
    the only one need not be named. Exit codes are those of every command.
    """
    if version:
        typer.echo(PRODUCT)
        raise typer.Exit
    level = logging.DEBUG if debug else logging.INFO if info else None
    if level is None:
        talks = verbose or profile or state or full_state or service
        level = logging.WARNING if talks else logging.ERROR
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    wanted = Wanted(
        profile=profile,
        state=state,
        full_state=full_state,
        vin=vin,
        plate=plate,
        name=name,
        charger=charger,
        clima=clima,
        temperature=temperature,
        window=window,
        honk=honk,
        flash=flash,
    )
    out = Output()
    home = Home.of_owner()
    if service:
        path = default_path(home)
        run(serve(home, path, out, must_be=False, classic=True), out, stopped=Exit.DONE)
    if not wanted.anything:
        with redirect_stdout(sys.stderr):
            typer.echo(context.get_help())
        raise typer.Exit
    run(classic(home, wanted, out), out)
