"""The same home in a PostgreSQL database, which several machines share."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final, override

import psycopg

from carport.cloud.ledger import Purpose
from carport.engine import AccountStore, Storage
from carport.engine.opening import MakeTransport
from carport.engine.storage import StorageUnreachable

from .cipher import Cipher
from .exits import Exit, Failure
from .home import AccountRecord, Home, account_in_use, sign_in_under_way
from .leases import LEASE, Leases
from .postgres import Connection, Database
from .postgres_announced import PostgresRecord
from .postgres_store import (
    AccountColumn,
    FencedTransport,
    GarageColumns,
    JournalColumn,
    Rows,
)

_SIGNING_IN: Final = 0x436172706F7274
"""The number of the advisory lock that a sign-in holds."""
_RENEW_EVERY: Final = 3
"""How often a lease is renewed before it would end."""


class PostgresHome(Home):
    """Accounts in a database; the folder keeps what belongs to this machine alone."""

    shared = True

    def __init__(
        self, path: Path, database: Database, cipher: Cipher, *, lease: float = LEASE
    ) -> None:
        """Know the folder of this machine, the database, and the key."""
        super().__init__(path)
        self.database = database
        self.whole = True
        """Whether the cars of all accounts are loaded, or of those that are served."""
        self.lease = lease
        self.leases = Leases(database, lease=lease)
        self._rows = Rows(database, cipher, self.leases)

    # Accounts

    @override
    def _logins(self) -> Iterator[tuple[str, object]]:
        rows = self._run(
            lambda db: db.execute(
                "SELECT name, record FROM carport_accounts ORDER BY name"
            ).fetchall()
        )
        for name, sealed in rows:
            yield name, self._rows.open(name, "record", sealed)

    @override
    def _place(self, name: str) -> str:
        return "its row in the database"

    @override
    def account(self, name: str) -> AccountRecord:
        found = self.record(name)
        return super().account(name) if found is None else found

    def record(self, name: str) -> AccountRecord | None:
        """Return one account without looking at the others."""
        row = self._run(
            lambda db: db.execute(
                "SELECT record FROM carport_accounts WHERE name = %s", (name,)
            ).fetchone()
        )
        if row is None:
            return None
        return AccountRecord.from_json(name, self._rows.open(name, "record", row[0]))

    @override
    def keep(self, record: AccountRecord) -> None:
        sealed = self._rows.seal(record.name, "record", asdict(record))
        if record.name in self.leases.held:
            self.leases.write(record.name, "record", sealed)
            return
        values = (record.name, sealed)
        self._run(
            lambda db: db.execute(
                "INSERT INTO carport_accounts (name, record) VALUES (%s, %s)", values
            )
        )

    @override
    def remove(self, name: str) -> None:
        values = (name, self.leases.fence(name))
        self._run(
            lambda db: db.execute(
                "DELETE FROM carport_accounts WHERE name = %s AND fence = %s", values
            )
        )
        self.leases.drop(name)

    @override
    def store(self, name: str) -> AccountStore:
        return AccountStore(AccountColumn(self._rows, name))

    @override
    def journal(self, name: str) -> JournalColumn:
        return JournalColumn(self._rows, name)

    @override
    def kept(self, name: str) -> Mapping[str, Any]:
        return self._rows.kept(name)

    @override
    def announced(self, broker: str) -> PostgresRecord:
        return PostgresRecord(self._rows, broker)

    @override
    def transport(self, name: str) -> MakeTransport:
        return partial(FencedTransport, self.leases, name)

    @override
    def count_calls(self, name: str, made: Iterable[tuple[Purpose, float]]) -> None:
        for purpose, made_at in made:
            self.leases.book(name, purpose, made_at)

    # What all accounts share

    @override
    def garage_storage(
        self, mine: Callable[[], Collection[str]], *, signs_in: bool
    ) -> Storage:
        names = self._names if self.whole else lambda: list(self.leases.held)
        return GarageColumns(self._rows, names, signs_in=signs_in)

    def cars(self, name: str) -> list[Any]:
        """Return what is known of the cars of one account, as the garage keeps it."""
        rows = self._rows.read(name, "cars")
        return rows if isinstance(rows, list) else []

    def keep_cars(self, name: str, rows: list[Any]) -> None:
        """Keep what is known of the cars of an account that is held."""
        self._rows.write(name, "cars", rows)

    @override
    def _names(self) -> list[str]:
        return [name for name, _ in self._logins()]

    @override
    @contextmanager
    def held(self, names: Collection[str]) -> Iterator[None]:
        wanted = set(names) - self.leases.held.keys()
        taken = self.leases.take(len(wanted), wanted) if wanted else []
        renewing = asyncio.get_running_loop().create_task(self._renew())
        try:
            for name in sorted(wanted - set(taken)):
                raise account_in_use(name)
            yield
        finally:
            renewing.cancel()
            # Else it ends by itself, a little later.
            with suppress(StorageUnreachable):
                for name in taken:
                    self.leases.release(name)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.lease / _RENEW_EVERY)
            with suppress(StorageUnreachable):
                await asyncio.to_thread(self.leases.renew)

    @override
    @contextmanager
    def signing_in(self) -> Iterator[None]:
        self._run(self._hold_sign_ins)
        try:
            yield
        finally:
            with suppress(StorageUnreachable):
                self.database.run(
                    lambda db: db.execute(
                        "SELECT pg_advisory_unlock(%s)", (_SIGNING_IN,)
                    )
                )

    def _hold_sign_ins(self, db: Connection) -> None:
        """Wait for the lock of sign-ins; who has it may be waiting for an owner."""
        patience = f"{self.database.patience}s"
        db.execute("SELECT set_config('lock_timeout', %s, true)", (patience,))
        try:
            db.execute("SELECT pg_advisory_lock(%s)", (_SIGNING_IN,))
        except psycopg.errors.LockNotAvailable:
            raise sign_in_under_way("database") from None

    def _run[T](self, work: Callable[[Connection], T]) -> T:
        """Ask the database for what a command needs; say so where it is away."""
        try:
            return self.database.run(work)
        except StorageUnreachable:
            raise Failure(
                Exit.REFUSED,
                "database_unreachable",
                "The database does not answer. CARPORT_DATABASE names it.",
            ) from None
