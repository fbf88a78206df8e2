"""What i Remote is told for each command, and what a car may be asked: a table."""

from collections.abc import Callable, Mapping, Set as AbstractSet
from dataclasses import replace
from functools import partial
import json
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind, HornMode, SetSchedule
from ...car.limits import Limits
from ...car.refusals import Reason
from ...car.signals import ChargeMode
from ...cloud.command_map import CommandMapping, Encode
from ...cloud.contract import Car, Confirmation, Progress
from ...cloud.field_map import ReadingBuilder, get_path, mapped, text_at
from ...cloud.parts import always
from ...cloud.requests import Request
from ..bmw_group.words import LOCKED
from . import endpoints as e, parts, places, schedule
from .cars import activated, has, is_electrified

_MOST_FLASHES: Final = 10
"""Nobody knows what the cloud takes; the documented example is 2."""
_BY_RECORD_ALONE: Final = 5.0
"""Seconds until the record of a command, without any report of the car, can tell."""
_SENT_PLACE_SHOWS: Final = 10.0
_SENT_PLACE_IS_LOST: Final = 120.0
"""No record follows a place, so nothing says later that it did not arrive."""
_CHARGING_CONTROL: Final = "CHARGING_CONTROL"
_HORN: Final = {HornMode.FLASH: "lightFlash", HornMode.HONK: "hornBlow"}
_MODES: Final = (str(ChargeMode.IMMEDIATE), str(ChargeMode.SCHEDULED))


# The calls


def _service(name: str, **fields: str) -> Request:
    """Ask for a service of the car."""
    return replace(e.EXECUTE, form={"serviceType": name, **fields})


def service_of(request: Request) -> str:
    """Return the service of the car that a call asks for."""
    return (request.form or {}).get("serviceType", "")


def _record(service: str) -> Request:
    """Ask how far the latest command of one service has come."""
    return replace(e.EXECUTION, params={"serviceType": service})


def _honk_or_flash(car: Car, command: c.HonkAndFlash) -> Request:
    """Flash or honk; whether the count means flashes or seconds is not known."""
    if command.mode is HornMode.HONK:
        return _service("HORN_BLOW")
    count = command.count or command.duration
    if count is None:
        return _service("LIGHT_FLASH")
    return _service("LIGHT_FLASH", count=f"{count:.0f}")


def _send_place(car: Car, command: c.SendDestination) -> Request:
    return replace(e.SEND_PLACE, form={"data": places.poi_of(command)})


def _timers(car: Car, command: SetSchedule, profile: Mapping[str, Any]) -> Request:
    form = schedule.FORM_OF[car.handle["chargingControl"]]
    return _profile(schedule.document_of(command.schedule, form, profile))


def _mode(car: Car, command: c.SetChargeMode, profile: Mapping[str, Any]) -> Request:
    return _profile(schedule.with_mode(profile, command.mode))


def _profile(document: Mapping[str, Any]) -> Request:
    data = json.dumps(document, separators=(",", ":"))
    return _service(_CHARGING_CONTROL, data=data)


# What a car takes, by the flags of the list of cars


def form_of(car: Car) -> str | None:
    """Return the form of the car's charging profile; None where it has none."""
    return schedule.FORM_OF.get(car.handle.get("chargingControl", ""))


def _horn_limits(car: Car, observed: AbstractSet[str]) -> Limits | None:
    words = tuple(str(mode) for mode, flag in _HORN.items() if activated(flag)(car))
    if not words:
        return None
    limits = Limits(words=words, verify_after=_BY_RECORD_ALONE)
    if HornMode.FLASH not in words:
        return limits
    return replace(limits, low=1, high=_MOST_FLASHES, step=1)


def _timer_limits(car: Car, observed: AbstractSet[str]) -> Limits | None:
    form = form_of(car)
    return None if form is None else Limits(schedule=schedule.LIMITS[form])


def _place_limits(car: Car, observed: AbstractSet[str]) -> Limits:
    # Only the list of destinations can prove it, which not every car has.
    return Limits(
        reports_completion=has("lastDestinations")(car),
        provable=False,
        verify_after=_SENT_PLACE_SHOWS,
        timeout=_SENT_PLACE_IS_LOST,
    )


# The table


