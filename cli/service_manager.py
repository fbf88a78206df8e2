"""What a service manager is told, and what a health check looks at."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import socket
from typing import Final

from carport.cloud.clock import Clock

from .files import read_json, write_json

_HEALTHY_FOR: Final = timedelta(seconds=60)


def notify(*lines: str) -> None:
    """Tell systemd, where it wants to know (`Type=notify`)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect(address)
        out.send("\n".join(lines).encode())


def note_alive(path: Path, clock: Clock, *, connected: bool) -> None:
    """Leave a sign of life for a health check in another process."""
    write_json(path, {"at": clock.now().isoformat(), "connected": connected})


def is_healthy(path: Path) -> bool:
    """Return whether a bridge wrote its sign of life just now, with a broker."""
    data = read_json(path)
    if not isinstance(data, dict) or data.get("connected") is not True:
        return False
    try:
        at = datetime.fromisoformat(str(data.get("at")))
        return datetime.now(UTC) - at < _HEALTHY_FOR
    except TypeError, ValueError:
        return False
