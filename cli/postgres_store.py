"""What an account keeps, in a database: read by everybody, written under its lease."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
import hashlib
import json
import logging
from typing import Any, Final, override

import aiohttp

from carport.cloud.clock import Clock
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.engine.storage import LeaseLost, StorageUnreachable

from .cipher import Cipher
from .leases import Leases
from .postgres import Connection, Database

_LOGGER: Final = logging.getLogger(__name__)

_MOST_CALLS: Final = 5000
_AGAIN: Final = 5.0

_READ: Final = {
    column: f"SELECT {column} FROM carport_accounts WHERE name = %s"  # noqa: S608 - the columns are these
    for column in ("record", "kept", "cars", "journal")
}
_CALLS: Final = """
SELECT made_at, purpose FROM carport_calls
WHERE account = %s ORDER BY made_at DESC LIMIT %s
"""


class Rows:
    """The columns of the accounts' rows, sealed on the way in and opened on the way out."""

    def __init__(self, database: Database, cipher: Cipher, leases: Leases) -> None:
        """Know where they are, and under which leases they are written."""
        self.database = database
        self.leases = leases
        self._cipher = cipher

    def seal(self, name: str, column: str, data: Any) -> bytes:
        """Seal what goes into a column of an account."""
        return self._cipher.seal(f"{name}/{column}", data)

    def open(self, name: str, column: str, sealed: bytes | None) -> Any:
        """Open what came out of it."""
        return self._cipher.open(f"{name}/{column}", sealed)

    def read(self, name: str, column: str) -> Any:
        """Return what a column of an account holds; None where there is no such row."""
        row = self.database.run(
            lambda db: db.execute(_READ[column], (name,)).fetchone()
        )
        return None if row is None else self.open(name, column, row[0])

    def write(self, name: str, column: str, data: Any) -> None:
        """Write it; raise `LeaseLost` if the account is another process's by now."""
        self.leases.write(name, column, self.seal(name, column, data))

    def kept(self, name: str) -> dict[str, Any]:
        """Return an account's memory, with its calls as the database has counted them."""
        kept = self.read(name, "kept")
        data = kept if isinstance(kept, dict) else {}
        calls = self.database.run(partial(_calls, name))
        if calls:
            data["ledger"] = counted(data.get("ledger"), calls)
        return data


def counted(ledger: object, calls: list[tuple[float, str]]) -> dict[str, Any]:
    """Return a ledger with the calls that were counted outside of it, oldest first."""
    day = datetime.fromtimestamp(calls[-1][0], UTC).date()
    return {
        **(ledger if isinstance(ledger, Mapping) else {}),
        "day": day.isoformat(),
        "counts": Counter(
            purpose
            for at, purpose in calls
            if datetime.fromtimestamp(at, UTC).date() == day
        ),
        "calls": [list(call) for call in calls],
    }


def _calls(name: str, db: Connection) -> list[tuple[float, str]]:
    found = db.execute(_CALLS, (name, _MOST_CALLS)).fetchall()
    return [(float(at), str(purpose)) for at, purpose in reversed(found)]


class Saving:
    """Writes some data soon or now, and one write at a time."""

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        """Keep what writes; it may wait for the database."""
        self._write = write
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Write what there is once the delay is over; it begins with the first call."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, self._begin, data)

    async def save_now(self, data: dict[str, Any]) -> None:
        """Write, and return when that is done."""
        self.cancel()
        async with self._lock:
            await asyncio.to_thread(self._write, data)

    def cancel(self) -> None:
        """Do not write what was to be written soon."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self, data: Callable[[], dict[str, Any]]) -> None:
        self._timer = None
        task = asyncio.get_running_loop().create_task(self._save(data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _save(self, data: Callable[[], dict[str, Any]]) -> None:
        try:
            await self.save_now(data())
        except LeaseLost:
            _LOGGER.warning("Nothing was kept: another process has the account by now")
        except StorageUnreachable:
            self.save_soon(data, _AGAIN)


class AccountColumn(Saving):
    """An account's private memory, as the engine wants it kept."""

    def __init__(self, rows: Rows, name: str) -> None:
        """Name the account."""
        super().__init__(self._put)
        self._rows = rows
        self._name = name

    async def load(self) -> object:
        """Return what was kept, with the calls that the database counted."""
        return await asyncio.to_thread(self._rows.kept, self._name)

    async def remove(self) -> None:
        """Forget it."""
        self.cancel()
        await asyncio.to_thread(self._rows.leases.write, self._name, "kept", None)

    def _put(self, data: dict[str, Any]) -> None:
        if self._name not in self._rows.leases.held:
            # It is over here, and another process keeps what it knows.
            return
        self._rows.write(self._name, "kept", data)


