"""What Car-Net is told for each command, and what a car may be asked: two tables."""

from collections.abc import Callable, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind, HornMode
from ...car.limits import Limits
from ...car.receipts import Reason
from ...car.snapshot import Snapshot
from ...car.switches import SetDefrost
from ...service.contract import Car
from ...service.errors import NotSupported
from ...service.rows import fahrenheit

_DOORS: Final = "/status/exterior/doors"
_HORN: Final = "/status/exterior/horn_and_lights"
_CHARGING: Final = "/status/charging"
_CURRENT: Final = "/settings/max_charge_current"
_DEFROST: Final = "/status/defrost"
_CLIMATE: Final = "/status/climate"
_UNPLUGGED: Final = "/settings/unplugged_climate_control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command in Car-Net's own words, below `/mps/v1/vehicles/{acct}`."""

    method: str = "PUT"
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    envelope: str = "data"


CLIMATE_DETAILS: Final = Order(path="/status/climate/details")


def _horn(mode: HornMode) -> Mapping[str, bool]:
    return {"horn": mode is not HornMode.FLASH, "lights": mode is not HornMode.HONK}


def _climate(active: bool, temperature: float | None) -> Order:
    """Say a temperature in whole degrees Fahrenheit; without one the car has its own."""
    body: dict[str, Any] = {"active": active}
    if temperature is not None:
        body["target_temperature"] = fahrenheit(temperature)
    return Order(path=_CLIMATE, body=body)


def _charging(active: bool) -> Order:
    return Order(
        method="PATCH", path=_CHARGING, body={"active": active}, envelope="value"
    )


def _current(current: float | str) -> Order:
    """Say a current in whole amperes, or the word for as much as there is."""
    said = current if isinstance(current, str) else int(current)
    return Order(path=_CURRENT, body={"max_charge_current": said})


_ORDERS: Final[Mapping[CommandKind, Callable[[Any], Order]]] = {
    CommandKind.LOCK: lambda command: Order(path=_DOORS, body={"lock": True}),
    CommandKind.UNLOCK: lambda command: Order(path=_DOORS, body={"lock": False}),
    CommandKind.HONK_AND_FLASH: lambda command: Order(
        path=_HORN, body=_horn(command.mode)
    ),
    CommandKind.START_CHARGING: lambda command: _charging(True),
    CommandKind.STOP_CHARGING: lambda command: _charging(False),
    CommandKind.SET_CHARGE_CURRENT: lambda command: _current(command.current),
    CommandKind.START_CLIMATE: lambda command: _climate(True, command.temperature),
    CommandKind.STOP_CLIMATE: lambda command: _climate(False, None),
    # There is no way to change the temperature alone: this starts climate too.
    CommandKind.SET_TEMPERATURE: lambda command: _climate(True, command.temperature),
    CommandKind.SET_DEFROST: lambda command: Order(
        path=_DEFROST, body={"active": command.on}
    ),
    CommandKind.SET_CLIMATE_ON_BATTERY: lambda command: Order(
        path=_UNPLUGGED, body={"enabled": command.on}
    ),
    CommandKind.WAKE: lambda command: Order(path="/status/fresh"),
    CommandKind.REFRESH_HEALTH: lambda command: Order(
        method="POST", path="/health/fresh"
    ),
}

SHOWN_BY_CLIMATE: Final = frozenset(
    {
        CommandKind.START_CLIMATE,
        CommandKind.STOP_CLIMATE,
        CommandKind.SET_TEMPERATURE,
        CommandKind.SET_DEFROST,
        CommandKind.SET_CLIMATE_ON_BATTERY,
    }
)
"""Commands whose effect only the climate details show."""

_PIN: Final = Limits(needs_pin=True)
# 61 to 85 °F, as later cars of the same cloud take it; whole degrees Fahrenheit leave
# no even step in Celsius.
_TEMPERATURES: Final = Limits(low=16, high=29.5, needs_pin=True)

_ANY_CAR: Final[Mapping[CommandKind, Limits]] = {
    CommandKind.LOCK: _PIN,
    CommandKind.UNLOCK: _PIN,
    CommandKind.HONK_AND_FLASH: Limits(
        words=tuple(str(mode) for mode in HornMode), needs_pin=True
    ),
    CommandKind.WAKE: _PIN,
    CommandKind.REFRESH_HEALTH: _PIN,
}
_ELECTRIC_CAR: Final[Mapping[CommandKind, Limits]] = {
    CommandKind.START_CHARGING: Limits(needs_pin=True, needs_plug=True),
    CommandKind.STOP_CHARGING: Limits(needs_pin=True, needs_plug=True),
    # Those of a 2016 e-Golf; nothing ever tells what is set.
    CommandKind.SET_CHARGE_CURRENT: Limits(
        numbers=(5, 10, 13), words=("max",), needs_pin=True, provable=False
    ),
    CommandKind.START_CLIMATE: _TEMPERATURES,
    CommandKind.STOP_CLIMATE: _PIN,
    CommandKind.SET_TEMPERATURE: _TEMPERATURES,
    CommandKind.SET_DEFROST: _PIN,
    CommandKind.SET_CLIMATE_ON_BATTERY: _PIN,
}


def order_of(command: Command) -> Order:
    """Put a command into Car-Net's words."""
    if (order := _ORDERS.get(command.kind)) is None:
        raise NotSupported(str(command.kind))
    return order(command)


def commands_of(car: Car, observed: AbstractSet[str]) -> Mapping[CommandKind, Limits]:
    """Return what a car may be asked; one that ever showed a battery, more."""
    if "account" not in car.handle:
        return {}
    electric = car.drive in {"electric", "hybrid"} or s.BATTERY_LEVEL.key in observed
    return {**_ANY_CAR, **_ELECTRIC_CAR} if electric else _ANY_CAR


def hindrance_of(command: Command, snapshot: Snapshot) -> Reason | None:
    """Return why an unplugged car cannot do this, by what it last reported."""
    if snapshot.value(s.PLUGGED_IN) is not False:
        return None
    if isinstance(command, (c.StartCharging, c.StopCharging)):
        return Reason.NOT_PLUGGED
    draws = isinstance(command, (c.StartClimate, c.SetTemperature)) or (
        isinstance(command, SetDefrost) and command.on
    )
    if draws and snapshot.value(s.CLIMATE_ON_BATTERY) is False:
        return Reason.NOT_PLUGGED
    return None
