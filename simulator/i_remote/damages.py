"""The ways in which this cloud's JSON has been seen to be odd, or could be."""

from collections.abc import Mapping
from typing import Any, Final

from ..car_net.damages import DAMAGES as OTHERS
from ..cloud import Damage
from ..faults import remove

_KEPT: Final = 2


def _unknown_words(content: Any) -> Any:
    """Replace every word in capitals by one that nobody knows."""
    if isinstance(content, dict):
        return {key: _unknown_words(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_unknown_words(value) for value in content]
    return "PERHAPS" if isinstance(content, str) and content.isupper() else content


def _half_payload(content: Any) -> Any:
    """Leave out every second value inside the envelope."""
    for inside in content.values() if isinstance(content, dict) else ():
        if isinstance(inside, dict):
            for number, key in enumerate(list(inside)):
                if number % _KEPT:
                    remove(inside, key)
    return content


DAMAGES: Final[Mapping[str, Damage]] = {
    "unknown_words": _unknown_words,
    "half_payload": _half_payload,
    "nulls": OTHERS["nulls"],
    "wrong_types": OTHERS["wrong_types"],
}
