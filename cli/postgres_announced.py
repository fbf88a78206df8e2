"""What bridges have announced at a broker, in the database that they share."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from carport.engine.storage import LeaseLost, StorageUnreachable
from carport.mqtt.announced import GONE, Row
from carport.mqtt.settings import Layout

from .postgres import Connection
from .postgres_store import Rows

_COLUMN: Final = "announced"
_LOCK: Final = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
_FIRST: Final = 0x43617270
"""The number of the advisory locks of bridges that speak for cars that are gone."""

_READ: Final = "SELECT data FROM carport_announced WHERE broker = %s AND account = %s"
_ROWS: Final = "SELECT account, data FROM carport_announced WHERE broker = %s"
_REMOVED: Final = """
SELECT account FROM carport_announced WHERE broker = %s AND account <> %s
    AND account NOT IN (SELECT name FROM carport_accounts)
"""
_WRITE: Final = """
INSERT INTO carport_announced (broker, account, data)
SELECT %(broker)s, %(name)s, %(data)s
WHERE %(fence)s::bigint IS NULL
    OR EXISTS (SELECT FROM carport_accounts WHERE name = %(name)s AND fence = %(fence)s)
ON CONFLICT (broker, account) DO UPDATE SET data = excluded.data
"""
_DELETE: Final = """
DELETE FROM carport_announced WHERE broker = %s AND account = %s
    AND account NOT IN (SELECT name FROM carport_accounts)
"""


class PostgresRecord:
    """A row for each account at a broker, written under the account's lease.

    For what has no account any more one bridge acts: the first that got a lock, for as long as
    it is connected to the database.
    """

    def __init__(self, rows: Rows, broker: str) -> None:
        """Name the broker."""
        self._rows = rows
        self._broker = broker
        self._gone: Any = None
        self._is_first = False

    def answers(self, layout: Layout) -> bool:
        """Return whether this bridge was the first."""
        return self._is_first

    def refresh(self) -> None:
        """Learn which cars are gone, and whether this bridge is the one that says so."""
        self._gone = self._read(GONE)
        found = self._rows.database.run(
            lambda db: db.execute(_LOCK, (_FIRST, self._broker)).fetchone()
        )
        self._is_first = found == (True,)

    def rows(self) -> Iterable[tuple[str, object]]:
        """Return the rows of all accounts; they are asked for when a car is gone."""
        found = self._rows.database.run(
            lambda db: db.execute(_ROWS, (self._broker,)).fetchall()
        )
        for name, sealed in found:
            if name != GONE:
                yield name, self._rows.open(name, _COLUMN, sealed)

    def removed(self) -> Collection[str]:
        """Return the accounts that are no more, if this bridge acts for them."""
        self.refresh()
        if not self._is_first:
            return ()
        found = self._rows.database.run(
            lambda db: db.execute(_REMOVED, (self._broker, GONE)).fetchall()
        )
        return [str(name) for (name,) in found]

    def read(self, name: str) -> object:
        """Return a row; that of the cars which are gone as it was heard last."""
        return self._gone if name == GONE else self._read(name)

    def _read(self, name: str) -> Any:
        found = self._rows.database.run(
            lambda db: db.execute(_READ, (self._broker, name)).fetchone()
        )
        return None if found is None else self._rows.open(name, _COLUMN, found[0])

    def write(self, name: str, row: Row | None) -> bool:
        """Write a row, unless its account is another process's or nobody's by now."""
        try:
            written = self._rows.database.run(lambda db: self._write(db, name, row))
        except LeaseLost, StorageUnreachable:
            return False
        if written and name == GONE:
            self._gone = row
        return written

    def _write(self, db: Connection, name: str, row: Row | None) -> bool:
        if row is None:
            db.execute(_DELETE, (self._broker, name))
            return True
        values = {
            "broker": self._broker,
            "name": name,
            "data": self._rows.seal(name, _COLUMN, row),
            "fence": None if name == GONE else self._rows.leases.fence(name),
        }
        return db.execute(_WRITE, values).rowcount == 1
