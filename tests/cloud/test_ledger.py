"""The count of calls."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from carport.cloud.call_limits import CallLimit, daily
from carport.cloud.ledger import Ledger, Purpose
from simulator.clock import ManualClock


def test_calls_are_counted_by_purpose(clock: ManualClock) -> None:
    """Everybody who listens hears of it."""
    ledger = Ledger(clock)
    heard: list[int] = []
    stop = ledger.listen(lambda: heard.append(1))
    ledger.book(Purpose.READ)
    ledger.book(Purpose.READ)
    stop()
    ledger.book(Purpose.COMMAND)
    assert ledger.counts_today() == {"read": 2, "command": 1}
    assert len(heard) == 2


def test_without_a_limit_everything_is_allowed(clock: ManualClock) -> None:
    """Nobody knows what is left."""
    ledger = Ledger(clock)
    ledger.book(Purpose.READ)
    assert ledger.left() is None
    assert ledger.allows(Purpose.READ)
    assert ledger.runs_out_at() is None


def test_the_reserve_is_for_commands(clock: ManualClock) -> None:
    """Reading stops before commands do."""
    ledger = Ledger(clock, limits=[daily(5, reserve=2)])
    for _ in range(3):
        assert ledger.allows(Purpose.READ)
        ledger.book(Purpose.READ)
    assert (ledger.left(), ledger.left(command=True)) == (0, 2)
    assert not ledger.allows(Purpose.READ)
    assert not ledger.allows(Purpose.HISTORY)
    assert ledger.allows(Purpose.COMMAND)
    assert ledger.allows(Purpose.CONFIRM)
    ledger.book(Purpose.COMMAND)
    ledger.book(Purpose.CONFIRM)
    assert not ledger.allows(Purpose.COMMAND)
    assert ledger.left() == 0


def test_a_new_day_begins_at_midnight_utc(clock: ManualClock) -> None:
    """Yesterday's calls are nobody's business."""
    ledger = Ledger(clock, limits=[daily(2)])
    ledger.book(Purpose.READ)
    clock.step(16 * 3600)
    assert ledger.left() == 2
    assert ledger.counts_today() == {}


def test_a_pause_stops_reading_but_no_command(clock: ManualClock) -> None:
    """The later end of two pauses counts."""
    ledger = Ledger(clock)
    until = clock.now() + timedelta(minutes=15)
    ledger.throttle(until)
    ledger.throttle(until - timedelta(minutes=5))
    assert until == ledger.throttled_until
    assert not ledger.allows(Purpose.READ)
    assert not ledger.allows(Purpose.LIST)
    assert ledger.allows(Purpose.COMMAND)
    clock.step(15 * 60)
    assert ledger.allows(Purpose.READ)
    assert ledger.throttled_until is None


def test_a_pause_of_commands_stops_no_reading(clock: ManualClock) -> None:
    """Its later end counts as well, and those who listen hear of it."""
    ledger = Ledger(clock)
    heard: list[datetime | None] = []
    ledger.listen(lambda: heard.append(ledger.commands_paused_until))
    until = clock.now() + timedelta(minutes=15)
    ledger.pause_commands(until)
    ledger.pause_commands(until - timedelta(minutes=5))
    assert heard == [until]
    assert ledger.allows(Purpose.READ)
    assert ledger.throttled_until is None
    clock.step(15 * 60)
    assert ledger.commands_paused_until is None


def test_a_restart_changes_nothing(clock: ManualClock) -> None:
    """Counts and pauses come back."""
    ledger = Ledger(clock, limits=[daily(10)])
    ledger.book(Purpose.SIGN_IN)
    ledger.throttle(clock.now() + timedelta(hours=1))
    ledger.pause_commands(clock.now() + timedelta(hours=2))
    again = Ledger(
        clock, limits=[daily(10)], data=json.loads(json.dumps(ledger.to_json()))
    )
    assert again.counts_today() == {"sign_in": 1}
    assert again.throttled_until == ledger.throttled_until
    assert again.commands_paused_until == ledger.commands_paused_until
    assert again.to_json() == ledger.to_json()
    clock.step(24 * 3600)
    late = Ledger(clock, limits=[daily(10)], data=ledger.to_json())
    assert late.counts_today() == {}


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (0, None),
        (3, None),
        (8, datetime(2026, 11, 21, 12, tzinfo=UTC)),
        (12, datetime(2026, 11, 21, 8, tzinfo=UTC)),
    ],
)
def test_when_the_calls_run_out(
    clock: ManualClock, calls: int, expected: datetime | None
) -> None:
    """Today's pace until eight o'clock goes on."""
    ledger = Ledger(clock, limits=[daily(12)])
    for _ in range(calls):
        ledger.book(Purpose.READ)
    assert ledger.runs_out_at() == expected


def test_at_midnight_there_is_no_pace_yet() -> None:
    """Nothing can be said of a day that has not begun."""
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    ledger = Ledger(clock, limits=[daily(12)])
    ledger.book(Purpose.READ)
    assert ledger.runs_out_at() is None


def test_a_spent_day_opens_again_at_midnight() -> None:
    """A pause ends when it was said to; a spent budget with the day."""
    clock = ManualClock(datetime(2026, 11, 21, 20, tzinfo=UTC))
    ledger = Ledger(clock, limits=[daily(1)])
    ledger.book(Purpose.READ)
    assert not ledger.allows(Purpose.READ)
    assert ledger.opens_at() == datetime(2026, 11, 22, tzinfo=UTC)
    until = clock.now() + timedelta(hours=9)
    ledger.throttle(until)
    assert ledger.opens_at() == until


def test_a_limit_for_each_car(clock: ManualClock) -> None:
    """Three cars have three times as many; what the cloud says is of one of them."""
    limit = CallLimit(calls=20, per=timedelta(hours=1), reserve=10, each_car=True)
    ledger = Ledger(clock, limits=[limit])
    assert ledger.least_interval(1) == 360
    ledger.serve(3)
    assert (ledger.left(), ledger.left(command=True)) == (30, 60)
    assert ledger.least_interval(3) == 360
    ledger.correct(12, clock.now() + timedelta(minutes=30))
    assert (ledger.left(), ledger.left(command=True)) == (2, 12)
    clock.step(1800)
    assert ledger.left() == 30
    ledger.serve(0)
    assert ledger.left() == 10


def test_5_7_a_pause_of_a_clock_that_was_ahead_is_over() -> None:
    """And the calls of then count from now on, not for days."""
    clock = ManualClock(datetime(2026, 12, 21, 12, tzinfo=UTC))
    limit = CallLimit(calls=4, per=timedelta(hours=1))
    ahead = Ledger(clock, limits=(limit,))
    for _ in range(4):
        ahead.book(Purpose.READ)
    ahead.throttle(clock.now() + timedelta(hours=5))
    assert not ahead.allows(Purpose.READ)
    clock.correct(timedelta(days=-30))
    assert ahead.throttled_until is None
    # The calls were made: an hour later they are forgotten.
    assert ahead.left() == 0
    clock.step(3601)
    assert ahead.left() == 4


def test_7_5_calls_of_a_version_that_counted_days_count_as_made_now(
    clock: ManualClock,
) -> None:
    """An update does not give an account its day's calls once more."""
    kept = {"day": clock.now().date().isoformat(), "counts": {"read": 7, "command": 1}}
    ledger = Ledger(clock, limits=[daily(10)], data=kept)
    assert ledger.counts_today() == {"read": 7, "command": 1}
    assert ledger.left() == 2
    clock.step(24 * 3600)
    assert Ledger(clock, limits=[daily(10)], data=kept).left() == 10


