"""Field maps turn a cloud's JSON into readings: path, signal, converter."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
import math
from typing import Any, Final

from ..car.bounds import is_possible_capture, is_possible_day
from ..car.signals import Position, Signal, Value
from ..car.snapshot import Reading
from .contract import ReadResult
from .errors import BadAnswer

type Convert[T: Value] = Callable[[Any], T | None]

MISSING: Final = object()
"""What `get_path` returns where the cloud says nothing, not even null."""

_SECONDS_END: Final = 1e11
_EPOCH_DIGITS: Final = 9


def unchanged(value: Any) -> Any:
    """Take a value as it is; the signal still checks its type and bounds."""
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMapping[T: Value]:
    """Where a signal stands in the JSON, and how its value is read.

    `also` are further places, best first: the first that gives a value counts.
    `time_path` says where the value's own time stands, `unit_path` its unit, which
    `with_unit` gets beside the value in place of `convert`. `absent` are raw values
    that say nothing, as null does; `over` are those that say: no longer so.
    """

    signal: Signal[T]
    path: tuple[str, ...]
    convert: Convert[T] = unchanged
    also: tuple[tuple[str, ...], ...] = ()
    time_path: tuple[str, ...] = ()
    unit_path: tuple[str, ...] = ()
    with_unit: Callable[[Any, Any], T | None] | None = None
    absent: tuple[Any, ...] = ()
    over: tuple[Any, ...] = ()

    def value(self, data: Mapping[str, Any], found: Any) -> T | None:
        """Convert what was found; None where it says nothing."""
        if found is None or found in self.absent:
            return None
        if self.with_unit is None:
            return self.convert(found)
        unit = get_path(data, self.unit_path)
        return self.with_unit(found, None if unit is MISSING else unit)


def field_at[T: Value](
    signal: Signal[T], path: str, convert: Convert[T] = unchanged, **more: Any
) -> FieldMapping[T]:
    """Declare a field at a path whose keys are parted by dots."""
    keys = tuple(path.split("."))
    return FieldMapping(signal=signal, path=keys, convert=convert, **more)


@dataclass(slots=True, kw_only=True)
class ReadingBuilder:
    """Readings of one answer as they come together; `captured_at` is its car time."""

    captured_at: datetime | None
    received_at: datetime
    channel: str
    readings: dict[str, Reading] = field(default_factory=dict)
    placeholders: Counter[str] = field(default_factory=Counter)
    gaps: set[str] = field(default_factory=set)
    switched_off: set[str] = field(default_factory=set)

    def take(
        self, mappings: Iterable[FieldMapping[Any]], data: Mapping[str, Any]
    ) -> None:
        """Read the mapped fields of an answer."""
        for mapping in mappings:
            self._take_row(mapping, data)

    def _take_row(self, mapping: FieldMapping[Any], data: Mapping[str, Any]) -> None:
        """Read one field, from the first of its paths that gives a value."""
        said = False
        for path in (mapping.path, *mapping.also):
            if (found := get_path(data, path)) is MISSING:
                continue
            said = True
            stamp = (
                capture_time(get_path(data, mapping.time_path), self.received_at)
                if mapping.time_path
                else None
            )
            if found is not None and found in mapping.over:
                self.end(mapping.signal, stamp)
                return
            value = mapping.signal.accept(mapping.value(data, found))
            if value is not None:
                self.add(mapping.signal, value, stamp)
                return
        if said:
            self.placeholders[mapping.signal.key] += 1

    def end(self, signal: Signal[Any], captured_at: datetime | None = None) -> None:
        """Say that a signal has no value any more."""
        self.readings[signal.key] = Reading(
            signal=signal,
            value=None,
            captured_at=captured_at or self.captured_at,
            received_at=self.received_at,
            channel=self.channel,
        )

    def add[T: Value](
        self,
        signal: Signal[T],
        value: T | None,
        captured_at: datetime | None = None,
        *,
        not_before: datetime | None = None,
        changed_at: datetime | None = None,
    ) -> None:
        """Add a value; what the signal does not accept counts as a placeholder.

        `not_before` and `changed_at` are those of a `Reading` that is dated roughly.
        """
        accepted = signal.accept(value)
        if accepted is None:
            self.placeholders[signal.key] += 1
            return
        if captured_at is not None and not is_possible_capture(
            captured_at, self.received_at
        ):
            captured_at = None
        self.readings[signal.key] = Reading(
            signal=signal,
            value=accepted,
            captured_at=captured_at or self.captured_at,
            received_at=self.received_at,
            channel=self.channel,
            not_before=not_before,
            changed_at=changed_at,
        )

    def value[T: Value](self, signal: Signal[T]) -> T | None:
        """Return a value that was read."""
        reading = self.readings.get(signal.key)
        return None if reading is None else signal.accept(reading.value)

    def result(self) -> ReadResult:
        """Return everything that was read."""
        return ReadResult(
            readings=tuple(self.readings.values()),
            placeholders=self.placeholders,
            gaps=frozenset(self.gaps),
            switched_off=frozenset(self.switched_off),
        )


def get_path(data: Any, path: Iterable[str]) -> Any:
    """Return what stands at a path of keys, MISSING where it does not go on."""
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            return MISSING
        data = data[key]
    return data


def rows_at(data: Any, *path: str) -> list[Mapping[str, Any]]:
    """Return the objects of the list at a path of keys; none where there is no list."""
    rows = get_path(data, path)
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, Mapping)]


def text_at(data: Any, *path: str) -> str | None:
    """Return the text at a path of keys; an empty one says nothing."""
    found = get_path(data, path)
    return found if isinstance(found, str) and found else None


def position_at(
    data: Any, latitude: str, longitude: str, heading: str = "", per_degree: float = 1
) -> Position | None:
    """Return the place whose parts stand at these paths of keys, parted by dots."""
    north, east, turned = (
        to_float(get_path(data, path.split(".")))
        for path in (latitude, longitude, heading)
    )
    if north is None or east is None:
        return None
    return Position(
        latitude=north / per_degree, longitude=east / per_degree, heading=turned
    )


def unwrap(body: Mapping[str, Any], what: str, *envelopes: str) -> Mapping[str, Any]:
    """Return what is in an answer's envelope, or the whole where there is none."""
    for key in envelopes:
        if key in body:
            inside = body[key]
            if not isinstance(inside, Mapping):
                raise BadAnswer(what)
            return inside
    return body


