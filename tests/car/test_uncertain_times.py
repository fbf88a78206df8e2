"""Values that are over, and values that a cloud dates only roughly."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from carport.car import signals as s
from carport.car.derive import derive
from carport.car.signals import Signal, Value
from carport.car.snapshot import Reading, Snapshot

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return a moment some minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def said(
    value: Value | None,
    captured: float,
    *,
    signal: Signal[float] | Signal[bool] = s.BATTERY_LEVEL,
    since: float | None = None,
    changed: float | None = None,
) -> Reading:
    """Make a reading; `since` makes its time a span that ends when it was captured."""
    return Reading(
        signal=signal,
        value=value,
        captured_at=at(captured),
        received_at=at(60),
        channel="rough" if since is not None else "exact",
        not_before=None if since is None else at(since),
        changed_at=None if changed is None else at(changed),
    )


@pytest.mark.parametrize(
    ("known", "reading", "kept"),
    [
        # The span begins before the exact time: it may well be older.
        (said(50.0, 10), said(40.0, 20, since=5), 50.0),
        # It begins later: it is newer for sure.
        (said(50.0, 10), said(40.0, 20, since=11), 40.0),
        # It was another value in the delivery before, which is later than the exact one.
        (said(50.0, 10), said(40.0, 20, since=5, changed=15), 40.0),
        # The delivery in which it changed was made before the exact time.
        (said(50.0, 10), said(40.0, 20, since=5, changed=9), 50.0),
        # The other way round.
        (said(40.0, 20, since=5), said(50.0, 10), 50.0),
        (said(40.0, 20, since=11), said(50.0, 10), 40.0),
        (said(40.0, 20, since=5, changed=15), said(50.0, 10), 40.0),
        (said(40.0, 20, since=5), said(50.0, 4), 40.0),
        # Two spans: the later end.
        (said(40.0, 20, since=5), said(45.0, 30, since=5), 45.0),
        (said(40.0, 20, since=5), said(45.0, 19, since=18), 40.0),
    ],
)
def test_an_exact_time_gives_way_to_a_span_that_is_later_for_sure(
    known: Reading, reading: Reading, kept: float
) -> None:
    """Two clouds of one car: the better proven time wins, whichever came first."""
    snapshot = Snapshot().merge([known]).snapshot.merge([reading]).snapshot
    assert snapshot.value(s.BATTERY_LEVEL) == kept


def test_a_value_that_is_over_is_unknown_and_stays_so_over_a_restart() -> None:
    """The signal was there, so its entity stays; only its value is gone."""
    snapshot = Snapshot().merge([said(50.0, 10)]).snapshot
    merge = snapshot.merge([said(None, 20)])
    assert merge.changed == {"battery_level"}
    assert merge.snapshot.value(s.BATTERY_LEVEL) is None
    again = Snapshot.from_json(json.loads(json.dumps(merge.snapshot.to_json())))
    assert again == merge.snapshot
    assert "battery_level" in again.readings
    # An older value does not bring it back; a newer one does.
    assert again.merge([said(60.0, 15)]).snapshot.value(s.BATTERY_LEVEL) is None
    assert again.merge([said(60.0, 25)]).snapshot.value(s.BATTERY_LEVEL) == 60.0


def test_what_was_never_known_cannot_be_over() -> None:
    """No entity comes into being for it."""
    assert not Snapshot().merge([said(None, 10)]).snapshot.readings


def test_a_span_outlasts_a_restart() -> None:
    """Both ends of the span come back."""
    snapshot = Snapshot().merge([said(40.0, 20, since=5, changed=15)]).snapshot
    assert Snapshot.from_json(snapshot.to_json()) == snapshot


@pytest.mark.parametrize(
    ("ended", "captured", "left"),
    [
        (s.PLUGGED_IN, 30, None),
        # Unplugged is unplugged, also where the minutes stand in the same report.
        (s.PLUGGED_IN, 10, None),
        (s.CHARGING, 30, None),
        # A car that waits for its time may well say how long it will take.
        (s.CHARGING, 10, 90.0),
    ],
)
def test_the_time_to_full_ends_with_the_charge(
    ended: Signal[bool], captured: float, left: float | None
) -> None:
    """And so does the moment that was computed from it."""
    charging = [
        said(90.0, 10, signal=s.TIME_TO_FULL),
        said(True, 9, signal=s.PLUGGED_IN),
        said(True, 9, signal=s.CHARGING),
    ]
    before = _with_what_follows(Snapshot(), charging)
    assert before.value(s.CHARGE_COMPLETE_AT) == at(100)
    after = _with_what_follows(before, [said(False, captured, signal=ended)])
    assert after.value(s.TIME_TO_FULL) == left
    assert after.value(s.CHARGE_COMPLETE_AT) is None


def test_nothing_is_computed_from_an_uncertain_time() -> None:
    """The minutes are shown; the moment at which they end is not known."""
    charging = [
        said(90.0, 10, signal=s.TIME_TO_FULL, since=0),
        said(True, 9, signal=s.CHARGING),
    ]
    snapshot = _with_what_follows(Snapshot(), charging)
    assert snapshot.value(s.TIME_TO_FULL) == 90.0
    assert s.CHARGE_COMPLETE_AT.key not in snapshot.readings


def test_what_follows_from_an_uncertain_reading_is_uncertain_too() -> None:
    """The energy on board is dated no better than the level."""
    told = [
        said(50.0, 10, signal=s.BATTERY_CAPACITY),
        said(40.0, 20, since=5),
    ]
    energy = _with_what_follows(Snapshot(), told).readings[s.BATTERY_ENERGY.key]
    assert (energy.not_before, energy.captured_at) == (at(5), at(20))


def _with_what_follows(before: Snapshot, readings: list[Reading]) -> Snapshot:
    merge = before.merge(readings)
    more = derive(before, merge.snapshot, merge.changed)
    return merge.snapshot.merge(more).snapshot
