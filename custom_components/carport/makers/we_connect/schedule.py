"""Departure timers and their profiles, as a schedule and back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from ...car import signals as s
from ...car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer
from ...cloud.field_map import (
    ReadingBuilder,
    capture_time,
    get_path,
    rows_at,
    text_at,
    to_float,
)
from .endpoints import TIMERS

LIMITS: Final = ScheduleLimits(
    slots=3,
    preferred_window=True,
    dates=True,
    main_switch=False,
    fixed_numbers=True,
    # A timer without days needs a date: the cloud takes no bare hour.
    single=frozenset(),
)

_PROGRAMMED: Final = "programmed"
_CYCLIC: Final = "cyclic"
_BASICS: Final = ("timersAndProfiles", "timerBasicSetting")


def read_timers(builder: ReadingBuilder, data: Any, car: Car) -> None:
    """Read the timers as one schedule, and the charge limits that stand beside."""
    rows, profiles = _timers(data), _profiles(data)
    if not rows:
        return
    stamps = [
        capture_time(text_at(row, "timestamp"), builder.received_at) for row in rows
    ]
    newest = max((stamp for stamp in stamps if stamp is not None), default=None)
    slots = (_slot(row, profiles) for row in rows)
    schedule = Schedule(
        slots=tuple(slot for slot in slots if slot is not None),
        preferred_window=_first_night(profiles),
    )
    builder.add(s.SCHEDULE, schedule, newest)
    used = profiles.get(text_at(_first(rows), "profileID") or "", {})
    if (level := to_float(used.get("targetChargeLevel"))) is not None:
        builder.add(s.CHARGE_LIMIT, level, newest)
    least = to_float(get_path(data, (*_BASICS, "chargeMinLimit")))
    if least is not None:
        builder.add(s.CHARGE_LIMIT_MIN, least, newest)


def written(data: Mapping[str, Any], schedule: Schedule) -> dict[str, Any]:
    """Return the timers to send: what the car had, changed to a schedule.

    What a timer does stands in a profile; all else that profiles say stays as it was.
    A timer that is not in the schedule is switched off, but not one that could not be
    read: that goes back as it came.
    """
    before, rows = _profiles(data), _timers(data)
    slots = {str(slot.number): slot for slot in schedule.slots}
    if not rows or not before:
        raise BadAnswer(TIMERS.path)
    profiles, sent = dict(before), []
    users = Counter(str(row.get("profileID")) for row in rows)
    listed = {str(row.get("timerID")) for row in rows}
    # Some cars leave out what was never set.
    new = [{"timerID": ident} for ident in slots if ident not in listed]
    for row in (*rows, *new):
        ident = str(row.get("timerID"))
        slot = slots.get(ident)
        if slot is None and row in rows and _is_unread(row, before):
            sent.extend(_undated((row,)))
            continue
        profile = _profile_for(row, slot, profiles, users)
        sent.append({"timerID": ident, "profileID": profile, **_when(slot)})
    if schedule.preferred_window != _first_night(before):
        cheap = _cheap(schedule.preferred_window)
        profiles = {ident: {**row, **cheap} for ident, row in profiles.items()}
    return {
        "timerProfileList": {"timerProfile": _undated(profiles.values())},
        "timerList": {"timer": sent},
        "timerBasicSetting": _basics(data),
    }


def written_with_limit(data: Mapping[str, Any], percent: float) -> dict[str, Any]:
    """Return the timers to send as they are, and the lower charge limit changed."""
    profiles, rows = _profiles(data), _timers(data)
    if not rows or not profiles:
        raise BadAnswer(TIMERS.path)
    return {
        "timerProfileList": {"timerProfile": _undated(profiles.values())},
        "timerList": {"timer": _undated(rows)},
        "timerBasicSetting": {**_basics(data), "chargeMinLimit": int(percent)},
    }


def _basics(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds for all timers, in the types that the cloud takes."""
    basics = {}
    for key in ("chargeMinLimit", "targetTemperature"):
        number = to_float(get_path(data, (*_BASICS, key)))
        if number is None:
            raise BadAnswer(TIMERS.path)
        basics[key] = int(number)
    source = text_at(data, *_BASICS, "heaterSource")
    return {**basics, "heaterSource": source or "electric"}