def test_7_5_what_the_cloud_told_is_counted_down_to_nothing(clock: ManualClock) -> None:
    """And stays there until the moment it told: a call that was refused gives none back."""
    ledger = Ledger(clock, limits=[daily(100)])
    until = clock.now() + timedelta(hours=1)
    ledger.correct(2, until)
    left = []
    for _ in range(4):
        ledger.book(Purpose.READ)
        left.append(ledger.left())
    assert left == [1, 0, 0, 0]
    assert not ledger.allows(Purpose.READ)
    assert ledger.opens_at() == until
    clock.step(3600)
    assert ledger.allows(Purpose.READ)


def test_what_the_cloud_told_is_heard(clock: ManualClock) -> None:
    """It is kept and shown at once, not with the next call."""
    ledger = Ledger(clock, limits=[daily(100)])
    heard: list[int | None] = []
    ledger.listen(lambda: heard.append(ledger.left()))
    ledger.correct(7, clock.now() + timedelta(hours=1))
    assert heard == [7]


def test_what_was_called_elsewhere_is_counted_once(clock: ManualClock) -> None:
    """A sign-in goes on from the same count, while the account goes on calling."""
    limits = (daily(50),)
    ledger = Ledger(clock, limits=limits)
    ledger.book(Purpose.READ)
    elsewhere = Ledger(clock, limits=limits, data=ledger.to_json())
    clock.step(1)
    elsewhere.book(Purpose.SIGN_IN)
    elsewhere.book(Purpose.SIGN_IN)
    elsewhere.throttle(clock.now() + timedelta(hours=1))
    clock.step(1)
    ledger.book(Purpose.READ)
    ledger.take(elsewhere.to_json())
    assert ledger.counts_today() == {"read": 2, "sign_in": 2}
    assert len(ledger.to_json()["calls"]) == 4
    assert ledger.throttled_until == elsewhere.throttled_until
    ledger.take(elsewhere.to_json())
    assert len(ledger.to_json()["calls"]) == 4
