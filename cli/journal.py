"""Commands that are under way, on disk before they go out.

One that is still there when the account is opened again was cut off by a crash: it is
told once, as unknown, and never sent again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from carport.car.bounds import moment_from
from carport.car.commands import Command
from carport.engine.storage import LeaseLost, StorageUnreachable

from .files import read_json, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A command that may have gone out."""

    id: str
    vin: str
    command: str
    requested_at: str

    def as_dict(self) -> dict[str, str | None]:
        """Return its receipt: nobody knows what became of it."""
        return {
            "id": self.id,
            "command": self.command,
            "outcome": "unknown",
            "requested_at": self.requested_at,
        }


class Journal(Protocol):
    """Where an account's commands are while they are under way."""

    def read(self) -> object:
        """Return the rows that were written last; None without any."""

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Write all rows, and return when they are safe."""


@dataclass(frozen=True, slots=True)
class FileJournal:
    """A journal in a file."""

    path: Path

    def read(self) -> object:
        """Return what the file holds."""
        return read_json(self.path)

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Put them in the place of the others in one step."""
        write_json(self.path, rows)


def cut_off(place: Path | Journal) -> list[Sending]:
    """Return the commands that a crash cut off, and forget them: they are told now."""
    journal = _opened(place)
    found = _read(journal)
    if found:
        journal.write([])
    return found


@contextmanager
def journalled(
    place: Path | Journal,
    vin: str,
    command: Command,
    now: datetime,
    id_: str | None = None,
) -> Iterator[None]:
    """Have a command on disk for as long as it is under way, under the asker's id."""
    journal = _opened(place)
    sending = Sending(
        id=id_ or uuid4().hex,
        vin=vin,
        command=str(command.kind),
        requested_at=now.isoformat(),
    )
    journal.write([asdict(one) for one in (*_read(journal), sending)])
    yield
    # What cannot be taken away is told as unknown later; its receipt is known here.
    with suppress(LeaseLost, StorageUnreachable):
        journal.write([asdict(one) for one in _read(journal) if one.id != sending.id])


def _opened(place: Path | Journal) -> Journal:
    return FileJournal(place) if isinstance(place, Path) else place


def _read(journal: Journal) -> list[Sending]:
    rows = journal.read()
    found = []
    for row in rows if isinstance(rows, list) else ():
        try:
            sending = Sending(**row)
        except TypeError:
            continue
        if moment_from(sending.requested_at) is not None:
            found.append(sending)
    return found
