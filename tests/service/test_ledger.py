"""The count of calls."""

from datetime import UTC, datetime, timedelta
import json

import pytest

from custom_components.carport.service.ledger import Ledger, Purpose
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
    ledger = Ledger(clock, a_day=5, reserve=2)
    for _ in range(3):
        assert ledger.allows(Purpose.READ)
        ledger.book(Purpose.READ)
    assert (ledger.left(), ledger.left(command=True)) == (0, 2)
    assert not ledger.allows(Purpose.READ)
    assert not ledger.allows(Purpose.LOOKUP)
    assert ledger.allows(Purpose.COMMAND)
    assert ledger.allows(Purpose.CONFIRM)
    ledger.book(Purpose.COMMAND)
    ledger.book(Purpose.CONFIRM)
    assert not ledger.allows(Purpose.COMMAND)
    assert ledger.left() == 0


def test_a_new_day_begins_at_midnight_utc(clock: ManualClock) -> None:
    """Yesterday's calls are nobody's business."""
    ledger = Ledger(clock, a_day=2)
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
    ledger = Ledger(clock, a_day=10)
    ledger.book(Purpose.SIGN_IN)
    ledger.throttle(clock.now() + timedelta(hours=1))
    ledger.pause_commands(clock.now() + timedelta(hours=2))
    again = Ledger(clock, a_day=10, data=json.loads(json.dumps(ledger.to_json())))
    assert again.counts_today() == {"sign_in": 1}
    assert again.throttled_until == ledger.throttled_until
    assert again.commands_paused_until == ledger.commands_paused_until
    assert again.to_json() == ledger.to_json()
    clock.step(24 * 3600)
    late = Ledger(clock, a_day=10, data=ledger.to_json())
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
    ledger = Ledger(clock, a_day=12)
    for _ in range(calls):
        ledger.book(Purpose.READ)
    assert ledger.runs_out_at() == expected


def test_at_midnight_there_is_no_pace_yet() -> None:
    """Nothing can be said of a day that has not begun."""
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    ledger = Ledger(clock, a_day=12)
    ledger.book(Purpose.READ)
    assert ledger.runs_out_at() is None


def test_a_spent_day_opens_again_at_midnight() -> None:
    """A pause ends when it was said to; a spent budget with the day."""
    clock = ManualClock(datetime(2026, 11, 21, 20, tzinfo=UTC))
    ledger = Ledger(clock, a_day=1)
    ledger.book(Purpose.READ)
    assert not ledger.allows(Purpose.READ)
    assert ledger.opens_at() == datetime(2026, 11, 22, tzinfo=UTC)
    until = clock.now() + timedelta(hours=9)
    ledger.throttle(until)
    assert ledger.opens_at() == until
