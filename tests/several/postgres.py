"""A PostgreSQL server of a test's own, as a user that is not root, without a port."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import Any, Final

import psycopg

from tests.patience import PATIENCE
from tests.programs import program

_PAUSE: Final = 0.1
_USER: Final = "postgres"
"""Debian's package makes it; the server refuses to run as root."""
_QUICK: Final = (
    *("-c", "fsync=off", "-c", "full_page_writes=off"),
    *("-c", "shared_buffers=16MB", "-c", "max_connections=40"),
    *("-c", "listen_addresses="),
)


class Server:
    """A server that can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        """Make an empty cluster."""
        self._folder = folder / "data"
        self._log = folder / "log"
        self._sockets = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = Path(program("initdb")).parent
        if os.getuid() == 0:
            shutil.chown(folder, _USER)
        self._run(
            *("initdb", "-D", str(self._folder), "-U", "carport", "-A", "trust"),
            *("--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"),
        )

    @property
    def address(self) -> str:
        """What CARPORT_DATABASE names."""
        return f"postgresql:///postgres?host={self._sockets}&user=carport"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = self._words(
            *("postgres", "-D", str(self._folder), "-k", str(self._sockets))
        )
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*words, *_QUICK], stdout=log, stderr=log, cwd="/"
            )
        for _ in range(round(PATIENCE / _PAUSE)):
            try:
                self.ask("SELECT 1")
            except psycopg.OperationalError:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_PAUSE)
                    break
            else:
                return
        raise RuntimeError(self._log.read_text(encoding="utf-8"))

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        if self._process is not None:
            # SIGQUIT: an immediate shutdown, with recovery at the next start.
            self._process.send_signal(3)
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Begin anew for another test."""
        self.ask(
            "DROP TABLE IF EXISTS carport_calls, carport_accounts, carport_announced, "
            "carport_guard"
        )

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _words(self, name: str, *words: str) -> list[str]:
        path = str(self._programs / name)
        if os.getuid() != 0:
            return [path, *words]
        user = (f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups")
        return [program("setpriv"), *user, path, *words]

    def _run(self, name: str, *words: str) -> None:
        subprocess.run(
            self._words(name, *words),
            check=True,
            capture_output=True,
            cwd="/",
            timeout=PATIENCE,
        )


@contextmanager
def running() -> Iterator[Server]:
    """Run a server for the time of the body.

    Its folder is none of the test's own, which are for the test's user alone.
    """
    with tempfile.TemporaryDirectory(prefix="carport-postgres-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
