"""The command `carport bridge`."""

import asyncio
from dataclasses import replace
import logging
from pathlib import Path
import sys
from typing import Annotated

import typer

from carport.mqtt.settings import Layout

from . import bridge_setup
from .arguments import add_command
from .bridging import ALIVE, clear_away, run_bridge
from .exits import Exit, Failure
from .home import Home
from .output import Output, run, stopped_by
from .service_manager import is_healthy

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        dir_okay=False,
        help="The configuration; without it CARPORT_BRIDGE_FILE, or bridge.toml in the "
        "state folder.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "bridge",
        _bridge,
        "carport bridge --init",
        "carport bridge --check",
        "carport bridge --config bridge.toml",
    )


def _bridge(
    config: ConfigOption = None,
    init: Annotated[
        bool, typer.Option("--init", help="Write a commented configuration, and end.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Look for mistakes, and end.")
    ] = False,
    health: Annotated[
        bool,
        typer.Option(
            "--health", help="End with 0 if a bridge runs here and has its broker."
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log also what goes well.")
    ] = False,
) -> None:
    """Run the MQTT bridge: cars tell a broker, and are commanded through it.

    It runs until SIGTERM or Ctrl-C.
    """
    out = Output()
    home = Home.of_owner()
    _log(verbose=verbose)

    async def work() -> Exit:
        if health:
            return Exit.DONE if is_healthy(home.path / ALIVE) else Exit.REFUSED
        path = config or bridge_setup.default_path(home)
        if init:
            if config is None:
                home.make()
            _write_example(path, out)
            return Exit.DONE
        return await serve(home, path, out, must_be=config is not None, check=check)

    run(work(), out, stopped=Exit.DONE)


async def serve(
    home: Home,
    path: Path,
    out: Output,
    *,
    must_be: bool,
    check: bool = False,
    classic: bool = False,
) -> Exit:
    """Run the bridge by a file and the surroundings, in the classic layout if asked to.

    The bridge of that layout ends if the broker is not there when it starts.
    """
    given = bridge_setup.read_configuration(path, must_be=must_be)
    if classic:
        given = replace(given, layouts=frozenset({Layout.CLASSIC}))
    if not check and not given.accounts and not home.accounts():
        alone = replace(given, cars=())
        chosen = bridge_setup.settings(home, alone, path)
        await clear_away(home, chosen, bridge_setup.broker(given.broker))
    records = bridge_setup.chosen_accounts(home, given)
    chosen = bridge_setup.settings(home, given, path)
    broker = bridge_setup.broker(given.broker)
    if check:
        out.line(f"{path.name}: nothing wrong.")
        return Exit.DONE
    if home.shared:
        chosen = bridge_setup.with_all_topics(home, chosen)
        # Accounts that are added later are served too, unless only some are wanted.
        records = records if given.accounts else []
    stop = asyncio.Event()
    with stopped_by(stop.set):
        return await run_bridge(
            home, records, chosen, broker, stop=stop, broker_must_be=classic
        )


def _write_example(path: Path, out: Output) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(bridge_setup.example())
    except FileExistsError:
        raise Failure(
            Exit.REFUSED, "bridge_file_exists", f"{path} exists and is left as it is."
        ) from None
    path.chmod(0o600)
    out.line(f"Written: {path}")


def _log(*, verbose: bool) -> None:
    """Log to standard error, as service managers want it; never from below aiohttp."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )
    if verbose:
        logging.getLogger("carport").setLevel(logging.INFO)
