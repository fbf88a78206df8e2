"""The charging profile of a car's home: read from the twin, and written as a whole."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
import re
from typing import Any, Final

from carport.car.commands import (
    Command,
    SetChargeCurrent,
    SetChargeLimit,
    SetChargeLimitMin,
    SetSchedule,
)
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.switches import SetAutoUnlockPlug
from carport.twin.twin import Twin

from .problems import Refused, invalid
from .reads import captured, is_home

PROFILE: Final = 1
_NAME: Final = "Home"
_WEEK: Final = frozenset(Weekday)
_DAYS: Final = tuple(day.name for day in Weekday)
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_UNLOCKS: Final = {"PERMANENT": True, "OFF": False}
_CURRENTS: Final = ("REDUCED", "MAXIMUM")
_LISTS: Final = ("timers", "preferredChargingTimes")
_MUST: Final = frozenset({"id", "name", "settings", *_LISTS})

type Content = Mapping[str, Any]


def charging_profiles(twin: Twin) -> dict[str, Any]:
    """Return the settings that hold at home, with the car's timers."""
    state, spec = twin.report.state, twin.spec
    limit = round(state.charge_limit)
    current: dict[str, Any] = {}
    if is_home(state, spec):
        current = {
            "currentVehiclePositionProfile": {
                "id": PROFILE,
                "name": _NAME,
                "targetStateOfChargeInPercent": limit,
            }
        }
    least = round(state.charge_limit_min)
    profile = {
        "id": PROFILE,
        "name": _NAME,
        "settings": {
            "maxChargingCurrent": str(state.max_charge_current).upper(),
            "minBatteryStateOfCharge": {
                "enabled": least > 0,
                "minimumBatteryStateOfChargeInPercent": least,
            },
            "targetStateOfChargeInPercent": limit,
            "autoUnlockPlugWhenCharged": "PERMANENT"
            if state.auto_unlock_plug
            else "OFF",
        },
        "preferredChargingTimes": [
            {
                "id": slot.number,
                "enabled": slot.enabled,
                "startTime": f"{slot.charge_window.start:%H:%M}",
                "endTime": f"{slot.charge_window.end:%H:%M}",
            }
            for slot in state.schedule.slots
            if slot.charge_window is not None
        ],
        "timers": [_timer(slot) for slot in state.schedule.slots if slot.departure],
    }
    return captured(twin, {"profiles": [profile], **current})


def _timer(slot: Slot) -> dict[str, Any]:
    days: dict[str, Any] = {"recurringOn": [day.name for day in sorted(slot.days)]}
    if not slot.days:
        once = slot.once_on
        days = {} if once is None else {"oneOffDay": Weekday(once.weekday()).name}
    return {
        "id": slot.number,
        "enabled": slot.enabled,
        "time": f"{slot.departure:%H:%M}",
        "type": "RECURRING" if slot.days else "ONE_OFF",
        **days,
    }


def write_profile(body: Content, twin: Twin, at: str) -> tuple[Command, ...]:
    """Return what a profile that was sent asks of the car."""
    if at != str(PROFILE):
        raise Refused(404, "No charging profile found for the given id.")
    for name in _MUST:
        if name not in body:
            raise invalid(name, None, "required")
    if body["id"] != PROFILE:
        raise Refused(412, "The id in the URL is not that in the body.")
    slots = twin.state.schedule.slots
    timers = _listed(body, "timers", [one.number for one in slots if one.departure])
    times = _listed(
        body,
        "preferredChargingTimes",
        [one.number for one in slots if one.charge_window],
    )
    today = twin.now.date()
    schedule = Schedule(
        slots=(
            *(_slot_of_timer(timer, today) for timer in timers),
            *(_slot_of_time(one) for one in times),
        )
    )
    return (*_settings(body["settings"]), SetSchedule(schedule=schedule))


def _settings(settings: Any) -> Iterable[Command]:
    if not isinstance(settings, dict):
        raise invalid("settings", settings, "an object")
    if (word := settings.get("maxChargingCurrent")) is not None:
        if word not in _CURRENTS:
            raise invalid("maxChargingCurrent", word, *_CURRENTS)
        yield SetChargeCurrent(current=word.lower())
    if (least := settings.get("minBatteryStateOfCharge")) is not None:
        if not isinstance(least, dict):
            raise invalid("minBatteryStateOfCharge", least, "an object")
        percent = least.get("minimumBatteryStateOfChargeInPercent", 0)
        if percent not in range(101):
            raise invalid("minBatteryStateOfCharge", percent, "0 to 100")
        yield SetChargeLimitMin(percent=percent if least.get("enabled", True) else 0)
    if (limit := settings.get("targetStateOfChargeInPercent")) is not None:
        if limit not in range(50, 101, 10):
            raise invalid("targetStateOfChargeInPercent", limit, "50 to 100, in tens")
        yield SetChargeLimit(percent=limit)
    if (word := settings.get("autoUnlockPlugWhenCharged")) is not None:
        if word not in _UNLOCKS:
            raise invalid("autoUnlockPlugWhenCharged", word, *_UNLOCKS)
        yield SetAutoUnlockPlug(on=_UNLOCKS[word])


def _listed(body: Content, name: str, numbers: list[int]) -> list[Content]:
    """Return a list's entries: as many as the car has, each with its own id."""
    entries = body[name]
    good = isinstance(entries, list) and all(
        isinstance(entry, dict) and isinstance(entry.get("enabled"), bool)
        for entry in entries
    )
    if not good or [entry.get("id") for entry in entries] != numbers:
        raise invalid(name, entries, f"ids {numbers}")
    return list(entries)


def _slot_of_timer(timer: Content, today: date) -> Slot:
    days: frozenset[Weekday] = frozenset()
    once: date | None = None
    match timer.get("type"):
        case "RECURRING":
            names = timer.get("recurringOn") or []
            if not set(names) <= set(_DAYS):
                raise invalid("recurringOn", names, *_DAYS)
            days = frozenset(Weekday[name] for name in names)
        case "ONE_OFF":
            name = timer.get("oneOffDay")
            if name not in _DAYS:
                raise invalid("oneOffDay", name, *_DAYS)
            ahead = (Weekday[name] - today.weekday()) % 7
            once = today + timedelta(days=ahead)
        case other:
            raise invalid("type", other, "RECURRING", "ONE_OFF")
    return Slot(
        number=timer["id"],
        enabled=timer["enabled"],
        departure=_time(timer, "time"),
        days=days,
        once_on=once,
        charge=True,
    )


def _slot_of_time(entry: Content) -> Slot:
    window = Window(start=_time(entry, "startTime"), end=_time(entry, "endTime"))
    return Slot(
        number=entry["id"], enabled=entry["enabled"], days=_WEEK, charge_window=window
    )


def _time(entry: Content, name: str) -> time:
    text = entry.get(name)
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        raise invalid(name, text, "HH:mm")
    return time.fromisoformat(text)