class GarageColumns(Saving):
    """What is known of cars, each with the account that owns it.

    Each process writes the cars of the accounts that it holds. The guard of sign-ins
    is written only by who signs in.
    """

    def __init__(
        self, rows: Rows, names: Callable[[], list[str]], *, signs_in: bool
    ) -> None:
        """Keep of which accounts the cars are loaded."""
        super().__init__(self._put)
        self._rows = rows
        self._names = names
        self._signs_in = signs_in
        self._written: dict[str, bytes] = {}
        """Digests of what the database has, by account: the rows themselves are large."""

    async def load(self) -> object:
        """Return the cars of the accounts, and the guard."""
        return await asyncio.to_thread(self._load)

    def _load(self) -> dict[str, Any]:
        cars = [row for name in self._names() for row in self.cars(name)]
        found = self._rows.database.run(
            lambda db: db.execute("SELECT data FROM carport_guard").fetchone()
        )
        guard = None if found is None else self._rows.open("", "guard", found[0])
        return {"garage": {"cars": cars}, "guard": guard or {}}

    def cars(self, name: str) -> list[Any]:
        """Return what is known of the cars of one account."""
        rows = self._rows.read(name, "cars")
        return rows if isinstance(rows, list) else []

    async def remove(self) -> None:
        """Forget nothing: each account takes its cars with it."""
        self.cancel()

    def _put(self, data: dict[str, Any]) -> None:
        by_owner: dict[str, list[Any]] = {}
        for row in data["garage"]["cars"]:
            by_owner.setdefault(str(row["owner"]), []).append(row)
        for name in tuple(self._rows.leases.held):
            rows = by_owner.get(name, [])
            digest = hashlib.sha256(json.dumps(rows).encode()).digest()
            if self._written.get(name) == digest:
                continue
            try:
                self._rows.write(name, "cars", rows)
            except LeaseLost:
                self._written.pop(name, None)
                continue
            self._written[name] = digest
        if self._signs_in:
            sealed = self._rows.seal("", "guard", data["guard"])
            self._rows.database.run(partial(_keep_guard, sealed))


def _keep_guard(sealed: bytes, db: Connection) -> None:
    db.execute(
        "INSERT INTO carport_guard (data) VALUES (%s) "
        "ON CONFLICT (one) DO UPDATE SET data = excluded.data",
        (sealed,),
    )


class JournalColumn:
    """The commands of an account that are under way."""

    def __init__(self, rows: Rows, name: str) -> None:
        """Name the account."""
        self._rows = rows
        self._name = name

    def read(self) -> object:
        """Return the rows that were written last."""
        return self._rows.read(self._name, "journal")

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Write all rows, unless the account is another process's by now."""
        self._rows.write(self._name, "journal", rows)


class FencedTransport(Transport):
    """Counts every call in the database, and makes none for an account of another."""

    def __init__(
        self,
        leases: Leases,
        name: str,
        session: aiohttp.ClientSession,
        clock: Clock,
        hosts: HostMap,
        ledger: Ledger,
    ) -> None:
        """Know whose calls these are."""
        super().__init__(session, clock, hosts, ledger)
        self._leases = leases
        self._name = name

    @override
    async def departing(self, purpose: Purpose) -> None:
        """Look at the fencing number, and count the call; raise `LeaseLost` else."""
        made_at = self._clock.now().timestamp()
        await asyncio.to_thread(self._leases.book, self._name, purpose, made_at)
