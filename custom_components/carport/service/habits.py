"""When cars usually leave or start to charge, learnt from what was seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, Self
import zlib

from ..car import signals as s
from ..car.snapshot import Snapshot

_SLOT: Final = timedelta(minutes=15)
_SLOTS_A_DAY: Final = 96
_MOST_DAYS_KEPT: Final = 5000
_REMEMBERED: Final = timedelta(days=35)
_SATURDAY: Final = 5

# How often something happened in a quarter: on the last days of the same kind, or on
# the last same weekdays. Looking seldom at many possible times finds more, by the same
# number of calls, than looking often at the likely ones alone.
_LOOK_BACK_DAYS: Final = timedelta(days=9)
_LOOK_BACK_WEEKS: Final = 4
_POSSIBLE: Final = 1 / 5
_LIKELY: Final = 1 / 2

_USUAL_SPEED: Final = 45.0
_LEAST_TRIP: Final = 0.5
_LONGEST_SPAN: Final = timedelta(hours=2)
_PLUGGED_ON_ARRIVAL: Final = timedelta(hours=1)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

_KM: Final = s.ODOMETER.key
_CHARGING: Final = s.CHARGING.key

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """When something usually happens, and whether it does so more often than not."""

    at: datetime
    likely: bool


class Habits:
    """The usual times of an account's cars, by VIN, in quarters of an hour."""

    def __init__(
        self, zone: tzinfo = UTC, data: Mapping[str, Any] | None = None
    ) -> None:
        """Count days as they are in this zone: people live by local time."""
        self._zone = zone
        self._seen: dict[str, dict[str, dict[int, set[date]]]] = {}
        self._since: dict[str, date] = {}
        self._place: dict[str, str] = {}
        self._driven: dict[str, datetime] = {}
        self._usual: dict[tuple[str, str, date], Mapping[int, bool]] = {}
        for vin, known in (data or {}).items():
            self._since[vin] = date.fromisoformat(known["since"])
            self._place[vin] = known["place"]
            self._seen[vin] = {
                place: {
                    int(slot): {date.fromisoformat(day) for day in days}
                    for slot, days in slots.items()
                }
                for place, slots in known["seen"].items()
            }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None, zone: tzinfo = UTC) -> Self:
        """Bring the habits back."""
        return cls(zone, data)

    def learn(self, vin: str, before: Snapshot, after: Snapshot, now: datetime) -> bool:
        """Compare two snapshots; return whether an event was seen between them."""
        today = now.astimezone(self._zone).date()
        self._since.setdefault(vin, today)
        self._place[vin] = _place(after)
        span = _departure(before, after)
        if span is not None:
            self._driven[vin] = now
        elif now - self._driven.get(vin, _LONG_AGO) > _PLUGGED_ON_ARRIVAL:
            span = _charging_start(before, after)
        if span is None or span[1] > now:
            return False
        self._note(vin, _place(before), *span)
        self._forget(vin, today)
        return True

    def expects(self, vin: str, when: datetime) -> bool:
        """Return whether something usually happens in this quarter of an hour."""
        local = when.astimezone(self._zone)
        return _slot(local) in self._usual_slots(vin, local.date())

    def next_expected(
        self, vin: str, start: datetime, end: datetime
    ) -> Expected | None:
        """Return what usually happens next within this span, if anything does."""
        if not self._seen.get(vin):
            return None
        local = start.astimezone(self._zone)
        first = _slot(local)
        midnight = start - timedelta(
            hours=local.hour,
            minutes=local.minute,
            seconds=local.second,
            microseconds=local.microsecond,
        )
        while midnight <= end:
            day = (midnight - start + local).date()
            for slot, likely in self._usual_slots(vin, day).items():
                if slot >= first:
                    moment = max(midnight + slot * _SLOT, start)
                    return Expected(at=moment, likely=likely) if moment <= end else None
            midnight += timedelta(days=1)
            first = 0
        return None

    def to_json(self) -> dict[str, Any]:
        """Turn the habits into JSON."""
        return {
            vin: {
                "since": since.isoformat(),
                "place": self._place.get(vin, ""),
                "seen": {
                    place: {
                        str(slot): sorted(day.isoformat() for day in days)
                        for slot, days in slots.items()
                    }
                    for place, slots in self._seen.get(vin, {}).items()
                },
            }
            for vin, since in self._since.items()
        }

    def _note(self, vin: str, place: str, earliest: datetime, latest: datetime) -> None:
        """Remember an event in all quarters in which it may have happened.

        People are seldom punctual, so half a quarter is added on both sides.
        """
        self._usual.clear()
        slots = self._seen.setdefault(vin, {}).setdefault(place, {})
        moment = earliest - _SLOT / 2
        while moment <= latest + _SLOT / 2:
            local = moment.astimezone(self._zone)
            slots.setdefault(_slot(local), set()).add(local.date())
            moment += _SLOT

    def _forget(self, vin: str, today: date) -> None:
        places = self._seen.get(vin, {})
        for place, slots in list(places.items()):
            for slot, days in list(slots.items()):
                days -= {day for day in days if today - day > _REMEMBERED}
                if not days:
                    del slots[slot]
            if not slots:
                del places[place]

    def _usual_slots(self, vin: str, day: date) -> Mapping[int, bool]:
        """Return the day's usual quarters in order, and whether they are likely.

        It is worked out once, since it is asked often.
        """
        place = self._place.get(vin, "")
        key = vin, place, day
        if (known := self._usual.get(key)) is None:
            if len(self._usual) > _MOST_DAYS_KEPT:
                self._usual.clear()
            seen = self._seen.get(vin, {}).get(place, {})
            shares = {
                slot: _share(days, day, self._since[vin]) for slot, days in seen.items()
            }
            known = self._usual[key] = {
                slot: share >= _LIKELY
                for slot, share in sorted(shares.items())
                if share >= _POSSIBLE
            }
        return known


