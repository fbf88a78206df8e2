"""What We Connect is told for each command, and what a car may be asked: a table."""

from collections.abc import Callable, Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import CommandKind, HornMode, SetSchedule
from ...car.limits import Limits
from ...car.refusals import Reason, Refusal, wrong_schedule
from ...car.schedule import ScheduleProblem
from ...car.snapshot import Snapshot
from ...car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetVentilation,
    SetWindowHeating,
)
from ...cloud.answer import Answer
from ...cloud.command_map import CommandMapping
from ...cloud.contract import Car, Confirmation, Progress
from ...cloud.errors import BadAnswer, NotSupported
from ...cloud.field_map import get_path, text_at
from ...cloud.requests import Request
from ..volkswagen_group.cars import needs_mains
from . import endpoints as e, parts
from .cars import granted, may
from .readings import CLIMATE_SETTINGS, MICRO, place_in, position_of, settings_of
from .schedule import LIMITS as TIMER_LIMITS, without_day, written, written_with_limit

_CHARGER: Final = "/bs/batterycharge/v1/{vehicle}/charger/actions"
_CLIMATER: Final = "/bs/climatisation/v1/{vehicle}/climater/actions"
_TIMERS: Final = "/bs/departuretimer/v1/{vehicle}/timer/actions"
_HORN: Final = "/bs/rhf/v1/{vehicle}/honkAndFlash"
_DOORS: Final = "/bs/rlu/v1/{vehicle}"
_HEATER: Final = "/bs/rs/v1/{vehicle}"
_REPORT: Final = "/bs/vsr/v1/{vehicle}/requests"

_LOCK_XML: Final = "application/vnd.vwg.mbb.RemoteLockUnlock_v1_0_0+xml"
_HEATER_JSON: Final = "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_2+json"
_MAXIMUM: Final = 254
_HORN_SECONDS: Final = 15
_HORN_SECONDS_MOST: Final = 30
_HEATER_MINUTES: Final = 30
_HORNS: Final = {
    HornMode.FLASH: "FLASH_ONLY",
    HornMode.HONK_AND_FLASH: "HONK_AND_FLASH",
}
_ELECTRIC_CLIMATE: Final = "rclima_v1/P_START_CLIMA_EL"
_HEATER_CLIMATE: Final = "rclima_v1/P_START_CLIMA_AU"

type Row = Callable[..., CommandMapping]


# The calls


def deci_kelvin(celsius: float) -> int:
    """Return tenths of a kelvin, in steps of half a degree."""
    return round((celsius + 273.15) * 2) * 5


def _action(path: str, kind: str, **more: Any) -> Request:
    return e.command(path, {"action": {"type": kind, **more}})


def _current(car: Car, command: c.SetChargeCurrent) -> Request:
    amperes = _MAXIMUM if isinstance(command.current, str) else int(command.current)
    return _action(_CHARGER, "setSettings", settings={"maxChargeCurrent": amperes})


def _settings(climater: Any, **changes: Any) -> dict[str, Any]:
    """Return all settings with these changed: the cloud takes them together only."""
    settings = {**settings_of(climater), **changes}
    if settings.keys() < set(CLIMATE_SETTINGS):
        raise BadAnswer(_CLIMATER)
    return settings


def _start_climate(car: Car, command: c.StartClimate, climater: Any) -> Request:
    """Start with the car's own settings; a heater that burns fuel wants the S-PIN."""
    settings = _settings(climater)
    if command.temperature is not None:
        settings["targetTemperature"] = deci_kelvin(command.temperature)
    request = _action(_CLIMATER, "startClimatisation", settings=settings)
    if settings["heaterSource"] == "electric":
        return request
    return replace(request, operation=_HEATER_CLIMATE)


def _temperature(car: Car, command: c.SetTemperature, climater: Any) -> Request:
    tenths = deci_kelvin(command.temperature)
    settings = _settings(climater, targetTemperature=tenths)
    return _action(_CLIMATER, "setSettings", settings=settings)


def _on_battery(car: Car, command: SetClimateOnBattery, climater: Any) -> Request:
    settings = _settings(climater, climatisationWithoutHVpower=command.on)
    return _action(_CLIMATER, "setSettings", settings=settings)


def _window(car: Car, command: SetWindowHeating) -> Request:
    kind = "startWindowHeating" if command.on else "stopWindowHeating"
    return _action(_CLIMATER, kind)


