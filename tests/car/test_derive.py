"""What follows from readings: values, their age, and what is never overridden."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, strategies as st
import pytest

from carport.car import signals as s
from carport.car.derive import DERIVED, ENDINGS, RULES, derive
from carport.car.signals import SIGNALS, Position, Signal, Value
from carport.car.snapshot import Reading, Snapshot

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def reading[T: Value](
    signal: Signal[T], value: T, minutes: float | None = 0, received: float = 0
) -> Reading:
    """Make a reading captured some minutes after noon."""
    return Reading(
        signal=signal,
        value=value,
        captured_at=None if minutes is None else NOON + timedelta(minutes=minutes),
        received_at=NOON + timedelta(minutes=received),
        channel="cloud",
    )


def step(before: Snapshot, *readings: Reading) -> Snapshot:
    """Merge readings and what follows from them, as the garage does."""
    merge = before.merge(readings)
    more = derive(before, merge.snapshot, merge.changed)
    return merge.snapshot.merge(more).snapshot


def known(*readings: Reading) -> Snapshot:
    """Return what is known after the first readings of a car."""
    return step(Snapshot(), *readings)


FRONT_LEFT, FRONT_RIGHT, *_ = s.DOORS
WINDOW, *_ = s.WINDOWS


@pytest.mark.parametrize(
    ("facts", "signal", "expected"),
    [
        ([], s.DOORS_OPEN, None),
        ([(FRONT_LEFT, False)], s.DOORS_OPEN, False),
        ([(FRONT_LEFT, False), (FRONT_RIGHT, True)], s.DOORS_OPEN, True),
        ([(WINDOW, False), (s.SUNROOF, True)], s.WINDOWS_OPEN, True),
        ([(WINDOW, False), (s.ROOF, False)], s.WINDOWS_OPEN, False),
        ([(s.BOOT, True)], s.DOORS_OPEN, None),
        ([(s.BOOT, True), (s.MOVING, False)], s.UNSECURED, True),
        ([(s.DOORS_LOCKED, True)], s.UNSECURED, False),
        ([(s.DOORS_LOCKED, False), (s.PLUGGED_IN, True)], s.UNSECURED, True),
        (
            [(s.DOORS_LOCKED, True), (WINDOW, True), (s.IGNITION, False)],
            s.UNSECURED,
            True,
        ),
        ([(s.DOORS_LOCKED, False), (s.MOVING, True)], s.UNSECURED, False),
        ([(s.MOVING, False)], s.UNSECURED, None),
        ([(s.RANGE_ELECTRIC, 50.0), (s.RANGE_FUEL, 600.0)], s.RANGE_TOTAL, 650),
        ([(s.RANGE_ELECTRIC, 210.0)], s.RANGE_TOTAL, 210),
        ([(s.BATTERY_CAPACITY, 77.0), (s.BATTERY_LEVEL, 50.0)], s.BATTERY_ENERGY, 38.5),
        ([(s.BATTERY_LEVEL, 50.0)], s.BATTERY_ENERGY, None),
        ([(s.CHARGING, True)], s.CHARGING_STATE, "charging"),
        ([(s.CHARGING, False)], s.CHARGING_STATE, None),
        ([(s.PLUGGED_IN, False)], s.CHARGING_STATE, "disconnected"),
        ([(s.PLUGGED_IN, True)], s.CHARGING_STATE, "connected"),
        ([(s.PLUGGED_IN, True), (s.BATTERY_LEVEL, 100.0)], s.CHARGING_STATE, "complete"),
        (
            [(s.PLUGGED_IN, True), (s.BATTERY_LEVEL, 80.0), (s.CHARGE_LIMIT, 80.0)],
            s.CHARGING_STATE,
            "complete",
        ),
        (
            [(s.PLUGGED_IN, True), (s.BATTERY_LEVEL, 79.0), (s.CHARGE_LIMIT, 80.0)],
            s.CHARGING_STATE,
            "connected",
        ),
        ([(s.TIME_TO_FULL, 30.0)], s.CHARGE_COMPLETE_AT, NOON + timedelta(minutes=30)),
        ([(s.TIME_TO_FULL, 0.0)], s.CHARGE_COMPLETE_AT, None),
        ([(s.TIME_TO_FULL, 30.0), (s.CHARGING, False)], s.CHARGE_COMPLETE_AT, None),
    ],
)  # fmt: skip
def test_what_follows(
    facts: list[tuple[Signal[Any], Value]],
    signal: Signal[Any],
    expected: Value | None,
) -> None:
    """Each rule, from the least that it needs."""
    snapshot = known(*(reading(source, value) for source, value in facts))
    assert snapshot.value(signal) == expected


def test_what_follows_is_as_old_as_its_youngest_source() -> None:
    """A capture time is never made up."""
    snapshot = known(reading(FRONT_LEFT, False, 1, 9), reading(FRONT_RIGHT, True, 5, 8))
    doors = snapshot.readings["doors_open"]
    assert doors.captured_at == NOON + timedelta(minutes=5)
    assert doors.received_at == NOON + timedelta(minutes=9)
    assert doors.channel == DERIVED
    undated = known(reading(FRONT_LEFT, False, None, 3)).readings["doors_open"]
    assert undated.captured_at is None
    assert undated.received_at == NOON + timedelta(minutes=3)


def test_what_follows_changes_with_its_sources() -> None:
    """A door that closes closes the doors, also when nothing else is new."""
    snapshot = known(reading(FRONT_LEFT, True), reading(FRONT_RIGHT, False))
    assert snapshot.value(s.DOORS_OPEN) is True
    snapshot = step(snapshot, reading(FRONT_LEFT, False, 5))
    assert snapshot.value(s.DOORS_OPEN) is False


def test_a_confirmed_reading_renews_what_follows() -> None:
    """The doors are still closed, and that is known as of now."""
    snapshot = known(reading(FRONT_LEFT, False))
    snapshot = step(snapshot, reading(FRONT_LEFT, False, 20))
    assert snapshot.captured_at(s.DOORS_OPEN) == NOON + timedelta(minutes=20)


def test_the_makers_own_word_stands() -> None:
    """Neither before nor after is it replaced by ours."""
    snapshot = known(reading(s.RANGE_ELECTRIC, 50.0), reading(s.RANGE_TOTAL, 49.0))
    assert snapshot.value(s.RANGE_TOTAL) == 49
    snapshot = step(snapshot, reading(s.RANGE_ELECTRIC, 40.0, 30))
    assert snapshot.value(s.RANGE_TOTAL) == 49
    guessed = known(reading(s.RANGE_ELECTRIC, 50.0))
    told = step(guessed, reading(s.RANGE_TOTAL, 48.0))
    assert told.value(s.RANGE_TOTAL) == 48
    assert told.readings["range_total"].channel == "cloud"


def test_nothing_new_means_nothing_follows() -> None:
    """The same snapshot before and after costs nothing and says nothing."""
    snapshot = known(reading(FRONT_LEFT, False), reading(s.BATTERY_LEVEL, 50.0))
    assert derive(snapshot, snapshot, frozenset()) == ()
    later = snapshot.merge([reading(s.ODOMETER, 10.0, 3)])
    assert derive(snapshot, later.snapshot, later.changed) == ()


def test_the_end_of_charging_does_not_jitter() -> None:
    """Small moves keep the old time; a real change is shown."""
    snapshot = known(reading(s.CHARGING, True), reading(s.TIME_TO_FULL, 60.0))
    end = snapshot.value(s.CHARGE_COMPLETE_AT)
    assert end == NOON + timedelta(minutes=60)
    snapshot = step(snapshot, reading(s.TIME_TO_FULL, 55.0, 6))
    assert snapshot.value(s.CHARGE_COMPLETE_AT) == end
    assert snapshot.captured_at(s.CHARGE_COMPLETE_AT) == NOON + timedelta(minutes=6)
    snapshot = step(snapshot, reading(s.TIME_TO_FULL, 55.0, 12))
    assert snapshot.value(s.CHARGE_COMPLETE_AT) == NOON + timedelta(minutes=67)


def test_the_end_of_charging_is_a_whole_minute() -> None:
    """Seconds would be more than anybody knows."""
    snapshot = known(reading(s.TIME_TO_FULL, 10.0, 0.6))
    assert snapshot.value(s.CHARGE_COMPLETE_AT) == NOON + timedelta(minutes=11)


def test_minutes_without_a_time_say_nothing_of_the_end() -> None:
    """Nobody knows from which moment they count."""
    assert (
        known(reading(s.TIME_TO_FULL, 10.0, None)).value(s.CHARGE_COMPLETE_AT) is None
    )


def _values(signal: Signal[Any]) -> st.SearchStrategy[Value]:
    if signal.kind is bool:
        return st.booleans()
    if signal.kind is float:
        return st.floats(max(signal.low, -1e6), min(signal.high, 1e6))
    if signal.kind is str:
        return st.sampled_from(signal.options or ("word",))
    if signal.kind is datetime:
        return st.just(NOON)
    if signal.kind is Position:
        return st.just(Position(latitude=1, longitude=1))
    return st.just(())


_READINGS = st.sampled_from(list(SIGNALS.values())).flatmap(
    lambda signal: st.builds(
        reading,
        st.just(signal),
        _values(signal),
        st.none() | st.floats(-1000, 1000),
        st.floats(0, 1000),
    )
)


@given(rounds=st.lists(st.lists(_READINGS, max_size=8), max_size=5))
def test_whatever_is_read_only_possible_values_follow(
    rounds: list[list[Reading]],
) -> None:
    """No snapshot makes a rule fail, or say something impossible."""
    snapshot = Snapshot()
    for readings in rounds:
        merge = snapshot.merge(readings)
        for extra in derive(snapshot, merge.snapshot, merge.changed):
            if extra.channel != DERIVED:
                # What is over keeps the channel that had said it.
                assert (extra.signal, extra.value) in {
                    (signal, then) for signal, _, _, then in ENDINGS
                }
                known = merge.snapshot.readings[extra.signal.key]
                assert extra.channel == known.channel
                continue
            assert extra.value is None or extra.signal.accept(extra.value) is not None
            assert extra.signal in {rule.signal for rule in RULES}
        snapshot = step(snapshot, *readings)


def test_no_minutes_are_left_without_a_plug() -> None:
    """A car that says zero while nothing is plugged in says nothing of the kind."""
    plugged = known(reading(s.PLUGGED_IN, True), reading(s.TIME_TO_FULL, 0.0))
    assert plugged.value(s.TIME_TO_FULL) == 0
    without = known(reading(s.PLUGGED_IN, False), reading(s.TIME_TO_FULL, 0.0))
    assert without.readings["time_to_full"].value is None


@pytest.mark.parametrize("minutes", [0, 5])
def test_a_plug_that_was_pulled_ends_what_was_said_of_the_charge(
    minutes: float,
) -> None:
    """Also by the report that still says it; a plug of before ends nothing."""
    full = reading(s.CHARGE_COMPLETE_AT, NOON + timedelta(hours=1))
    pulled = step(known(full), reading(s.PLUGGED_IN, False, minutes))
    assert pulled.value(s.CHARGE_COMPLETE_AT) is None
    before = step(known(full), reading(s.PLUGGED_IN, False, -1))
    assert before.value(s.CHARGE_COMPLETE_AT) == full.value


def test_nothing_follows_from_what_the_same_report_ends() -> None:
    """Minutes that a maker still tells of a car without a plug have no end."""
    snapshot = known(reading(s.TIME_TO_FULL, 30.0), reading(s.PLUGGED_IN, False))
    assert snapshot.value(s.TIME_TO_FULL) is None
    assert snapshot.value(s.CHARGE_COMPLETE_AT) is None
