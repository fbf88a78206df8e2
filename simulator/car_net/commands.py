"""The commands of the mobile provider: one row each, from body to command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from carport.car.commands import (
    Command,
    HonkAndFlash,
    HornMode,
    Lock,
    RefreshHealth,
    SetChargeCurrent,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Unlock,
    Wake,
)
from carport.car.switches import SetClimateOnBattery, SetDefrost
from carport.twin.twin import Drive, Equipment, TwinSpec

type Body = Mapping[str, Any]

_FAHRENHEIT: Final = range(59, 91)
"""The range that is taken; nobody knows the real one."""


class BadBody(ValueError):
    """A command's body is not as it has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCommand:
    """What a body asks for, and the cloud's word for it."""

    command: Command
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRoute:
    """One call; without `read_body` it is a read that costs like a command."""

    method: str
    path: str
    read_body: Callable[[Body, TwinSpec], ParsedCommand] | None = None
    needs: Equipment | None = None
    electric: bool = False

    def is_for(self, spec: TwinSpec) -> bool:
        """Return whether this car has the call at all."""
        if self.electric and spec.drive is Drive.COMBUSTION:
            return False
        return self.needs is None or self.needs in spec.equipment


def _flag(body: Body, name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise BadBody(name)
    return value


def _doors(body: Body, _spec: TwinSpec) -> ParsedCommand:
    if _flag(body, "lock"):
        return ParsedCommand(command=Lock(), word="lock_doors")
    return ParsedCommand(command=Unlock(), word="unlock_doors")


_HORN: Final = {
    (True, True): (HornMode.HONK_AND_FLASH, "flash_lights_and_honk_horn"),
    (True, False): (HornMode.HONK, "honk_horn"),
    (False, True): (HornMode.FLASH, "flash_lights"),
}


def _horn(body: Body, _spec: TwinSpec) -> ParsedCommand:
    wanted = _HORN.get((_flag(body, "horn"), _flag(body, "lights")))
    if wanted is None:
        raise BadBody("horn")
    mode, word = wanted
    return ParsedCommand(command=HonkAndFlash(mode=mode), word=word)


def _charging(body: Body, _spec: TwinSpec) -> ParsedCommand:
    if _flag(body, "active"):
        return ParsedCommand(command=StartCharging(), word="start_charge")
    return ParsedCommand(command=StopCharging(), word="stop_charge")


def _current(body: Body, spec: TwinSpec) -> ParsedCommand:
    value = body.get("max_charge_current")
    if isinstance(value, bool) or value not in spec.currents:
        raise BadBody("max_charge_current")
    return ParsedCommand(
        command=SetChargeCurrent(current=value), word="set_max_charge_current"
    )


def _defrost(body: Body, _spec: TwinSpec) -> ParsedCommand:
    on = _flag(body, "active")
    return ParsedCommand(command=SetDefrost(on=on), word=f"{_verb(on)}_defrost")


def _climate(body: Body, _spec: TwinSpec) -> ParsedCommand:
    on = _flag(body, "active")
    degrees = body.get("target_temperature")
    if degrees is not None and (
        not isinstance(degrees, int) or degrees not in _FAHRENHEIT
    ):
        raise BadBody("target_temperature")
    if not on:
        return ParsedCommand(command=StopClimate(), word="stop_climate")
    celsius = None if degrees is None else (degrees - 32) * 5 / 9
    return ParsedCommand(
        command=StartClimate(temperature=celsius), word="start_climate"
    )


def _unplugged(body: Body, _spec: TwinSpec) -> ParsedCommand:
    on = _flag(body, "enabled")
    verb = "enable" if on else "disable"
    return ParsedCommand(
        command=SetClimateOnBattery(on=on), word=f"{verb}_unplugged_climate_control"
    )


def _verb(on: bool) -> str:
    return "start" if on else "stop"


def _fresh(_body: Body, _spec: TwinSpec) -> ParsedCommand:
    return ParsedCommand(command=Wake(), word="fetch_vehicle_status")


def _fresh_health(_body: Body, _spec: TwinSpec) -> ParsedCommand:
    return ParsedCommand(command=RefreshHealth(), word="")


CHARGING_PATH: Final = "/status/charging"
HEALTH_PATH: Final = "/health/fresh"

COMMAND_ROUTES: Final[tuple[CommandRoute, ...]] = (
    CommandRoute(method="PUT", path="/status/fresh", read_body=_fresh),
    CommandRoute(
        method="PUT",
        path="/status/exterior/doors",
        read_body=_doors,
        needs=Equipment.REMOTE_LOCK,
    ),
    CommandRoute(
        method="PUT",
        path="/status/exterior/horn_and_lights",
        read_body=_horn,
        needs=Equipment.HORN,
    ),
    CommandRoute(
        method="PATCH", path=CHARGING_PATH, read_body=_charging, electric=True
    ),
    CommandRoute(
        method="PUT",
        path="/settings/max_charge_current",
        read_body=_current,
        electric=True,
    ),
    CommandRoute(method="PUT", path="/status/climate/details", electric=True),
    CommandRoute(
        method="PUT",
        path="/status/defrost",
        read_body=_defrost,
        needs=Equipment.DEFROST,
    ),
    CommandRoute(
        method="PUT",
        path="/status/climate",
        read_body=_climate,
        needs=Equipment.CLIMATE,
    ),
    CommandRoute(
        method="PUT",
        path="/settings/unplugged_climate_control",
        read_body=_unplugged,
        needs=Equipment.CLIMATE_ON_BATTERY,
    ),
    CommandRoute(
        method="POST",
        path=HEALTH_PATH,
        read_body=_fresh_health,
        needs=Equipment.HEALTH,
    ),
)