def to_float(value: Any) -> float | None:
    """Return a number, also one that is written as a text."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return found if math.isfinite(found) else None


def to_bool(value: Any) -> bool | None:
    """Return a truth value, also one that is written as a text."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def mapped[T: Value](words: Mapping[str, T]) -> Convert[T]:
    """Make a converter from the maker's words, whatever their case, to ours."""
    folded = {key.casefold(): value for key, value in words.items()}
    return lambda value: (
        folded.get(value.casefold()) if isinstance(value, str) else None
    )


def flag(*, on: str, off: str) -> Convert[bool]:
    """Make a converter from the maker's words for yes and no, parted by spaces."""
    return mapped(
        {**dict.fromkeys(on.split(), True), **dict.fromkeys(off.split(), False)}
    )


def to_datetime(value: Any) -> datetime | None:
    """Return a time from epoch milliseconds (or seconds) or from an ISO text.

    An epoch may be written as a text. What no car can speak of, such as the year 1 or
    9999, is no time.
    """
    try:
        if isinstance(value, str) and not _is_epoch(value):
            found = datetime.fromisoformat(value)
        elif (epoch := to_float(value)) is None or epoch <= 0:
            return None
        else:
            seconds = epoch if epoch < _SECONDS_END else epoch / 1000
            found = datetime.fromtimestamp(seconds, UTC)
    except OverflowError, ValueError, OSError:
        return None
    if not is_possible_day(found):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _is_epoch(text: str) -> bool:
    """Return whether a text is an epoch rather than a date without dashes."""
    return len(text) >= _EPOCH_DIGITS and text.isascii() and text.isdigit()


def capture_time(value: Any, received_at: datetime) -> datetime | None:
    """Return a car's time stamp, which cannot lie after its receipt."""
    stamp = to_datetime(value)
    if stamp is None or not is_possible_capture(stamp, received_at):
        return None
    return min(stamp, received_at)


def newest(stamps: Iterable[datetime | None]) -> datetime | None:
    """Return the newest of several times, of which some may be unknown."""
    return max((stamp for stamp in stamps if stamp is not None), default=None)


_KILOMETRES: Final = {"km": 1.0, "mi": 1.609344}


def kilometres(value: Any, unit: Any) -> float | None:
    """Return a distance in kilometres, which it is in where nobody says a unit."""
    distance = to_float(value)
    if distance is None or not isinstance(unit, (str, type(None))):
        return None
    factor = _KILOMETRES.get("km" if unit is None else unit.casefold())
    return None if factor is None else round(distance * factor, 1)


def celsius(fahrenheit: float) -> float:
    """Convert degrees Fahrenheit, rounded to the half degree."""
    halves = (fahrenheit - 32) * 5 / 9 * 2
    # What is beyond all figures stays so, and is refused as impossible later.
    return round(halves) / 2 if math.isfinite(halves) else halves


def fahrenheit(celsius: float) -> int:
    """Convert degrees Celsius to whole degrees Fahrenheit."""
    return round(celsius * 9 / 5 + 32)
