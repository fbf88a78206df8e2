"""Tables of rows that turn a cloud's JSON into readings: path, signal, converter."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import math
from typing import Any, Final

from ..car.signals import Signal, Value
from ..car.snapshot import Reading
from .contract import ReadResult
from .errors import BadAnswer

type Convert[T: Value] = Callable[[Any], T | None]

MISSING: Final = object()
"""What `dig` finds where the cloud says nothing, not even null."""

_SECONDS_END: Final = 1e11
_FUTURE: Final = timedelta(days=1)


def unchanged(value: Any) -> Any:
    """Take a value as it is; the signal still checks its type and bounds."""
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row[T: Value]:
    """Where a signal stands in the JSON, and how its value is read."""

    signal: Signal[T]
    path: tuple[str, ...]
    convert: Convert[T] = unchanged


@dataclass(slots=True, kw_only=True)
class Harvest:
    """Readings of one answer as they come together; `captured_at` is its car time."""

    captured_at: datetime | None
    received_at: datetime
    channel: str
    readings: dict[str, Reading] = field(default_factory=dict)
    placeholders: Counter[str] = field(default_factory=Counter)

    def take(self, rows: Iterable[Row[Any]], data: Mapping[str, Any]) -> None:
        """Read rows from an answer."""
        for row in rows:
            found = dig(data, row.path)
            if found is not MISSING:
                self.add(row.signal, None if found is None else row.convert(found))

    def add[T: Value](
        self, signal: Signal[T], value: T | None, captured_at: datetime | None = None
    ) -> None:
        """Add a value; what the signal does not accept counts as a placeholder."""
        accepted = signal.accept(value)
        if accepted is None:
            self.placeholders[signal.key] += 1
            return
        self.readings[signal.key] = Reading(
            signal=signal,
            value=accepted,
            captured_at=captured_at or self.captured_at,
            received_at=self.received_at,
            channel=self.channel,
        )

    def value[T: Value](self, signal: Signal[T]) -> T | None:
        """Return a value that was read."""
        reading = self.readings.get(signal.key)
        return None if reading is None else signal.accept(reading.value)

    def result(self) -> ReadResult:
        """Return everything that was read."""
        return ReadResult(
            readings=tuple(self.readings.values()), placeholders=self.placeholders
        )


def dig(data: Any, path: Iterable[str]) -> Any:
    """Return what stands at a path of keys, MISSING where it does not go on."""
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            return MISSING
        data = data[key]
    return data


def text_at(data: Any, *path: str) -> str | None:
    """Return the text at a path of keys; an empty one says nothing."""
    found = dig(data, path)
    return found if isinstance(found, str) and found else None


def opened(body: Mapping[str, Any], what: str, *envelopes: str) -> Mapping[str, Any]:
    """Return what is in an answer's envelope, or the whole where there is none."""
    for key in envelopes:
        if key in body:
            inside = body[key]
            if not isinstance(inside, Mapping):
                raise BadAnswer(what)
            return inside
    return body


def number(value: Any) -> float | None:
    """Return a number, also one that is written as a text."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except TypeError, ValueError, OverflowError:
        return None
    return found if math.isfinite(found) else None


def flag(value: Any) -> bool | None:
    """Return a truth value, also one that is written as a text."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def word[T: Value](words: Mapping[str, T]) -> Convert[T]:
    """Make a converter from the maker's words, whatever their case, to ours."""
    folded = {key.casefold(): value for key, value in words.items()}
    return lambda value: (
        folded.get(value.casefold()) if isinstance(value, str) else None
    )


def moment(value: Any) -> datetime | None:
    """Return a time from epoch milliseconds (or seconds) or from an ISO text."""
    if isinstance(value, str):
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            return None
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed
    if (epoch := number(value)) is None or epoch <= 0:
        return None
    try:
        return datetime.fromtimestamp(
            epoch if epoch < _SECONDS_END else epoch / 1000, UTC
        )
    except OverflowError, ValueError, OSError:
        return None


def capture_time(value: Any, received_at: datetime) -> datetime | None:
    """Return a car's time stamp, which cannot lie after its receipt.

    A cloud's clock may be a little ahead; a stamp of another day means nothing.
    """
    stamp = moment(value)
    if stamp is None or stamp - received_at > _FUTURE:
        return None
    return min(stamp, received_at)


_KILOMETRES: Final = {"km": 1.0, "mi": 1.609344}


def kilometres(value: Any, unit: Any) -> float | None:
    """Return a distance in kilometres, which it is in where nobody says a unit."""
    distance = number(value)
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
