"""Time zones by name, read from disk once and never while others wait."""

import asyncio
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

_KNOWN: dict[str, tzinfo] = {"UTC": UTC}


async def zone(name: str | None) -> tzinfo:
    """Return a zone; UTC where there is no such zone, or no name."""
    if name is None:
        return UTC
    if name not in _KNOWN:
        _KNOWN[name] = await asyncio.to_thread(_load, name)
    return _KNOWN[name]


def known_zone(name: str | None) -> tzinfo:
    """Return a zone that was read from disk before; UTC for any other."""
    return _KNOWN.get(name or "UTC", UTC)


def _load(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except KeyError, OSError, ValueError:
        return UTC
