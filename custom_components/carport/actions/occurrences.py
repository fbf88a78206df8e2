"""When a car's timers come round: weekly slots laid out on the days of a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from ..car.local_time import local_moment
from ..car.schedule import Schedule, Slot, Weekday
from ..car.timers import begin_of

_DAY: Final = timedelta(days=1)
_DEPARTURE_LASTS: Final = timedelta(minutes=15)


class OccurrenceKind(StrEnum):
    """What happens at an occurrence."""

    DEPARTURE = "departure"
    CHARGING = "charging"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which a slot comes round."""

    start: datetime
    end: datetime
    kind: OccurrenceKind
    slot: Slot


def occurrences(
    schedule: Schedule, start: datetime, end: datetime, now: datetime, zone: tzinfo
) -> list[Occurrence]:
    """Return what overlaps a span of time, in order; times are local to the zone."""
    if not schedule.active:
        return []
    found = [
        occurrence
        for slot in schedule.slots
        if slot.enabled
        # What began yesterday may still go on.
        for day in _days(slot, start.astimezone(zone).date() - _DAY, end, now, zone)
        for occurrence in _on(slot, day, zone)
        if _utc(occurrence.end) > start and _utc(occurrence.start) < end
    ]
    return sorted(found, key=lambda one: (_utc(one.start), one.slot.number))


def _utc(moment: datetime) -> datetime:
    """Return a moment as one that can be compared: in one zone the wall's clock is."""
    return moment.astimezone(UTC)


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
    passed = local_moment(today, moment, zone) <= now
    return today + _DAY if passed else today


def _on(slot: Slot, day: date, zone: tzinfo) -> Iterator[Occurrence]:
    """Yield what a slot means on one day."""
    if slot.departure is not None:
        start = local_moment(day, slot.departure, zone)
        yield Occurrence(
            start=start.astimezone(zone),
            end=(start + _DEPARTURE_LASTS).astimezone(zone),
            kind=OccurrenceKind.DEPARTURE,
            slot=slot,
        )
    if (window := slot.charge_window) is not None:
        start = local_moment(day, window.start, zone)
        until = day if window.end > window.start else day + _DAY
        end = local_moment(until, window.end, zone)
        # A window that lies in the hour which the clock skips does not open.
        if end > start:
            yield Occurrence(
                start=start.astimezone(zone),
                end=end.astimezone(zone),
                kind=OccurrenceKind.CHARGING,
                slot=slot,
            )
