"""Times of a day as moments, also in the nights in which the clock is changed.

Python's own arithmetic in one time zone is that of the clock on the wall: it knows
neither the hour that is missing in spring nor the one that comes twice in autumn.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

_A_MINUTE: Final = timedelta(minutes=1)
_SHOWN: Final = 5
"""Minutes to which times are told that would else change with every reading."""


def rounded_down(moment: datetime) -> datetime:
    """Return a moment to five minutes, for what need not be known to the second."""
    whole = moment.replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % _SHOWN)


def rounded(moment: datetime) -> datetime:
    """Return a moment to the nearest five minutes."""
    return rounded_down(moment + timedelta(minutes=_SHOWN) / 2)


def local_moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Return when a clock shows a time on a day, in UTC.

    A time that the clock skips is the moment at which it does; of one that it shows
    twice the first counts.
    """
    wall = datetime.combine(day, at.replace(tzinfo=None))
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Both readings of a skipped time lie around the change: look for it between them.
    before, after = sorted((first, wall.replace(tzinfo=zone, fold=1).astimezone(UTC)))
    offset = before.astimezone(zone).utcoffset()
    while after - before > _A_MINUTE:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(second=0, microsecond=0)
