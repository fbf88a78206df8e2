"""The ways in which this cloud's JSON has been seen to be odd, or could be."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import leaves, nothing, wrong_type

_KEPT: Final = 2


def _unknown_word(value: Any) -> Any:
    """Replace a word in capitals by one that nobody knows."""
    return "PERHAPS" if isinstance(value, str) and value.isupper() else value


def _half_payload(content: Any) -> Any:
    """Leave out every second descriptor."""
    data = content.get("telematicData") if isinstance(content, dict) else None
    for number, key in enumerate(list(data) if isinstance(data, dict) else ()):
        if number % _KEPT:
            del content["telematicData"][key]
    return content


def _never_sent(content: Any) -> Any:
    """Let the car never have sent anything."""
    data = content.get("telematicData") if isinstance(content, dict) else None
    for entry in data.values() if isinstance(data, dict) else ():
        entry["value"] = entry["timestamp"] = None
    return content


DAMAGES: Final[Mapping[str, Damage]] = {
    "unknown_words": leaves(_unknown_word, "telematicData"),
    "half_payload": _half_payload,
    "never_sent": _never_sent,
    "nulls": leaves(nothing, "telematicData"),
    "wrong_types": leaves(wrong_type, "telematicData"),
}
