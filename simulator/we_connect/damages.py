"""The ways in which this cloud's JSON has been seen to be odd, or could be."""

from collections.abc import Mapping
from typing import Any, Final

from ..cloud import Damage
from ..damages import leaves, nothing


def _half(content: Any) -> Any:
    """Take every second key away, deep down."""
    if isinstance(content, dict):
        kept = [item for at, item in enumerate(content.items()) if at % 2 == 0]
        return {key: _half(value) for key, value in kept}
    return [_half(value) for value in content] if isinstance(content, list) else content


DAMAGES: Final[Mapping[str, Damage]] = {
    "nulls": leaves(nothing),
    "unknown_words": leaves(
        lambda value: "perhaps" if isinstance(value, str) else value,
        "content",
        "value",
        "textId",
    ),
    "invalid": leaves(lambda _value: "invalid", "content", "value"),
    "wrong_types": leaves(lambda value: [value], "content", "value"),
    "no_car_time": leaves(lambda _value: "2000-01-01T00:00:00", "tsCarCaptured"),
    "half_payload": _half,
}