def _undated(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Leave the car's times out, which the cloud does not take back."""
    return [
        {key: value for key, value in row.items() if key != "timestamp"} for row in rows
    ]


def without_day(
    schedule: Schedule, known: Schedule | None, now: datetime
) -> tuple[int, ...]:
    """Return the timers that get an hour but no day to go with it, or one long past.

    The cloud has no word for the one, on or off, and the car never does the other.
    What the car itself has is not the owner's doing.
    """
    before = () if known is None else known.slots
    # Somewhere it may still be yesterday.
    today = now.date() - timedelta(days=1)
    return tuple(
        slot.number
        for slot in schedule.slots
        if slot not in before and not slot.days and not _is_ahead(slot, today)
    )


def _is_ahead(slot: Slot, today: date) -> bool:
    return slot.once_on is not None and (not slot.enabled or slot.once_on >= today)


def _profile_for(
    row: Mapping[str, Any],
    slot: Slot | None,
    profiles: dict[str, Mapping[str, Any]],
    users: Counter[str],
) -> str:
    """Return the profile a timer is to have, and make it say what the timer does.

    Several timers may share one. It is not changed for all of them: the timer gets
    one that nobody uses, with everything else as it was.
    """
    ident, used = str(row.get("timerID")), str(row.get("profileID"))
    pattern = profiles.get(used) or next(iter(profiles.values()))
    if slot is None or _actions(pattern) == (slot.charge, slot.climate):
        return str(pattern["profileID"])
    target = used
    if used not in profiles or users[used] > 1:
        target = next((name for name in (ident, *profiles) if not users[name]), ident)
        users[used] -= 1
        users[target] += 1
    profiles[target] = {
        **pattern,
        "profileID": target,
        "profileName": profiles.get(target, {}).get("profileName", target),
        "operationCharging": slot.charge,
        "operationClimatisation": slot.climate,
    }
    return target


def _actions(profile: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return whether a profile charges, and whether it conditions the cabin."""
    return (
        profile.get("operationCharging") is True,
        profile.get("operationClimatisation") is True,
    )


def _cheap(night: Window | None) -> dict[str, Any]:
    if night is None:
        return {"nightRateActive": False}
    return {
        "nightRateActive": True,
        "nightRateTimeStart": f"{night.start:%H:%M}",
        "nightRateTimeEnd": f"{night.end:%H:%M}",
    }


def _first_night(profiles: Mapping[str, Mapping[str, Any]]) -> Window | None:
    return next(filter(None, map(_night, profiles.values())), None)


def _timers(data: Any) -> list[Mapping[str, Any]]:
    return rows_at(data, "timersAndProfiles", "timerList", "timer")


def _profiles(data: Any) -> dict[str, Mapping[str, Any]]:
    rows = rows_at(data, "timersAndProfiles", "timerProfileList", "timerProfile")
    return {
        row["profileID"]: row for row in rows if isinstance(row.get("profileID"), str)
    }


def _first(rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the first timer that is on, or just the first."""
    on = (row for row in rows if row.get("timerProgrammedStatus") == _PROGRAMMED)
    return next(on, rows[0])


def _slot(
    row: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]
) -> Slot | None:
    """Return a timer as a slot; one that was never set is none."""
    ident = str(row.get("timerID"))
    charge, climate = _actions(profiles.get(str(row.get("profileID")), {}))
    if not ident.isdecimal():
        return None
    try:
        if row.get("timerFrequency") == _CYCLIC:
            departure = time.fromisoformat(str(row.get("departureTimeOfDay")))
            once_on, days = None, _days(row.get("departureWeekdayMask"))
        else:
            moment = datetime.fromisoformat(str(row.get("departureDateTime")))
            departure = moment.time()
            once_on, days = moment.date(), frozenset()
    except ValueError:
        return None
    return Slot(
        number=int(ident),
        enabled=row.get("timerProgrammedStatus") == _PROGRAMMED,
        departure=departure.replace(tzinfo=None, second=0, microsecond=0),
        days=days,
        once_on=once_on,
        charge=charge,
        climate=climate,
    )


def _is_unread(
    row: Mapping[str, Any], profiles: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Return whether a timer says something that is understood nowhere here."""
    is_on = row.get("timerProgrammedStatus") == _PROGRAMMED
    said = is_on or "departureTimeOfDay" in row or "departureDateTime" in row
    return said and _slot(row, profiles) is None


def _days(mask: Any) -> frozenset[Weekday]:
    """Read a mask from Monday to Sunday."""
    marks = str(mask)
    return frozenset(
        day for day, mark in zip(Weekday, marks, strict=False) if mark == "y"
    )


def _night(profile: Mapping[str, Any]) -> Window | None:
    if profile.get("nightRateActive") is not True:
        return None
    try:
        return Window(
            start=time.fromisoformat(str(profile.get("nightRateTimeStart"))),
            end=time.fromisoformat(str(profile.get("nightRateTimeEnd"))),
        )
    except ValueError:
        return None


def _when(slot: Slot | None) -> dict[str, Any]:
    if slot is None or slot.departure is None:
        return {"timerProgrammedStatus": "notProgrammed", "timerFrequency": "single"}
    said = {"timerProgrammedStatus": _PROGRAMMED if slot.enabled else "notProgrammed"}
    clock = f"{slot.departure:%H:%M}"
    if slot.once_on is not None:
        return {
            **said,
            "timerFrequency": "single",
            "departureDateTime": f"{slot.once_on}T{clock}",
        }
    return {
        **said,
        "timerFrequency": _CYCLIC,
        "departureTimeOfDay": clock,
        "departureWeekdayMask": "".join(
            "y" if day in slot.days else "n" for day in Weekday
        ),
    }


def heats_with_fuel(body: Any) -> bool:
    """Return whether the car's own settings let a timer run another heater.

    Beside the heater that burns fuel alone there is "automatic", where the car chooses.
    """
    data = get_path(body, ("timer", "timersAndProfiles"))
    sources = [
        text_at(data, "timerBasicSetting", "heaterSource"),
        *(
            text_at(profile, "heaterSource")
            for profile in rows_at(data, "timerProfileList", "timerProfile")
        ),
    ]
    return any(source not in {None, "electric"} for source in sources)
