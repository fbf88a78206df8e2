"""When cars usually leave or start to charge, learnt from what was seen."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import hmac
from itertools import accumulate
import math
from secrets import token_hex
from typing import Any, Final, Self
import zlib

from ..car import signals as s
from ..car.local_time import local_moment
from ..car.snapshot import Snapshot
from .rhythm import Rhythms

_MINUTES_A_DAY: Final = 1440
_BIN: Final = 5
_BINS: Final = _MINUTES_A_DAY // _BIN
_MOST_CURVES_KEPT: Final = 5000
_REMEMBERED: Final = timedelta(days=35)
_SATURDAY: Final = 5

# What is expected of a day is what happened on the last days of its kind, or on the
# last same weekdays, once there are some.
_LOOK_BACK_DAYS: Final = timedelta(days=14)
_LOOK_BACK_WEEKS: Final = 4
_LEAST_WEEKS: Final = 2
_KNOWN_AFTER: Final = 3

# People are seldom punctual: an event counts for the minutes around it too.
_UNPUNCTUAL: Final = 10.0
_REACH: Final = 3 * _UNPUNCTUAL

# Long ways are driven faster than short ones: kilometres an hour at least and at most,
# and how much more for every kilometre of the way, up to a limit.
_SLOW: Final = (20.0, 0.6, 70.0)
_FAST: Final = (30.0, 1.0, 110.0)
_LEAST_TRIP: Final = 0.5
_LONGEST_SPAN: Final = timedelta(minutes=45)
_PLUGGED_ON_ARRIVAL: Final = timedelta(hours=1)
_SALT: Final = "salt"
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)

_KM: Final = s.ODOMETER.key
_CHARGING: Final = s.CHARGING.key

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a place, between two minutes of a day."""

    day: date
    place: str
    first: int
    last: int


