"""Merging by capture time: what wins, what is refused, what counts as a change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json

from hypothesis import given, strategies as st

from carport.car import signals as s
from carport.car.signals import Signal, Value
from carport.car.snapshot import Reading, Snapshot

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def reading[T: Value](
    signal: Signal[T],
    value: T,
    minutes: float | None = 0,
    *,
    received: float = 0,
    channel: str = "first",
) -> Reading:
    """Make a reading captured some minutes after noon."""
    return Reading(
        signal=signal,
        value=value,
        captured_at=None if minutes is None else NOON + timedelta(minutes=minutes),
        received_at=NOON + timedelta(minutes=received),
        channel=channel,
    )


def test_the_newest_capture_wins_whatever_came_last() -> None:
    """A slow channel cannot overwrite what a faster one already knows."""
    new = reading(s.BATTERY_LEVEL, 60.0, 10, channel="second")
    old = reading(s.BATTERY_LEVEL, 55.0, 5, received=30)
    merge = Snapshot().merge([new]).snapshot.merge([old])
    assert merge.snapshot.value(s.BATTERY_LEVEL) == 60
    assert merge.changed == frozenset()


def test_confirmation_moves_the_time_but_is_no_change() -> None:
    """The same value captured later is younger, and nobody need be told."""
    first = Snapshot().merge([reading(s.BATTERY_LEVEL, 60.0, 0)]).snapshot
    merge = first.merge([reading(s.BATTERY_LEVEL, 60.0, 30)])
    assert merge.changed == frozenset()
    assert merge.snapshot.captured_at(s.BATTERY_LEVEL) == NOON + timedelta(minutes=30)


def test_the_very_same_answer_gives_the_very_same_snapshot() -> None:
    """An unchanged poll costs nothing further down."""
    first = Snapshot().merge([reading(s.BATTERY_LEVEL, 60.0, 0)]).snapshot
    merge = first.merge([reading(s.BATTERY_LEVEL, 60.0, 0, received=5)])
    assert merge.snapshot is first


def test_an_odometer_never_runs_backwards() -> None:
    """A lower odometer is a cloud's mistake: it is counted and left out."""
    first = Snapshot().merge([reading(s.ODOMETER, 5000.0)]).snapshot
    merge = first.merge([reading(s.ODOMETER, 0.0, 10)])
    assert merge.snapshot.value(s.ODOMETER) == 5000
    assert merge.refused == {"odometer": 1}


def test_impossible_values_never_enter() -> None:
    """255 % is no battery level, and nothing that was known disappears."""
    first = Snapshot().merge([reading(s.BATTERY_LEVEL, 60.0)]).snapshot
    merge = first.merge([reading(s.BATTERY_LEVEL, 255.0, 10)])
    assert merge.snapshot.value(s.BATTERY_LEVEL) == 60
    assert merge.refused == {"battery_level": 1}


def test_a_reading_without_capture_time_claims_no_freshness() -> None:
    """What the cloud does not date does not make the car look fresh."""
    merge = Snapshot().merge([reading(s.BATTERY_LEVEL, 60.0, None)])
    assert merge.snapshot.value(s.BATTERY_LEVEL) == 60
    assert merge.snapshot.captured_at() is None


def test_a_snapshot_survives_the_disk_with_its_times() -> None:
    """Values, capture times and channels come back; unknown signals are left out."""
    snapshot = (
        Snapshot()
        .merge(
            [
                reading(s.BATTERY_LEVEL, 60.0, 3),
                reading(s.DOORS_LOCKED, True, None),
                reading(s.LOCATION, s.Position(latitude=38.9, longitude=-77.3), 3),
            ]
        )
        .snapshot
    )
    rows = json.loads(json.dumps(snapshot.to_json()))
    rows.append({**rows[0], "signal": "of_a_later_version"})
    rows.append({**rows[0], "value": "rubbish"})
    assert Snapshot.from_json(rows).readings == snapshot.readings


@given(st.permutations([(40.0, 0), (50.0, 10), (45.0, 20), (45.0, 30)]))
def test_the_order_of_arrival_does_not_matter(steps: list[tuple[float, int]]) -> None:
    """Any order of arrival ends in the same truth."""
    snapshot = Snapshot()
    for level, minutes in steps:
        snapshot = snapshot.merge([reading(s.BATTERY_LEVEL, level, minutes)]).snapshot
    assert snapshot.value(s.BATTERY_LEVEL) == 45
    assert snapshot.captured_at() == NOON + timedelta(minutes=30)


def test_newest_reading_may_be_rough() -> None:
    """It is only where nothing exact is as young; then it says how early it may have been."""
    rough = replace(reading(s.BATTERY_LEVEL, 60.0, 10), not_before=NOON)
    older = replace(reading(s.ODOMETER, 100.0, 5), not_before=NOON)
    snapshot = Snapshot().merge([rough, older]).snapshot
    assert snapshot.newest_not_before() == NOON
    exact = reading(s.RANGE_ELECTRIC, 200.0, 10)
    assert snapshot.merge([exact]).snapshot.newest_not_before() is None
    assert Snapshot().newest_not_before() is None


def test_5_7_what_came_by_a_clock_that_was_ahead_gives_way() -> None:
    """Undated at once, dated where no car can have captured it yet."""
    nine_days = 9 * 24 * 60.0
    ahead = [
        reading(s.BATTERY_LEVEL, 60.0, None, received=nine_days),
        reading(s.CHARGING, True, nine_days, received=nine_days),
    ]
    snapshot = Snapshot().merge(ahead).snapshot
    now = [
        reading(s.BATTERY_LEVEL, 40.0, None, received=1),
        reading(s.CHARGING, False, 0, received=1),
    ]
    merge = snapshot.merge(now)
    assert merge.snapshot.value(s.BATTERY_LEVEL) == 40
    assert merge.snapshot.value(s.CHARGING) is False
    # Two accounts' clocks may be a little apart.
    apart = [reading(s.BATTERY_LEVEL, 50.0, None, received=-5)]
    assert merge.snapshot.merge(apart).changed == frozenset()
