"""What the cars of the Demo garage can be asked, and what stands in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from ...car import signals as s
from ...car.commands import Command, CommandKind, HornMode, StartClimate
from ...car.limits import Limits
from ...car.refusals import Reason, Refusal
from ...car.schedule import ScheduleLimits
from ...car.signals import ChargeMode
from ...car.snapshot import Snapshot
from ...twin.physics import LEAST_LEVEL_FOR_CLIMATE
from ...twin.spec import Drive, Equipment, TwinSpec
from ...twin.state import NOTIFICATION_EVENTS

_NO_LIMITS: Final = Limits()
_CABIN: Final = Limits(low=16, high=30, step=0.5)
_MINUTES: Final = Limits(low=10, high=60, step=10)
_MODES: Final = Limits(words=(ChargeMode.IMMEDIATE, ChargeMode.TIMER))
_HORN: Final = Limits(low=1, high=30, words=tuple(HornMode))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """A command, the cars that know it, and its limits in such a car."""

    kind: CommandKind
    limits: Limits | Callable[[TwinSpec], Limits] = _NO_LIMITS
    needs: Equipment | None = None
    plug: bool = False
    """Whether only a car with a plug knows it."""


@cache
def abilities(spec: TwinSpec) -> Mapping[CommandKind, Limits]:
    """Return the commands of a car with their limits."""
    return MappingProxyType(
        {
            row.kind: row.limits(spec) if callable(row.limits) else row.limits
            for row in ABILITIES
            if (row.needs is None or row.needs in spec.equipment)
            and (not row.plug or spec.drive is not Drive.COMBUSTION)
        }
    )


def blocked_by(command: Command, snapshot: Snapshot) -> Refusal | None:
    """Say why a car could not do this now, as far as its readings tell."""
    plugged_in = snapshot.value(s.PLUGGED_IN)
    if _conditions(command) and plugged_in is False:
        if snapshot.value(s.CLIMATE_ON_BATTERY) is False:
            return Refusal(reason=Reason.NOT_PLUGGED)
        level = snapshot.value(s.BATTERY_LEVEL)
        if level is not None and level < LEAST_LEVEL_FOR_CLIMATE:
            return Refusal(reason=Reason.SOC_TOO_LOW)
    if command.kind is CommandKind.WAKE and snapshot.value(s.BATTERY_12V_LOW):
        return Refusal(reason=Reason.LOW_12V)
    return None


def _conditions(command: Command) -> bool:
    return isinstance(command, StartClimate) or (
        command.kind in {CommandKind.SET_DEFROST, CommandKind.SET_WINDOW_HEATING}
        and command.parameters["on"]
    )


def _currents(spec: TwinSpec) -> Limits:
    return Limits(
        numbers=tuple(
            float(current) for current in spec.currents if not isinstance(current, str)
        ),
        words=tuple(current for current in spec.currents if isinstance(current, str)),
    )


def _timers(spec: TwinSpec) -> Limits:
    """Return three weekly timers; windows are for cars that can charge by a timer."""
    return Limits(
        schedule=ScheduleLimits(
            slots=3,
            step_minutes=5,
            windows=Equipment.CHARGE_MODE in spec.equipment,
            fixed_numbers=True,
            single=frozenset(),
        )
    )


ABILITIES: Final = (
    Ability(kind=CommandKind.LOCK, needs=Equipment.REMOTE_LOCK),
    Ability(kind=CommandKind.UNLOCK, needs=Equipment.REMOTE_LOCK),
    Ability(kind=CommandKind.START_CHARGING, limits=Limits(needs_plug=True), plug=True),
    Ability(kind=CommandKind.STOP_CHARGING, plug=True),
    Ability(
        kind=CommandKind.SET_CHARGE_LIMIT,
        limits=Limits(low=50, high=100, step=10),
        needs=Equipment.CHARGE_LIMIT,
        plug=True,
    ),
    Ability(
        kind=CommandKind.SET_CHARGE_LIMIT_MIN,
        limits=Limits(low=0, high=50, step=5),
        needs=Equipment.CHARGE_MODE,
        plug=True,
    ),
    Ability(
        kind=CommandKind.SET_CHARGE_CURRENT,
        limits=_currents,
        needs=Equipment.CHARGE_CURRENT,
        plug=True,
    ),
    Ability(
        kind=CommandKind.SET_CHARGE_MODE,
        limits=_MODES,
        needs=Equipment.CHARGE_MODE,
        plug=True,
    ),
    Ability(
        kind=CommandKind.SET_AUTO_UNLOCK_PLUG,
        needs=Equipment.AUTO_UNLOCK_PLUG,
        plug=True,
    ),
    Ability(kind=CommandKind.START_CLIMATE, limits=_CABIN, needs=Equipment.CLIMATE),
    Ability(kind=CommandKind.STOP_CLIMATE, needs=Equipment.CLIMATE),
    Ability(kind=CommandKind.SET_TEMPERATURE, limits=_CABIN, needs=Equipment.CLIMATE),
    Ability(kind=CommandKind.SET_DEFROST, needs=Equipment.DEFROST),
    Ability(kind=CommandKind.SET_WINDOW_HEATING, needs=Equipment.WINDOW_HEATING),
    Ability(
        kind=CommandKind.SET_CLIMATE_ON_BATTERY, needs=Equipment.CLIMATE_ON_BATTERY
    ),
    Ability(
        kind=CommandKind.SET_AUXILIARY_HEATING,
        limits=_MINUTES,
        needs=Equipment.AUXILIARY_HEATING,
    ),
    Ability(
        kind=CommandKind.SET_VENTILATION, limits=_MINUTES, needs=Equipment.VENTILATION
    ),
    Ability(kind=CommandKind.HONK_AND_FLASH, limits=_HORN, needs=Equipment.HORN),
    Ability(
        kind=CommandKind.SET_SCHEDULE,
        limits=_timers,
        needs=Equipment.TIMERS,
        plug=True,
    ),
    Ability(kind=CommandKind.SEND_DESTINATION, needs=Equipment.NAVIGATION),
    Ability(
        kind=CommandKind.SET_NOTIFICATIONS,
        limits=Limits(words=NOTIFICATION_EVENTS, high=1),
        needs=Equipment.NOTIFICATIONS,
    ),
    Ability(kind=CommandKind.WAKE),
    Ability(kind=CommandKind.REFRESH_HEALTH, needs=Equipment.HEALTH),
)
