"""Readings and snapshots: what is known of a car, since when, and from where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, Self, cast

from .bounds import is_possible_capture, moment_from
from .signals import FORMER_KEYS, SIGNALS, Signal, Value

_REPORTS_TO_FALL: Final = 5
"""How many reports in a row it takes to believe that a rising signal was wrong."""


_CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""By how much two accounts' clocks may be apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value of a signal with its times, in UTC, and the channel it came by.

    `captured_at` is the car's own time; None where the cloud does not say, since
    the time of receipt would pass an old value off as fresh. A value of None means
    that it is no longer so, such as the time to full of a car that was unplugged.

    Where a cloud dates a value only roughly, `not_before` is set: the car captured it
    then at the earliest, and at `captured_at` at the latest. `changed_at` is when the
    cloud made the delivery in which this value first stood in place of another.
    """

    signal: Signal[Any]
    value: Value | None
    captured_at: datetime | None
    received_at: datetime
    channel: str
    not_before: datetime | None = None
    changed_at: datetime | None = None

    @property
    def order(self) -> datetime:
        """The time that decides which of two readings is the newer one."""
        return self.captured_at or self.received_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What became of new readings: the snapshot after, and what is different."""

    snapshot: Snapshot
    changed: frozenset[str]
    refused: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The newest reading of every signal ever seen of one car."""

    readings: Mapping[str, Reading] = field(
        default_factory=lambda: MappingProxyType({})
    )
    contradicted: Mapping[str, tuple[Reading, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Reports in a row that say less than a rising signal is known to be."""
    newest: datetime | None = field(init=False, repr=False, compare=False)
    """The newest capture time of all readings; asked for far too often to search."""

    def __post_init__(self) -> None:
        """Look for the newest capture time once."""
        times = [
            reading.captured_at
            for reading in self.readings.values()
            if reading.captured_at is not None
        ]
        object.__setattr__(self, "newest", max(times, default=None))

    def value[T: Value](self, signal: Signal[T]) -> T | None:
        """Return the newest value of a signal; None if there is none.

        Whatever is in a snapshot was accepted by its signal when it came in.
        """
        reading = self.readings.get(signal.key)
        return None if reading is None else cast("T | None", reading.value)

    def is_exact(self, signal: Signal[Any]) -> bool:
        """Return whether it is known when the car captured a signal's value."""
        reading = self.readings.get(signal.key)
        return (
            reading is not None
            and reading.captured_at is not None
            and reading.not_before is None
        )

    def newest_not_before(self) -> datetime | None:
        """Return since when the newest reading may be true; None if that is certain."""
        times = [
            reading.not_before
            for reading in self.readings.values()
            if reading.captured_at is not None and reading.captured_at == self.newest
        ]
        known = [time for time in times if time is not None]
        return min(known) if times and len(known) == len(times) else None

    def captured_at(self, *signals: Signal[Any]) -> datetime | None:
        """Return the newest capture time, of the given signals or of them all."""
        if not signals:
            return self.newest
        times = [
            reading.captured_at
            for signal in signals
            if (reading := self.readings.get(signal.key)) and reading.captured_at
        ]
        return max(times, default=None)

    def merge(self, readings: Iterable[Reading]) -> Merge:
        """Take readings in: newest capture wins, impossible values never enter.

        `changed` names the signals whose value is another than before. A reading
        that only confirms a value moves its times and changes nothing. A rising signal
        falls only when several reports in a row contradict what is known.
        """
        merged: dict[str, Reading] | None = None
        contradicted = self.contradicted
        changed: set[str] = set()
        refused: Counter[str] = Counter()
        for reading in readings:
            key = reading.signal.key
            known = (self.readings if merged is None else merged).get(key)
            if known is not None and _repeats(reading, known):
                continue
            if reading.value is not None:
                accepted = reading.signal.accept(reading.value)
                if accepted is None:
                    refused[key] += 1
                    continue
                if accepted is not reading.value:
                    reading = replace(reading, value=accepted)
            elif known is None:
                # What was never known cannot be over.
                continue
            if known is not None:
                if not _supersedes(reading, known):
                    continue
                if reading.value == known.value:
                    if reading.order == known.order:
                        continue
                elif reading.signal.rising and _falls(reading.value, known.value):
                    reports = _reports_against(contradicted.get(key, ()), reading)
                    contradicted = {**contradicted, key: reports}
                    if len(reports) < _REPORTS_TO_FALL:
                        refused[key] += 1
                        continue
                if key in contradicted:
                    contradicted = {
                        one: reports
                        for one, reports in contradicted.items()
                        if one != key
                    }
            if merged is None:
                merged = dict(self.readings)
            merged[key] = reading
            if known is None or known.value != reading.value:
                changed.add(key)
        snapshot = self
        if merged is not None or contradicted is not self.contradicted:
            snapshot = Snapshot(
                readings=self.readings if merged is None else MappingProxyType(merged),
                contradicted=contradicted,
            )
        return Merge(snapshot=snapshot, changed=frozenset(changed), refused=refused)

    def to_json(self) -> list[dict[str, Any]]:
        """Turn the snapshot into JSON."""
        return [
            {
                "signal": key,
                **_encode(reading),
            }
            for key, reading in self.readings.items()
        ]

    @classmethod
    def from_json(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Bring a snapshot back; rows this version does not know are left out.

        So is what is damaged, and nothing else.
        """
        readings = [reading for row in rows if (reading := _decode(row)) is not None]
        return cls(
            readings=MappingProxyType(
                {reading.signal.key: reading for reading in readings}
            )
        )


def _decode(row: object) -> Reading | None:
    """Bring one reading back; None where the row is damaged or not known."""
    if not isinstance(row, Mapping):
        return None
    key, channel = row.get("signal"), row.get("channel")
    signal = SIGNALS.get(FORMER_KEYS.get(key, key)) if isinstance(key, str) else None
    over = row.get("over") is True
    value = None if signal is None or over else signal.decode(row.get("value"))
    received_at = moment_from(row.get("received_at"))
    kept, captured_at = row.get("captured_at"), moment_from(row.get("captured_at"))
    if (
        signal is None
        or (value is None and not over)
        or received_at is None
        or not isinstance(channel, str)
        # Without its date the value would be passed off as one that never had any.
        or (kept is not None and captured_at is None)
        or (
            captured_at is not None
            and not is_possible_capture(captured_at, received_at)
        )
    ):
        return None
    return Reading(
        signal=signal,
        value=value,
        captured_at=captured_at,
        received_at=received_at,
        channel=channel,
        not_before=moment_from(row.get("not_before")),
        changed_at=moment_from(row.get("changed_at")),
    )


def _encode(reading: Reading) -> dict[str, Any]:
    """Turn a reading into JSON; what seldom is there is left out."""
    row: dict[str, Any] = {
        "value": (
            None if reading.value is None else reading.signal.encode(reading.value)
        ),
        "captured_at": _encode_time(reading.captured_at),
        "received_at": _encode_time(reading.received_at),
        "channel": reading.channel,
    }
    if reading.value is None:
        row["over"] = True
    for name in ("not_before", "changed_at"):
        if (moment := getattr(reading, name)) is not None:
            row[name] = _encode_time(moment)
    return row


def _supersedes(reading: Reading, known: Reading) -> bool:
    """Return whether a reading takes the place of what is known.

    An exact one gives way to an uncertain one only if that one's span begins later,
    or if its value stood as a changed one in a delivery made after the exact time.
    """
    if _is_of_a_clock_ahead(known, reading.received_at):
        return True
    if (reading.not_before is None) == (known.not_before is None):
        return reading.order >= known.order
    exact, span = (known, reading) if known.not_before is None else (reading, known)
    begins_later = span.not_before is not None and span.not_before > exact.order
    changed_later = (
        span.changed_at is not None
        and span.changed_at > exact.order
        and span.value != exact.value
    )
    return (begins_later or changed_later) == (reading is span)


def _reports_against(
    before: tuple[Reading, ...], reading: Reading
) -> tuple[Reading, ...]:
    """Return the reports that contradict a rising signal and agree with one another."""
    if not before:
        return (reading,)
    if reading.order <= before[-1].order:
        return before
    if _falls(reading.value, before[-1].value):
        return (reading,)
    return (*before, reading)


def _is_of_a_clock_ahead(known: Reading, now: datetime) -> bool:
    """Return whether what is known came at a time that is still to come.

    The machine's clock was ahead then; what has come since it was set back is newer.
    """
    if known.captured_at is None:
        return known.received_at - now > _CLOCKS_DIFFER
    return not is_possible_capture(known.captured_at, now)


def _repeats(reading: Reading, known: Reading) -> bool:
    """Return whether it is the same report once more, as most readings are."""
    return (
        reading.captured_at is not None
        and reading.captured_at == known.captured_at
        and reading.value == known.value
    )


def _falls(value: Value | None, known: Value | None) -> bool:
    return (
        isinstance(value, (int, float))
        and isinstance(known, (int, float))
        and value < known
    )


def _encode_time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).isoformat()
