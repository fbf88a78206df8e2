"""What a schedule breaks of what a maker can express."""

from dataclasses import replace
from datetime import date, time

import pytest

from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window

WEEK = Slot(
    number=1,
    enabled=True,
    departure=time(7, 31),
    days=frozenset({Weekday.MONDAY}),
    charge=True,
)


def _rules(schedule: Schedule, limits: ScheduleLimits) -> set[str]:
    return {problem.rule for problem in schedule.problems(limits)}


@pytest.mark.parametrize(
    ("main_switch", "active", "wrong"),
    [
        (False, True, False),
        (False, False, True),
        (True, True, False),
        (True, False, False),
    ],
)
def test_a_common_switch_that_is_not_there(
    main_switch: bool, active: bool, wrong: bool
) -> None:
    """Only switching it off is wrong then."""
    limits = ScheduleLimits(slots=3, main_switch=main_switch)
    rules = _rules(Schedule(slots=(WEEK,), active=active), limits)
    assert ("no_main_switch" in rules) is wrong


def test_times_are_of_any_minute_unless_a_maker_says_so() -> None:
    """A step is what a maker declares."""
    schedule = Schedule(slots=(WEEK,))
    assert _rules(schedule, ScheduleLimits(slots=3)) == set()
    assert _rules(schedule, ScheduleLimits(slots=3, step_minutes=5)) != set()


@pytest.mark.parametrize("dates", [True, False])
def test_a_single_day_is_wrong_only_where_there_are_none(dates: bool) -> None:
    """Some makers know days of the week alone."""
    once = replace(WEEK, days=frozenset(), once_on=date(2026, 12, 24))
    limits = ScheduleLimits(slots=3, dates=dates)
    assert ("no_dates" in _rules(Schedule(slots=(once,)), limits)) is not dates
    assert "no_dates" not in _rules(Schedule(slots=(WEEK,)), limits)


def test_timers_that_have_to_do_the_same() -> None:
    """One, or several alike, are fine; one that warms besides is not."""
    limits = ScheduleLimits(slots=3, alike=True)
    other = replace(WEEK, number=2)
    for fine in ((WEEK,), (WEEK, other)):
        assert "slots_differ" not in _rules(Schedule(slots=fine), limits)
    differ = Schedule(slots=(WEEK, replace(other, climate=True)))
    assert "slots_differ" in _rules(differ, limits)
    assert "slots_differ" not in _rules(differ, ScheduleLimits(slots=3))


def test_a_timer_that_warms_the_cabin_anew() -> None:
    """One more does, in place of another too; fewer and the same do not."""
    warm = Slot(number=1, enabled=True, departure=time(7), climate=True)
    other = replace(warm, number=2, departure=time(8))
    none, one, both = (
        Schedule(slots=slots) for slots in ((WEEK,), (warm,), (warm, other))
    )
    assert one.warms_anew(None)
    assert one.warms_anew(none)
    assert both.warms_anew(one)
    assert Schedule(slots=(other,)).warms_anew(one)
    assert not none.warms_anew(None)
    assert not one.warms_anew(one)
    assert not one.warms_anew(both)
    assert not replace(both, active=False).warms_anew(None)


def test_timers_agree_in_what_happens_and_not_in_how_it_is_put() -> None:
    """Numbers, and the days of one timer as several, are the maker's way to tell it."""
    days = frozenset({Weekday.MONDAY, Weekday.TUESDAY})
    both = Schedule(slots=(replace(WEEK, days=days),))
    apart = Schedule(
        slots=tuple(
            replace(WEEK, number=number, days=frozenset({day}))
            for number, day in enumerate(sorted(days), 5)
        )
    )
    assert both.agrees(apart)
    for other in (
        replace(WEEK, days=days, charge=False),
        replace(WEEK, days=days, climate=True),
        replace(WEEK, days=days, departure=time(7)),
        replace(WEEK, days=days, enabled=False),
        WEEK,
    ):
        assert not both.agrees(Schedule(slots=(other,)))
    assert not both.agrees(replace(both, active=False))


def test_a_window_charges_whether_it_says_so_or_not() -> None:
    """Some makers have windows for nothing else."""
    window = Window(start=time(22), end=time(5))
    said, unsaid = (
        Schedule(slots=(replace(WEEK, charge=charge, charge_window=window),))
        for charge in (True, False)
    )
    assert said.agrees(unsaid)


@pytest.mark.parametrize("departures", [True, False])
def test_a_departure_is_wrong_only_where_there_are_none(departures: bool) -> None:
    """Some makers have windows alone, and those are fine then."""
    limits = ScheduleLimits(slots=3, departures=departures, windows=True)
    departs = Schedule(slots=(WEEK,))
    assert ("no_departures" in _rules(departs, limits)) is not departures
    window = Window(start=time(22), end=time(5))
    charges = replace(WEEK, departure=None, charge_window=window)
    assert _rules(Schedule(slots=(charges,)), limits) == set()
