"""The ways in which this cloud's JSON has been seen to be odd, or could be."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import enveloped, leaves, nothing, wrong_type
from ..faults import remove

_KEPT: Final = 2


def _unknown_word(value: Any) -> Any:
    """Replace a word in capitals by one that nobody knows."""
    return "PERHAPS" if isinstance(value, str) and value.isupper() else value


def _half_payload(content: Any) -> Any:
    """Leave out every second value inside the envelope."""
    for inside in content.values() if isinstance(content, dict) else ():
        if isinstance(inside, dict):
            for number, key in enumerate(list(inside)):
                if number % _KEPT:
                    remove(inside, key)
    return content


DAMAGES: Final[Mapping[str, Damage]] = {
    "unknown_words": leaves(_unknown_word),
    "half_payload": _half_payload,
    "nulls": enveloped(nothing),
    "wrong_types": enveloped(wrong_type),
}
