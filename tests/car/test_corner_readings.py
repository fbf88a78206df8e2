"""Readings that reports of owners showed to come out wrong (8.1)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carport.car import signals as s
from carport.car.derive import derive
from carport.car.local_time import local_moment
from carport.car.signals import Position, Signal, Value
from carport.car.snapshot import Reading, Snapshot

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def said(signal: Signal[Any], value: Value, minute: int) -> Reading:
    """Make a reading of some minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    return Reading(
        signal=signal, value=value, captured_at=at, received_at=at, channel="test"
    )


def told(*values: tuple[Signal[bool], bool]) -> Snapshot:
    """Return what is known after one report, with what follows from it."""
    merge = Snapshot().merge([said(signal, value, 0) for signal, value in values])
    more = derive(Snapshot(), merge.snapshot, merge.changed)
    return merge.snapshot.merge(more).snapshot


def test_8_1_an_odometer_that_was_wrong_once_heals() -> None:
    """One absurd figure is believed until several reports in a row contradict it."""
    snapshot = Snapshot().merge([said(s.ODOMETER, 1790.0, 0)]).snapshot
    snapshot = snapshot.merge([said(s.ODOMETER, 1_677_721.0, 1)]).snapshot
    seen = []
    for minute in range(2, 60):
        merge = snapshot.merge([said(s.ODOMETER, 1790.0 + minute, minute)])
        snapshot = merge.snapshot
        seen.append(snapshot.value(s.ODOMETER))
    assert seen[:4] == [1_677_721.0] * 4
    assert seen[4] == 1796.0
    assert seen[-1] == 1849.0


def test_8_1_a_low_odometer_now_and_then_is_not_believed() -> None:
    """Nor the same low report again and again, nor several that differ."""
    snapshot = Snapshot().merge([said(s.ODOMETER, 50_000.0, 0)]).snapshot
    for minute in range(1, 20):
        low = said(s.ODOMETER, 10.0, minute if minute % 3 else 1)
        snapshot = snapshot.merge([low]).snapshot
        if minute % 3 == 0:
            fresh = said(s.ODOMETER, 50_000.0 + minute, minute)
            snapshot = snapshot.merge([fresh]).snapshot
    assert snapshot.value(s.ODOMETER) == 50_018.0
    falling = [said(s.ODOMETER, 900.0 - minute, 30 + minute) for minute in range(9)]
    for reading in falling:
        snapshot = snapshot.merge([reading]).snapshot
    assert snapshot.value(s.ODOMETER) == 50_018.0


@pytest.mark.parametrize(
    ("values", "unsecured"),
    [
        # Closed doors alone keep nobody out.
        (((s.DOORS[0], False),), None),
        (((s.DOORS[0], True),), None),
        (((s.DOORS[0], True), (s.MOVING, False)), True),
        (((s.DOORS[0], True), (s.PLUGGED_IN, True)), True),
        (((s.DOORS[0], False), (s.DOORS_LOCKED, True)), False),
        # Many clouds never say that it drives, and it drives unlocked.
        (((s.DOORS_LOCKED, False),), None),
        (((s.DOORS_LOCKED, False), (s.IGNITION, False)), True),
        (((s.DOORS_LOCKED, False), (s.PARKING_BRAKE, True)), True),
        (((s.DOORS_LOCKED, True), (s.DOORS[0], True)), None),
        (((s.DOORS_LOCKED, True), (s.DOORS[0], True), (s.MOVING, False)), True),
        # Somebody sits in it.
        (((s.DOORS_LOCKED, False), (s.MOVING, True)), False),
        (((s.DOORS_LOCKED, False), (s.IGNITION, True)), False),
    ],
)
def test_8_1_unsecured_wants_proof(
    values: tuple[tuple[Signal[bool], bool], ...], unsecured: bool | None
) -> None:
    """Neither *secure* nor *not secure* is said without it."""
    assert told(*values).value(s.UNSECURED) is unsecured


