"""Programs of the system that tests drive; `scripts/programs` installs them."""

from pathlib import Path
import shutil
from typing import Final

import pytest

_PLACES: Final = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Where servers lie that are not on every user's path."""
_VERSIONED: Final = Path("/usr/lib/postgresql")
"""Debian keeps the servers of several PostgreSQL versions side by side."""


def program(name: str) -> str:
    """Return a program's path; the test is skipped where it is not installed."""
    candidates = [*_PLACES, *sorted(map(str, _VERSIONED.glob("*/bin")), reverse=True)]
    found = shutil.which(name) or shutil.which(name, path=":".join(candidates))
    if found is None:
        pytest.skip(f"{name} is not installed: scripts/programs does it")
    return found
