"""The ways in which this cloud's JSON could be odd."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import leaves, nothing, wrong_type


def _unknown_word(value: Any) -> Any:
    """Replace a word in capitals by one that nobody knows."""
    return "PERHAPS" if isinstance(value, str) and value.isupper() else value


DAMAGES: Final[Mapping[str, Damage]] = {
    "skoda_nulls": leaves(nothing, "vehicle"),
    "skoda_unknown_words": leaves(_unknown_word),
    "skoda_wrong_types": leaves(wrong_type, "vehicle"),
}