def _share(days: set[date], today: date, since: date) -> float:
    """Return how often it happened on days like today, by the better of two counts."""
    weeks = (today - timedelta(weeks=week) for week in range(1, _LOOK_BACK_WEEKS + 1))
    counted = (
        list(_days_alike(today, since)),
        [day for day in weeks if day >= since],
    )
    return max(
        (sum(day in days for day in alike) / len(alike) for alike in counted if alike),
        default=0,
    )


def _slot(local: datetime) -> int:
    return (local.hour * 60 + local.minute) // 15 % _SLOTS_A_DAY


def _days_alike(today: date, since: date) -> Iterator[date]:
    """Yield the latest days before today that are workdays, or not, as today is."""
    day = today - timedelta(days=1)
    while day >= since and today - day <= _LOOK_BACK_DAYS:
        if (day.weekday() >= _SATURDAY) == (today.weekday() >= _SATURDAY):
            yield day
        day -= timedelta(days=1)


def _place(snapshot: Snapshot) -> str:
    """Return a name for where a car stands, to the kilometre; it tells no stranger.

    A car leaves home at other times than work: each place has its own habits.
    """
    parked = snapshot.value(s.PARKED_LOCATION) or snapshot.value(s.LOCATION)
    if parked is None:
        return ""
    square = f"{parked.latitude:.2f},{parked.longitude:.2f}"
    return f"{zlib.crc32(square.encode()):08x}"


def _departure(before: Snapshot, after: Snapshot) -> Span | None:
    """Return when the car must have left, told by the distance since then."""
    odometer, known = after.readings.get(_KM), before.readings.get(_KM)
    if odometer is None or known is None or odometer.captured_at is None:
        return None
    driven = after.value(s.ODOMETER) or 0
    distance = driven - (before.value(s.ODOMETER) or driven)
    if distance < _LEAST_TRIP or _was_driving(before):
        return None
    latest = odometer.captured_at - timedelta(hours=distance / _USUAL_SPEED)
    # It was still there when it was last looked at.
    earliest = min(known.received_at, latest)
    if after.value(s.CHARGING):
        # The report is a later one than that of the arrival.
        return max(earliest, latest - _LONGEST_SPAN), latest
    return latest, latest


def _was_driving(before: Snapshot) -> bool:
    if before.value(s.MOVING) or before.value(s.IGNITION):
        return True
    here, parked = before.value(s.LOCATION), before.value(s.PARKED_LOCATION)
    return here is not None and parked is not None and here != parked


def _charging_start(before: Snapshot, after: Snapshot) -> Span | None:
    known, now = before.readings.get(_CHARGING), after.readings.get(_CHARGING)
    if known is None or now is None or now.captured_at is None:
        return None
    if before.value(s.CHARGING) is not False or not after.value(s.CHARGING):
        return None
    earliest = min(known.received_at, now.captured_at)
    return max(earliest, now.captured_at - _LONGEST_SPAN), now.captured_at
