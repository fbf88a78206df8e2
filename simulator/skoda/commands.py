"""Commands: one row for each, with the part it belongs to and what its body becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from carport.car.commands import (
    Command,
    SetChargeLimit,
    SetChargeMode,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
)
from carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetVentilation,
)
from carport.twin.twin import Equipment, Twin

from .account import AccountState
from .problems import Refused, invalid
from .profiles import write_profile
from .reads import MODES, RUN

type Body = Mapping[str, Any]
type Make = Callable[[Body, Twin, AccountState, str], tuple[Command, ...]]
"""What a body asks of a car; the last is the id in the path, empty without one."""

_STEP: Final = 10
_LEAST_LIMIT: Final = 50
_COLDEST, _HOTTEST = 15.5, 30.0
_HEATED_BELOW: Final = 12.0
_UNITS: Final = ("CELSIUS", "FAHRENHEIT")
_SOURCES: Final = ("ELECTRIC", "AUTOMATIC")
_START_MODES: Final = ("HEATING", "VENTILATION")
_LONGEST_RUN: Final = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """One command: how it is called, what it needs, and what it takes."""

    method: str
    path: str
    operation: str
    part: str
    make: Make
    fields: frozenset[str] = frozenset()
    """What may be in the body; a command without fields takes none."""
    required: frozenset[str] = frozenset()


def _plain(*commands: Command) -> Make:
    return lambda body, twin, account, at: commands


def _limit(body: Body, *_: Any) -> tuple[Command, ...]:
    percent = body["targetStateOfChargeInPercent"]
    steps = tuple(range(_LEAST_LIMIT, 101, _STEP))
    if isinstance(percent, bool) or percent not in steps:
        raise invalid("targetStateOfChargeInPercent", percent, *steps)
    return (SetChargeLimit(percent=float(percent)),)


def _mode(body: Body, *_: Any) -> tuple[Command, ...]:
    word = body["chargeMode"]
    if word not in MODES:
        raise invalid("chargeMode", word, *MODES)
    return (SetChargeMode(mode=MODES[word]),)


def _climate(body: Body, twin: Twin, *_: Any) -> tuple[Command, ...]:
    """Start climate; a car with two heaters chooses by itself unless it is told."""
    commands: list[Command] = []
    without = body.get("airConditioningWithoutExternalPower")
    if without is not None:
        if not isinstance(without, bool):
            raise invalid("airConditioningWithoutExternalPower", without, True, False)
        commands.append(SetClimateOnBattery(on=without))
    source = body.get("heaterSource", "AUTOMATIC")
    if source not in _SOURCES:
        raise invalid("heaterSource", source, *_SOURCES)
    burns = Equipment.AUXILIARY_HEATING in twin.spec.equipment
    cold = twin.state.outside_temperature < _HEATED_BELOW
    if source == "AUTOMATIC" and burns and cold:
        commands.append(SetAuxiliaryHeating(on=True))
    # The last one is what the cabin follows.
    return (*commands, StartClimate(temperature=_temperature(body)))


def _heat(
    body: Body, _twin: Twin, account: AccountState, _at: str
) -> tuple[Command, ...]:
    if account.spin is None or body["spin"] != account.spin:
        raise Refused("operation-not-authorized", "The S-PIN is not correct.")
    seconds = body.get("durationInSeconds", RUN)
    if not _is_number(seconds) or not 0 < seconds <= _LONGEST_RUN:
        raise invalid("durationInSeconds", seconds, f"1 to {_LONGEST_RUN}")
    mode = body.get("startMode", "HEATING")
    if mode not in _START_MODES:
        raise invalid("startMode", mode, *_START_MODES)
    _temperature(body)
    minutes = seconds / 60
    if mode == "VENTILATION":
        return (SetVentilation(on=True, duration=minutes),)
    return (SetAuxiliaryHeating(on=True, duration=minutes),)


def _temperature(body: Body) -> float | None:
    """Return the temperature that was asked for, in °C."""
    wish = body.get("targetTemperature")
    if wish is None:
        return None
    if not isinstance(wish, dict) or wish.keys() != {"value", "unit"}:
        raise invalid("targetTemperature", wish, "value and unit")
    value, unit = wish["value"], wish["unit"]
    if unit not in _UNITS:
        raise invalid("targetTemperature.unit", unit, *_UNITS)
    if not _is_number(value):
        raise invalid("targetTemperature.value", value, "a number")
    degrees = float(value) if unit == "CELSIUS" else (value - 32) / 1.8
    if not _COLDEST <= degrees <= _HOTTEST:
        raise invalid("targetTemperature.value", value, f"{_COLDEST} to {_HOTTEST} °C")
    return degrees


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


ROWS: Final = (
    CommandRow(
        method="POST",
        path="charging/start",
        operation="startCharging",
        part="charging",
        make=_plain(StartCharging()),
    ),
    CommandRow(
        method="POST",
        path="charging/stop",
        operation="stopCharging",
        part="charging",
        make=_plain(StopCharging()),
    ),
    CommandRow(
        method="PUT",
        path="charging/limit",
        operation="setChargingLimit",
        part="charging",
        make=_limit,
        fields=frozenset({"targetStateOfChargeInPercent"}),
        required=frozenset({"targetStateOfChargeInPercent"}),
    ),
    CommandRow(
        method="PUT",
        path="charging/mode",
        operation="setChargeMode",
        part="charging",
        make=_mode,
        fields=frozenset({"chargeMode"}),
        required=frozenset({"chargeMode"}),
    ),
    CommandRow(
        method="PUT",
        path="charging-profiles/{id}",
        operation="updateChargingProfile",
        part="chargingProfiles",
        make=lambda body, twin, account, at: write_profile(body, twin, at),
        fields=frozenset(
            {"id", "name", "settings", "timers", "preferredChargingTimes"}
        ),
    ),
    CommandRow(
        method="POST",
        path="air-conditioning/start",
        operation="startAirConditioning",
        part="airConditioning",
        make=_climate,
        fields=frozenset(
            {
                "targetTemperature",
                "airConditioningWithoutExternalPower",
                "heaterSource",
            }
        ),
    ),
    CommandRow(
        method="POST",
        path="air-conditioning/stop",
        operation="stopAirConditioning",
        part="airConditioning",
        make=_plain(StopClimate()),
    ),
    CommandRow(
        method="POST",
        path="auxiliary-heating/start",
        operation="startAuxiliaryHeating",
        part="auxiliaryHeating",
        make=_heat,
        fields=frozenset(
            {"spin", "durationInSeconds", "startMode", "targetTemperature"}
        ),
        required=frozenset({"spin"}),
    ),
    CommandRow(
        method="POST",
        path="auxiliary-heating/stop",
        operation="stopAuxiliaryHeating",
        part="auxiliaryHeating",
        make=_plain(SetVentilation(on=False), SetAuxiliaryHeating(on=False)),
    ),
    CommandRow(
        method="POST",
        path="active-ventilation/start",
        operation="startActiveVentilation",
        part="activeVentilation",
        make=_plain(SetVentilation(on=True, duration=RUN / 60)),
    ),
    CommandRow(
        method="POST",
        path="active-ventilation/stop",
        operation="stopActiveVentilation",
        part="activeVentilation",
        make=_plain(SetVentilation(on=False)),
    ),
)
