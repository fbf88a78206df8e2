"""The charging profile in both forms, to the neutral schedule and back."""

from datetime import UTC, datetime, time
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from carport.car.signals import ChargeMode
from carport.cloud.errors import NotSupported
from carport.cloud.field_map import ReadingBuilder
from carport.makers.i_remote import schedule as profile

from .samples import read_part

NOW: Final = datetime(2019, 4, 2, 18, tzinfo=UTC)
WEEK: Final = frozenset(Weekday)
WEEKLY: Final[dict[str, Any]] = {
    "weeklyPlanner": {
        "climatizationEnabled": True,
        "chargingMode": "DELAYED_CHARGING",
        "chargingPreferences": "CHARGING_WINDOW",
        "timer1": {
            "departureTime": "07:15",
            "timerEnabled": True,
            "weekdays": ["MONDAY", "FRIDAY"],
        },
        "timer2": {
            "departureTime": "10:00",
            "timerEnabled": False,
            "weekdays": ["SATURDAY"],
        },
        "timer3": {"weekdays": []},
        "overrideTimer": {
            "departureTime": "09:30",
            "timerEnabled": True,
            "weekdays": [],
        },
        "preferredChargingWindow": {
            "enabled": True,
            "startTime": "00:30",
            "endTime": "04:30",
        },
    }
}
DAILY: Final[dict[str, Any]] = {
    "twoTimesTimer": {
        "climatizationEnabled": True,
        "chargingMode": "IMMEDIATE_CHARGING",
        "chargingPreferences": "CHARGING_WINDOW",
        "timer1": {"departureTime": "06:45", "timerEnabled": True},
        "timer2": {"departureTime": "16:30", "timerEnabled": False},
        "preferredChargingWindow": {"startTime": "00:00", "endTime": "00:00"},
    }
}


def builder_of(body: dict[str, Any]) -> ReadingBuilder:
    """Return what is read of a profile."""
    return read_part("charging_profile", body)


def test_the_weekly_planner() -> None:
    """Three timers with days, one for once, and the cheap hours."""
    builder = builder_of(WEEKLY)
    schedule = builder.value(s.SCHEDULE)
    assert builder.value(s.CHARGE_MODE) == ChargeMode.SCHEDULED
    assert schedule is not None
    assert schedule.preferred_window == Window(start=time(0, 30), end=time(4, 30))
    assert [slot.number for slot in schedule.slots] == [1, 2, 4]
    first, second, once = schedule.slots
    assert first.days == {Weekday.MONDAY, Weekday.FRIDAY}
    assert (first.enabled, first.departure) == (True, time(7, 15))
    assert (second.enabled, once.days) == (False, frozenset())
    assert all(slot.charge and slot.climate for slot in schedule.slots)
    assert profile.document_of(schedule, profile.WEEKLY) == WEEKLY


def test_two_times() -> None:
    """Two timers for every day; equal ends are no window."""
    schedule = builder_of(DAILY).value(s.SCHEDULE)
    assert schedule is not None
    assert [slot.days for slot in schedule.slots] == [WEEK, WEEK]
    assert schedule.preferred_window is None
    assert not any(slot.charge for slot in schedule.slots)
    document = profile.document_of(schedule, profile.DAILY)["twoTimesTimer"]
    assert document == {
        **DAILY["twoTimesTimer"],
        "chargingPreferences": "NO_PRESELECTION",
    }


@pytest.mark.parametrize(
    ("limits", "schedule", "rule"),
    [
        ("weekly", Schedule(active=False), "no_main_switch"),
        ("weekly", Schedule(slots=(Slot(number=5, enabled=False),)), "number_unknown"),
        (
            "weekly",
            Schedule(
                slots=(
                    Slot(number=1, enabled=False, departure=time(7), charge=True),
                    Slot(number=2, enabled=False, departure=time(8)),
                )
            ),
            "slots_differ",
        ),
        (
            "weekly",
            Schedule(slots=(Slot(number=1, enabled=True, departure=time(7)),)),
            "days_missing",
        ),
        (
            "daily",
            Schedule(
                slots=(
                    Slot(
                        number=1,
                        enabled=True,
                        departure=time(7),
                        days=frozenset({Weekday.MONDAY}),
                    ),
                )
            ),
            "whole_week",
        ),
    ],
)
def test_what_the_car_cannot_express(
    limits: str, schedule: Schedule, rule: str
) -> None:
    """It is said by name, before anything is sent."""
    form = profile.WEEKLY if limits == "weekly" else profile.DAILY
    problems = schedule.problems(profile.LIMITS[form])
    assert rule in {problem.rule for problem in problems}


