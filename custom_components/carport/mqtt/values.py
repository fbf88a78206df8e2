"""Values as payloads, and payloads as values."""

from datetime import datetime
import json
import math
from typing import Any, Final

from ..car.signals import Signal, Value

NOTHING: Final = "null"
"""The payload of what is no longer so: an empty one would leave the old value standing."""

ON: Final = frozenset({"1", "on", "true", "start"})
OFF: Final = frozenset({"0", "off", "false", "stop"})
_LONGEST_PAYLOAD: Final = 16 * 1024


def text_of(signal: Signal[Any], value: Value | None) -> str:
    """Return a value as the payload of its topic.

    Numbers are decimal, yes and no are `true` and `false`, moments are ISO 8601 in
    UTC; a place, timers and lists are JSON.
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    encoded = signal.encode(value)
    return encoded if isinstance(encoded, str) else dumps(encoded)


def dumps(data: object) -> str:
    """Return JSON, as short as it can be."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def text_from(payload: object) -> str | None:
    """Return a payload that came as a text; None where it is none, or far too long."""
    if payload is None:
        return ""
    if isinstance(payload, str):
        return payload.strip() if len(payload) <= _LONGEST_PAYLOAD else None
    if not isinstance(payload, (bytes, bytearray)) or len(payload) > _LONGEST_PAYLOAD:
        return None
    try:
        return payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        return None


def flag_from(text: str) -> bool | None:
    """Return what a word says: on or off; None for any other."""
    word = text.casefold()
    return True if word in ON else False if word in OFF else None


def number_from(text: str) -> float | None:
    """Return a decimal number; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def moment_from(value: object) -> datetime | None:
    """Return a moment with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
