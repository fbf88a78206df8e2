"""Private files: written whole or not at all, for nobody but their owner."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
import fcntl
import json
import os
from pathlib import Path
import tempfile
from typing import Any, Final

_PRIVATE_FOLDER: Final = 0o700


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can look into."""
    if not path.is_dir():
        # A mode given to `mkdir` is not that of the parents it makes.
        make_folder(path.parent)
        path.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)


def read_json(path: Path) -> object:
    """Return what a file holds; None where there is none, or no JSON in it."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError, ValueError, RecursionError:
        return None


def write_json(path: Path, data: object) -> None:
    """Put a file in the place of another in one step, so that a crash leaves one whole."""
    make_folder(path.parent)
    # The file's mode is 0600 from the beginning.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock for the time of the body; give False where another process has it.

    The system lets go of it when its process ends, however that happens.
    """
    make_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


class FileStorage:
    """One private file of JSON, as the engine wants it kept."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        self.path = path
        self._timer: asyncio.TimerHandle | None = None

    async def load(self) -> object:
        """Return what was kept."""
        return read_json(self.path)

    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Write what there is once the delay is over; it begins with the first call."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, lambda: self._write(data()))

    async def save_now(self, data: dict[str, Any]) -> None:
        """Write."""
        self._write(data)

    async def remove(self) -> None:
        """Forget the file."""
        self._cancel()
        self.path.unlink(missing_ok=True)

    def _write(self, data: dict[str, Any]) -> None:
        self._cancel()
        write_json(self.path, self._merged(data))

    def _merged(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return what is to be written."""
        return data

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
