"""What ZE Services is told for each command, and what a car may be asked: two tables."""

from collections.abc import Callable, Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
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
    # Monday's is the first.
    fixed_numbers=True,
    departures=False,
    windows=True,
    climate=False,
    single=frozenset(),
    slot_switch=False,
    # A length is written as a time of day.
    longest_window=23 * 60 + 45,
    windows_overlap=False,
)
_CHARGE: Final = "BATTERY_CHARGE_REMOTE_ACTIVATION"
CALENDAR_SCOPE: Final = "BATTERY_CHARGE_SCHEDULING"
CLIMATE_SCOPE: Final = "AC_REMOTE_CONTROL"
STATUS_SCOPE: Final = "BATTERY_CHARGE_STATUS"

# A charge shows in the car's own report, a calendar once it has reached the car.
_PATIENCE: Final = 900.0

_COMMANDS: Final[tuple[tuple[CommandKind, str | None, Limits], ...]] = (
    (CommandKind.START_CHARGING, _CHARGE, Limits(needs_plug=True, give_up=_PATIENCE)),
    # There is no stop of either, neither for the charge nor for the cabin.
    (CommandKind.START_CLIMATE, CLIMATE_SCOPE, Limits(settle=20)),
    (CommandKind.SCHEDULE_CLIMATE, CLIMATE_SCOPE, Limits(settle=5)),
    (
        CommandKind.SET_SCHEDULE,
        CALENDAR_SCOPE,
        Limits(schedule=_CALENDAR, give_up=_PATIENCE),
    ),
    (
        CommandKind.SET_CHARGE_MODE,
        CALENDAR_SCOPE,
        Limits(words=(ChargeMode.IMMEDIATE, ChargeMode.SCHEDULED), give_up=_PATIENCE),
    ),
    # The cloud keeps these by itself; no car has to hear of them.
    (
        CommandKind.SET_NOTIFICATIONS,
        None,
        Limits(words=tuple(EVENTS), high=1, settle=2, give_up=60),
    ),
    (CommandKind.WAKE, STATUS_SCOPE, Limits()),
)
_SETTING: Final = frozenset(
    {
        CommandKind.SCHEDULE_CLIMATE,
        CommandKind.SET_SCHEDULE,
        CommandKind.SET_CHARGE_MODE,
    }
)


def sets(kind: CommandKind) -> bool:
    """Return whether a command changes something that `read` reads seldom."""
    return kind in _SETTING


def allows(car: Car, scope: str | None) -> bool:
    """Return whether the owner subscribed to a service; unlisted means all of them."""
    scopes = car.handle.get("scopes")
    return scope is None or not scopes or scope in scopes.split(",")


def commands_of(
    car: Car, observed: AbstractSet[str] = frozenset()
) -> Mapping[CommandKind, Limits]:
    """Return what a car may be asked, by what its owner subscribed to.

    Not every cloud shows when the climate is to begin; then nothing can prove it.
    """
    offered = {kind: limits for kind, scope, limits in _COMMANDS if allows(car, scope)}
    later = offered.get(CommandKind.SCHEDULE_CLIMATE)
    if later is not None and s.CLIMATE_SCHEDULED.key not in observed:
        unproven = replace(later, provable=False, told=False)
        offered[CommandKind.SCHEDULE_CLIMATE] = unproven
    return offered


def steps_of(command: Command, zone: tzinfo) -> tuple[Step, ...]:
    """Put a command into the cloud's words: one call, or two that belong together."""
    if (steps := _STEPS.get(command.kind)) is None:
        raise NotSupported(str(command.kind))
    return steps(command, zone)


def hindrance_of(
    command: Command, snapshot: Snapshot, now: datetime
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
            schedule = snapshot.value(s.SCHEDULE)
            if schedule is None or not schedule.slots:
                # There is nothing to switch on before a calendar was written.
                return Violation(field="schedule", allowed="every_day_needed")
    return None