def _doors(action: str) -> Request:
    return e.command(
        f"{_DOORS}/actions",
        xml=(
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<rluAction xmlns="http://audi.de/connect/rlu">'
            f"<action>{action}</action></rluAction>"
        ),
        headers={"Content-Type": _LOCK_XML},
        operation=f"rlu_v1/{action.upper()}",
    )


def _heat(car: Car, command: SetAuxiliaryHeating | SetVentilation) -> Request:
    """Run the heater, or its fan alone; only starting wants the S-PIN."""
    mode = "heating" if isinstance(command, SetAuxiliaryHeating) else "ventilation"
    start = {
        "climatisationDuration": int(command.duration or _HEATER_MINUTES),
        "startMode": mode,
        "active": True,
    }
    wish = {"quickstart": start} if command.on else {"quickstop": {"active": False}}
    return e.command(
        f"{_HEATER}/action",
        {"performAction": wish},
        headers={"Content-Type": _HEATER_JSON},
        operation="rheating_v1/P_QSACT" if command.on else None,
    )


def _honk(car: Car, command: c.HonkAndFlash, position: Any) -> Request:
    """Ask from where the car stands: the cloud wants the owner near it."""
    code = _HORNS.get(command.mode)
    place = None if position is None else position_of(place_in(position))
    if code is None or place is None or command.count is not None:
        raise NotSupported(_HORN)
    wish = {
        "serviceOperationCode": code,
        "serviceDuration": int(command.duration or _HORN_SECONDS),
        "userPosition": {
            "latitude": round(place.latitude * MICRO),
            "longitude": round(place.longitude * MICRO),
        },
    }
    return e.command(_HORN, {"honkAndFlashRequest": wish})


def _schedule(car: Car, command: SetSchedule, timers: Any) -> Request:
    wish = written(timers, command.schedule)
    return _action(_TIMERS, "setTimersAndProfiles", timersAndProfiles=wish)


def _charge_at_least(car: Car, command: c.SetChargeLimitMin, timers: Any) -> Request:
    wish = written_with_limit(timers, command.percent)
    return _action(_TIMERS, "setChargeMinLimit", timersAndProfiles=wish)


# What a car takes

_PIN: Final = Limits(needs_pin=True)
_PLUG: Final = Limits(needs_plug=True)
_CURRENTS: Final = Limits(numbers=(5, 10, 13, 16), words=("maximum",))
# What the old clients took; later ones of the same cars went up to 29.5.
_TEMPERATURES: Final = Limits(low=16, high=28, step=0.5)


def _horn_limits(car: Car, observed: AbstractSet[str]) -> Limits:
    most = car.handle.get("horn_seconds")
    return Limits(
        words=tuple(str(mode) for mode in _HORNS),
        low=1,
        high=_HORN_SECONDS_MOST if most is None else float(most),
    )


def _start_limits(car: Car, observed: AbstractSet[str]) -> Limits:
    """Say that it may burn fuel where the car's own setting decides which heater runs.

    That setting may be changed anywhere, in the car or by its app.
    """
    operations = granted(car)
    return replace(
        _TEMPERATURES,
        needs_pin=_ELECTRIC_CLIMATE not in operations,
        burns_fuel=_HEATER_CLIMATE in operations,
    )


def timers_that_burn_fuel(car: Car, limits: Limits, *, set_so: bool) -> Limits:
    """Say that timers may burn fuel: by the car's settings, or as its climate may."""
    if limits.schedule is None or not (set_so or _HEATER_CLIMATE in granted(car)):
        return limits
    return replace(limits, schedule=replace(limits.schedule, climate_burns_fuel=True))


# Why a command would be futile


def timers_blocked_by(
    car: Car, command: SetSchedule, snapshot: Snapshot, now: datetime
) -> Refusal | None:
    """Refuse timers that have an hour, but no day that it could be on."""
    wrong = without_day(command.schedule, snapshot.value(s.SCHEDULE), now)
    return wrong_schedule(
        tuple(ScheduleProblem(rule="days_missing", slot=number) for number in wrong)
    )


# The table


def _rows(part: str | None, progress: str, *operations: str) -> Row:
    """Begin the rows of commands that any of these operations grants.

    Their effect shows in a part, and a call tells what became of them.
    """
    return partial(
        CommandMapping,
        shown_by=part,
        progress=e.progress(progress),
        wanted=may(*operations),
    )


