"""Short rows for what is kept of a car's past, and back; damage is None."""

from collections.abc import Mapping
from datetime import UTC, datetime
import math
from typing import Any, Final

from .bounds import is_possible_day, moment_from
from .hours import Hours

_FIRST_HOUR: Final = 262_968
"""2000: nothing of a car is older."""
_LAST_HOUR: Final = 2_016_000
_MOST: Final = 1e10

type Mark = tuple[datetime, float]
"""A figure, and when it was."""


def second(moment: datetime | None) -> int | None:
    """Return a moment as the second of the epoch, which is short."""
    return None if moment is None else round(moment.timestamp())


def moment_of(value: object) -> datetime | None:
    """Return the moment of a second."""
    number = number_from(value)
    if number is None or not 0 <= number < _LAST_HOUR * 3600:
        return None
    moment = datetime.fromtimestamp(number, UTC)
    return moment if is_possible_day(moment) else None


def number_from(value: object) -> float | None:
    """Return a figure that is one."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and abs(value) < _MOST else None


def flag_from(value: object) -> bool | None:
    """Return yes or no, where it is one of them."""
    return value if isinstance(value, bool) else None


def short(amount: float | None) -> float | None:
    """Round what nobody measures."""
    return None if amount is None else round(amount, 4)


def hours_row(hours: Mapping[int, float]) -> list[list[float]]:
    """Turn amounts by the hour into JSON."""
    return [[hour, round(amount, 6)] for hour, amount in sorted(hours.items())]


def hours_from(row: object) -> Hours | None:
    """Bring amounts by the hour back."""
    found: Hours = {}
    for pair in row if isinstance(row, list) else (None,):
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        hour, amount = pair[0], number_from(pair[1])
        if type(hour) is not int or not _FIRST_HOUR <= hour < _LAST_HOUR:
            return None
        if amount is None:
            return None
        found[hour] = amount
    return found


def text_of(moment: datetime | None) -> str | None:
    """Turn a moment into JSON, to the microsecond."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def mark_row(mark: Mark | None) -> list[Any] | None:
    """Turn a mark into JSON; its time is kept exactly, since readings are compared."""
    return None if mark is None else [text_of(mark[0]), mark[1]]


def mark_from(row: object) -> Mark | None:
    """Bring a mark back."""
    if not isinstance(row, list) or len(row) != 2:
        return None
    at, figure = moment_from(row[0]), number_from(row[1])
    return None if at is None or figure is None else (at, figure)
