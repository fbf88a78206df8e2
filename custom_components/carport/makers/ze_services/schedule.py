"""The weekly charging calendar and clock times, as both of Renault's clouds write them.

A clock time is four digits, `HHMM`, local to the car. So is a length: `0115` is an
hour and a quarter.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo
import re
from typing import Any, Final

from ...car.schedule import Schedule, Slot, Weekday, Window

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY: Final = 24 * 60
_CLOCK_TIME: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)", re.ASCII)


def clock_time(value: Any) -> time | None:
    """Return the time of day that four digits say."""
    if not isinstance(value, str) or (said := _CLOCK_TIME.fullmatch(value)) is None:
        return None
    return time(int(said[1]), int(said[2]))


def digits(moment: time) -> str:
    """Write a time of day in four digits."""
    return moment.strftime("%H%M")


def next_time(moment: time, after: datetime, zone: tzinfo) -> datetime:
    """Return when a clock of the car next shows a time, in the zone of `after`."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), moment, zone)
    if today <= local:
        today = datetime.combine(local.date() + timedelta(days=1), moment, zone)
    return today.astimezone(after.tzinfo)


def week_of(schedule: Schedule) -> dict[str, dict[str, str]]:
    """Write a schedule as one window for each day; it must have kept its limits."""
    return {
        DAYS[day]: {
            "start": digits(slot.charge_window.start),
            "duration": f"{slot.charge_window.minutes // 60:02}"
            f"{slot.charge_window.minutes % 60:02}",
        }
        for slot in schedule.slots
        if slot.charge_window is not None
        for day in sorted(slot.days)
    }


def schedule_of(week: Any, *, active: bool) -> Schedule | None:
    """Read a calendar, a slot for each day and Monday's first; None if it is not one.

    Days with equal windows keep their own slots: each is a timer of the owner's.
    """
    if not isinstance(week, Mapping):
        return None
    slots = tuple(
        Slot(
            number=day + 1,
            enabled=True,
            days=frozenset({day}),
            charge=True,
            charge_window=window,
        )
        for day, name in zip(Weekday, DAYS, strict=True)
        if (window := _window(week.get(name))) is not None
    )
    return Schedule(active=active, slots=slots) if slots else None


def _window(entry: Any) -> Window | None:
    if not isinstance(entry, Mapping):
        return None
    start, length = clock_time(entry.get("start")), clock_time(entry.get("duration"))
    if start is None or length is None or not (length.hour or length.minute):
        return None
    end = start.hour * 60 + start.minute + length.hour * 60 + length.minute
    return Window(start=start, end=time(*divmod(end % _DAY, 60)))
