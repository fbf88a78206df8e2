"""The ways in which this cloud's JSON could be odd."""

from collections.abc import Mapping
from typing import Final

from ..cloud import Damage
from ..damages import leaves, nothing, wrong_type

DAMAGES: Final[Mapping[str, Damage]] = {
    "my_renault_nulls": leaves(nothing, "attributes"),
    "my_renault_unknown_words": leaves(
        lambda value: "PERHAPS" if isinstance(value, str) else value, "attributes"
    ),
    "my_renault_wrong_types": leaves(wrong_type, "attributes"),
}
