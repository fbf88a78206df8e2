"""The ways in which the files of a delivery could be odd."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import leaves, nothing, wrong_type

_KEPT: Final = 2
_VALUE: Final = "value"


def _unknown_word(value: Any) -> Any:
    """Replace a word by one that nobody knows; numbers and times stay."""
    return "perhaps" if isinstance(value, str) and value.isalpha() else value


def _half_payload(content: Any) -> Any:
    """Leave out every second entry."""
    entries = content.get("Data") if isinstance(content, dict) else None
    if isinstance(entries, list):
        content["Data"] = entries[::_KEPT]
    return content


DAMAGES: Final[Mapping[str, Damage]] = {
    "data_act_nulls": leaves(nothing, _VALUE),
    "data_act_unknown_words": leaves(_unknown_word, _VALUE),
    "data_act_wrong_types": leaves(wrong_type, _VALUE),
    "data_act_half_payload": _half_payload,
}
