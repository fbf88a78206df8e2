"""What a maker's weekly windows must keep, and when two schedules ask the same."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import SetNotifications
from carport.car.limits import Limits
from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window

LIMITS = ScheduleLimits(
    slots=7,
    windows=True,
    slot_switch=False,
    longest_window=600,
    windows_overlap=False,
)


def slot(number: int, start: int, end: int, *days: Weekday) -> Slot:
    """Return a window of whole hours."""
    window = Window(start=time(start), end=time(end))
    return Slot(number=number, enabled=True, days=frozenset(days), charge_window=window)


@pytest.mark.parametrize(
    ("slots", "rules"),
    [
        ((slot(1, 1, 5, *Weekday),), []),
        ((slot(1, 22, 6, *Weekday),), []),
        ((slot(1, 20, 7, *Weekday),), ["window_too_long"]),
        (
            (slot(1, 23, 6, Weekday.SUNDAY), slot(2, 5, 7, Weekday.MONDAY)),
            ["windows_overlap"],
        ),
        ((slot(1, 23, 6, Weekday.SUNDAY), slot(2, 6, 7, Weekday.MONDAY)), []),
        ((replace(slot(1, 1, 5, Weekday.MONDAY), enabled=False),), ["no_slot_switch"]),
        ((), []),
    ],
)
def test_rules(slots: tuple[Slot, ...], rules: list[str]) -> None:
    """Each broken rule is named."""
    problems = Schedule(slots=slots).problems(LIMITS)
    assert [problem.rule for problem in problems] == rules


def test_two_schedules_that_ask_the_same() -> None:
    """Numbers and grouping are the maker's own; days, times and switches count."""
    together = Schedule(slots=(slot(1, 1, 5, Weekday.MONDAY, Weekday.SUNDAY),))
    apart = Schedule(
        slots=(slot(4, 1, 5, Weekday.SUNDAY), slot(2, 1, 5, Weekday.MONDAY))
    )
    assert together.agrees(apart)
    assert s.SCHEDULE.agree(together, apart)
    assert not together.agrees(replace(apart, active=False))
    assert not together.agrees(Schedule(slots=apart.slots[:1]))
    assert not s.SCHEDULE.agree(together, Schedule(slots=(slot(1, 2, 5),)))


def test_climate_for_a_moment_to_come() -> None:
    """It is shown to the minute, and its absence too."""
    at = datetime(2026, 11, 21, 17, 53, 12, tzinfo=timezone(timedelta(hours=1)))
    later = c.ScheduleClimate(at=at)
    assert later.effects == {
        s.CLIMATE_SCHEDULED: True,
        s.CLIMATE_STARTS_AT: at.replace(second=0),
    }
    assert later.parameters == {"at": "2026-11-21T17:53:12+01:00"}
    assert c.ScheduleClimate().effects == {s.CLIMATE_SCHEDULED: False}
    assert c.ScheduleClimate().parameters == {"at": None}


def test_notifications_as_json() -> None:
    """Receipts hold them as JSON."""
    quiet = Window(start=time(22, 15), end=time(6, 50))
    command = SetNotifications(events={"battery_low": ("email",)}, quiet=quiet)
    assert command.parameters == {
        "events": {"battery_low": ["email"]},
        "quiet": {"start": "22:15", "end": "06:50"},
    }
    assert SetNotifications(events={}).parameters == {"events": {}, "quiet": None}
    assert command.violation(Limits()) is None
