"""Places in what clouds list and commands carry, for owners who share none."""

from collections.abc import Mapping
from typing import Any, Final

PLACE_HISTORY: Final = frozenset({"range_map", "destinations"})
"""Lists that are about places and nothing else."""

_PLACE_WORDS: Final = (
    "latitude",
    "longitude",
    "position",
    "location",
    "coordinate",
    "address",
    "street",
    "city",
    "postal",
    "country",
    "centre",
    "center",
    "place",
)
_PLACE_KEYS: Final = frozenset({"lat", "lon", "lng", "geometry"})


def without_places(data: Any) -> Any:
    """Return JSON without whatever its key says to be a place."""
    if isinstance(data, Mapping):
        return {
            key: without_places(value)
            for key, value in data.items()
            if not _is_place(str(key).casefold())
        }
    if isinstance(data, list | tuple):
        return [without_places(one) for one in data]
    return data


def _is_place(key: str) -> bool:
    return key in _PLACE_KEYS or any(word in key for word in _PLACE_WORDS)
