"""What a model's timers can express, and the calls that replace them."""

from collections.abc import Callable, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final

from ...car import signals as s
from ...car.commands import SetSchedule
from ...car.limits import Limits
from ...car.refusals import Refusal, wrong_schedule
from ...car.schedule import Schedule, ScheduleLimits
from ...car.snapshot import Snapshot
from ...cloud.contract import Car
from ...cloud.errors import NotSupported
from ...cloud.requests import Request
from .endpoints import has_settings, kca, kcm, mode_of, model, offers, send
from .models import ONE_PROGRAMME, EndpointMode
from .schedule import charging_programmes, climate_programmes, problems

_TIMEOUT: Final = 20 * 60.0

_PROGRAMMES: Final = ScheduleLimits(
    slots=5, step_minutes=15, main_switch=False, single=frozenset()
)
_FIVE_AND_FIVE: Final = replace(_PROGRAMMES, slots=10, windows=True, apart=True)
_FIVE_WINDOWS: Final = replace(
    _PROGRAMMES, windows=True, departures=False, climate=False
)
_FIVE_DEPARTURES: Final = replace(_PROGRAMMES, charge=False)
_ONE_A_DAY: Final = replace(
    _FIVE_WINDOWS, slots=7, one_slot_a_day=True, slot_switch=False
)
_NEWER: Final = replace(
    _PROGRAMMES, step_minutes=5, preferred_window=True, fixed_numbers=True
)


def writes_charging(car: Car, observed: AbstractSet[str]) -> bool:
    """Return whether a car's charging programmes can be written."""
    return offers(car, "charge-set-schedule", observed, s.SCHEDULE) and (
        mode_of(car, "charging-settings") is not EndpointMode.NONE
    )


def writes_climate(car: Car, observed: AbstractSet[str]) -> bool:
    """Return whether a car's climate programmes can be written."""
    return offers(car, "hvac-set-schedule", observed, s.SCHEDULE) and (
        mode_of(car, "hvac-settings") is EndpointMode.USUAL
    )


def limits_of_timers(car: Car, observed: AbstractSet[str]) -> Limits | None:
    """Return what a car's timers can express; None where they cannot be written."""
    if has_settings(car):
        found = _NEWER
    elif model(car) in ONE_PROGRAMME:
        found = _ONE_A_DAY
    else:
        charging = writes_charging(car, observed)
        climate = writes_climate(car, observed)
        if not charging and not climate:
            return None
        if charging and climate:
            found = _FIVE_AND_FIVE
        else:
            found = _FIVE_WINDOWS if charging else _FIVE_DEPARTURES
    return Limits(schedule=found, timeout=_TIMEOUT)


def too_many(
    car: Car, command: SetSchedule, _snapshot: Snapshot, _now: datetime
) -> Refusal | None:
    """Refuse more timers of one kind than there are programmes."""
    if has_settings(car):
        return None
    one = model(car) in ONE_PROGRAMME
    return wrong_schedule(problems(command.schedule, one=one))


type Kind = Callable[[Schedule], Schedule]
"""Takes the timers of one kind out of them all."""


def _windows(timers: Schedule) -> Schedule:
    return Schedule(slots=tuple(slot for slot in timers.slots if slot.charge_window))


def _departures(timers: Schedule) -> Schedule:
    return Schedule(
        slots=tuple(slot for slot in timers.slots if not slot.charge_window)
    )


def timer_requests(
    car: Car, timers: Schedule, zone: tzinfo | None, now: datetime
) -> list[tuple[Kind, Request]]:
    """Return the calls that replace a car's programmes, each with what it is about."""
    every = frozenset({s.SCHEDULE.key})
    found: list[tuple[Kind, Request]] = []
    one = model(car) in ONE_PROGRAMME
    if one or writes_charging(car, every):
        newer = mode_of(car, "charge-set-schedule") is EndpointMode.NEWER
        path = kcm("charge/schedule") if newer else kca("actions/charge-schedule")
        written = charging_programmes(timers.slots, zone, now, one=one)
        request = send(path, "ChargeSchedule", {"schedules": written})
        found.append((_windows, request))
    if writes_climate(car, every):
        written = climate_programmes(timers.slots, zone, now)
        path = kca("actions/hvac-schedule")
        request = send(path, "HvacSchedule", {"schedules": written})
        found.append((_departures, request))
    if not found:
        raise NotSupported("actions/charge-schedule")
    return found
