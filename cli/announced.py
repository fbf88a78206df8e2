"""What bridges have announced at brokers, kept beside the accounts: it outlives them."""

from collections.abc import Callable, Collection, Iterable
import hashlib
import logging
from pathlib import Path
from typing import Final, Protocol

from carport.mqtt.announced import GONE, Record, Row
from carport.mqtt.settings import Layout

from .files import read_json, write_json

_LOGGER: Final = logging.getLogger(__name__)

_SUFFIX: Final = ".json"


def digest_of_broker(host: str, port: int) -> str:
    """Return a name of a broker: what was announced at one is not taken back at another."""
    return hashlib.sha256(f"{host}:{port}".encode()).hexdigest()[:12]


class KeptRecord(Record, Protocol):
    """A record that processes with other accounts write too."""

    def refresh(self) -> None:
        """Hear what others have written since; it may wait for a database."""

    def removed(self) -> Collection[str]:
        """Return the accounts that are no more, for who takes back what is left of them."""


class FileRecord:
    """A file for each account in a folder for each broker.

    Only who holds an account announces it, so no two processes write the same file.
    """

    def __init__(self, folder: Path, accounts: Callable[[], Iterable[str]]) -> None:
        """Know the folder, and which accounts there are."""
        self._folder = folder
        self._accounts = accounts

    def answers(self, layout: Layout) -> bool:
        """Answer always: seldom do two bridges share a folder."""
        return True

    def refresh(self) -> None:
        """Do nothing: each file is read when it is asked for."""

    def rows(self) -> Iterable[tuple[str, object]]:
        """Return the rows of all accounts."""
        return [(name, self.read(name)) for name in self._names()]

    def removed(self) -> Collection[str]:
        """Return the accounts that have no folder any more; a damaged one has."""
        return self._names().difference(self._accounts())

    def _names(self) -> set[str]:
        found = {one.name.removesuffix(_SUFFIX) for one in self._folder.glob("*.json")}
        return found - {GONE}

    def read(self, name: str) -> object:
        """Return a row; one that cannot be read keeps no car from being told either."""
        try:
            return read_json(self._path(name))
        except OSError as error:
            _LOGGER.warning(
                "What was announced cannot be read: %s", type(error).__name__
            )
            return None

    def write(self, name: str, row: Row | None) -> bool:
        """Keep or forget a row; a disk that takes nothing keeps no car from being told."""
        try:
            if row is None:
                self._path(name).unlink(missing_ok=True)
            else:
                write_json(self._path(name), row)
        except OSError as error:
            _LOGGER.warning(
                "What is announced is not written down: %s", type(error).__name__
            )
            return False
        return True

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_SUFFIX}"
