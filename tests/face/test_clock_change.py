"""Timers and habits in the nights in which the clock is changed (8.1)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from custom_components.carport.actions.occurrences import occurrences
from custom_components.carport.car.schedule import Schedule, Slot, Weekday, Window

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 29, tzinfo=BERLIN)
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)
DAY = timedelta(days=1)


def window(start: time, end: time) -> Schedule:
    """Return a schedule that charges every day between two times."""
    slot = Slot(
        number=1,
        enabled=True,
        days=frozenset(Weekday),
        charge=True,
        charge_window=Window(start=start, end=end),
    )
    return Schedule(slots=(slot,))


def lengths(schedule: Schedule, day: datetime) -> list[timedelta]:
    """Return how long the windows are that open on a day."""
    found = occurrences(schedule, day, day + DAY, day, BERLIN)
    return [
        one.end.astimezone(UTC) - one.start.astimezone(UTC)
        for one in found
        if one.start.date() == day.date()
    ]


def test_8_1_no_window_ends_before_it_begins() -> None:
    """One that lies in the hour which the clock skips does not open at all."""
    skipped = window(time(2, 15), time(3))
    assert lengths(skipped, SPRING) == []
    assert lengths(skipped, SPRING + DAY) == [timedelta(minutes=45)]
    assert lengths(window(time(2, 15), time(3, 30)), SPRING) == [timedelta(minutes=30)]
    assert lengths(window(time(1), time(4)), SPRING) == [timedelta(hours=2)]
    assert lengths(window(time(1), time(4)), AUTUMN) == [timedelta(hours=4)]


def test_8_1_the_next_time_has_not_passed() -> None:
    """In the hour that comes twice too."""
    slot = Slot(number=1, enabled=True, departure=time(2, 10), climate=True)
    schedule = Schedule(slots=(slot,))
    # A quarter past two for the second time: ten past two has been twice already.
    now = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    for moment in (now, now.astimezone(BERLIN)):
        (following,) = occurrences(schedule, moment, moment + 2 * DAY, moment, BERLIN)
        assert following.start.astimezone(UTC) > now
