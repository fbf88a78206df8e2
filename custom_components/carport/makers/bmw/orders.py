"""What i Remote is told for each command, and what a car may be asked: two tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import json
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind, HornMode
from ...car.errands import SetSchedule
from ...car.limits import Limits
from ...car.receipts import Reason
from ...car.signals import ChargeMode
from ...car.snapshot import Snapshot
from ...service.contract import Car
from ...service.errors import NotSupported
from . import profile
from .cars import has, is_active, is_electrified

_MOST_FLASHES: Final = 10
"""Nobody knows what the cloud takes; the documented example is 2."""


FINDER: Final = "VEHICLE_FINDER"
"""Makes the car report, its place too; the only way to wake it."""

PROFILE_SERVICE: Final = "CHARGING_CONTROL"
"""Replaces the charging profile."""

_BY_RECORD_ALONE: Final = 5.0
"""Seconds until the record of a command, without any report of the car, can tell."""
_SENT_PLACE_SHOWS: Final = 10.0
_SENT_PLACE_IS_LOST: Final = 120.0
"""No record follows a place, so nothing says later that it did not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command in i Remote's own words: a service of the car, and its fields."""

    service: str
    fields: Mapping[str, str]


def _plain(service: str) -> Callable[[Car, Any], Order]:
    return lambda car, command: Order(service=service, fields={})


def _start_climate(car: Car, command: c.StartClimate) -> Order:
    if command.temperature is not None:
        raise NotSupported("a temperature")
    return Order(service="CLIMATE_NOW", fields={})


def _honk_or_flash(car: Car, command: c.HonkAndFlash) -> Order:
    """Flash or honk; whether the count means flashes or seconds is not known."""
    if command.mode is HornMode.HONK:
        return Order(service="HORN_BLOW", fields={})
    if command.mode is not HornMode.FLASH:
        raise NotSupported(str(command.mode))
    count = command.count or command.duration
    fields = {} if count is None else {"count": f"{count:.0f}"}
    return Order(service="LIGHT_FLASH", fields=fields)


_ORDERS: Final[Mapping[CommandKind, Callable[[Car, Any], Order]]] = {
    CommandKind.LOCK: _plain("DOOR_LOCK"),
    CommandKind.UNLOCK: _plain("DOOR_UNLOCK"),
    CommandKind.START_CHARGING: _plain("CHARGE_NOW"),
    CommandKind.START_CLIMATE: _start_climate,
    CommandKind.HONK_AND_FLASH: _honk_or_flash,
    CommandKind.WAKE: _plain(FINDER),
}

_MODES: Final = (str(ChargeMode.IMMEDIATE), str(ChargeMode.SCHEDULED))


def order_of(car: Car, command: Command) -> Order:
    """Put a command into i Remote's words."""
    if (order := _ORDERS.get(command.kind)) is None:
        raise NotSupported(str(command.kind))
    return order(car, command)


type Rewrite = Callable[[Mapping[str, Any]], Order]
"""Makes the order that replaces a charging profile out of the profile as it is."""


def _rewrite_timers(car: Car, command: SetSchedule) -> Rewrite:
    form = form_of(car)
    if form is None or command.violation(Limits(schedule=profile.LIMITS[form])):
        raise NotSupported("this schedule")
    return lambda before: _charging_control(
        profile.document_of(command.schedule, form, before)
    )


def _rewrite_mode(car: Car, command: c.SetChargeMode) -> Rewrite:
    return lambda before: _charging_control(profile.with_mode(before, command.mode))


def _charging_control(document: Mapping[str, Any]) -> Order:
    data = json.dumps(document, separators=(",", ":"))
    return Order(service=PROFILE_SERVICE, fields={"data": data})


BY_PROFILE: Final[Mapping[CommandKind, Callable[[Car, Any], Rewrite]]] = {
    CommandKind.SET_SCHEDULE: _rewrite_timers,
    CommandKind.SET_CHARGE_MODE: _rewrite_mode,
}
"""Commands that replace the charging profile, whole, and whose effect it shows."""


def form_of(car: Car) -> str | None:
    """Return the form of the car's charging profile; None where it has none."""
    return profile.FORM_OF.get(car.handle.get("chargingControl", ""))


def commands_of(car: Car) -> Mapping[CommandKind, Limits]:
    """Return what a car may be asked, by the flags of the list of cars."""
    offered: dict[CommandKind, Limits] = {}
    for kind, flag in _BY_FLAG.items():
        if is_active(car, flag):
            offered[kind] = Limits()
    # The flag `chargeNow` says no even of cars that do it: it may mean another thing.
    if is_electrified(car):
        offered[CommandKind.START_CHARGING] = Limits(needs_plug=True)
    if is_active(car, "climateNow"):
        # Nothing that can be read shows whether the cabin is conditioned.
        offered[CommandKind.START_CLIMATE] = Limits(
            provable=False, settle=_BY_RECORD_ALONE
        )
    words = tuple(str(mode) for mode, flag in _HORN.items() if is_active(car, flag))
    if words:
        flashes = HornMode.FLASH in words
        offered[CommandKind.HONK_AND_FLASH] = Limits(
            low=1 if flashes else None,
            high=_MOST_FLASHES if flashes else None,
            step=1 if flashes else None,
            words=words,
            settle=_BY_RECORD_ALONE,
        )
    if (form := form_of(car)) is not None:
        offered[CommandKind.SET_SCHEDULE] = Limits(schedule=profile.LIMITS[form])
        offered[CommandKind.SET_CHARGE_MODE] = Limits(words=_MODES)
    if is_active(car, "sendPoi"):
        # Its only witness is the list of destinations, which not every car has.
        shown = has(car, "lastDestinations")
        offered[CommandKind.SEND_DESTINATION] = Limits(
            told=shown,
            provable=False,
            settle=_SENT_PLACE_SHOWS,
            give_up=_SENT_PLACE_IS_LOST,
        )
    return offered


_BY_FLAG: Final = {
    CommandKind.LOCK: "doorLock",
    CommandKind.UNLOCK: "doorUnlock",
    CommandKind.WAKE: "vehicleFinder",
}
_HORN: Final = {HornMode.FLASH: "lightFlash", HornMode.HONK: "hornBlow"}


def hindrance_of(command: Command, snapshot: Snapshot) -> Reason | None:
    """Return why the car could not do this, by what it last reported."""
    if (
        command.kind is CommandKind.START_CHARGING
        and snapshot.value(s.PLUGGED_IN) is False
    ):
        return Reason.NOT_PLUGGED
    return None
