"""Usual times, learnt."""

from datetime import UTC, datetime, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.carport.car import signals as s
from custom_components.carport.car.signals import Position, Signal, Value
from custom_components.carport.car.snapshot import Reading, Snapshot
from custom_components.carport.service.habits import Expected, Habits

MONDAY = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
VIN = "WVWZZZSMUGW000001"


def at(
    when: datetime,
    *values: tuple[Signal[float] | Signal[bool] | Signal[Position], Value],
) -> Snapshot:
    """Return what a car reported at a time."""
    return (
        Snapshot()
        .merge(
            Reading(
                signal=signal,
                value=value,
                captured_at=when,
                received_at=when,
                channel="test",
            )
            for signal, value in values
        )
        .snapshot
    )


def leave(habits: Habits, when: datetime, kilometres: float = 22.5) -> bool:
    """Let a car leave at a time; only its arrival is seen, by the odometer."""
    before = at(when - timedelta(hours=10), (s.ODOMETER, 1000.0))
    arrival = when + timedelta(hours=kilometres / 45)
    after = at(arrival, (s.ODOMETER, 1000.0 + kilometres))
    return habits.learn(VIN, before, after, arrival + timedelta(minutes=20))


def test_one_workday_tells_of_the_next() -> None:
    """What happened on Monday is expected on Tuesday, but not on Saturday."""
    habits = Habits()
    assert leave(habits, MONDAY)
    tuesday, saturday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
    assert habits.expects(VIN, tuesday)
    assert habits.expects(VIN, tuesday - timedelta(minutes=10))
    assert not habits.expects(VIN, tuesday + timedelta(minutes=30))
    assert not habits.expects(VIN, tuesday - timedelta(minutes=30))
    assert not habits.expects(VIN, saturday)
    assert not habits.expects("another", tuesday)


def test_what_happens_once_is_soon_forgotten() -> None:
    """A fifth of the days like it is the least for a habit."""
    habits = Habits()
    nothing = at(MONDAY)
    habits.learn(VIN, nothing, nothing, MONDAY - timedelta(days=7))
    leave(habits, MONDAY)
    for days, expected in ((1, False), (7, True), (8, False), (14, True), (35, False)):
        assert habits.expects(VIN, MONDAY + timedelta(days=days)) is expected, days


def test_a_charging_start_is_a_habit_too() -> None:
    """A timer in the car starts at the same time every night."""
    habits = Habits()
    start = MONDAY.replace(hour=1, minute=5)
    before = at(start - timedelta(hours=4), (s.CHARGING, False))
    after = at(start, (s.CHARGING, True))
    assert habits.learn(VIN, before, after, start + timedelta(minutes=3))
    assert not habits.learn(VIN, after, after, start + timedelta(minutes=6))
    assert habits.expects(VIN, start + timedelta(days=1))


def test_driving_on_is_no_new_departure() -> None:
    """Nor is a distance so small that the car was only moved."""
    habits = Habits()
    home = Position(latitude=38.95, longitude=-77.34)
    away = Position(latitude=38.99, longitude=-77.34)
    on_the_way = at(
        MONDAY, (s.ODOMETER, 1000.0), (s.LOCATION, away), (s.PARKED_LOCATION, home)
    )
    further = at(MONDAY + timedelta(minutes=5), (s.ODOMETER, 1005.0))
    assert not habits.learn(VIN, on_the_way, further, MONDAY + timedelta(minutes=6))
    moving = at(MONDAY, (s.ODOMETER, 1000.0), (s.MOVING, True))
    assert not habits.learn(VIN, moving, further, MONDAY + timedelta(minutes=6))
    assert not leave(habits, MONDAY, kilometres=0.2)


def test_charging_after_an_arrival_is_no_habit_of_its_own() -> None:
    """Plugging in belongs to coming home, which is watched anyway."""
    habits = Habits()
    leave(habits, MONDAY)
    start = MONDAY + timedelta(minutes=35)
    before = at(start - timedelta(minutes=3), (s.CHARGING, False))
    after = at(start, (s.CHARGING, True))
    assert not habits.learn(VIN, before, after, start + timedelta(minutes=30))


