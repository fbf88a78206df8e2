"""The charging profile in its two forms, and the neutral schedule it stands for.

A weekly planner has three timers with days and a fourth for once; the older form has
two for every day. Charging and climate are switched for all timers together.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final

from ...car import signals as s
from ...car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from ...car.signals import ChargeMode
from ...cloud.contract import Car
from ...cloud.errors import NotSupported
from ...cloud.field_map import ReadingBuilder, get_path, to_bool
from ..bmw_group.words import CHARGE_MODE
from .endpoints import PROFILE

WEEKLY: Final = "weeklyPlanner"
DAILY: Final = "twoTimesTimer"
FORM_OF: Final = {"WEEKLY_PLANNER": WEEKLY, "TWO_TIMES_TIMER": DAILY}

_ONCE: Final = 4
_TIMERS: Final[Mapping[str, Mapping[int, str]]] = {
    WEEKLY: {1: "timer1", 2: "timer2", 3: "timer3", _ONCE: "overrideTimer"},
    DAILY: {1: "timer1", 2: "timer2"},
}
_EVERY_DAY: Final = frozenset(Weekday)
_MODES: Final = {True: "DELAYED_CHARGING", False: "IMMEDIATE_CHARGING"}
_NO_WINDOW: Final = {"startTime": "00:00", "endTime": "00:00"}

LIMITS: Final[Mapping[str, ScheduleLimits]] = {
    WEEKLY: ScheduleLimits(
        slots=4,
        fixed_numbers=True,
        alike=True,
        preferred_window=True,
        main_switch=False,
        single=frozenset({_ONCE}),
        once_only=frozenset({_ONCE}),
    ),
    DAILY: ScheduleLimits(
        slots=2,
        fixed_numbers=True,
        alike=True,
        preferred_window=True,
        main_switch=False,
        whole_week=True,
    ),
}


def read_profile(builder: ReadingBuilder, body: Any, car: Car) -> None:
    """Read charge mode and timers, in whichever form they come."""
    for form in (WEEKLY, DAILY):
        if isinstance(profile := body.get(form), Mapping):
            builder.add(s.CHARGE_MODE, CHARGE_MODE(profile.get("chargingMode")))
            builder.add(s.SCHEDULE, schedule_of(profile, form))
            return


def schedule_of(profile: Mapping[str, Any], form: str) -> Schedule | None:
    """Return the timers; None where the profile does not say what they are for."""
    mode = CHARGE_MODE(profile.get("chargingMode"))
    if mode is None:
        return None
    charge = mode is not ChargeMode.IMMEDIATE
    climate = to_bool(profile.get("climatizationEnabled")) is True
    slots = (
        _slot(number, profile.get(name), form, charge=charge, climate=climate)
        for number, name in _TIMERS[form].items()
    )
    return Schedule(
        slots=tuple(slot for slot in slots if slot is not None),
        preferred_window=_window(profile),
    )


def document_of(
    schedule: Schedule, form: str, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the whole profile for a schedule that keeps the limits of its form.

    A timer without a time clears what the car had there, unless that could not be read:
    it goes back as it came, and so does one that stays as it is. A window that is off keeps
    the hours it had before, which the schedule knows nothing of.
    """
    slots = {slot.number: slot for slot in schedule.slots}
    window = schedule.preferred_window
    preferred: dict[str, Any] = (
        _hours_kept(before or {}, form)
        if window is None
        else {"startTime": _text(window.start), "endTime": _text(window.end)}
    )
    if form == WEEKLY:
        preferred = {"enabled": window is not None, **preferred}
    return {
        form: {
            "climatizationEnabled": any(slot.climate for slot in schedule.slots),
            "chargingMode": _MODES[any(slot.charge for slot in schedule.slots)],
            "chargingPreferences": "NO_PRESELECTION"
            if window is None
            else "CHARGING_WINDOW",
            **{
                name: _kept(
                    number,
                    slots.get(number),
                    get_path(before or {}, (form, name)),
                    form,
                )
                or _timer(slots.get(number), form)
                for number, name in _TIMERS[form].items()
            },
            "preferredChargingWindow": preferred,
        }
    }


def _hours_kept(before: Mapping[str, Any], form: str) -> dict[str, str]:
    """Return the hours of a profile's window, whether or not it is on."""
    said = get_path(before, (form, "preferredChargingWindow"))
    hours = {key: get_path(said, (key,)) for key in _NO_WINDOW}
    known = {key: hour for key, hour in hours.items() if _time(hour) is not None}
    return {**_NO_WINDOW, **known}


def with_mode(body: Mapping[str, Any], mode: ChargeMode) -> dict[str, Any]:
    """Return a profile as it was read, with another mode and nothing else changed."""
    for form in (WEEKLY, DAILY):
        if isinstance(profile := body.get(form), Mapping):
            word = _MODES[mode is not ChargeMode.IMMEDIATE]
            return {form: {**profile, "chargingMode": word}}
    raise NotSupported(PROFILE.path)


def _slot(
    number: int, timer: Any, form: str, *, charge: bool, climate: bool
) -> Slot | None:
    departure = _time(timer.get("departureTime")) if isinstance(timer, dict) else None
    if departure is None:
        return None
    return Slot(
        number=number,
        enabled=to_bool(timer.get("timerEnabled")) is True,
        departure=departure,
        days=_days_of(number, timer, form),
        charge=charge,
        climate=climate,
    )


def _days_of(number: int, timer: Mapping[str, Any], form: str) -> frozenset[Weekday]:
    """Return the days of a timer: the override fires once, whatever it says of days."""
    if form == DAILY:
        return _EVERY_DAY
    return frozenset() if number == _ONCE else _days(timer.get("weekdays"))


def _kept(number: int, slot: Slot | None, before: Any, form: str) -> Any:
    """Return a timer as it was, where it is to stay so or could not be read; else None."""
    if not isinstance(before, Mapping) or "departureTime" not in before:
        return None
    read = _slot(number, before, form, charge=True, climate=True)
    if slot is None:
        return dict(before) if read is None else None
    same = replace(slot, charge=True, climate=True) == read
    return dict(before) if same else None


def _timer(slot: Slot | None, form: str) -> dict[str, Any]:
    if slot is None or slot.departure is None:
        return {"weekdays": []} if form == WEEKLY else {}
    timer: dict[str, Any] = {
        "departureTime": _text(slot.departure),
        "timerEnabled": slot.enabled,
    }
    if form == WEEKLY:
        timer["weekdays"] = [day.name for day in sorted(slot.days)]
    return timer


def _days(names: Any) -> frozenset[Weekday]:
    known = names if isinstance(names, list) else ()
    return frozenset(
        Weekday[name]
        for name in known
        if isinstance(name, str) and name in Weekday.__members__
    )


def _window(profile: Mapping[str, Any]) -> Window | None:
    """Return the preferred window; equal ends stand for none."""
    said = profile.get("preferredChargingWindow")
    if profile.get("chargingPreferences") == "NO_PRESELECTION":
        return None
    if not isinstance(said, Mapping) or to_bool(said.get("enabled")) is False:
        return None
    start, end = _time(said.get("startTime")), _time(said.get("endTime"))
    if start is None or end is None or start == end:
        return None
    return Window(start=start, end=end)


def _time(value: Any) -> time | None:
    if not isinstance(value, str):
        return None
    try:
        return time.fromisoformat(value).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _text(moment: time) -> str:
    return moment.strftime("%H:%M")
