"""Settings: what can be changed from outside, described by the row that changes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class ControlError(ValueError):
    """What was asked of the control cannot be done; the text says what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting[T]:
    """One thing that can be set; `takes` says in words what it takes."""

    name: str
    takes: str
    apply: Callable[[T, Any], None]


def choice(name: str, *options: object) -> Setting[Any]:
    """Set an attribute to one of a few values."""
    takes = " | ".join("null" if option is None else str(option) for option in options)
    return _attribute(
        name,
        takes,
        lambda value: any(value is option or value == option for option in options),
    )


def flag(name: str) -> Setting[Any]:
    """Set an attribute to true or false."""
    return _attribute(
        name,
        "true | false",
        lambda value: isinstance(value, bool),
        wants="true or false",
    )


def number(name: str, *, none: str | None = None) -> Setting[Any]:
    """Set an attribute to a number; `none` says what null means, if it is taken."""

    def fits(value: Any) -> bool:
        if value is None:
            return none is not None
        usable = isinstance(value, (int, float)) and not isinstance(value, bool)
        return usable and value >= 0

    return _attribute(
        name, "a number" if none is None else f"a number, or null: {none}", fits
    )


def text(name: str) -> Setting[Any]:
    """Set an attribute to a text."""
    return _attribute(name, "a text", lambda value: isinstance(value, str))


def action[T](name: str, **actions: Callable[[T], None]) -> Setting[T]:
    """Do one of a few things, by its word."""
    takes = " | ".join(actions)

    def turn(target: T, value: Any) -> None:
        if not isinstance(value, str) or value not in actions:
            raise ControlError(f"{name} takes {takes}")
        actions[value](target)

    return Setting(name=name, takes=takes, apply=turn)


def _attribute(
    name: str, takes: str, fits: Callable[[Any], bool], *, wants: str | None = None
) -> Setting[Any]:
    def turn(target: Any, value: Any) -> None:
        if not fits(value):
            raise ControlError(f"{name} takes {wants or takes}")
        setattr(target, name, value)

    return Setting(name=name, takes=takes, apply=turn)


def table(*known_settings: Setting[Any]) -> dict[str, Setting[Any]]:
    """Return settings by their names."""
    return {setting.name: setting for setting in known_settings}


def settings_table(
    settings: type[DataclassInstance], *own: Setting[Any]
) -> dict[str, Setting[Any]]:
    """Return a setting for every field of a dataclass.

    Figures and yes or no follow from the type; what takes less, or null, brings its own.
    """
    known = table(*own)
    by_type: dict[object, Callable[[str], Setting[Any]]] = {bool: flag, float: number}
    return {
        field.name: known.get(field.name) or by_type[field.type](field.name)
        for field in fields(settings)
    }


def apply_all(
    target: Any, known_settings: Mapping[str, Setting[Any]], changes: Mapping[str, Any]
) -> None:
    """Change several settings; an unknown one stops everything before it begins."""
    if unknown := sorted(changes.keys() - known_settings.keys()):
        raise ControlError(
            f"unknown: {', '.join(unknown)}; known: {', '.join(known_settings)}"
        )
    for name, value in changes.items():
        known_settings[name].apply(target, value)


def described(known_settings: Mapping[str, Setting[Any]]) -> dict[str, str]:
    """Say what each setting takes."""
    return {name: setting.takes for name, setting in known_settings.items()}
