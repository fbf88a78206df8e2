"""Leases of accounts: who may act for which, until when, under which fencing number.

A lease is taken by `FOR UPDATE SKIP LOCKED`, so that several processes never wait for
each other, and raises the account's fencing number. Whatever is written under a lease
names that number, and does nothing once another process has raised it. Only the
database's clock counts.
"""

from collections.abc import Collection, Mapping
import os
import socket
from typing import Any, Final
from uuid import uuid4

from carport.cloud.ledger import Purpose
from carport.engine.storage import LeaseLost

from .postgres import Connection, Database

LEASE: Final = 30.0
"""How long a lease holds without being renewed, in seconds."""
CALLS_KEPT: Final = 8 * 24 * 3600.0
"""How long a call is kept after which there was another, in seconds; no window is longer."""

_TAKE: Final = """
UPDATE carport_accounts
SET holder = %(holder)s, fence = fence + 1,
    expires_at = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE name IN (
    SELECT name FROM carport_accounts
    WHERE (expires_at <= clock_timestamp() OR holder = %(holder)s)
        AND name <> ALL(%(held)s)
        AND (%(wanted)s::text[] IS NULL OR name = ANY(%(wanted)s))
    ORDER BY expires_at, name
    LIMIT %(most)s
    FOR UPDATE SKIP LOCKED
)
RETURNING name, fence
"""
_FREE: Final = """
SELECT count(*) FROM carport_accounts WHERE expires_at <= clock_timestamp()
"""
_RENEW: Final = """
UPDATE carport_accounts AS account
SET expires_at = clock_timestamp() + make_interval(secs => %(lease)s)
FROM unnest(%(names)s::text[], %(fences)s::bigint[]) AS held (name, fence)
WHERE account.name = held.name AND account.fence = held.fence
RETURNING account.name
"""
_RELEASE: Final = """
UPDATE carport_accounts SET holder = NULL, expires_at = '-infinity'
WHERE name = %s AND fence = %s
"""
_FORGET: Final = """
DELETE FROM carport_calls AS call
USING (
    SELECT account, max(made_at) AS last FROM carport_calls
    WHERE account = ANY(%s) GROUP BY account
) AS newest
WHERE call.account = newest.account AND call.made_at < newest.last - %s
"""
_BOOK: Final = """
INSERT INTO carport_calls (account, made_at, purpose)
SELECT name, %s, %s FROM carport_accounts WHERE name = %s AND fence = %s
"""


class Leases:
    """The leases of this process."""

    def __init__(self, database: Database, *, lease: float = LEASE) -> None:
        """Hold none yet."""
        self._database = database
        self._lease = lease
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._fences: dict[str, int] = {}

    @property
    def held(self) -> Mapping[str, int]:
        """The fencing number of each account that is held, as far as is known."""
        return self._fences

    def fence(self, name: str) -> int:
        """Return an account's fencing number; raise `LeaseLost` if it is not held."""
        try:
            return self._fences[name]
        except KeyError:
            raise LeaseLost(name) from None

    def free(self) -> int:
        """Return how many accounts nobody holds."""
        rows = self._database.run(lambda db: db.execute(_FREE).fetchall())
        return int(rows[0][0])

    def take(self, most: int, wanted: Collection[str] | None = None) -> list[str]:
        """Take accounts that nobody holds, or only some of them; return their names."""
        values: dict[str, Any] = {
            "holder": self._holder,
            "lease": self._lease,
            "held": list(self._fences),
            "wanted": None if wanted is None else list(wanted),
            "most": most,
        }
        taken: dict[str, int] = dict(
            self._database.run(lambda db: db.execute(_TAKE, values).fetchall())
        )
        self._fences |= taken
        return sorted(taken)

    def renew(self) -> list[str]:
        """Renew all leases; return the names of those that another process has now."""
        held = dict(self._fences)
        if not held:
            return []
        values = {
            "lease": self._lease,
            "names": list(held),
            "fences": list(held.values()),
        }
        rows = self._database.run(lambda db: db.execute(_RENEW, values).fetchall())
        lost = sorted(held.keys() - {name for (name,) in rows})
        for name in lost:
            self.drop(name)
        return lost

    def release(self, name: str) -> None:
        """Leave an account to whoever takes it next."""
        fence = self._fences.pop(name, None)
        if fence is not None:
            self._database.run(lambda db: db.execute(_RELEASE, (name, fence)))

    def drop(self, name: str) -> None:
        """Note that an account is another process's."""
        self._fences.pop(name, None)

    def book(self, name: str, purpose: Purpose, made_at: float) -> None:
        """Count a call that is about to go out; raise `LeaseLost` if it must not."""
        fence = self.fence(name)
        values = (made_at, str(purpose), name, fence)

        def work(db: Connection) -> int:
            return db.execute(_BOOK, values).rowcount

        if self._database.run(work) != 1:
            self.drop(name)
            raise LeaseLost(name)

    def forget_calls(self) -> None:
        """Drop the calls of held accounts that no window of a limit can count any more."""
        names = list(self._fences)
        self._database.run(lambda db: db.execute(_FORGET, (names, CALLS_KEPT)))

    def write(self, name: str, column: str, sealed: bytes | None) -> None:
        """Write a column of an account; raise `LeaseLost` if it is another's by now."""
        fence = self.fence(name)
        statement = _WRITE[column]

        def work(db: Connection) -> int:
            return db.execute(statement, (sealed, name, fence)).rowcount

        if self._database.run(work) != 1:
            self.drop(name)
            raise LeaseLost(name)


_WRITE: Final = {
    column: f"UPDATE carport_accounts SET {column} = %s WHERE name = %s AND fence = %s"  # noqa: S608 - the columns are these
    for column in ("record", "kept", "cars", "journal")
}
