"""What ZE Services is told for each command, and what a car may be asked: two tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind
from ...car.errands import SetSchedule
from ...car.limits import Limits, Violation
from ...car.receipts import Reason
from ...car.schedule import ScheduleLimits
from ...car.signals import ChargeMode
from ...car.snapshot import Snapshot
from ...service.contract import Car
from ...service.errors import NotSupported
from .weekly import digits, week_of
from .ze_notices import EVENTS

LEVEL_FOR_CLIMATE: Final = 45
"""The battery has to be above this, in per cent, plugged in or not."""
WAKE_EVERY: Final = timedelta(minutes=20)
"""A car is asked for a report by text message, no more often than this."""

_OFFBOARD: Final = "/charge/scheduler/offboard"
_ONBOARD: Final = "/charge/scheduler/onboard"
_CLIMATE: Final = "/air-conditioning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call of a command, below `/vehicle/{VIN}`; without a body it has none."""

    method: str = "POST"
    path: str
    body: Mapping[str, Any] | None = None


_DEPLOY: Final = Step(path=f"{_OFFBOARD}/deploy")
_SWITCH_OFF: Final = Step(method="PUT", path=_ONBOARD, body={"enabled": False})


def _schedule(command: SetSchedule, zone: tzinfo) -> tuple[Step, ...]:
    """Write the calendar into the cloud, then send it to the car, or switch it off."""
    # What else optimized_charge could be, nobody has seen.
    week = {"optimized_charge": False, **week_of(command.schedule)}
    write = Step(method="PUT", path=_OFFBOARD, body=week)
    return (write, _DEPLOY if command.schedule.active else _SWITCH_OFF)


def _climate_later(command: c.ScheduleClimate, zone: tzinfo) -> tuple[Step, ...]:
    path = f"{_CLIMATE}/scheduler"
    if command.at is None:
        # The first description knew no way back; later clients used this one.
        return (Step(method="DELETE", path=path),)
    return (
        Step(path=path, body={"start": digits(command.at.astimezone(zone).time())}),
    )


def _mode(command: c.SetChargeMode, zone: tzinfo) -> tuple[Step, ...]:
    return (_DEPLOY if command.mode is ChargeMode.SCHEDULED else _SWITCH_OFF,)


_STEPS: Final[Mapping[CommandKind, Callable[[Any, tzinfo], tuple[Step, ...]]]] = {
    CommandKind.START_CHARGING: lambda command, zone: (Step(path="/charge"),),
    CommandKind.START_CLIMATE: lambda command, zone: (Step(path=_CLIMATE),),
    CommandKind.SCHEDULE_CLIMATE: _climate_later,
    CommandKind.SET_SCHEDULE: _schedule,
    CommandKind.SET_CHARGE_MODE: _mode,
    CommandKind.WAKE: lambda command, zone: (Step(path="/battery"),),
}

_CALENDAR: Final = ScheduleLimits(
    slots=7,
    step_minutes=15,
    one_slot_a_day=True,
    every_day_needed=True,
    departures=False,
    windows=True,
    climate=False,
    single=frozenset(),
    slot_switch=False,
    # A length is written as a time of day.
    longest_window=23 * 60 + 45,
    windows_overlap=False,
)
_NO_LIMITS: Final = Limits()
_CHARGE: Final = "BATTERY_CHARGE_REMOTE_ACTIVATION"
CALENDAR_SCOPE: Final = "BATTERY_CHARGE_SCHEDULING"
CLIMATE_SCOPE: Final = "AC_REMOTE_CONTROL"
STATUS_SCOPE: Final = "BATTERY_CHARGE_STATUS"

_COMMANDS: Final[tuple[tuple[CommandKind, str | None, Limits], ...]] = (
    (CommandKind.START_CHARGING, _CHARGE, Limits(needs_plug=True)),
    # There is no stop of either, neither for the charge nor for the cabin.
    (CommandKind.START_CLIMATE, CLIMATE_SCOPE, _NO_LIMITS),
    (CommandKind.SCHEDULE_CLIMATE, CLIMATE_SCOPE, _NO_LIMITS),
    (CommandKind.SET_SCHEDULE, CALENDAR_SCOPE, Limits(schedule=_CALENDAR)),
    (
        CommandKind.SET_CHARGE_MODE,
        CALENDAR_SCOPE,
        Limits(words=(ChargeMode.IMMEDIATE, ChargeMode.SCHEDULED)),
    ),
    (CommandKind.SET_NOTIFICATIONS, None, Limits(words=tuple(EVENTS), high=1)),
    (CommandKind.WAKE, STATUS_SCOPE, _NO_LIMITS),
)


def allows(car: Car, scope: str | None) -> bool:
    """Return whether the owner subscribed to a service; unlisted means all of them."""
    scopes = car.handle.get("scopes")
    return scope is None or not scopes or scope in scopes.split(",")


def commands_of(car: Car) -> Mapping[CommandKind, Limits]:
    """Return what a car may be asked, by what its owner subscribed to."""
    return {kind: limits for kind, scope, limits in _COMMANDS if allows(car, scope)}


def steps_of(command: Command, zone: tzinfo) -> tuple[Step, ...]:
    """Put a command into the cloud's words: one call, or two that belong together."""
    if (steps := _STEPS.get(command.kind)) is None:
        raise NotSupported(str(command.kind))
    return steps(command, zone)


def hindrance_of(
    command: Command, snapshot: Snapshot, now: datetime, woken_at: datetime | None
) -> Reason | Violation | None:
    """Return why a command would come to nothing now, before it is sent."""
    match command:
        case c.StartCharging() if snapshot.value(s.PLUGGED_IN) is False:
            return Reason.NOT_PLUGGED
        case c.StartClimate():
            level = snapshot.value(s.BATTERY_LEVEL)
            if level is not None and level <= LEVEL_FOR_CLIMATE:
                return Reason.SOC_TOO_LOW
        case c.ScheduleClimate(at=datetime() as at):
            # The cloud only takes a time of day, to the minute: its next one.
            start = at.replace(second=0, microsecond=0)
            if not timedelta() < start - now < timedelta(days=1):
                return Violation(field="at", allowed="< 24 h")
        case c.SetChargeMode(mode=ChargeMode.SCHEDULED):
            if snapshot.value(s.SCHEDULE) is None:
                # There is nothing to switch on before a calendar was written.
                return Violation(field="mode", allowed=ChargeMode.IMMEDIATE)
        case c.Wake() if woken_at is not None and now - woken_at < WAKE_EVERY:
            return Reason.THROTTLED
    return None
