"""The charging profile: written from a twin's timers, and read as strictly back."""

from collections.abc import Mapping
from datetime import time
import json
import re
from typing import Any, Final

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import ChargeMode
from carport.twin.twin import TwinSpec, TwinState

from .cloud_state import Wishes
from .vehicle_list import MODELS

_ROOTS: Final = {"WEEKLY_PLANNER": "weeklyPlanner", "TWO_TIMES_TIMER": "twoTimesTimer"}
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "weeklyPlanner": ("timer1", "timer2", "timer3", "overrideTimer"),
    "twoTimesTimer": ("timer1", "timer2"),
}
_MODES: Final = {
    "IMMEDIATE_CHARGING": ChargeMode.IMMEDIATE,
    "DELAYED_CHARGING": ChargeMode.SCHEDULED,
}
_PREFERENCES: Final = frozenset({"CHARGING_WINDOW", "NO_PRESELECTION"})
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_WHOLE_WEEK: Final = frozenset(Weekday)


class BadProfile(ValueError):
    """A profile is not as it has to be; the text names the field."""


def root_of(spec: TwinSpec) -> str | None:
    """Return the key under which a car's profile stands."""
    return _ROOTS.get(MODELS[spec.model]["chargingControl"])


def profile(
    state: TwinState, spec: TwinSpec, wishes: Wishes | None = None
) -> dict[str, Any]:
    """Return the profile of a car as it last reported it.

    `wishes` are what the cloud keeps of it: the hours of a window that is off, the
    preference, and the climate where no timer is for it.
    """
    root = root_of(spec)
    if root is None:
        return {}
    weekly = root == "weeklyPlanner"
    slots = {slot.number: slot for slot in state.schedule.slots}
    window = state.schedule.preferred_window
    immediate = state.charge_mode is ChargeMode.IMMEDIATE
    preferred: dict[str, Any] = {"enabled": window is not None} if weekly else {}
    start, end = (wishes.start, wishes.end) if wishes else ("00:00", "00:00")
    if window is not None:
        start, end = f"{window.start:%H:%M}", f"{window.end:%H:%M}"
    climate = any(slot.climate for slot in slots.values())
    preferences = "NO_PRESELECTION" if window is None else "CHARGING_WINDOW"
    if wishes is not None and not slots:
        climate = wishes.climate is True
    if wishes is not None and wishes.preferences is not None:
        preferences = wishes.preferences
    return {
        root: {
            "climatizationEnabled": climate,
            "chargingMode": "IMMEDIATE_CHARGING" if immediate else "DELAYED_CHARGING",
            "chargingPreferences": preferences,
            **{
                name: _timer(slots.get(number), weekly)
                for number, name in enumerate(_NAMES[root], 1)
            },
            "preferredChargingWindow": {
                **preferred,
                "startTime": start,
                "endTime": end,
            },
        }
    }


def _timer(slot: Slot | None, weekly: bool) -> dict[str, Any]:
    days: dict[str, Any] = {"weekdays": []} if weekly else {}
    if slot is None or slot.departure is None:
        return days
    if weekly:
        days = {"weekdays": [day.name for day in sorted(slot.days)]}
    return {
        "departureTime": f"{slot.departure:%H:%M}",
        "timerEnabled": slot.enabled,
        **days,
    }


def read_profile(body: Any, spec: TwinSpec) -> tuple[Schedule, ChargeMode]:
    """Return the timers and the mode of a profile; partial timers clear the rest."""
    root = root_of(spec)
    if root is None or not isinstance(body, dict) or set(body) != {root}:
        raise BadProfile("data")
    content = body[root]
    if not isinstance(content, dict):
        raise BadProfile(root)
    mode = _MODES.get(str(content.get("chargingMode")))
    climate = content.get("climatizationEnabled")
    if mode is None:
        raise BadProfile("chargingMode")
    if not isinstance(climate, bool):
        raise BadProfile("climatizationEnabled")
    wanted = content.get("chargingPreferences")
    if not isinstance(wanted, str) or wanted not in _PREFERENCES:
        raise BadProfile("chargingPreferences")
    charge = mode is not ChargeMode.IMMEDIATE
    slots = [
        slot
        for number, name in enumerate(_NAMES[root], 1)
        if (slot := _read_timer(content.get(name), number, root, charge, climate))
    ]
    return Schedule(slots=tuple(slots), preferred_window=_read_window(content)), mode


def profile_of(form: Mapping[str, str]) -> Any:
    """Return a profile that was read before; None in other forms."""
    if "data" not in form:
        return None
    (content,) = json.loads(form["data"]).values()
    return content


def _read_timer(
    timer: Any, number: int, root: str, charge: bool, climate: bool
) -> Slot | None:
    if not isinstance(timer, dict):
        raise BadProfile(f"timer {number}")
    weekly = root == "weeklyPlanner"
    known = {"departureTime", "timerEnabled", *(("weekdays",) if weekly else ())}
    days = timer.get("weekdays", [])
    if not set(timer) <= known or not isinstance(days, list):
        raise BadProfile(f"timer {number}")
    if not all(isinstance(day, str) and day in Weekday.__members__ for day in days):
        raise BadProfile("weekdays")
    if "departureTime" not in timer:
        return None
    return Slot(
        number=number,
        enabled=timer.get("timerEnabled") is True,
        departure=_clock(timer["departureTime"]),
        days=frozenset(Weekday[day] for day in days) if weekly else _WHOLE_WEEK,
        charge=charge,
        climate=climate,
    )


def _read_window(content: Mapping[str, Any]) -> Window | None:
    window = content.get("preferredChargingWindow")
    if not isinstance(window, dict):
        raise BadProfile("preferredChargingWindow")
    start, end = _clock(window.get("startTime")), _clock(window.get("endTime"))
    wanted = content["chargingPreferences"] == "CHARGING_WINDOW"
    if not wanted or window.get("enabled") is False or start == end:
        return None
    return Window(start=start, end=end)


def _clock(value: Any) -> time:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise BadProfile("a time")
    return time.fromisoformat(value)
