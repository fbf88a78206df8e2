"""When a car's timers come round: weekly slots laid out on the days of a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from .car.schedule import Schedule, Slot, Weekday

_DAY: Final = timedelta(days=1)
_DEPARTURE_LASTS: Final = timedelta(minutes=15)


class Occasion(StrEnum):
    """What happens at an appointment."""

    DEPARTURE = "departure"
    CHARGING = "charging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One time at which a slot comes round."""

    start: datetime
    end: datetime
    occasion: Occasion
    slot: Slot


def appointments(
    schedule: Schedule, start: datetime, end: datetime, now: datetime, zone: tzinfo
) -> list[Appointment]:
    """Return what overlaps a span of time, in order; times are local to the zone."""
    if not schedule.active:
        return []
    found = [
        appointment
        for slot in schedule.slots
        if slot.enabled
        # What began yesterday may still go on.
        for day in _days(slot, start.astimezone(zone).date() - _DAY, end, now, zone)
        for appointment in _on(slot, day, zone)
        if appointment.end > start and appointment.start < end
    ]
    return sorted(found, key=lambda one: (one.start, one.slot.number))


def _days(
    slot: Slot, first: date, end: datetime, now: datetime, zone: tzinfo
) -> Iterator[date]:
    """Yield the days of a slot; one without days has its date, or its next hour."""
    last = end.astimezone(zone).date()
    if not slot.days:
        day = slot.once_on or _next_day(slot, now, zone)
        if day is not None and first <= day <= last:
            yield day
        return
    day = first
    while day <= last:
        if Weekday(day.weekday()) in slot.days:
            yield day
        day += _DAY


def _next_day(slot: Slot, now: datetime, zone: tzinfo) -> date | None:
    """Return the day on which the hour of a slot next comes."""
    if (moment := begin_of(slot)) is None:
        return None
    today = now.astimezone(zone).date()
    passed = datetime.combine(today, moment, zone) <= now
    return today + _DAY if passed else today


def _on(slot: Slot, day: date, zone: tzinfo) -> Iterator[Appointment]:
    """Yield what a slot means on one day."""
    if slot.departure is not None:
        start = datetime.combine(day, slot.departure, zone)
        yield Appointment(
            start=start,
            end=start + _DEPARTURE_LASTS,
            occasion=Occasion.DEPARTURE,
            slot=slot,
        )
    if (window := slot.charge_window) is not None:
        start = datetime.combine(day, window.start, zone)
        until = day if window.end > window.start else day + _DAY
        yield Appointment(
            start=start,
            end=datetime.combine(until, window.end, zone),
            occasion=Occasion.CHARGING,
            slot=slot,
        )


def begin_of(slot: Slot) -> time | None:
    """Return a slot's time: its departure, else when its window opens."""
    if slot.departure is not None:
        return slot.departure
    return None if slot.charge_window is None else slot.charge_window.start
