"""The weekly calendar in four digits."""

from datetime import time
from typing import Any

from hypothesis import given, strategies as st

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.makers.ze_services.schedule import clock_time, digits, schedule_of, week_of

QUARTERS = st.integers(0, 95)


def at(quarter: int) -> time:
    """Return the time of day after some quarters of an hour."""
    return time(*divmod(quarter * 15 % 1440, 60))


@given(days=st.lists(st.tuples(QUARTERS, st.integers(1, 95)), min_size=7, max_size=7))
def test_a_calendar_comes_back_as_it_was_sent(days: list[tuple[int, int]]) -> None:
    """Whatever windows the days have, those past midnight included."""
    schedule = Schedule(
        slots=tuple(
            Slot(
                number=day + 1,
                enabled=True,
                days=frozenset({day}),
                charge_window=Window(start=at(start), end=at(start + length)),
            )
            for day, (start, length) in zip(Weekday, days, strict=True)
        )
    )
    week = week_of(schedule)
    assert all(entry["duration"] != "0000" for entry in week.values())
    back = schedule_of(week, active=True)
    assert back is not None
    assert back.agrees(schedule)
    assert not back.agrees(Schedule(slots=schedule.slots[:6]))


@given(moment=st.times())
def test_a_time_of_day_comes_back(moment: time) -> None:
    """To the minute."""
    assert clock_time(digits(moment)) == moment.replace(second=0, microsecond=0)


def test_no_calendar_is_none() -> None:
    """Neither an empty one nor one of another shape."""
    shapes: list[Any] = [None, [], {}, {"mon": None}, {"mon": {"start": "0100"}}]
    for week in shapes:
        assert schedule_of(week, active=True) is None
    no_length = {"mon": {"start": "0100", "duration": "0000"}}
    assert schedule_of(no_length, active=True) is None
