"""Notification settings: which event is told by which way, and when none is."""

from collections.abc import Mapping
from typing import Any, Final

from ...car.commands import SetNotifications
from ...car.schedule import Window
from ...cloud.errors import BadAnswer
from .endpoints import NOTIFICATIONS
from .schedule import clock_time, digits

EVENTS: Final[Mapping[str, str]] = {
    "battery_status": "battery_status",
    "charge_started": "charge_start",
    "charge_ended": "charge_end",
    "charge_problem": "charge_problem",
    "battery_low": "low_battery",
    "battery_low_reminder": "low_battery_reminder",
}
"""Our word for an event to the cloud's."""

_MEANS: Final[Mapping[str, tuple[str, ...]]] = {
    "EMAIL": ("email",),
    "SMS": ("text",),
    "NONE": (),
}
_WORDS: Final = {ways: said for said, ways in _MEANS.items()}
_QUIET: Final = "do_not_disturb"


def settings_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with our keys; an unknown way counts as not known."""
    ways = {
        event: _MEANS.get(said) if isinstance(said := body.get(key), str) else None
        for event, key in EVENTS.items()
    }
    quiet = _window(body.get(_QUIET))
    return {
        "events": {
            event: None if way is None else list(way) for event, way in ways.items()
        },
        "quiet": quiet and quiet.to_json(),
    }


def changed(body: Mapping[str, Any], command: SetNotifications) -> dict[str, Any]:
    """Return all settings as they are to be: the cloud takes them only as a whole.

    What is neither named nor known raises: a guess would silence something.
    """
    quiet = command.quiet
    named = {EVENTS[event]: _WORDS[tuple(way)] for event, way in command.events.items()}
    ways = {key: body.get(key) for key in EVENTS.values()} | named
    if not all(isinstance(way, str) for way in ways.values()):
        raise BadAnswer(NOTIFICATIONS.path)
    return {
        **ways,
        _QUIET: quiet and {"start": digits(quiet.start), "end": digits(quiet.end)},
    }


def _window(value: Any) -> Window | None:
    if not isinstance(value, Mapping):
        return None
    start, end = clock_time(value.get("start")), clock_time(value.get("end"))
    return None if start is None or end is None else Window(start=start, end=end)
