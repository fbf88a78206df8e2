"""What is common to the tables of both formats: signals by key, best key first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ...car.signals import Signal, Value
from ...cloud.field_map import to_float
from .spans import Known, Memory


class Gone:
    """In a value's place: the car says that there is none any more."""


GONE: Final = Gone()

_KILOMETRES_A_MILE: Final = 1.609344
_MILES: Final = frozenset({"miles", "mi", "mile", "1"})
_KILOMETRES: Final = frozenset({"km", "kilometers", "kilometres", "kilometer", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a delivery says of a signal, and the known value whose time it has.

    A value of None is something that was there and says nothing.
    """

    signal: Signal[Any]
    value: Value | Gone | None
    known: Known


@dataclass(slots=True, kw_only=True)
class View:
    """A car after a delivery: all that is known, and which keys are fresh in it."""

    memory: Memory
    fresh: frozenset[str]
    contradictions: set[str] = field(default_factory=set)
    """Signals of which the delivery said two things, or which contradict each other."""

    def text(self, *keys: str) -> str | None:
        """Return the last word of the first of these keys that has one."""
        for key in keys:
            if (value := self.memory.value(key)) is not None:
                return value
        return None

    def number(self, *keys: str) -> float | None:
        """Return the last figure of the first of these keys that has one."""
        text = self.text(*keys)
        return None if text is None else to_float(text)

    def known(self, *keys: str) -> Known | None:
        """Return the freshest of these keys that this delivery tells of.

        Of equally fresh ones it is the first, so that a value does not flip between two.
        """
        found = [self.memory.known[key] for key in keys if key in self.fresh]
        return max(found, key=lambda one: one.captured_at, default=None)

    def any_fresh(self, *keys: str) -> bool:
        """Return whether this delivery tells of any of these keys."""
        return any(key in self.fresh for key in keys)


type Convert = Callable[[str], Value | Gone | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMapping:
    """Which keys say a signal, and how their text is read.

    `copies` belong to the report of a charging job: they say how it began, and count
    only for a car that has none of the live keys.
    """

    signal: Signal[Any]
    keys: tuple[str, ...]
    convert: Convert
    copies: tuple[str, ...] = ()

    def say(self, view: View) -> Iterator[Said]:
        """Say the signal, if the delivery tells of it."""
        live = any(view.memory.value(key) is not None for key in self.keys)
        known = view.known(*(self.keys if live else self.copies))
        if known is not None:
            yield Said(signal=self.signal, value=self.convert(known.value), known=known)


def key_at(
    signal: Signal[Any],
    keys: str | tuple[str, ...],
    convert: Convert,
    copies: tuple[str, ...] = (),
) -> KeyMapping:
    """Declare which key says a signal; of several, those that may."""
    several = (keys,) if isinstance(keys, str) else keys
    return KeyMapping(signal=signal, keys=several, convert=convert, copies=copies)


type Rule = Callable[[View], Iterable[Said]]
"""Says signals that more than one key decides."""


def factor(by: float, digits: int = 1) -> Convert:
    """Make a converter for figures in another unit, such as tenths."""

    def convert(text: str) -> float | None:
        found = to_float(text)
        return None if found is None else round(found * by, digits)

    return convert


def words(meanings: Mapping[str, Value | Gone]) -> Convert:
    """Make a converter for words and codes, whatever their case."""
    folded = {word.casefold(): value for word, value in meanings.items()}
    return lambda text: folded.get(text.casefold())


def endings(meanings: Mapping[str, Value | Gone]) -> Convert:
    """Make a converter for long words whose last part matters."""

    def convert(text: str) -> Value | Gone | None:
        for ending, value in meanings.items():
            if text.casefold().endswith(ending.casefold()):
                return value
        return None

    return convert


def spelled(text: str, in_order: tuple[str, ...]) -> str:
    """Return a word; some cars send its number in the maker's list in its place."""
    if not (text.isascii() and text.isdigit()):
        return text
    return dict(enumerate(in_order)).get(int(text), text)


def seconds(text: str) -> float | None:
    """Return a duration such as `4500s` in seconds."""
    if not text.endswith("s"):
        return None
    return to_float(text[:-1])


def kilometres(distance: float, unit: str | None) -> float | None:
    """Return a distance in kilometres; None where the unit is an unknown word."""
    word = "km" if unit is None else unit.casefold().rpartition("_")[2]
    if word in _KILOMETRES:
        return round(distance, 1)
    if word in _MILES:
        return round(distance * _KILOMETRES_A_MILE, 1)
    return None