class Habits:
    """The usual times of an account's cars, by VIN."""

    def __init__(
        self, zone: tzinfo = UTC, data: Mapping[str, Any] | None = None
    ) -> None:
        """Count days as they are in this zone: people live by local time."""
        self.rhythms = Rhythms()
        self.zone = zone
        salts = {
            known[_SALT]
            for known in (data or {}).values()
            if isinstance(known, Mapping) and isinstance(known.get(_SALT), str)
        }
        self._salt = min(salts, default=None) or token_hex(16)
        self._events: dict[str, list[Event]] = {}
        self._since: dict[str, date] = {}
        self._place: dict[str, str] = {}
        self._driven: dict[str, datetime] = {}
        self._curves: dict[tuple[str, str, date], array[float]] = {}
        for vin, known in (data or {}).items():
            try:
                salted = known.get(_SALT) == self._salt
                since = date.fromisoformat(known["since"])
                events = [
                    Event(
                        date.fromisoformat(day),
                        # What was kept before there was a salt gets it now.
                        str(place) if salted else self._salted(str(place)),
                        int(first),
                        int(last),
                    )
                    for day, place, first, last in known.get("events", ())
                ]
            except AttributeError, KeyError, TypeError, ValueError:
                # One car's habits are learnt anew, those of the others are kept.
                continue
            self._since[vin], self._events[vin] = since, events
            place = str(known.get("place", ""))
            self._place[vin] = place if salted else self._salted(place)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None, zone: tzinfo = UTC) -> Self:
        """Bring the habits back."""
        return cls(zone, data)

    def learn(
        self,
        vin: str,
        before: Snapshot,
        after: Snapshot,
        now: datetime,
        looked: datetime | None = None,
    ) -> bool:
        """Compare two snapshots; return whether an event was seen between them.

        `looked` is when the car was read before, and brought nothing new.
        """
        today = now.astimezone(self.zone).date()
        self._since.setdefault(vin, today)
        self._place[vin] = self._salted(_place(after))
        self.rhythms.learn(vin, after)
        span = _departure(before, after, looked)
        if span is not None:
            self._driven[vin] = now
        elif now - self._driven.get(vin, _LONG_AGO) > _PLUGGED_ON_ARRIVAL:
            span = _charging_start(before, after) or _unplugging(before, after)
        if span is None or span[1] > now:
            return False
        events = self._events.setdefault(vin, [])
        events[:] = [event for event in events if today - event.day <= _REMEMBERED]
        events.extend(self._noted(self._salted(_place(before)), *span))
        for key in [key for key in self._curves if key[0] == vin]:
            del self._curves[key]
        return True

    def knows(self, vin: str, when: datetime) -> bool:
        """Return whether enough days like this one were watched to go by them."""
        today = when.astimezone(self.zone).date()
        since = self._since.get(vin, today)
        return sum(1 for _ in _days_alike(today, since)) >= _KNOWN_AFTER

    def next_look(
        self, vin: str, start: datetime, end: datetime, patience: float
    ) -> datetime | None:
        """Return when within a span it is time to look whether something happened.

        The more likely an event, the closer the looks: their distance goes with one
        over the root of the likelihood, which misses least by a given number of
        looks. With a patience of one, what happens every minute is looked at every
        minute.
        """
        if not self._events.get(vin):
            return None
        local, last = start.astimezone(self.zone), end.astimezone(self.zone).date()
        day, begin = local.date(), (_minute(local) + local.second / 60) / _BIN
        while day <= last:
            curve = self._curve(vin, day)
            wanted = _level(curve, begin) + patience
            if wanted <= curve[-1]:
                when = self._moment(day, _BIN * _reached(curve, wanted))
                return when if when <= end else None
            patience = wanted - curve[-1]
            day += timedelta(days=1)
            begin = 0
        return None

    def _moment(self, day: date, minutes: float) -> datetime:
        """Return when the clock on the wall is so many minutes past midnight."""
        wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        return local_moment(wall.date(), wall.time(), self.zone)

    def to_json(self) -> dict[str, Any]:
        """Turn the habits into JSON."""
        return {
            vin: {
                _SALT: self._salt,
                "since": since.isoformat(),
                "place": self._place.get(vin, ""),
                "events": [
                    [event.day.isoformat(), event.place, event.first, event.last]
                    for event in tuple(self._events.get(vin, ()))
                ],
            }
            # It may be written by another thread, while more is learnt.
            for vin, since in tuple(self._since.items())
        }

    def forget_places(self) -> bool:
        """Forget where things happened, but not when; return whether that was known."""
        known = any(self._place.values()) or any(
            event.place for events in self._events.values() for event in events
        )
        if known:
            self._place = dict.fromkeys(self._place, "")
            for events in self._events.values():
                events[:] = [replace(event, place="") for event in events]
            self._curves.clear()
        return known

    def _salted(self, place: str) -> str:
        """Return a name for a place that cannot be looked up in a list of all places."""
        if not place:
            return ""
        return hmac.digest(self._salt.encode(), place.encode(), "sha256").hex()[:16]

    def _noted(
        self, place: str, earliest: datetime, latest: datetime
    ) -> Iterator[Event]:
        """Turn a span into events; one over midnight is two."""
        first, last = earliest.astimezone(self.zone), latest.astimezone(self.zone)
        if first.date() == last.date():
            yield Event(last.date(), place, _minute(first), _minute(last))
        else:
            yield Event(first.date(), place, _minute(first), _MINUTES_A_DAY)
            yield Event(last.date(), place, 0, _minute(last))

    def _curve(self, vin: str, day: date) -> array[float]:
        """Return how the expectation adds up over a day; worked out once.

        Its steps are the roots of the likelihood of an event in each minute.
        """
        place = self._place.get(vin, "")
        key = vin, place, day
        if (known := self._curves.get(key)) is None:
            if len(self._curves) > _MOST_CURVES_KEPT:
                self._curves.clear()
            events = [event for event in self._events[vin] if event.place == place]
            likely = _likelihood(events, day, self._since[vin])
            steps = (_BIN * math.sqrt(one) for one in likely)
            known = self._curves[key] = array("f", accumulate(steps, initial=0.0))
        return known


