"""When a car that is plugged in and waits will begin to charge, by its own timers."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from ..car import signals as s
from ..car.local_time import local_moment
from ..car.schedule import Schedule, Slot, Weekday
from ..car.signals import ChargeMode, ChargingDetail, ChargingState
from ..car.snapshot import Snapshot

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_REPORTS_WITHIN: Final = timedelta(seconds=150)
"""How long after it began a car has said so, and its cloud has heard it."""
_FULL: Final = frozenset({ChargingState.COMPLETE, ChargingState.DISCONNECTED})


def next_look(snapshot: Snapshot, last: datetime, zone: tzinfo) -> datetime | None:
    """Return when a waiting car is worth a look after the last one, by its timers.

    Their times are local to the zone. None for a car that does not wait for them.
    """
    schedule = snapshot.value(s.SCHEDULE)
    if schedule is None or not _waits(snapshot):
        return None
    today = (last - _REPORTS_WITHIN).astimezone(zone).date()
    looks = (
        opening + _REPORTS_WITHIN
        for number in range(_WEEK + 1)
        for opening in _openings(schedule, today + number * _DAY, zone)
    )
    return min((look for look in looks if look > last), default=None)


def _waits(snapshot: Snapshot) -> bool:
    """Return whether a car is plugged in, and neither charges nor is full."""
    return (
        bool(snapshot.value(s.PLUGGED_IN))
        and not snapshot.value(s.CHARGING)
        and snapshot.value(s.CHARGING_STATE) not in _FULL
        and snapshot.value(s.CHARGING_DETAIL) != ChargingDetail.TARGET_REACHED
        # Then it would charge already, whatever its timers say.
        and snapshot.value(s.CHARGE_MODE) != ChargeMode.IMMEDIATE
    )


def _openings(schedule: Schedule, day: date, zone: tzinfo) -> Iterator[datetime]:
    """Yield when windows open on a day, and cars are to be ready to leave."""
    if schedule.preferred_window is not None:
        yield local_moment(day, schedule.preferred_window.start, zone)
    if not schedule.active:
        return
    for slot in schedule.slots:
        if slot.enabled and _is_on(slot, day):
            for begin in _begins(slot):
                yield local_moment(day, begin, zone)


def _begins(slot: Slot) -> Iterator[time]:
    if slot.charge_window is not None:
        yield slot.charge_window.start
    if slot.departure is not None:
        yield slot.departure


def _is_on(slot: Slot, day: date) -> bool:
    """Return whether a slot may come round on a day; one for once may on any."""
    if slot.days:
        return Weekday(day.weekday()) in slot.days
    return slot.once_on in (None, day)
