"""A PostgreSQL database: its one connection of this process, and its tables."""

import asyncio
from collections.abc import Callable
import logging
import threading
import time
from typing import Any, Final

import psycopg

from carport.engine.storage import StorageUnreachable

from .exits import Exit, Failure

type Connection = psycopg.Connection[tuple[Any, ...]]

_LOGGER: Final = logging.getLogger(__name__)

TABLES: Final = """
CREATE TABLE IF NOT EXISTS carport_accounts (
    name text PRIMARY KEY,
    record bytea NOT NULL,
    kept bytea,
    cars bytea,
    journal bytea,
    fence bigint NOT NULL DEFAULT 0,
    holder text,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX IF NOT EXISTS carport_accounts_expiry ON carport_accounts (expires_at);
CREATE TABLE IF NOT EXISTS carport_calls (
    account text NOT NULL REFERENCES carport_accounts (name) ON DELETE CASCADE,
    made_at double precision NOT NULL,
    purpose text NOT NULL
);
CREATE INDEX IF NOT EXISTS carport_calls_made ON carport_calls (account, made_at);
CREATE TABLE IF NOT EXISTS carport_announced (
    broker text NOT NULL,
    account text NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (broker, account)
);
CREATE TABLE IF NOT EXISTS carport_guard (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    data bytea NOT NULL
);
"""
"""Bytes are sealed: records with who the owner is, tokens, cars, commands under way.

What is announced at brokers outlives its account, which is why it refers to none. In clear are the accounts' short names, their leases, and when which kind of call was
made.
"""

_CONNECT: Final = 3
PATIENCE: Final = 8.0
"""How long a call waits for a database that restarts, in seconds."""
_PAUSE: Final = 0.2
_REST: Final = 2.0
"""How long nobody else waits for a database that did not come back in that time."""


class Database:
    """One connection, which comes back by itself; each work is one transaction.

    Work may be done twice where the connection broke before its end was known.
    """

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        """Keep the address; nothing is connected yet."""
        self._address = address
        self.patience = patience
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._resting_until = 0.0

    def run[T](self, work: Callable[[Connection], T]) -> T:
        """Do something in a transaction; raise `StorageUnreachable` if that fails."""
        with self._lock:
            until = time.monotonic() + self.patience
            while True:
                try:
                    if time.monotonic() < self._resting_until:
                        raise StorageUnreachable("database")
                    connection = self._connected()
                    with connection.transaction():
                        return work(connection)
                except psycopg.errors.UndefinedTable:
                    raise Failure(
                        Exit.USAGE,
                        "no_tables",
                        "The database has no tables yet: carport database --init",
                    ) from None
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    self._drop()
                    if time.monotonic() > until:
                        self._resting_until = time.monotonic() + _REST
                        _LOGGER.warning(
                            "The database does not answer: %s", type(error).__name__
                        )
                        raise StorageUnreachable("database") from None
                    time.sleep(_PAUSE)

    async def do[T](self, work: Callable[[Connection], T]) -> T:
        """Do something in a transaction, beside everything else."""
        return await asyncio.to_thread(self.run, work)

    def make_tables(self) -> None:
        """Make the tables that are not there yet."""
        self.run(lambda connection: connection.execute(TABLES))

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._drop()

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=_CONNECT,
                application_name="carport",
                options="-c statement_timeout=10s -c lock_timeout=5s",
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