def test_unsecured_is_unknown_during_a_drive_that_the_cloud_does_not_tell() -> None:
    """As Car-Net does: it drives unlocked, away from where it was parked."""
    parked = Position(latitude=38.95, longitude=-77.34)
    far = Position(latitude=38.99, longitude=-77.30)

    def report(minute: int, here: Position, locked: bool) -> list[Reading]:
        return [
            said(s.DOORS_LOCKED, locked, minute),
            said(s.LOCATION, here, minute),
            said(s.PARKED_LOCATION, parked, minute),
        ]

    seen, snapshot = [], Snapshot()
    for minute, (here, locked) in enumerate(
        [(parked, True), (far, False), (parked, False)]
    ):
        merge = snapshot.merge(report(minute, here, locked))
        more = derive(snapshot, merge.snapshot, merge.changed)
        snapshot = merge.snapshot.merge(more).snapshot
        seen.append(snapshot.value(s.UNSECURED))
    assert seen == [False, None, True]


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (date(2026, 6, 1), time(7, 30), "2026-06-01T05:30:00+00:00"),
        # In spring the clock goes from two to three: this time does not come.
        (date(2026, 3, 29), time(2, 15), "2026-03-29T01:00:00+00:00"),
        (date(2026, 3, 29), time(3), "2026-03-29T01:00:00+00:00"),
        (date(2026, 3, 29), time(1, 59), "2026-03-29T00:59:00+00:00"),
        # In autumn it goes from three to two: the first of both counts.
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00+00:00"),
        (date(2026, 10, 25), time(3), "2026-10-25T02:00:00+00:00"),
    ],
)
def test_8_1_times_in_the_nights_of_the_clock_change(
    day: date, at: time, moment: str
) -> None:
    """Every time of every day is one moment."""
    assert local_moment(day, at, BERLIN).isoformat() == moment


def reported(snapshot: Snapshot, *readings: Reading) -> Snapshot:
    """Return what is known after one more report, with what follows from it."""
    merge = snapshot.merge(readings)
    more = derive(snapshot, merge.snapshot, merge.changed)
    return merge.snapshot.merge(more).snapshot


@pytest.mark.parametrize(
    ("moment", "source"),
    [
        (s.CLIMATE_UNTIL, s.CLIMATE_ACTIVE),
        (s.CLIMATE_STARTS_AT, s.CLIMATE_SCHEDULED),
        (s.CHARGE_COMPLETE_AT, s.CHARGING),
        (s.CHARGE_COMPLETE_AT, s.PLUGGED_IN),
    ],
)
def test_8_1_a_moment_to_come_ends_with_what_it_belongs_to(
    moment: Signal[datetime], source: Signal[bool]
) -> None:
    """Nothing goes on until then, or begins then, any more."""
    then = NOON + timedelta(hours=3)
    running = reported(Snapshot(), said(source, True, 0), said(moment, then, 0))
    assert running.value(moment) == then
    assert reported(running, said(source, True, 10)).value(moment) == then
    ended = reported(running, said(source, False, 10))
    assert ended.value(moment) is None
    assert ended.captured_at(moment) == NOON + timedelta(minutes=10)


def test_8_1_an_unplugged_car_does_not_charge() -> None:
    """Whatever its maker has to say of the charge: an unknown word says nothing."""
    charging = reported(
        Snapshot(),
        said(s.CHARGING, True, 0),
        said(s.CHARGING_STATE, "charging", 0),
        said(s.PLUGGED_IN, True, 0),
    )
    unplugged = reported(charging, said(s.PLUGGED_IN, False, 10))
    assert unplugged.value(s.CHARGING) is False
    assert unplugged.value(s.CHARGING_STATE) == "disconnected"
    again = reported(unplugged, said(s.CHARGING, True, 20))
    assert again.value(s.CHARGING) is True
    # What is of the same report, or later than the plug, the maker means so.
    assert reported(charging, said(s.PLUGGED_IN, False, 0)).value(s.CHARGING) is True
    assert reported(charging, said(s.PLUGGED_IN, False, -5)).value(s.CHARGING) is True
