"""The command that prepares the database which several machines share."""

import os
from pathlib import Path
from typing import Annotated

import platformdirs
import typer

from .arguments import JsonOption, add_command
from .exits import Exit, Failure
from .home import Home, postgres_missing
from .output import Output, run


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(
        app,
        "database",
        _database,
        "carport database --init",
        "carport database --import",
    )


def _database(
    init: Annotated[
        bool,
        typer.Option("--init", help="Make the tables, and the key if there is none."),
    ] = False,
    move: Annotated[
        bool,
        typer.Option(
            "--import", help="Copy the accounts of the state folder into the database."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep accounts in PostgreSQL, so that several machines can serve them.

    CARPORT_DATABASE names it, such as postgresql://carport@db.example.com/carport, and
    CARPORT_KEY_FILE the key with which everything private in it is encrypted. Keep a
    copy of the key: without it the accounts have to be added anew.
    """
    out = Output(as_json=as_json)
    address = os.environ.get("CARPORT_DATABASE")
    named = os.environ.get("CARPORT_HOME")
    path = Path(named) if named else platformdirs.user_state_path("carport")

    async def work() -> None:
        if not address:
            raise Failure(
                Exit.USAGE, "no_database", "CARPORT_DATABASE has to name the database."
            )
        try:
            # Few need it, and it needs packages of its own.
            from .database import key_path, move_in, open_home, prepare  # noqa: PLC0415
        except ImportError:
            raise postgres_missing() from None

        home = prepare(path, address) if init else open_home(path, address)
        moved = await move_in(Home(path), home) if move else []
        if as_json:
            out.json({"key": str(key_path(path)), "moved": moved})
            return
        if init:
            out.line(f"The database is ready. The key: {key_path(path)}")
        if move:
            out.line(f"Copied: {', '.join(moved) or 'nothing'}.")
        if not init and not move:
            out.line(f"{len(home.accounts())} accounts.")

    run(work(), out)
