"""When a charging car reports next."""

from datetime import UTC, datetime, timedelta

from carport.car import signals as s
from carport.car.snapshot import Reading, Snapshot
from carport.cloud.rhythm import Rhythms

START = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
WANTED = timedelta(minutes=7)


def report(minutes: float, *, charging: bool = True) -> Snapshot:
    """Return what a car said some minutes after the start."""
    when = START + timedelta(minutes=minutes)
    reading = Reading(
        signal=s.CHARGING,
        value=charging,
        captured_at=when,
        received_at=when,
        channel="test",
    )
    return Snapshot().merge([reading]).snapshot


def after(rhythms: Rhythms, minutes: float, rng: float = 0) -> float | None:
    """Return the minute at which a car read some minutes after the start is due."""
    now = START + timedelta(minutes=minutes)
    due = rhythms.nearest("VIN", now + WANTED, now, rng)
    return None if due is None else (due - START) / timedelta(minutes=1)


def listen(rhythms: Rhythms, *minutes: float) -> None:
    """Hear reports one after another."""
    for minute in minutes:
        rhythms.learn("VIN", report(minute))


def test_the_look_comes_right_after_a_report() -> None:
    """A random number decides between the report before and the one after the wanted moment."""
    rhythms = Rhythms()
    assert after(rhythms, 0) is None
    listen(rhythms, 0, 5)
    assert after(rhythms, 6, rng=0.1) == 10 + 1 / 6
    assert after(rhythms, 6, rng=0.9) == 15 + 1 / 6


def test_a_gap_with_reports_in_it_is_seen_through() -> None:
    """A shorter one corrects it; one of several times the pause changes nothing."""
    rhythms = Rhythms()
    listen(rhythms, 0, 10)
    # Nobody waits ten minutes where seven are wanted.
    assert after(rhythms, 11) is None
    listen(rhythms, 15, 30)
    assert after(rhythms, 31) == 35 + 1 / 6


def test_a_car_out_of_its_rhythm_has_none() -> None:
    """Nor has one whose reports come at any time, or one that does not charge."""
    rhythms = Rhythms()
    listen(rhythms, 0, 5)
    assert after(rhythms, 10.5) is None
    listen(rhythms, 12)
    assert after(rhythms, 12.5) == 19 + 1 / 6
    rhythms.learn("VIN", report(14, charging=False))
    assert after(rhythms, 14.5) is None


def test_what_is_too_short_or_too_long_is_no_pause() -> None:
    """A car that speaks up at an event does not change its pace."""
    rhythms = Rhythms()
    listen(rhythms, 0, 5, 5.5)
    assert after(rhythms, 6) == 10.5 + 1 / 6
    listen(rhythms, 100)
    assert after(rhythms, 101) == 105 + 1 / 6


def test_the_pause_is_known_the_next_time_it_charges() -> None:
    """It is that of the car, not of the evening."""
    rhythms = Rhythms()
    listen(rhythms, 0, 5)
    rhythms.learn("VIN", report(6, charging=False))
    listen(rhythms, 600)
    assert after(rhythms, 601) == 605 + 1 / 6
