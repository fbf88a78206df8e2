"""Amounts by the hour in which they happened: kWh, km or money.

An hour is numbered from the epoch, so that none is missing or doubled when clocks
change.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
import math
from typing import Final

_HOUR: Final = 3600
_LONGEST: Final = timedelta(days=4)

type Hours = dict[int, float]


def hour_of(at: datetime) -> int:
    """Return the number of the hour of a moment."""
    return int(at.timestamp() // _HOUR)


def start_of(hour: int) -> datetime:
    """Return the moment at which an hour begins, in UTC."""
    return datetime.fromtimestamp(hour * _HOUR, UTC)


def spread(start: datetime, end: datetime, amount: float) -> Hours:
    """Return an amount evenly over the hours from start to end.

    What is said to have taken longer than some days is put to the end.
    """
    start = max(start, end - _LONGEST)
    first, last = start.timestamp(), end.timestamp()
    if last <= first:
        return {hour_of(end): amount}
    found: Hours = {}
    # What ends at a full hour belongs to the hour before.
    for hour in range(hour_of(start), math.ceil(last / _HOUR)):
        share = min((hour + 1) * _HOUR, last) - max(hour * _HOUR, first)
        found[hour] = amount * share / (last - first)
    return found


def add(into: Hours, more: Mapping[int, float]) -> None:
    """Add amounts to others, hour by hour."""
    for hour, amount in more.items():
        into[hour] = into.get(hour, 0) + amount


def total(many: Iterable[Mapping[int, float]]) -> Hours:
    """Return several amounts as one, in the order of time."""
    found: Hours = {}
    for one in many:
        add(found, one)
    return dict(sorted(found.items()))


def scaled(shape: Mapping[int, float], amount: float) -> Hours:
    """Return an amount over the hours as another one was."""
    whole = sum(shape.values())
    return {hour: part * amount / whole for hour, part in shape.items()}