# Each of the two is granted alone.
_lock = _rows(parts.REPORT, f"{_DOORS}/requests/{{number}}/status")
_charger = _rows(parts.CHARGER, f"{_CHARGER}/{{number}}", "rbatterycharge_v1/")
_climater = _rows(
    parts.CLIMATER, f"{_CLIMATER}/{{number}}", _ELECTRIC_CLIMATE, _HEATER_CLIMATE
)
_heater = _rows(
    parts.HEATER, f"{_HEATER}/requests/{{number}}/status", "rheating_v1/P_QSACT"
)
_horn = _rows(None, f"{_HORN}/{{number}}/status", "rhonk_v1/")
_timers = _rows(parts.TIMERS, f"{_TIMERS}/{{number}}", "timerprogramming_v1/")
_wake = _rows(None, f"{_REPORT}/{{number}}/jobstatus", "statusreport_v1/")

COMMAND_MAP: Final = (
    _lock(CommandKind.LOCK, _doors("lock"), _PIN, wanted=may("rlu_v1/LOCK")),
    _lock(CommandKind.UNLOCK, _doors("unlock"), _PIN, wanted=may("rlu_v1/UNLOCK")),
    _charger(CommandKind.START_CHARGING, _action(_CHARGER, "start"), _PLUG),
    _charger(CommandKind.STOP_CHARGING, _action(_CHARGER, "stop"), _PLUG),
    _charger(CommandKind.SET_CHARGE_CURRENT, _current, _CURRENTS),
    _climater(
        CommandKind.START_CLIMATE,
        _start_climate,
        _start_limits,
        repeats=parts.CLIMATER,
        blocked_by=needs_mains,
    ),
    _climater(CommandKind.STOP_CLIMATE, _action(_CLIMATER, "stopClimatisation")),
    _climater(
        CommandKind.SET_TEMPERATURE, _temperature, _TEMPERATURES, repeats=parts.CLIMATER
    ),
    _climater(
        CommandKind.SET_CLIMATE_ON_BATTERY,
        _on_battery,
        repeats=parts.CLIMATER,
        wanted=may(_ELECTRIC_CLIMATE),
    ),
    _climater(CommandKind.SET_WINDOW_HEATING, _window, blocked_by=needs_mains),
    _heater(CommandKind.SET_AUXILIARY_HEATING, _heat, _PIN),
    _heater(CommandKind.SET_VENTILATION, _heat, _PIN),
    _horn(CommandKind.HONK_AND_FLASH, _honk, _horn_limits, repeats=parts.POSITION),
    _timers(
        CommandKind.SET_SCHEDULE,
        _schedule,
        Limits(schedule=TIMER_LIMITS),
        repeats=parts.TIMERS,
        blocked_by=timers_blocked_by,
    ),
    _timers(
        CommandKind.SET_CHARGE_LIMIT_MIN,
        _charge_at_least,
        Limits(low=0, high=100, step=10),
        repeats=parts.TIMERS,
    ),
    _wake(CommandKind.WAKE, e.command(_REPORT, {})),
)


# What became of it

_NUMBERS: Final = (
    ("action", "actionId"),
    ("honkAndFlashRequest", "id"),
    ("rluActionResponse", "requestId"),
    ("performActionResponse", "requestId"),
    ("CurrentVehicleDataResponse", "requestId"),
)
_STATES: Final = (
    ("action", "actionState"),
    ("requestStatusResponse", "status"),
    ("status", "statusCode"),
)
_CONFIRMATIONS: Final = {
    "succeeded": Confirmation(progress=Progress.DONE),
    "request_successful": Confirmation(progress=Progress.DONE),
    "failed": Confirmation(progress=Progress.FAILED, reason=Reason.CAR_REFUSED),
    "request_fail": Confirmation(progress=Progress.FAILED, reason=Reason.CAR_REFUSED),
    "unfetched": Confirmation(
        progress=Progress.FAILED, reason=Reason.NO_ANSWER_FROM_CAR
    ),
}


def number_in(answer: Answer) -> str:
    """Return the number that the cloud gave a command."""
    body = answer.json()
    for path in _NUMBERS:
        number = get_path(body, path)
        if isinstance(number, (int, str)) and not isinstance(number, bool) and number:
            return str(number)
    raise BadAnswer(answer.what, status=answer.status)


def progress_in(answer: Answer) -> Confirmation:
    """Read what became of a command; any other word means that it is under way."""
    body = answer.json()
    for path in _STATES:
        if (word := text_at(body, *path)) is not None:
            return _CONFIRMATIONS.get(word.casefold(), Confirmation())
    return Confirmation()