def test_once_has_a_place_of_its_own() -> None:
    """The fourth timer of the weekly planner needs no days."""
    once = Schedule(slots=(Slot(number=4, enabled=True, departure=time(7)),))
    assert once.problems(profile.LIMITS[profile.WEEKLY]) == ()


@pytest.mark.parametrize("form", [profile.WEEKLY, profile.DAILY])
@pytest.mark.parametrize(
    ("before", "start", "end"),
    [
        (
            {"enabled": False, "startTime": "00:30", "endTime": "04:30"},
            "00:30",
            "04:30",
        ),
        ({"startTime": "late", "endTime": "04:30"}, "00:00", "04:30"),
        ({}, "00:00", "00:00"),
        ("none", "00:00", "00:00"),
    ],
)
def test_hours_of_a_window_that_is_off(
    form: str, before: Any, start: str, end: str
) -> None:
    """They stay what they were, for the day it is wanted again; it stays off."""
    known = {form: {"preferredChargingWindow": before}}
    document = profile.document_of(Schedule(), form, known)
    window = document[form]["preferredChargingWindow"]
    assert (window["startTime"], window["endTime"]) == (start, end)
    schedule = builder_of(document).value(s.SCHEDULE)
    assert schedule is not None
    assert schedule.preferred_window is None


def test_another_mode_changes_nothing_else() -> None:
    """The profile goes back as it came."""
    changed = profile.with_mode(WEEKLY, ChargeMode.IMMEDIATE)
    assert changed["weeklyPlanner"].pop("chargingMode") == "IMMEDIATE_CHARGING"
    kept = {**WEEKLY["weeklyPlanner"]}
    del kept["chargingMode"]
    assert changed["weeklyPlanner"] == kept
    with pytest.raises(NotSupported):
        profile.with_mode({}, ChargeMode.IMMEDIATE)


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def slots_of(limits: ScheduleLimits) -> st.SearchStrategy[Schedule]:
    """Make schedules that keep a form's limits."""
    days = (
        st.just(WEEK)
        if limits.whole_week
        else st.frozensets(st.sampled_from(Weekday), min_size=1)
    )
    windows = st.builds(Window, start=TIMES, end=TIMES).filter(
        lambda window: window.start != window.end
    )

    def build(
        numbers: set[int], charge: bool, climate: bool
    ) -> st.SearchStrategy[Schedule]:
        slots = [
            st.builds(
                Slot,
                number=st.just(number),
                enabled=st.booleans(),
                departure=TIMES,
                days=st.just(frozenset()) if number in limits.once_only else days,
                charge=st.just(charge),
                climate=st.just(climate),
            )
            for number in sorted(numbers)
        ]
        return st.builds(
            Schedule,
            slots=st.tuples(*slots),
            preferred_window=st.none() | windows,
        )

    numbers = st.sets(st.integers(1, limits.slots))
    return st.tuples(numbers, st.booleans(), st.booleans()).flatmap(
        lambda drawn: build(*drawn)
    )


@pytest.mark.parametrize("form", [profile.WEEKLY, profile.DAILY])
@given(data=st.data())
def test_what_can_be_sent_comes_back(form: str, data: st.DataObject) -> None:
    """Every schedule within the limits is the same after the journey."""
    limits = profile.LIMITS[form]
    schedule = data.draw(slots_of(limits))
    assert schedule.problems(limits) == ()
    document = profile.document_of(schedule, form)
    assert profile.schedule_of(document[form], form) == schedule
    assert schedule.agrees(builder_of(document).value(s.SCHEDULE) or Schedule())
