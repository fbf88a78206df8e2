"""Ways to spoil JSON that several clouds share; each has a table of its own."""

from collections.abc import Callable
from typing import Any

from .cloud import Damage


def leaves(change: Callable[[Any], Any], *below: str) -> Damage:
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


def enveloped(change: Callable[[Any], Any]) -> Damage:
    """Change every value inside an envelope; what has none stays as it is."""
    damage = leaves(change)
    return lambda content: damage(content) if isinstance(content, dict) else content


def nothing(_value: Any) -> None:
    """Put null in a value's place."""


def wrong_type(value: Any) -> Any:
    """Put a value of another type in a value's place."""
    return [] if isinstance(value, (int, float)) else {"value": value}
