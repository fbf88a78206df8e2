"""When a car is read next."""

from datetime import UTC, datetime, timedelta

import pytest

from carport.car import signals as s
from carport.car.signals import Position, Signal, Value
from carport.car.snapshot import Reading, Snapshot
from carport.cloud.cadence import (
    Activity,
    CadenceDefaults,
    Profile,
    activity_of,
    next_due,
    stale_after,
)
from carport.cloud.habits import Habits
from tests.snapshots import reported

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DEFAULTS = CadenceDefaults(
    driving=180, charging=240, after_command=60, parked=3600, asleep=7200
)
HOME = Position(latitude=38.95, longitude=-77.34)
AWAY = Position(latitude=38.96, longitude=-77.34)


def snapshot(
    *values: tuple[Signal[bool] | Signal[Position] | Signal[datetime], Value],
    minutes: float,
) -> Snapshot:
    """Return what a car reported some minutes ago."""
    captured_at = NOW - timedelta(minutes=minutes)
    return reported(captured_at, *values, received_at=NOW)


@pytest.mark.parametrize(
    ("car", "expected"),
    [
        (Snapshot(), Activity.PARKED),
        (snapshot((s.MOVING, True), minutes=3), Activity.DRIVING),
        (snapshot((s.IGNITION, True), minutes=3), Activity.DRIVING),
        (snapshot((s.IGNITION, True), minutes=30), Activity.PARKED),
        (
            snapshot((s.LOCATION, AWAY), (s.PARKED_LOCATION, HOME), minutes=3),
            Activity.DRIVING,
        ),
        (
            snapshot((s.LOCATION, HOME), (s.PARKED_LOCATION, HOME), minutes=3),
            Activity.ARRIVED,
        ),
        (
            snapshot((s.LOCATION, AWAY), (s.PARKED_LOCATION, HOME), minutes=40),
            Activity.PARKED,
        ),
        (snapshot((s.CHARGING, True), minutes=50), Activity.CHARGING),
        (snapshot((s.CHARGING, True), minutes=70), Activity.PARKED),
        (snapshot((s.CHARGING, False), minutes=5), Activity.ARRIVED),
        (snapshot((s.CHARGING, False), minutes=12), Activity.PARKED),
        (snapshot((s.CHARGING, False), minutes=5 * 60), Activity.ASLEEP),
        (
            snapshot(
                (s.CHARGING, False), (s.PARKED_AT, NOW - timedelta(hours=1)), minutes=1
            ),
            Activity.PARKED,
        ),
    ],
)
def test_what_a_car_is_up_to(car: Snapshot, expected: Activity) -> None:
    """Readings lose their say with age."""
    assert activity_of(car, NOW) is expected


def test_a_sleeping_car_is_stale_after_a_day() -> None:
    """A moving one is stale after some minutes."""
    assert stale_after(Activity.CHARGING) == 20 * 60
    assert stale_after(Activity.DRIVING) == 10 * 60
    for activity in (Activity.PARKED, Activity.ASLEEP, Activity.ARRIVED):
        assert stale_after(activity) == 24 * 3600


@pytest.mark.parametrize(
    ("profile", "factor"),
    [(Profile.SAVER, 2), (Profile.NORMAL, 1), (Profile.LIVELY, 0.5)],
)
@pytest.mark.parametrize(
    ("activity", "seconds"),
    [
        (Activity.DRIVING, 180),
        (Activity.CHARGING, 240),
        (Activity.PARKED, 3600),
        (Activity.ASLEEP, 7200),
    ],
)
def test_profiles_stretch_the_intervals(
    profile: Profile, factor: float, activity: Activity, seconds: float
) -> None:
    """Up to a tenth is added, always the same."""
    due = next_due(DEFAULTS, profile, activity, NOW, "VIN")
    assert due is not None
    wait = (due - NOW).total_seconds()
    assert seconds * factor <= wait <= seconds * factor * 1.1
    assert next_due(DEFAULTS, profile, activity, NOW, "VIN") == due
    assert next_due(DEFAULTS, profile, activity, NOW, "OTHER") != due


def test_manual_means_never() -> None:
    """The car is read when its owner asks, and not otherwise."""
    assert next_due(DEFAULTS, Profile.MANUAL, Activity.DRIVING, NOW, "VIN") is None


def test_no_profile_is_too_lively() -> None:
    """Nothing is read more often than once a minute."""
    quick = CadenceDefaults(driving=1, charging=1, after_command=70, parked=1, asleep=1)
    for activity in Activity:
        due = next_due(quick, Profile.NORMAL, activity, NOW, "VIN")
        assert due is not None
        assert due - NOW >= timedelta(seconds=60)


def drive(habits: Habits, at: datetime, kilometres: float) -> None:
    """Let a car arrive after half an hour."""

    def parked(odometer: float, when: datetime) -> Snapshot:
        reading = Reading(
            signal=s.ODOMETER,
            value=odometer,
            captured_at=when,
            received_at=when,
            channel="test",
        )
        return Snapshot().merge([reading]).snapshot

    before = parked(1000, at - timedelta(hours=9))
    after = parked(1000 + kilometres, at + timedelta(hours=kilometres / 45))
    assert habits.learn("VIN", before, after, at + timedelta(hours=1))


def due(
    habits: Habits, last: datetime, activity: Activity = Activity.PARKED
) -> timedelta:
    """Return how long after its last reading a car is read again."""
    moment = next_due(DEFAULTS, Profile.NORMAL, activity, last, "VIN", habits)
    assert moment is not None
    return moment - last


def test_a_parked_car_is_looked_at_around_its_usual_times() -> None:
    """Closely when it usually leaves, seldom otherwise, once its days are known."""
    habits = Habits()
    leaves = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
    habits.learn("VIN", Snapshot(), Snapshot(), leaves - timedelta(hours=1))
    drive(habits, leaves, 20)
    tuesday, friday = leaves + timedelta(days=1), leaves + timedelta(days=4)
    before = tuesday - timedelta(minutes=40)
    assert timedelta(minutes=10) < due(habits, before) < timedelta(minutes=30)
    assert due(habits, tuesday) <= timedelta(minutes=5)
    assert due(habits, tuesday) >= timedelta(seconds=DEFAULTS.driving / 2)
    assert due(habits, tuesday.replace(hour=12)) < timedelta(minutes=34)
    assert due(habits, friday.replace(hour=12)) >= timedelta(hours=2)
    assert due(habits, before, Activity.CHARGING) <= timedelta(minutes=5)


def test_a_charging_car_is_read_right_after_its_reports() -> None:
    """Once its rhythm is known; the wanted interval holds in the mean."""
    habits = Habits()
    start = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)

    def charging(report: int) -> Snapshot:
        when = start + timedelta(minutes=5 * report)
        reading = Reading(
            signal=s.CHARGING,
            value=True,
            captured_at=when,
            received_at=when,
            channel="test",
        )
        return Snapshot().merge([reading]).snapshot

    for report in range(1, 60):
        now = start + timedelta(minutes=5 * report, seconds=20)
        habits.learn("VIN", charging(report - 1), charging(report), now)
        if report > 2:
            after_report = due(habits, now, Activity.CHARGING) + timedelta(seconds=20)
            assert after_report % timedelta(minutes=5) == timedelta(seconds=10)
            assert after_report <= timedelta(minutes=10, seconds=10)
    # The next report is about to come, but was looked for a moment ago.
    assert due(habits, now + timedelta(seconds=250), Activity.CHARGING) >= timedelta(
        seconds=60
    )
