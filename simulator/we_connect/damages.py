"""The ways in which this cloud's JSON has been seen to be odd, or could be."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..cloud import Damage


def _leaves(change: Callable[[Any], Any], *below: str) -> Damage:
    """Change every value, or only those under some keys."""

    def walk(content: Any, inside: bool) -> Any:
        if isinstance(content, dict):
            return {
                key: walk(value, inside or key in below)
                for key, value in content.items()
            }
        if isinstance(content, list):
            return [walk(value, inside) for value in content]
        return change(content) if inside else content

    return lambda content: walk(content, not below)


def _half(content: Any) -> Any:
    """Take every second key away, deep down."""
    if isinstance(content, dict):
        kept = [item for at, item in enumerate(content.items()) if at % 2 == 0]
        return {key: _half(value) for key, value in kept}
    return [_half(value) for value in content] if isinstance(content, list) else content


DAMAGES: Final[Mapping[str, Damage]] = {
    "nulls": _leaves(lambda _value: None),
    "unknown_words": _leaves(
        lambda value: "perhaps" if isinstance(value, str) else value,
        "content",
        "value",
        "textId",
    ),
    "invalid": _leaves(lambda _value: "invalid", "content", "value"),
    "wrong_types": _leaves(lambda value: [value], "content", "value"),
    "no_car_time": _leaves(lambda _value: "2000-01-01T00:00:00", "tsCarCaptured"),
    "half_payload": _half,
}
