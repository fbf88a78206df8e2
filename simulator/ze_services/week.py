"""Clock times and the weekly calendar as this cloud takes and shows them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from carport.car.schedule import Schedule, Slot, Weekday, Window

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MINUTE: Final = re.compile(r"([01]\d|2[0-3])[0-5]\d", re.ASCII)
_QUARTER: Final = re.compile(r"([01]\d|2[0-3])(00|15|30|45)", re.ASCII)


def is_time(text: object) -> bool:
    """Return whether this is a time of day in four digits."""
    return isinstance(text, str) and _MINUTE.fullmatch(text) is not None


def next_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when a clock shows this next."""
    local = now.astimezone(zone)
    shown = local.replace(
        hour=int(text[:2]), minute=int(text[2:]), second=0, microsecond=0
    )
    return shown if shown > local else shown + timedelta(days=1)


def is_week(week: Mapping[str, Any]) -> bool:
    """Return whether this is a calendar: every day, in quarters, none overlapping."""
    return (
        week.keys() == set(DAYS)
        and all(_is_window(entry) for entry in week.values())
        and not any(
            _minutes(week[day]["start"]) + _minutes(week[day]["duration"])
            > 24 * 60 + _minutes(week[after]["start"])
            for day, after in zip(DAYS, (*DAYS[1:], DAYS[0]), strict=True)
        )
    )


def schedule_for(week: Mapping[str, Mapping[str, str]]) -> Schedule:
    """Return what a car makes of a calendar: a slot for each day."""
    return Schedule(
        slots=tuple(
            Slot(
                number=day + 1,
                enabled=True,
                days=frozenset({day}),
                charge=True,
                charge_window=_window(week[DAYS[day]]),
            )
            for day in Weekday
        )
    )


def week_shown(schedule: Schedule) -> dict[str, dict[str, str]]:
    """Return the calendar a car tells of; empty where it has none."""
    return {
        DAYS[day]: {
            "start": window.start.strftime("%H%M"),
            "duration": time(*divmod(window.minutes, 60)).strftime("%H%M"),
        }
        for slot in schedule.slots
        if (window := slot.charge_window) is not None
        for day in slot.days
    }


def _is_window(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() == {"start", "duration"}
        and all(
            isinstance(text, str) and _QUARTER.fullmatch(text)
            for text in entry.values()
        )
        and entry["duration"] != "0000"
    )


def _window(entry: Mapping[str, str]) -> Window:
    start = _minutes(entry["start"])
    end = (start + _minutes(entry["duration"])) % (24 * 60)
    return Window(start=time(*divmod(start, 60)), end=time(*divmod(end, 60)))


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[2:])
