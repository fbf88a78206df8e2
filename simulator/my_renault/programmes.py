"""Charging and climate programmes: what the cloud takes, and what a car makes of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.twin.spec import TwinSpec
from carport.twin.weather import local_offset

from .answers import Refusal, invalid
from .people import DAYS, EMPTY_SLOTS

_UTC: Final = re.compile(r"T([01]\d|2[0-3]):(00|15|30|45)Z", re.ASCII)
_UTC_MINUTE: Final = re.compile(r"T([01]\d|2[0-3]):([0-5]\d)Z", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAY: Final = 24 * 60
_CLIMATE_FROM: Final = 100
_PROGRAMMES_FROM: Final = 200
_WINDOW: Final = 300

_PROGRAMME_DAYS: Final = tuple(f"programActivation{day.capitalize()}" for day in DAYS)
_PROGRAMME_TYPES: Final = frozenset(
    {"CHARGE", "PRECONDITIONING", "CHARGE_AND_PRECONDITIONING"}
)


def charging_problem(schedules: Any, *, same_time: bool) -> Refusal | None:
    """Say what is wrong with charging programmes, None if they can be taken."""
    return _problem(schedules, _is_window, "startTime", same_time=same_time)


def climate_problem(schedules: Any) -> Refusal | None:
    """Say what is wrong with climate programmes."""
    return _problem(schedules, _is_ready_time, "readyAtTime", same_time=False)


def _problem(
    schedules: Any, fits: Callable[[Any], bool], at: str, *, same_time: bool
) -> Refusal | None:
    where = "/data/attributes/schedules"
    if not isinstance(schedules, list) or len(schedules) > len(EMPTY_SLOTS):
        return invalid(where, "must be a list of programmes")
    if schedules == [{}]:
        return None
    for number, one in enumerate(schedules):
        known = isinstance(one, dict) and one.get("id") in range(1, 6)
        if not known or not isinstance(one.get("activated"), bool):
            return invalid(f"{where}/{number}", "must be a programme")
        windows = [one[day] for day in DAYS if one.get(day) is not None]
        if not all(fits(window) for window in windows):
            return invalid(f"{where}/{number}", "must be a time in quarters")
        if same_time and len({window[at] for window in windows}) > 1:
            return invalid(f"{where}/{number}", "must be the same time on all days")
    return None


def _is_window(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("startTime"), str)
        and _UTC.fullmatch(value["startTime"]) is not None
        and isinstance(value.get("duration"), int)
        and value["duration"] % 15 == 0
        and 15 <= value["duration"] <= _DAY
    )


def _is_ready_time(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("readyAtTime"), str)
        and _UTC_MINUTE.fullmatch(value["readyAtTime"]) is not None
    )


def settings_problem(body: Any) -> Refusal | None:
    """Say what is wrong with the settings of a newer car."""
    if not isinstance(body, dict):
        return invalid("/", "must be an object")
    programmes = body.get("programs")
    if not isinstance(programmes, list) or body.get("chargeModeRq") not in {
        "ALWAYS",
        "SCHEDULED",
    }:
        return invalid("/programs", "must be a list of programmes")
    for number, one in enumerate(programmes):
        if (
            not isinstance(one, dict)
            or one.get("programType") not in _PROGRAMME_TYPES
            or not isinstance(one.get("programActivationStatus"), bool)
            or not _CLOCK.fullmatch(str(one.get("programDepartureTime", "00:00")))
        ):
            return invalid(f"/programs/{number}", "must be a programme")
    return None


def all_slots(schedules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return five programmes: those that were sent, the others empty."""
    sent = {one["id"]: dict(one) for one in schedules if one}
    return [
        {
            name: value
            for name, value in sent.get(empty["id"], empty).items()
            if value is not None
        }
        for empty in EMPTY_SLOTS
    ]


def schedule_for(
    spec: TwinSpec,
    now: datetime,
    zone: ZoneInfo,
    *,
    charging: Sequence[Mapping[str, Any]] = (),
    climate: Sequence[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
) -> Schedule:
    """Return the timers a twin makes of all programmes together."""
    ahead = round(local_offset(spec.home.longitude) / 60)
    slots = [
        *_windows(charging, ahead),
        *_departures(climate, ahead),
        *_programmes(settings or {}, ahead - _ahead(now, zone)),
    ]
    return Schedule(slots=tuple(slots))


def _ahead(now: datetime, zone: ZoneInfo) -> int:
    offset = now.astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _windows(schedules: Sequence[Mapping[str, Any]], ahead: int) -> Iterator[Slot]:
    for one, day, told in _days(schedules):
        begins, weekday = _moved(told["startTime"][1:6], day, ahead)
        ends = (begins + told["duration"]) % _DAY
        yield Slot(
            number=one["id"] * 10 + day,
            enabled=True,
            days=frozenset({weekday}),
            charge=True,
            charge_window=Window(start=_time(begins), end=_time(ends)),
        )


def _departures(schedules: Sequence[Mapping[str, Any]], ahead: int) -> Iterator[Slot]:
    for one, day, told in _days(schedules):
        ready, weekday = _moved(told["readyAtTime"][1:6], day, ahead)
        yield Slot(
            number=_CLIMATE_FROM + one["id"] * 10 + day,
            enabled=True,
            departure=_time(ready),
            days=frozenset({weekday}),
            climate=True,
        )


def _days(
    schedules: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[Mapping[str, Any], Weekday, Mapping[str, Any]]]:
    """Yield every day on which a programme that is on does something."""
    for one in schedules:
        for day in Weekday:
            if one.get("activated") and one.get(DAYS[day]):
                yield one, day, one[DAYS[day]]


def _programmes(settings: Mapping[str, Any], ahead: int) -> Iterator[Slot]:
    """Yield the departures of a newer car, whose times are those of its clock."""
    for number, one in enumerate(settings.get("programs", ())):
        if not one["programActivationStatus"] or "programDepartureTime" not in one:
            continue
        for day in Weekday:
            if one.get(_PROGRAMME_DAYS[day]):
                leaves, weekday = _moved(one["programDepartureTime"], day, ahead)
                yield Slot(
                    number=_PROGRAMMES_FROM + number * 10 + day,
                    enabled=True,
                    departure=_time(leaves),
                    days=frozenset({weekday}),
                    charge=one["programType"] != "PRECONDITIONING",
                    climate=one["programType"] != "CHARGE",
                )
    if settings.get("chargeModeRq") == "SCHEDULED":
        begins, _ = _moved(settings["chargeTimeStart"], Weekday.MONDAY, ahead)
        ends = (begins + min(settings["chargeDuration"], _DAY)) % _DAY
        yield Slot(
            number=_WINDOW,
            enabled=True,
            days=frozenset(Weekday),
            charge=True,
            charge_window=Window(start=_time(begins), end=_time(ends)),
        )


def _moved(text: str, day: Weekday, ahead: int) -> tuple[int, Weekday]:
    """Return a time of day on another clock, and the day it then falls on."""
    minutes = int(text[:2]) * 60 + int(text[3:5]) + ahead
    return minutes % _DAY, Weekday((day + minutes // _DAY) % 7)


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def calendar(schedules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the first charging programme as the first Zoe's calendar shows it."""
    one = schedules[0] if schedules else {}
    return {
        day: [
            {
                "startTime": one[day]["startTime"][1:6].replace(":", ""),
                "duration": one[day]["duration"],
                "activationState": bool(one.get("activated")),
            }
        ]
        for day in DAYS
        if one.get(day)
    }
