"""A car that waits for its timers is looked at when they let it charge (8.4)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carport.car import signals as s
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.snapshot import Reading, Snapshot
from carport.cloud.cadence import Activity, CadenceDefaults, Profile, next_due
from carport.cloud.openings import next_look

EVENING = datetime(2026, 11, 23, 20, tzinfo=UTC)
"""A Monday."""
NIGHT_RATE = Schedule(preferred_window=Window(start=time(0, 30), end=time(4, 30)))
WAITING: dict[s.Signal[Any], Any] = {s.PLUGGED_IN: True, s.CHARGING: False}


def car(schedule: Schedule | None, **more: Any) -> Snapshot:
    """Return a car that is plugged in and does not charge."""
    values = WAITING | {s.SIGNALS[key]: value for key, value in more.items()}
    if schedule is not None:
        values[s.SCHEDULE] = schedule
    readings = [
        Reading(
            signal=signal,
            value=value,
            captured_at=EVENING,
            received_at=EVENING,
            channel="test",
        )
        for signal, value in values.items()
    ]
    return Snapshot().merge(readings).snapshot


def weekly(*days: Weekday, **what: Any) -> Schedule:
    """Return a schedule with one timer."""
    slot = Slot(number=1, enabled=True, days=frozenset(days), **what)
    return Schedule(slots=(slot,))


def look(snapshot: Snapshot, last: datetime = EVENING, zone: str = "UTC") -> str | None:
    """Return the look, by the clock of the zone."""
    found = next_look(snapshot, last, ZoneInfo(zone))
    if found is None:
        return None
    return found.astimezone(ZoneInfo(zone)).strftime("%a %H:%M:%S")


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (NIGHT_RATE, "Tue 00:32:30"),
        (
            weekly(Weekday.WEDNESDAY, charge_window=Window(start=time(1), end=time(2))),
            "Wed 01:02:30",
        ),
        (weekly(Weekday.MONDAY, departure=time(7), charge=True), "Mon 07:02:30"),
        (weekly(departure=time(7), charge=True), "Tue 07:02:30"),
        (
            weekly(departure=time(7), once_on=date(2026, 11, 25), charge=True),
            "Wed 07:02:30",
        ),
        (
            weekly(departure=time(7), once_on=date(2026, 11, 22), charge=True),
            None,
        ),
        (Schedule(), None),
        (None, None),
    ],
)
def test_8_4_a_look_right_after_the_window_opens(
    schedule: Schedule | None, expected: str | None
) -> None:
    """It is read then if the car has said when the window opens."""
    assert look(car(schedule)) == expected


def test_8_4_timers_are_in_the_cars_own_time() -> None:
    """An hour earlier in Berlin than in London."""
    found = next_look(car(NIGHT_RATE), EVENING, ZoneInfo("Europe/Berlin"))
    assert found == datetime(2026, 11, 23, 23, 32, 30, tzinfo=UTC)


def test_8_4_a_look_just_after_the_opening_is_not_the_last() -> None:
    """It may have come before the car's report; one after it is enough."""
    opened = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert look(car(NIGHT_RATE), opened + timedelta(minutes=1)) == "Tue 00:32:30"
    assert look(car(NIGHT_RATE), opened + timedelta(seconds=150)) == "Wed 00:32:30"


@pytest.mark.parametrize(
    "more",
    [
        {"plugged_in": False},
        {"charging": True},
        {"charging_state": "complete"},
        {"charging_detail": "target_reached"},
        {"charge_mode": "immediate"},
    ],
)
def test_8_4_only_a_car_that_waits(more: dict[str, Any]) -> None:
    """The others have nothing to begin with."""
    assert look(car(NIGHT_RATE, **more)) is None


def test_8_4_timers_that_are_switched_off_open_nothing() -> None:
    """Neither by themselves nor by the main switch."""
    slot = Slot(number=1, enabled=False, departure=time(7), charge=True)
    assert look(car(Schedule(slots=(slot,)))) is None
    on = weekly(*Weekday, departure=time(7), charge=True)
    assert look(car(Schedule(slots=on.slots, active=False))) is None


@pytest.mark.parametrize(
    ("activity", "profile", "looked"),
    [
        (Activity.ASLEEP, Profile.NORMAL, True),
        (Activity.ARRIVED, Profile.SAVER, True),
        (Activity.DRIVING, Profile.NORMAL, False),
        (Activity.ASLEEP, Profile.MANUAL, False),
    ],
)
def test_8_4_the_cadence_looks_by_then(
    activity: Activity, profile: Profile, *, looked: bool
) -> None:
    """A resting car; never one that only its owner reads."""
    defaults = CadenceDefaults(
        driving=9000, charging=9000, after_command=60, parked=9000, asleep=9000
    )
    opens_at = EVENING + timedelta(minutes=7)
    due = next_due(defaults, profile, activity, EVENING, "car", None, opens_at)
    assert (due == opens_at) is looked