def _likelihood(events: Sequence[Event], today: date, since: date) -> list[float]:
    """Return how likely an event is in a minute, for every bin, by the better count."""
    weeks = (today - timedelta(weeks=week) for week in range(1, _LOOK_BACK_WEEKS + 1))
    best = [0.0] * _BINS
    for alike, least in (
        (set(_days_alike(today, since)), 1),
        ({day for day in weeks if day >= since}, _LEAST_WEEKS),
    ):
        count = [0.0] * _BINS
        for event in events:
            if event.day in alike:
                _spread(event, count)
        if len(alike) >= least:
            best = [
                max(known, found / len(alike))
                for known, found in zip(best, count, strict=True)
            ]
    return best


def _spread(event: Event, count: list[float]) -> None:
    """Add one event to the minutes around it; they sum up to one."""
    width = event.last - event.first + _UNPUNCTUAL * math.sqrt(2 * math.pi)
    low = int((event.first - _REACH) // _BIN)
    high = int((event.last + _REACH) // _BIN)
    for number in range(low, high + 1):
        minute = (number + 0.5) * _BIN
        off = max(event.first - minute, minute - event.last, 0) / _UNPUNCTUAL
        count[number % _BINS] += math.exp(-off * off / 2) / width


def _level(curve: array[float], begin: float) -> float:
    """Return how much has added up by a moment, in bins from midnight."""
    whole = min(int(begin), _BINS - 1)
    return curve[whole] + (curve[whole + 1] - curve[whole]) * (begin - whole)


def _reached(curve: array[float], level: float) -> float:
    """Return when so much has added up, in bins from midnight."""
    above = max(bisect_left(curve, level), 1)
    rise = curve[above] - curve[above - 1]
    return above - (curve[above] - level) / rise if rise else above


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute


def _days_alike(today: date, since: date) -> Iterator[date]:
    """Yield the latest days before today that are workdays, or not, as today is."""
    day = today - timedelta(days=1)
    while day >= since and today - day <= _LOOK_BACK_DAYS:
        if (day.weekday() >= _SATURDAY) == (today.weekday() >= _SATURDAY):
            yield day
        day -= timedelta(days=1)


def _place(snapshot: Snapshot) -> str:
    """Return a name for where a car stands, to the kilometre; not to be kept as it is.

    A car leaves home at other times than work: each place has its own habits.
    """
    parked = snapshot.value(s.PARKED_LOCATION) or snapshot.value(s.LOCATION)
    if parked is None:
        return ""
    square = f"{parked.latitude:.2f},{parked.longitude:.2f}"
    return f"{zlib.crc32(square.encode()):08x}"


def _departure(
    before: Snapshot, after: Snapshot, looked: datetime | None
) -> Span | None:
    """Return when the car must have left, told by the distance since then."""
    odometer, known = after.readings.get(_KM), before.readings.get(_KM)
    if odometer is None or known is None or odometer.captured_at is None:
        return None
    driven = after.value(s.ODOMETER) or 0
    distance = driven - (before.value(s.ODOMETER) or driven)
    if distance < _LEAST_TRIP or _was_driving(before):
        return None
    earliest = odometer.captured_at - _duration(distance, *_SLOW)
    latest = odometer.captured_at - _duration(distance, *_FAST)
    if after.value(s.CHARGING):
        # The report is a later one than that of the arrival.
        earliest = min(earliest, latest - _LONGEST_SPAN)
    # It was still there when it was last looked at.
    seen = max(known.received_at, looked or known.received_at)
    return min(max(earliest, seen), latest), latest


def _duration(distance: float, base: float, more: float, limit: float) -> timedelta:
    return timedelta(hours=distance / min(base + more * distance, limit))


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


def _unplugging(before: Snapshot, after: Snapshot) -> Span | None:
    """Return when a car was unplugged to leave, where no odometer tells that it did."""
    now = after.readings.get(s.PLUGGED_IN.key)
    if now is None or now.captured_at is None or _KM in after.readings:
        return None
    if not before.value(s.PLUGGED_IN) or after.value(s.PLUGGED_IN):
        return None
    return now.captured_at, now.captured_at
