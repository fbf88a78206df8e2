"""When a value was captured: exactly, or some time between two deliveries.

In one of the two formats no value has a time of its own, and a delivery merges reports
of different age. What is certain is that a value is older than the delivery it is in,
and younger than the one before in which it was missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from . import keys
from .archive import Delivery, Entry

_FIRST_SPAN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value of a key, and when it was captured.

    `not_before` is None where `captured_at` is exact. `changed_at` is when the
    delivery was made in which it first stood in another's place.
    """

    value: str
    captured_at: datetime
    not_before: datetime | None = None
    changed_at: datetime | None = None

    def to_json(self) -> list[Any]:
        """Turn it into a short list."""
        return [
            self.value,
            *map(_epoch, (self.captured_at, self.not_before, self.changed_at)),
        ]

    @classmethod
    def from_json(cls, kept: object) -> Known | None:
        """Bring it back; None where it is damaged."""
        match kept:
            case [str() as value, captured, earliest, changed]:
                captured_at = _moment(captured)
                if captured_at is not None:
                    return cls(
                        value=value,
                        captured_at=captured_at,
                        not_before=_moment(earliest),
                        changed_at=_moment(changed),
                    )
        return None


@dataclass(slots=True, kw_only=True)
class Memory:
    """What is known of a car from the deliveries so far."""

    known: dict[str, Known] = field(default_factory=dict)
    last_created: datetime | None = None
    """When the newest delivery was made that has been looked at, empty or not."""

    def value(self, key: str) -> str | None:
        """Return the last value of a key."""
        found = self.known.get(key)
        return None if found is None else found.value

    def take(self, delivery: Delivery) -> frozenset[str]:
        """Take a delivery in; return the keys that say something new, or say it anew."""
        late = self.last_created is not None and delivery.created_at < self.last_created
        told = _once(entry for entry in delivery.entries if entry.key in keys.ALL)
        fresh = {
            key
            for key, entry in told.items()
            # Of a file that is read after younger ones only dated values are sure.
            if not (late and entry.at is None and key in self.known)
            and self._take_entry(delivery, entry)
        }
        self.last_created = max(
            delivery.created_at, self.last_created or delivery.created_at
        )
        return frozenset(fresh)

    def _take_entry(self, delivery: Delivery, entry: Entry) -> bool:
        """Take one value; a repetition with the same time is nothing new."""
        old = self.known.get(entry.key)
        same = old is not None and old.value == entry.value
        if entry.at is not None:
            new = Known(value=entry.value, captured_at=entry.at)
            if old is not None and old.not_before is None:
                if entry.at < old.captured_at or (same and entry.at == old.captured_at):
                    return False
        elif old is not None and same:
            if delivery.latest <= old.captured_at:
                return False
            new = Known(
                value=entry.value,
                captured_at=delivery.latest,
                not_before=old.not_before or old.captured_at,
                changed_at=old.changed_at,
            )
        else:
            new = Known(
                value=entry.value,
                captured_at=delivery.latest,
                not_before=self._not_before(delivery),
                changed_at=None if old is None else delivery.created_at,
            )
        self.known[entry.key] = new
        return True

    def _not_before(self, delivery: Delivery) -> datetime:
        """Return since when a value that has come up may have been so.

        Reports may be hours late: then the delivery before says nothing about it.
        """
        if self.last_created is not None and self.last_created <= delivery.latest:
            return self.last_created
        return delivery.earliest - _FIRST_SPAN

    def to_json(self) -> dict[str, Any]:
        """Turn the memory into JSON."""
        return {
            "last_created": _epoch(self.last_created),
            "known": {key: known.to_json() for key, known in self.known.items()},
        }

    @classmethod
    def from_json(cls, kept: object) -> Memory:
        """Bring a memory back; what is damaged in it is forgotten."""
        if not isinstance(kept, Mapping):
            return cls()
        rows = kept.get("known")
        pairs = rows.items() if isinstance(rows, Mapping) else ()
        return cls(
            known={
                key: known
                for key, row in pairs
                if key in keys.ALL and (known := Known.from_json(row)) is not None
            },
            last_created=_moment(kept.get("last_created")),
        )


def contradicted(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the keys that say two things at the same time in one delivery."""
    found: dict[tuple[str, datetime | None], set[str]] = {}
    for entry in entries:
        if entry.key in keys.ALL:
            found.setdefault((entry.key, entry.at), set()).add(entry.value)
    return frozenset(key for (key, _), values in found.items() if len(values) > 1)


def _once(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return one entry for each key: the freshest, among equals always the same."""
    best: dict[str, Entry] = {}
    for entry in entries:
        other = best.get(entry.key)
        if other is None or _freshness(entry) > _freshness(other):
            best[entry.key] = entry
    return best


def _freshness(entry: Entry) -> tuple[float, str]:
    return (0.0 if entry.at is None else entry.at.timestamp()), entry.value


def _epoch(time: datetime | None) -> float | None:
    return None if time is None else time.timestamp()


def _moment(seconds: object) -> datetime | None:
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except OverflowError, ValueError, OSError:
        return None
