"""Readings and snapshots: what is known of a car, since when, and from where."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Self

from .signals import SIGNALS, Signal, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value of a signal with its times, in UTC, and the channel it came by.

    `captured_at` is the car's own time; None where the cloud does not say, since
    the time of receipt would pass an old value off as fresh.
    """

    signal: Signal[Any]
    value: Value
    captured_at: datetime | None
    received_at: datetime
    channel: str

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
        """Return the newest value of a signal; None if it was never read."""
        reading = self.readings.get(signal.key)
        return None if reading is None else signal.accept(reading.value)

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
        that only confirms a value moves its times and changes nothing.
        """
        merged: dict[str, Reading] | None = None
        changed: set[str] = set()
        refused: Counter[str] = Counter()
        for reading in readings:
            key = reading.signal.key
            known = (self.readings if merged is None else merged).get(key)
            if known is not None and _repeats(reading, known):
                continue
            if reading.signal.accept(reading.value) is None:
                refused[key] += 1
                continue
            if known is not None:
                if reading.order < known.order:
                    continue
                if reading.value == known.value:
                    if reading.order == known.order:
                        continue
                elif reading.signal.rising and _falls(reading.value, known.value):
                    refused[key] += 1
                    continue
            if merged is None:
                merged = dict(self.readings)
            merged[key] = reading
            if known is None or known.value != reading.value:
                changed.add(key)
        snapshot = (
            self if merged is None else Snapshot(readings=MappingProxyType(merged))
        )
        return Merge(snapshot=snapshot, changed=frozenset(changed), refused=refused)

    def to_json(self) -> list[dict[str, Any]]:
        """Turn the snapshot into JSON."""
        return [
            {
                "signal": key,
                "value": reading.signal.encode(reading.value),
                "captured_at": _encode_time(reading.captured_at),
                "received_at": _encode_time(reading.received_at),
                "channel": reading.channel,
            }
            for key, reading in self.readings.items()
        ]

    @classmethod
    def from_json(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        """Bring a snapshot back; rows this version does not know are left out."""
        readings: dict[str, Reading] = {}
        for row in rows:
            signal = SIGNALS.get(row["signal"])
            value = None if signal is None else signal.decode(row["value"])
            received_at = _decode_time(row["received_at"])
            if signal is None or value is None or received_at is None:
                continue
            readings[signal.key] = Reading(
                signal=signal,
                value=value,
                captured_at=_decode_time(row["captured_at"]),
                received_at=received_at,
                channel=row["channel"],
            )
        return cls(readings=MappingProxyType(readings))


def _repeats(reading: Reading, known: Reading) -> bool:
    """Return whether it is the same report once more, as most readings are."""
    return (
        reading.captured_at is not None
        and reading.captured_at == known.captured_at
        and reading.value == known.value
    )


def _falls(value: Value, known: Value) -> bool:
    return (
        isinstance(value, (int, float))
        and isinstance(known, (int, float))
        and value < known
    )


def _encode_time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).isoformat()


def _decode_time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
