"""What Car-Net is told for each command, what a car takes, and what shows it."""

from collections.abc import Set as AbstractSet
from functools import partial
from typing import Final

from ...car import commands as c, signals as s
from ...car.commands import CommandKind, HornMode
from ...car.limits import Limits
from ...car.switches import SetClimateOnBattery, SetDefrost
from ...cloud.command_map import CommandMapping, LimitsFor
from ...cloud.contract import Car
from ...cloud.field_map import fahrenheit
from ...cloud.requests import Request
from ..volkswagen_group.cars import needs_mains
from .cars import takes_commands
from .endpoints import command
from .readings import CLIMATE, HEALTH, STATUS

_DOORS: Final = "/status/exterior/doors"
_HORN: Final = "/status/exterior/horn_and_lights"
_CLIMATE: Final = "/status/climate"


def _with_battery(limits: Limits) -> LimitsFor:
    """Offer a command to cars that have a large battery."""

    def limits_for(car: Car, observed: AbstractSet[str]) -> Limits | None:
        battery = car.drive in {"electric", "hybrid"} or s.BATTERY_LEVEL.key in observed
        return limits if battery else None

    return limits_for


_PIN: Final = Limits(needs_pin=True)
_HORN_MODES: Final = Limits(words=tuple(map(str, HornMode)), needs_pin=True)
_ELECTRIC: Final = _with_battery(_PIN)
_PLUG: Final = _with_battery(Limits(needs_pin=True, needs_plug=True))
# Those of a 2016 e-Golf; nothing ever tells what is set.
_CURRENTS: Final = _with_battery(
    Limits(numbers=(5, 10, 13), words=("max",), needs_pin=True, provable=False)
)
# 61 to 85 °F, as later cars of the same cloud take it; whole degrees Fahrenheit leave
# no even step in Celsius.
_TEMPERATURES: Final = _with_battery(Limits(low=16, high=29.5, needs_pin=True))


def _horn(_car: Car, wanted: c.HonkAndFlash) -> Request:
    horn, lights = wanted.mode is not HornMode.FLASH, wanted.mode is not HornMode.HONK
    return command(_HORN, horn=horn, lights=lights)


def _charging(*, active: bool) -> Request:
    return command("/status/charging", method="PATCH", active=active)


def _current(_car: Car, wanted: c.SetChargeCurrent) -> Request:
    """Say a current in whole amperes, or the word for as much as there is."""
    said = wanted.current if isinstance(wanted.current, str) else int(wanted.current)
    return command("/settings/max_charge_current", max_charge_current=said)


def _climate(_car: Car, wanted: c.StartClimate | c.SetTemperature) -> Request:
    """Say a temperature in whole degrees Fahrenheit; without one the car has its own.

    There is no way to change the temperature alone: it starts climate too.
    """
    if wanted.temperature is None:
        return command(_CLIMATE, active=True)
    degrees = fahrenheit(wanted.temperature)
    return command(_CLIMATE, active=True, target_temperature=degrees)


def _defrost(_car: Car, wanted: SetDefrost) -> Request:
    return command("/status/defrost", active=wanted.on)


def _on_battery(_car: Car, wanted: SetClimateOnBattery) -> Request:
    return command("/settings/unplugged_climate_control", enabled=wanted.on)


# These looks are rationed: not before the effect can show, and seldom.
_rationed: Final = partial(
    CommandMapping, wanted=takes_commands, look_after=25, look_every=30
)
_row: Final = partial(CommandMapping, wanted=takes_commands, shown_by=STATUS)
_climate_row: Final = partial(_rationed, shown_by=CLIMATE)
_drawing: Final = partial(_climate_row, blocked_by=needs_mains)

COMMANDS: Final = (
    _row(CommandKind.LOCK, command(_DOORS, lock=True), _PIN),
    _row(CommandKind.UNLOCK, command(_DOORS, lock=False), _PIN),
    _row(CommandKind.HONK_AND_FLASH, _horn, _HORN_MODES),
    _row(CommandKind.WAKE, command("/status/fresh"), _PIN),
    _rationed(
        CommandKind.REFRESH_HEALTH,
        command("/health/fresh", method="POST"),
        _PIN,
        shown_by=HEALTH,
    ),
    _row(CommandKind.START_CHARGING, _charging(active=True), _PLUG),
    _row(CommandKind.STOP_CHARGING, _charging(active=False), _PLUG),
    _row(CommandKind.SET_CHARGE_CURRENT, _current, _CURRENTS),
    _drawing(CommandKind.START_CLIMATE, _climate, _TEMPERATURES),
    _climate_row(CommandKind.STOP_CLIMATE, command(_CLIMATE, active=False), _ELECTRIC),
    _drawing(CommandKind.SET_TEMPERATURE, _climate, _TEMPERATURES),
    _drawing(CommandKind.SET_DEFROST, _defrost, _ELECTRIC),
    _climate_row(CommandKind.SET_CLIMATE_ON_BATTERY, _on_battery, _ELECTRIC),
)
