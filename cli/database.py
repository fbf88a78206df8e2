"""The database that the owner named: opened with the key, and filled from the folder."""

from collections.abc import Iterator
import os
from pathlib import Path
from typing import Final

from carport.cloud.ledger import Purpose

from .cipher import Cipher, make_key
from .exits import Exit, Failure
from .files import read_json
from .home import Home
from .postgres import Database
from .postgres_home import PostgresHome

_KEY: Final = "key"


def open_home(path: Path, address: str) -> PostgresHome:
    """Return the home in a database; its key is in a file of the owner."""
    return PostgresHome(path, Database(address), Cipher.from_file(key_path(path)))


def key_path(path: Path) -> Path:
    """Return where the key is: beside the database's address, or in the folder."""
    return Path(os.environ.get("CARPORT_KEY_FILE") or path / _KEY)


def prepare(path: Path, address: str) -> PostgresHome:
    """Make key and tables where they are not there yet."""
    make_key(key_path(path))
    home = open_home(path, address)
    home.database.make_tables()
    return home


async def move_in(folder: Home, home: PostgresHome) -> list[str]:
    """Copy the folder's accounts into the database; return their names.

    Nothing is deleted. An account of a name that is there already is refused.
    """
    known = {record.name for record in home.accounts()}
    moved = []
    cars = read_json(folder.garage)
    rows = cars["garage"]["cars"] if isinstance(cars, dict) else []
    for record in folder.accounts():
        if record.name in known:
            raise Failure(
                Exit.REFUSED,
                "account_exists",
                f"The database has an account {record.name} already.",
            )
        with folder.held([record.name]):
            home.keep(record)
            with home.held([record.name]):
                store = home.store(record.name)
                kept = dict(folder.kept(record.name))
                await store.keep(**kept)
                home.count_calls(record.name, _calls(kept.get("ledger")))
                own = [row for row in rows if row.get("owner") == record.name]
                home.keep_cars(record.name, own)
        moved.append(record.name)
    return moved


def _calls(ledger: object) -> Iterator[tuple[Purpose, float]]:
    """Yield the calls that a ledger kept."""
    kept = ledger.get("calls") if isinstance(ledger, dict) else None
    for row in kept if isinstance(kept, list) else ():
        match row:
            case [float() | int() as at, str() as what] if what in tuple(Purpose):
                yield Purpose(what), at
