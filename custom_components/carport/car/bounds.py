"""What texts, times, numbers and VINs from outside may be, from any sender.

One text that cannot be encoded or one time that cannot be converted keeps a whole file
from being saved, so nothing goes further in before it has been looked at here.
"""

from datetime import UTC, date, datetime, timedelta
import math
import re
from typing import Any, Final

MOST_DEPTH: Final = 64
"""How deep JSON may be nested; real answers stay below a dozen."""

_LONGEST_TEXT: Final = 64 * 1024
_LONGEST_LABEL: Final = 100
_FIRST_YEAR: Final = 2000
_END_YEAR: Final = 2200
_AHEAD: Final = timedelta(days=1)
_MOST_INTEGER: Final = 2**63

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def clean_text(text: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text that can be stored and sent: no control characters, not too long.

    Half a character, as a cut-off emoji leaves it, becomes the replacement character.
    """
    if not text.isprintable():
        text = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
        text = _CONTROL.sub(" ", text)
    return text[:longest]


def clean_label(text: object) -> str | None:
    """Return a short text that people read, such as a nickname; None if it is none."""
    if not isinstance(text, str):
        return None
    return clean_text(text, _LONGEST_LABEL).strip() or None


def clean_json(value: Any, depth: int = MOST_DEPTH) -> Any:
    """Return JSON that can be stored and sent.

    Raises ValueError for what is nested too deep, and for numbers beyond all figures.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, (dict, list)):
        if depth == 0:
            raise ValueError("nested too deep")
        if isinstance(value, list):
            return [clean_json(item, depth - 1) for item in value]
        return {
            clean_text(key): clean_json(item, depth - 1) for key, item in value.items()
        }
    if isinstance(value, int) and not -_MOST_INTEGER <= value < _MOST_INTEGER:
        raise ValueError("an integer of more than 64 bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number that is none")
    return value


def is_sendable(value: object) -> bool:
    """Return whether a value is a plain one of JSON that can be stored and sent."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -_MOST_INTEGER <= value < _MOST_INTEGER
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str)


def is_possible_day(day: date) -> bool:
    """Return whether a day or moment is one that a car can speak of at all.

    Both ends lie far enough from the calendar's for every time zone.
    """
    return _FIRST_YEAR <= day.year < _END_YEAR


def is_possible_capture(moment: datetime, received_at: datetime) -> bool:
    """Return whether a car can have captured what was received then.

    A cloud's clock may be a little ahead; a stamp of another day means nothing.
    """
    return is_possible_day(moment) and moment - received_at <= _AHEAD


def moment_from(text: object) -> datetime | None:
    """Bring a kept moment back, in UTC; None where the file holds something else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or not is_possible_day(moment):
        return None
    return moment.astimezone(UTC)


def is_vin(text: object) -> bool:
    """Return whether a text can be a VIN: 17 capitals and digits without I, O and Q."""
    return isinstance(text, str) and _VIN.fullmatch(text) is not None
