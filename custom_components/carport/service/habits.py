"""When cars usually leave or start to charge, learnt from what was seen."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Final, Self

from ..car import signals as s
from ..car.snapshot import Snapshot

_SLOT: Final = timedelta(minutes=15)
_SLOTS_A_DAY: Final = 96
_MOST_DAYS_KEPT: Final = 5000
_REMEMBERED: Final = timedelta(days=35)
_SATURDAY: Final = 5

# A usual time is one that came true on a third of the last days of its kind, or
# on half of the last same weekdays.
_LOOK_BACK_DAYS: Final = timedelta(days=9)
_LOOK_BACK_WEEKS: Final = 4
_SHARE_OF_DAYS: Final = 1 / 3
_SHARE_OF_WEEKS: Final = 1 / 2

_USUAL_SPEED: Final = 45.0
_LEAST_TRIP: Final = 0.5


class Habits:
    """The usual times of an account's cars, by VIN, in quarters of an hour."""

    def __init__(
        self, zone: tzinfo = UTC, data: Mapping[str, Any] | None = None
    ) -> None:
        """Count days as they are in this zone: people live by local time."""
        self._zone = zone
        self._seen: dict[str, dict[int, set[date]]] = {}
        self._since: dict[str, date] = {}
        self._usual: dict[tuple[str, date], tuple[int, ...]] = {}
        for vin, known in (data or {}).items():
            self._since[vin] = date.fromisoformat(known["since"])
            self._seen[vin] = {
                int(slot): {date.fromisoformat(day) for day in days}
                for slot, days in known["seen"].items()
            }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None, zone: tzinfo = UTC) -> Self:
        """Bring the habits back."""
        return cls(zone, data)

    def learn(self, vin: str, before: Snapshot, after: Snapshot, now: datetime) -> bool:
        """Compare two snapshots; return whether an event was seen between them."""
        today = now.astimezone(self._zone).date()
        self._since.setdefault(vin, today)
        events = [*_departures(before, after), *_charging_starts(before, after)]
        for moment in events:
            if moment <= now:
                self._note(vin, moment)
        if events:
            self._forget(vin, today)
        return bool(events)

    def expects(self, vin: str, when: datetime) -> bool:
        """Return whether something usually happens in this quarter of an hour."""
        local = when.astimezone(self._zone)
        return _slot(local) in self._usual_slots(vin, local.date())

    def next_expected(
        self, vin: str, start: datetime, end: datetime
    ) -> datetime | None:
        """Return when within this span something usually happens next."""
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
            for slot in self._usual_slots(vin, day):
                if slot >= first:
                    moment = max(midnight + slot * _SLOT, start)
                    return moment if moment <= end else None
            midnight += timedelta(days=1)
            first = 0
        return None

    def to_json(self) -> dict[str, Any]:
        """Turn the habits into JSON."""
        return {
            vin: {
                "since": since.isoformat(),
                "seen": {
                    str(slot): sorted(day.isoformat() for day in days)
                    for slot, days in self._seen.get(vin, {}).items()
                },
            }
            for vin, since in self._since.items()
        }

    def _note(self, vin: str, moment: datetime) -> None:
        """Remember an event in its quarter and the nearer one beside it.

        People are seldom punctual: together they cover what is around the moment.
        """
        self._usual.clear()
        beside = timedelta(minutes=7.5)
        for shifted in (moment - beside, moment + beside):
            local = shifted.astimezone(self._zone)
            slots = self._seen.setdefault(vin, {})
            slots.setdefault(_slot(local), set()).add(local.date())

    def _forget(self, vin: str, today: date) -> None:
        slots = self._seen.get(vin, {})
        for slot, days in list(slots.items()):
            days -= {day for day in days if today - day > _REMEMBERED}
            if not days:
                del slots[slot]

    def _usual_slots(self, vin: str, day: date) -> tuple[int, ...]:
        """Return the day's usual quarters; worked out once, since it is asked often."""
        key = vin, day
        if (known := self._usual.get(key)) is None:
            if len(self._usual) > _MOST_DAYS_KEPT:
                self._usual.clear()
            known = self._usual[key] = tuple(
                sorted(
                    slot
                    for slot in self._seen.get(vin, {})
                    if self._is_usual(vin, day, slot)
                )
            )
        return known

    def _is_usual(self, vin: str, today: date, slot: int) -> bool:
        days = self._seen.get(vin, {}).get(slot)
        if not days:
            return False
        since = self._since[vin]
        alike = list(_days_alike(today, since))
        if alike and _share(days, alike) >= _SHARE_OF_DAYS:
            return True
        weeks = [
            day
            for week in range(1, _LOOK_BACK_WEEKS + 1)
            if (day := today - timedelta(weeks=week)) >= since
        ]
        return bool(weeks) and _share(days, weeks) >= _SHARE_OF_WEEKS


def _slot(local: datetime) -> int:
    return (local.hour * 60 + local.minute) // 15 % _SLOTS_A_DAY


def _days_alike(today: date, since: date) -> Iterator[date]:
    """Yield the latest days before today that are workdays, or not, as today is."""
    day = today - timedelta(days=1)
    while day >= since and today - day <= _LOOK_BACK_DAYS:
        if (day.weekday() >= _SATURDAY) == (today.weekday() >= _SATURDAY):
            yield day
        day -= timedelta(days=1)


def _share(days: set[date], of: list[date]) -> float:
    return sum(day in days for day in of) / len(of)


def _departures(before: Snapshot, after: Snapshot) -> Iterator[datetime]:
    """Yield when the car must have left, told by the distance since then."""
    odometer, known = after.value(s.ODOMETER), before.value(s.ODOMETER)
    captured_at = after.captured_at(s.ODOMETER)
    last = before.captured_at(s.ODOMETER)
    if odometer is None or known is None or captured_at is None or last is None:
        return
    distance = odometer - known
    if distance < _LEAST_TRIP:
        return
    if captured_at - last < 2 * _SLOT and _was_driving(before):
        return
    yield max(captured_at - timedelta(hours=distance / _USUAL_SPEED), last)


def _was_driving(before: Snapshot) -> bool:
    if before.value(s.MOVING) or before.value(s.IGNITION):
        return True
    here, parked = before.value(s.LOCATION), before.value(s.PARKED_LOCATION)
    return here is not None and parked is not None and here != parked


def _charging_starts(before: Snapshot, after: Snapshot) -> Iterator[datetime]:
    captured_at = after.captured_at(s.CHARGING)
    if (
        captured_at is not None
        and after.value(s.CHARGING)
        and before.value(s.CHARGING) is False
    ):
        yield captured_at
