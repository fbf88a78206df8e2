"""Knobs: what can be changed from outside, described by the row that changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class ControlError(ValueError):
    """What was asked of the control cannot be done; the text says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob[T]:
    """One thing that can be set; `takes` says in words what it takes."""

    takes: str
    turn: Callable[[T, Any], None]


def choice(name: str, *options: object) -> Knob[Any]:
    """Set an attribute to one of a few values."""
    takes = " | ".join("null" if option is None else str(option) for option in options)

    def turn(target: Any, value: Any) -> None:
        if not any(value is option or value == option for option in options):
            raise ControlError(f"{name} takes {takes}")
        setattr(target, name, value)

    return Knob(takes=takes, turn=turn)


def flag(name: str) -> Knob[Any]:
    """Set an attribute to true or false."""

    def turn(target: Any, value: Any) -> None:
        if not isinstance(value, bool):
            raise ControlError(f"{name} takes true or false")
        setattr(target, name, value)

    return Knob(takes="true | false", turn=turn)


def number(name: str, *, none: str | None = None) -> Knob[Any]:
    """Set an attribute to a number; `none` says what null means, if it is taken."""
    takes = "a number" if none is None else f"a number, or null: {none}"

    def turn(target: Any, value: Any) -> None:
        usable = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (usable and value >= 0) and not (value is None and none is not None):
            raise ControlError(f"{name} takes {takes}")
        setattr(target, name, value)

    return Knob(takes=takes, turn=turn)


def text(name: str) -> Knob[Any]:
    """Set an attribute to a text."""

    def turn(target: Any, value: Any) -> None:
        if not isinstance(value, str):
            raise ControlError(f"{name} takes a text")
        setattr(target, name, value)

    return Knob(takes="a text", turn=turn)


def turn_all(
    target: Any, knobs: Mapping[str, Knob[Any]], changes: Mapping[str, Any]
) -> None:
    """Turn several knobs; an unknown one stops everything before it begins."""
    if unknown := sorted(changes.keys() - knobs.keys()):
        raise ControlError(f"unknown: {', '.join(unknown)}; known: {', '.join(knobs)}")
    for name, value in changes.items():
        knobs[name].turn(target, value)


def described(knobs: Mapping[str, Knob[Any]]) -> dict[str, str]:
    """Say what each knob takes."""
    return {name: knob.takes for name, knob in knobs.items()}
