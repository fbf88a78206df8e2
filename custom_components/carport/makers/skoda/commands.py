"""What a car can be asked, by the operations that the interface lists for it."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from ...car.commands import CommandKind, SetChargeLimit, SetChargeMode, StartClimate
from ...car.limits import Limits
from ...car.signals import ChargeMode
from ...car.switches import SetAuxiliaryHeating, SetVentilation
from ...cloud.command_map import NO_LIMITS, CommandMapping, Encode, LimitsFor
from ...cloud.contract import Car
from ...cloud.requests import Request
from . import endpoints as e

VEHICLE: Final = "vehicle"
"""The only part there is: it shows whatever was asked of the car."""

MODES: Final[Mapping[str, ChargeMode]] = {
    "MANUAL": ChargeMode.IMMEDIATE,
    "PREFERRED_CHARGING_TIMES": ChargeMode.SCHEDULED,
    "TIMER": ChargeMode.TIMER,
    "TIMER_CHARGING_WITH_CLIMATISATION": ChargeMode.TIMER,
    "ONLY_OWN_CURRENT": ChargeMode.SOLAR,
}

_LOOK_AFTER: Final = 20.0
_LOOK_EVERY: Final = 60.0
"""Every look costs one of twenty calls an hour."""
_CHARGE_LIMITS: Final = Limits(low=50, high=100, step=10)
_TEMPERATURES: Final = Limits(low=15.5, high=30, step=0.5)
_HEATER: Final = Limits(low=5, high=60, step=5, needs_pin=True)
"""In minutes."""


def can(car: Car, operation: str) -> bool:
    """Return whether the interface lists an operation for a car."""
    return operation in car.handle.get("operations", "").split(",")


def modes_of(car: Car) -> dict[ChargeMode, str]:
    """Return the interface's word for each way of charging that a car offers."""
    offered = car.handle.get("modes", "").split(",")
    found: dict[ChargeMode, str] = {}
    for word, mode in MODES.items():
        if word in offered:
            found.setdefault(mode, word)
    return found


def _limit(_car: Car, command: SetChargeLimit) -> Request:
    body = {"targetStateOfChargeInPercent": round(command.percent)}
    return replace(e.CHARGING_LIMIT, json=body)


def _mode(car: Car, command: SetChargeMode) -> Request:
    return replace(e.CHARGING_MODE, json={"chargeMode": modes_of(car)[command.mode]})


def _climate(car: Car, command: StartClimate) -> Request:
    """Start climate, never by burning fuel: a car that has any is told how to heat.

    Saying nothing leaves it to the car, and a heater that is switched off at
    the moment is not among the operations.
    """
    body: dict[str, Any] = {}
    if command.temperature is not None:
        body["targetTemperature"] = {"value": command.temperature, "unit": "CELSIUS"}
    if car.drive != "electric" or can(car, "startAuxiliaryHeating"):
        body["heaterSource"] = "ELECTRIC"
    return replace(e.START_CLIMATE, json=body)


def _heater(_car: Car, command: SetAuxiliaryHeating) -> Request:
    return _run_heater("HEATING", command) if command.on else e.STOP_HEATER


def _ventilation(car: Car, command: SetVentilation) -> Request:
    """Air the cabin; some cars do it by the heater that burns fuel, which is cold."""
    if can(car, "startActiveVentilation"):
        return e.START_VENTILATION if command.on else e.STOP_VENTILATION
    return _run_heater("VENTILATION", command) if command.on else e.STOP_HEATER


def _run_heater(mode: str, command: SetAuxiliaryHeating | SetVentilation) -> Request:
    body: dict[str, Any] = {"startMode": mode}
    if command.duration is not None:
        body["durationInSeconds"] = round(command.duration * 60)
    return replace(e.START_HEATER, json=body)


def _ventilation_limits(car: Car, _observed: AbstractSet[str]) -> Limits:
    return NO_LIMITS if can(car, "startActiveVentilation") else _HEATER


def _mode_limits(car: Car, _observed: AbstractSet[str]) -> Limits | None:
    words = tuple(str(mode) for mode in modes_of(car))
    return Limits(words=words) if words else None


def _row(
    kind: CommandKind,
    request: Request | Encode,
    *operations: str,
    limits: Limits | LimitsFor = NO_LIMITS,
) -> CommandMapping:
    """Make the row of a command for the cars that have one of these operations."""
    return CommandMapping(
        kind=kind,
        request=request,
        wanted=lambda car: any(can(car, operation) for operation in operations),
        limits=limits,
        shown_by=VEHICLE,
        look_after=_LOOK_AFTER,
        look_every=_LOOK_EVERY,
    )


COMMAND_MAP: Final = (
    _row(
        CommandKind.START_CHARGING,
        e.START_CHARGING,
        "startCharging",
        limits=Limits(needs_plug=True),
    ),
    _row(CommandKind.STOP_CHARGING, e.STOP_CHARGING, "stopCharging"),
    _row(
        CommandKind.SET_CHARGE_LIMIT, _limit, "setChargingLimit", limits=_CHARGE_LIMITS
    ),
    _row(CommandKind.SET_CHARGE_MODE, _mode, "setChargeMode", limits=_mode_limits),
    _row(
        CommandKind.START_CLIMATE,
        _climate,
        "startAirConditioning",
        limits=_TEMPERATURES,
    ),
    _row(CommandKind.STOP_CLIMATE, e.STOP_CLIMATE, "stopAirConditioning"),
    _row(
        CommandKind.SET_AUXILIARY_HEATING,
        _heater,
        "startAuxiliaryHeating",
        limits=_HEATER,
    ),
    _row(
        CommandKind.SET_VENTILATION,
        _ventilation,
        "startActiveVentilation",
        "startAuxiliaryHeating",
        limits=_ventilation_limits,
    ),
)