def test_a_departure_that_nobody_saw_covers_a_span() -> None:
    """A car found charging left some time between the looks; all of it counts."""
    habits = Habits()
    seen_parked = MONDAY - timedelta(minutes=50)
    before = at(seen_parked, (s.ODOMETER, 1000.0), (s.CHARGING, False))
    home = MONDAY + timedelta(minutes=30)
    after = at(home, (s.ODOMETER, 1022.5), (s.CHARGING, True))
    assert habits.learn(VIN, before, after, home + timedelta(minutes=10))
    tuesday = MONDAY + timedelta(days=1)
    for minutes, expected in ((-80, False), (-50, True), (-25, True), (0, True)):
        assert habits.expects(VIN, tuesday + timedelta(minutes=minutes)) is expected


def test_each_place_has_its_own_times() -> None:
    """A car at work does not leave when it leaves home; no place can be read."""
    habits = Habits()
    home = Position(latitude=38.95, longitude=-77.34)
    work = Position(latitude=38.75, longitude=-77.14)
    before = at(
        MONDAY - timedelta(hours=9), (s.ODOMETER, 1000.0), (s.PARKED_LOCATION, home)
    )
    arrival = MONDAY + timedelta(minutes=30)
    at_work = at(arrival, (s.ODOMETER, 1022.5), (s.PARKED_LOCATION, work))
    assert habits.learn(VIN, before, at_work, arrival + timedelta(minutes=5))
    tuesday = MONDAY + timedelta(days=1)
    assert not habits.expects(VIN, tuesday)
    at_home = at(arrival, (s.ODOMETER, 1022.5), (s.PARKED_LOCATION, home))
    habits.learn(VIN, at_home, at_home, tuesday - timedelta(hours=3))
    assert habits.expects(VIN, tuesday)
    text = json.dumps(habits.to_json())
    assert "38.95" not in text
    assert Habits.from_json(json.loads(text)).expects(VIN, tuesday)


def test_the_next_usual_time() -> None:
    """Looked for within a span, also over midnight."""
    habits = Habits()
    late = MONDAY.replace(hour=0, minute=10)
    leave(habits, late)
    tuesday = late + timedelta(days=1)
    evening = tuesday - timedelta(hours=2)
    found = habits.next_expected(VIN, evening, evening + timedelta(hours=3))
    assert found == Expected(at=tuesday.replace(minute=0), likely=True)
    found = habits.next_expected(VIN, tuesday, tuesday + timedelta(hours=1))
    assert found == Expected(at=tuesday, likely=True)
    assert habits.next_expected(VIN, evening, evening + timedelta(hours=1)) is None
    assert habits.next_expected("another", evening, tuesday) is None


def test_people_live_by_local_time() -> None:
    """Sunday evening in Washington is no workday, whatever it is in UTC."""
    zone = ZoneInfo("America/New_York")
    habits = Habits(zone)
    leave(habits, datetime(2026, 11, 22, 20, 40, tzinfo=zone))
    assert not habits.expects(VIN, datetime(2026, 11, 23, 20, 40, tzinfo=zone))
    assert habits.expects(VIN, datetime(2026, 11, 29, 20, 40, tzinfo=zone))
    start = datetime(2026, 11, 29, 20, 0, tzinfo=zone)
    found = habits.next_expected(VIN, start, start + timedelta(hours=1))
    assert found is not None
    assert found.at == datetime(2026, 11, 29, 20, 30, tzinfo=zone)


def test_a_restart_forgets_nothing() -> None:
    """Habits survive as JSON; old days fall out."""
    habits = Habits()
    leave(habits, MONDAY)
    again = Habits.from_json(json.loads(json.dumps(habits.to_json())))
    assert again.to_json() == habits.to_json()
    assert again.expects(VIN, MONDAY + timedelta(days=1))
    leave(again, MONDAY + timedelta(days=40, hours=2))
    kept = again.to_json()[VIN]["seen"][""].values()
    assert {day for days in kept for day in days} == {"2027-01-02"}
    assert Habits.from_json(None).to_json() == {}


@pytest.mark.parametrize("missing", ["odometer", "times"])
def test_without_readings_nothing_is_learnt(missing: str) -> None:
    """A car that says nothing has no habits."""
    habits = Habits()
    before = Snapshot() if missing == "odometer" else at(MONDAY)
    after = at(MONDAY, (s.ODOMETER, 5.0))
    assert not habits.learn(VIN, before, after, MONDAY)
