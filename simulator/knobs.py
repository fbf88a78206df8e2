"""Knobs: what can be changed from outside, described by the row that changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class ControlError(ValueError):
    """What was asked of the control cannot be done; the text says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob[T]:
    """One thing that can be set; `takes` says in words what it takes."""

    name: str
    takes: str
    turn: Callable[[T, Any], None]


def choice(name: str, *options: object) -> Knob[Any]:
    """Set an attribute to one of a few values."""
    takes = " | ".join("null" if option is None else str(option) for option in options)
    return _setting(
        name,
        takes,
        lambda value: any(value is option or value == option for option in options),
    )


def flag(name: str) -> Knob[Any]:
    """Set an attribute to true or false."""
    return _setting(
        name,
        "true | false",
        lambda value: isinstance(value, bool),
        wants="true or false",
    )


def number(name: str, *, none: str | None = None) -> Knob[Any]:
    """Set an attribute to a number; `none` says what null means, if it is taken."""

    def fits(value: Any) -> bool:
        if value is None:
            return none is not None
        usable = isinstance(value, (int, float)) and not isinstance(value, bool)
        return usable and value >= 0

    return _setting(
        name, "a number" if none is None else f"a number, or null: {none}", fits
    )


def text(name: str) -> Knob[Any]:
    """Set an attribute to a text."""
    return _setting(name, "a text", lambda value: isinstance(value, str))


def deed[T](name: str, **deeds: Callable[[T], None]) -> Knob[T]:
    """Do one of a few things, by its word."""
    takes = " | ".join(deeds)

    def turn(target: T, value: Any) -> None:
        if not isinstance(value, str) or value not in deeds:
            raise ControlError(f"{name} takes {takes}")
        deeds[value](target)

    return Knob(name=name, takes=takes, turn=turn)


def _setting(
    name: str, takes: str, fits: Callable[[Any], bool], *, wants: str | None = None
) -> Knob[Any]:
    def turn(target: Any, value: Any) -> None:
        if not fits(value):
            raise ControlError(f"{name} takes {wants or takes}")
        setattr(target, name, value)

    return Knob(name=name, takes=takes, turn=turn)


def table(*knobs: Knob[Any]) -> dict[str, Knob[Any]]:
    """Return knobs by their names."""
    return {knob.name: knob for knob in knobs}


def settings_table(
    settings: type[DataclassInstance], *own: Knob[Any]
) -> dict[str, Knob[Any]]:
    """Return a knob for every setting.

    Figures and yes or no follow from the type; what takes less, or null, brings its own.
    """
    known = table(*own)
    by_type: dict[object, Callable[[str], Knob[Any]]] = {bool: flag, float: number}
    return {
        field.name: known.get(field.name) or by_type[field.type](field.name)
        for field in fields(settings)
    }


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
