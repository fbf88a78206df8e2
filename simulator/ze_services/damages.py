"""The ways in which this cloud's JSON could be odd."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..cloud import Damage


def _every(change: Callable[[Any], Any]) -> Damage:
    def walk(content: Any) -> Any:
        if isinstance(content, dict):
            return {key: walk(value) for key, value in content.items()}
        if isinstance(content, list):
            return [walk(value) for value in content]
        return change(content)

    return walk


DAMAGES: Final[Mapping[str, Damage]] = {
    "ze_nulls": _every(lambda _value: None),
    "ze_unknown_words": _every(
        lambda value: "PERHAPS" if isinstance(value, str) else value
    ),
    "ze_wrong_types": _every(
        lambda value: [] if isinstance(value, (int, float)) else {"value": value}
    ),
}
