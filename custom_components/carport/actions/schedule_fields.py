"""The fields of `set_schedule`: typed timers, read into the neutral schedule."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

import probatio

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv

from ..car.schedule import Schedule, Slot, Weekday, Window
from .exceptions import wrong_value

_DAYS: Final = {day.name.lower(): day for day in Weekday}


def _whole_minute(value: Any) -> time:
    """Read a time of day; a car's timers know no seconds."""
    return cv.time(value).replace(second=0, microsecond=0)


def _both_ends(fields: dict[str, Any]) -> dict[str, Any]:
    """Refuse half a window."""
    for start, end in _WINDOWS:
        if (start in fields) is not (end in fields):
            missing = end if start in fields else start
            raise probatio.Invalid("half a window", path=[missing])
    return fields


_WINDOWS: Final = (
    ("window_start", "window_end"),
    ("preferred_start", "preferred_end"),
)

_SLOT: Final = probatio.Schema(
    probatio.All(
        {
            probatio.Required("number"): cv.positive_int,
            probatio.Optional("enabled", default=True): cv.boolean,
            probatio.Optional("departure"): _whole_minute,
            probatio.Optional("days", default=list): probatio.All(
                probatio.EnsureList(), [probatio.In(list(_DAYS))]
            ),
            probatio.Optional("once_on"): cv.date,
            probatio.Optional("charge", default=False): cv.boolean,
            probatio.Optional("climate", default=False): cv.boolean,
            probatio.Optional("window_start"): _whole_minute,
            probatio.Optional("window_end"): _whole_minute,
        },
        _both_ends,
    )
)

_FIELDS: Final = probatio.Schema(
    probatio.All(
        probatio.Schema(
            {
                probatio.Required("slots"): probatio.All(
                    probatio.EnsureList(), [_SLOT]
                ),
                probatio.Optional("active", default=True): cv.boolean,
                probatio.Optional("preferred_start"): _whole_minute,
                probatio.Optional("preferred_end"): _whole_minute,
            },
            extra=probatio.REMOVE_EXTRA,
        ),
        _both_ends,
    )
)

_CLOCK_TIME: Final = "HH:MM"
ALLOWED: Final[Mapping[str, str]] = {
    "number": "1, 2, 3 …",
    "days": ", ".join(_DAYS),
    "once_on": "YYYY-MM-DD",
    "departure": _CLOCK_TIME,
    **{end: _CLOCK_TIME for ends in _WINDOWS for end in ends},
    **dict.fromkeys(("enabled", "charge", "climate", "active"), "true, false"),
}
"""What each field may be, for those who typed something else."""


def schedule_of(hass: HomeAssistant, said: Mapping[str, Any]) -> Schedule:
    """Return the schedule that a call says; raise, translated, where it makes none."""
    try:
        fields = _FIELDS(dict(said))
    except probatio.Invalid as error:
        name = _field_of(error)
        allowed = ALLOWED.get(name, ", ".join(key for key in ALLOWED))
        raise wrong_value(hass, name if name in ALLOWED else "slots", allowed) from None
    return Schedule(
        active=fields["active"],
        preferred_window=_window(fields, "preferred_start", "preferred_end"),
        slots=tuple(_slot(slot) for slot in fields["slots"]),
    )


def _field_of(error: probatio.Invalid) -> str:
    """Return the name of the field that is wrong: the last one on the way to it."""
    first = error.errors[0] if isinstance(error, probatio.MultipleInvalid) else error
    names = [str(step) for step in first.path if isinstance(step, str)]
    return names[-1] if names else "slots"


def _slot(fields: Mapping[str, Any]) -> Slot:
    window = _window(fields, "window_start", "window_end")
    return Slot(
        number=fields["number"],
        enabled=fields["enabled"],
        departure=fields.get("departure"),
        days=frozenset(_DAYS[day] for day in fields["days"]),
        once_on=fields.get("once_on"),
        charge=fields["charge"] or window is not None,
        climate=fields["climate"],
        charge_window=window,
    )


def _window(fields: Mapping[str, Any], start: str, end: str) -> Window | None:
    if start not in fields or end not in fields:
        return None
    return Window(start=fields[start], end=fields[end])
