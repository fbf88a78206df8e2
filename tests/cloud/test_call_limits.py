"""Windows of calls: sliding ones, and those that begin anew at a time of day."""

from datetime import UTC, datetime, time, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from carport.cloud.call_limits import CallLimit, daily
from carport.cloud.ledger import CREDENTIALS, Ledger, Purpose
from simulator.clock import ManualClock

HOURLY = CallLimit(calls=6, per=timedelta(hours=1), reserve=2)


def test_a_sliding_window_gives_back_one_call_at_a_time(clock: ManualClock) -> None:
    """The oldest call leaves first; until then only commands may use the reserve."""
    ledger = Ledger(clock, limits=[HOURLY])
    for _ in range(4):
        ledger.book(Purpose.READ)
        clock.step(60)
    assert (ledger.left(), ledger.left(command=True)) == (0, 2)
    assert not ledger.allows(Purpose.READ)
    assert ledger.allows(Purpose.COMMAND)
    assert ledger.opens_at() == clock.now() + timedelta(minutes=56)
    clock.step(56 * 60 - 1)
    assert not ledger.allows(Purpose.READ)
    clock.step(1)
    assert ledger.left() == 1


def test_a_sliding_window_outlasts_a_restart(clock: ManualClock) -> None:
    """Every call comes back with its own time."""
    ledger = Ledger(clock, limits=[HOURLY])
    ledger.book(Purpose.READ)
    clock.step(1800)
    ledger.book(Purpose.COMMAND)
    kept = json.loads(json.dumps(ledger.to_json()))
    again = Ledger(clock, limits=[HOURLY], data=kept)
    assert again.left(command=True) == 4
    clock.step(1800)
    assert again.left(command=True) == 5


def test_the_tightest_window_counts(clock: ManualClock) -> None:
    """So many an hour, and so many a day."""
    ledger = Ledger(clock, limits=[HOURLY, daily(7)])
    for _ in range(3):
        ledger.book(Purpose.READ)
        ledger.book(Purpose.READ)
        clock.step(3600)
    assert ledger.left() == 1
    assert ledger.opens_at() == clock.now()


def test_a_day_ends_at_the_makers_midnight() -> None:
    """In its own zone, on the day on which the clock is changed too."""
    berlin = ZoneInfo("Europe/Berlin")
    limit = CallLimit(calls=2, per=timedelta(days=1), resets_at=time.min, zone=berlin)
    clock = ManualClock(datetime(2026, 10, 25, 22, 30, tzinfo=UTC))
    ledger = Ledger(clock, limits=[limit])
    ledger.book(Purpose.READ)
    ledger.book(Purpose.READ)
    assert ledger.left() == 0
    assert ledger.opens_at() == datetime(2026, 10, 25, 23, tzinfo=UTC)
    clock.step(1800)
    assert ledger.left() == 2


def test_calls_that_the_cloud_does_not_count(clock: ManualClock) -> None:
    """Tokens come from another host."""
    limit = CallLimit(calls=2, per=timedelta(hours=1), spares=CREDENTIALS)
    ledger = Ledger(clock, limits=[limit])
    ledger.book(Purpose.TOKEN)
    ledger.book(Purpose.SIGN_IN)
    assert ledger.left() == 2


def test_the_clouds_own_word_counts_more(clock: ManualClock) -> None:
    """Somebody else used the account: its app, or a second program."""
    ledger = Ledger(clock, limits=[HOURLY])
    ledger.book(Purpose.READ)
    until = clock.now() + timedelta(minutes=20)
    ledger.correct(3, until)
    assert (ledger.left(), ledger.left(command=True)) == (1, 3)
    ledger.book(Purpose.READ)
    assert ledger.left() == 0
    assert ledger.opens_at() == until
    again = Ledger(clock, limits=[HOURLY], data=ledger.to_json())
    assert again.left() == 0
    clock.step(1200)
    assert again.left() == 2


def test_the_floor_under_every_interval(clock: ManualClock) -> None:
    """Rounds of so many calls fit into the window, with the reserve left."""
    assert Ledger(clock, limits=[HOURLY]).least_interval(2) == 1800
    assert Ledger(clock).least_interval(2) == 0


@pytest.mark.parametrize(("hour", "day"), [(4, 20), (5, 21), (6, 21)])
def test_a_day_begins_at_the_makers_hour(hour: int, day: int) -> None:
    """Before it the window is still that of yesterday."""
    limit = CallLimit(calls=3, per=timedelta(days=1), resets_at=time(5))
    now = datetime(2026, 11, 21, hour, tzinfo=UTC)
    assert limit.begins(now) == datetime(2026, 11, day, 5, tzinfo=UTC)
    assert limit.ends(now) == datetime(2026, 11, day + 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(("minute", "hour"), [(19, 9), (20, 10), (59, 10)])
def test_an_hour_begins_at_the_makers_minute(minute: int, hour: int) -> None:
    """Every hour anew, all day long."""
    limit = CallLimit(calls=3, per=timedelta(hours=1), resets_at=time(0, 20))
    now = datetime(2026, 11, 21, 10, minute, tzinfo=UTC)
    assert limit.begins(now) == datetime(2026, 11, 21, hour, 20, tzinfo=UTC)
    assert limit.ends(now) == datetime(2026, 11, 21, hour + 1, 20, tzinfo=UTC)