def _row(
    kind: CommandKind,
    service: str,
    wanted: Callable[[Car], bool],
    request: Encode | None = None,
    **more: Any,
) -> CommandMapping:
    """Declare a command that a service of the car carries out; its record is asked for."""
    return CommandMapping(
        kind=kind,
        request=request or _service(service),
        wanted=wanted,
        progress=_record(service),
        **more,
    )


_by_status = partial(_row, shown_by=parts.STATUS)
_by_profile = partial(
    _row,
    service=_CHARGING_CONTROL,
    wanted=lambda car: form_of(car) is not None,
    repeats=parts.PROFILE,
    shown_by=parts.PROFILE,
    dated=False,
)

COMMAND_MAP: Final = (
    _by_status(CommandKind.LOCK, "DOOR_LOCK", activated("doorLock")),
    _by_status(CommandKind.UNLOCK, "DOOR_UNLOCK", activated("doorUnlock")),
    # The flag `chargeNow` says no even of cars that do it: it may mean another thing.
    _by_status(
        CommandKind.START_CHARGING,
        "CHARGE_NOW",
        is_electrified,
        limits=Limits(needs_plug=True),
    ),
    # Nothing that can be read shows whether the cabin is conditioned.
    _row(
        CommandKind.START_CLIMATE,
        "CLIMATE_NOW",
        activated("climateNow"),
        limits=Limits(provable=False, verify_after=_BY_RECORD_ALONE),
    ),
    _row(
        CommandKind.HONK_AND_FLASH,
        "LIGHT_FLASH",
        always,
        _honk_or_flash,
        limits=_horn_limits,
    ),
    # The finder makes the car report, its place too; it is the only way to wake it.
    _by_status(CommandKind.WAKE, "VEHICLE_FINDER", activated("vehicleFinder")),
    _by_profile(kind=CommandKind.SET_SCHEDULE, request=_timers, limits=_timer_limits),
    _by_profile(
        kind=CommandKind.SET_CHARGE_MODE, request=_mode, limits=Limits(words=_MODES)
    ),
    CommandMapping(
        kind=CommandKind.SEND_DESTINATION,
        request=_send_place,
        wanted=activated("sendPoi"),
        limits=_place_limits,
        progress=e.DESTINATIONS,
    ),
)


# What became of it: the record of the latest command of one service

# A record without a status is for a moment only: the command is still on its way.
_PROGRESS: Final = mapped(
    {
        "INITIATED": Progress.PENDING,
        "PENDING": Progress.PENDING,
        "DELIVERED": Progress.PENDING,
        "EXECUTED": Progress.DONE,
        "NOT_EXECUTED": Progress.FAILED,
        "TIMED_OUT": Progress.FAILED,
    }
)
_TIMED_OUT: Final = "TIMED_OUT"


def number_in(body: Mapping[str, Any]) -> str | None:
    """Return the number of the command that a record is about."""
    return text_at(body, "executionStatus", "eventId")


def progress_in(body: Mapping[str, Any]) -> Confirmation:
    """Read how far a command is; an unknown word is no end."""
    status = get_path(body, ("executionStatus", "status"))
    progress = _PROGRESS(status) or Progress.PENDING
    if progress is not Progress.FAILED:
        return Confirmation(progress=progress)
    timed_out = status == _TIMED_OUT
    reason = Reason.NO_ANSWER_FROM_CAR if timed_out else Reason.CAR_REFUSED
    return Confirmation(progress=progress, reason=reason)


def doors_in(
    body: Mapping[str, Any], command: Command, builder: ReadingBuilder
) -> Confirmation | None:
    """Take the car's own answer for its doors, where the record has it.

    A car that was locked already sends no report, which would be waited for.
    """
    wish = command.effects.get(s.DOORS_LOCKED)
    path = ("executionStatus", "extendedStatus", "newDoorStatus")
    locked = LOCKED(get_path(body, path))
    if wish is None or locked is None:
        return None
    builder.add(s.DOORS_LOCKED, locked)
    if locked is wish:
        return Confirmation(progress=Progress.DONE, result=builder.result())
    return Confirmation(
        progress=Progress.FAILED,
        reason=Reason.CAR_DISAGREES,
        result=builder.result(),
    )
