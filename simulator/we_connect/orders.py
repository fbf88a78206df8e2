"""The commands: what a body asks of a car, or why it is not understood."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from xml.etree import ElementTree as ET

from custom_components.carport.car.commands import (
    Command,
    HonkAndFlash,
    HornMode,
    Lock,
    SetChargeCurrent,
    SetChargeLimitMin,
    SetChargeMode,
    SetTemperature,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Unlock,
)
from custom_components.carport.car.errands import SetSchedule
from custom_components.carport.car.signals import ChargeMode
from custom_components.carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetVentilation,
    SetWindowHeating,
)
from custom_components.carport.makers.demo.twin import Twin

from .timers import BadTimers, schedule_of

_MAXIMUM: Final = 254
_TEMPERATURES: Final = (16.0, 30.0)
_SOURCES: Final = ("electric", "auxiliary", "automatic")
_NEAR: Final = 0.01
_MICRO: Final = 1_000_000
_DURATIONS: Final = range(1, 31)
_HEATS: Final = range(10, 61)

type Body = Mapping[str, Any]


class BadBody(ValueError):
    """A command's body is not as it has to be."""


def charger_order(body: Body, twin: Twin) -> list[Command]:
    """Read a charger action."""
    kind, settings = _action(body)
    match kind:
        case "start":
            return [StartCharging()]
        case "stop":
            return [StopCharging()]
        case "setSettings":
            current = settings.get("maxChargeCurrent")
            said: Any = "maximum" if current == _MAXIMUM else current
            if isinstance(current, bool) or said not in twin.spec.currents:
                raise BadBody("maxChargeCurrent")
            return [SetChargeCurrent(current=said)]
    raise BadBody("type")


def climater_order(body: Body, twin: Twin) -> list[Command]:
    """Read a climater action."""
    kind, settings = _action(body)
    match kind:
        case "startClimatisation":
            if not settings:
                return [StartClimate()]
            return [
                *_settings(settings, twin)[1:],
                StartClimate(temperature=_celsius(settings)),
            ]
        case "stopClimatisation":
            return [StopClimate()]
        case "setSettings":
            return _settings(settings, twin)
        case "startWindowHeating":
            return [SetWindowHeating(on=True)]
        case "stopWindowHeating":
            return [SetWindowHeating(on=False)]
    raise BadBody("type")


def needs_heater(body: Body) -> bool:
    """Return whether this would run the auxiliary heater, which wants the S-PIN."""
    kind, settings = _action(body)
    source = settings.get("heaterSource", "electric")
    return kind == "startClimatisation" and source != "electric"


def timer_order(body: Body, twin: Twin) -> list[Command]:
    """Read a timer action."""
    action = body.get("action")
    if not isinstance(action, Mapping):
        raise BadBody("action")
    match action.get("type"):
        case "setTimersAndProfiles":
            try:
                schedule = schedule_of(action.get("timersAndProfiles"))
            except BadTimers:
                raise BadBody("timersAndProfiles") from None
            # A car with a timer that charges waits for it; another charges at once.
            timed = any(slot.enabled and slot.charge for slot in schedule.slots)
            mode = ChargeMode.TIMER if timed else ChargeMode.IMMEDIATE
            return [
                SetChargeMode(mode=mode),
                SetSchedule(schedule=replace(schedule, active=True)),
            ]
        case "setChargeMinLimit":
            limit = action.get("chargeMinLimit")
            if not isinstance(limit, int) or limit not in range(0, 101, 10):
                raise BadBody("chargeMinLimit")
            return [SetChargeLimitMin(percent=limit)]
    raise BadBody("type")


def honk_order(body: Body, twin: Twin) -> list[Command]:
    """Read a request to be found; whoever asks has to stand near the car."""
    wish = body.get("honkAndFlashRequest")
    if not isinstance(wish, Mapping):
        raise BadBody("honkAndFlashRequest")
    modes = {"FLASH_ONLY": HornMode.FLASH, "HONK_AND_FLASH": HornMode.HONK_AND_FLASH}
    mode = modes.get(str(wish.get("serviceOperationCode")))
    seconds = wish.get("serviceDuration")
    where = wish.get("userPosition")
    if mode is None or seconds not in _DURATIONS or not isinstance(where, Mapping):
        raise BadBody("honkAndFlashRequest")
    place = twin.state.position
    for name in ("latitude", "longitude"):
        said = where.get(name)
        if (
            not isinstance(said, int)
            or abs(said / _MICRO - getattr(place, name)) > _NEAR
        ):
            raise BadBody("userPosition")
    return [HonkAndFlash(mode=mode, duration=seconds)]


def heater_order(body: Body, twin: Twin) -> list[Command]:
    """Read the younger form of a heater action."""
    action = body.get("performAction")
    if not isinstance(action, Mapping):
        raise BadBody("performAction")
    if isinstance(action.get("quickstop"), Mapping):
        return _stop_heater(twin)
    start = action.get("quickstart")
    if not isinstance(start, Mapping) or start.get("active") is not True:
        raise BadBody("quickstart")
    minutes = start.get("climatisationDuration")
    kinds: dict[str, Callable[..., Command]] = {
        "heating": SetAuxiliaryHeating,
        "ventilation": SetVentilation,
    }
    kind = kinds.get(str(start.get("startMode")))
    if kind is None or minutes not in _HEATS:
        raise BadBody("quickstart")
    return [kind(on=True, duration=minutes)]


def heater_xml_order(text: str, twin: Twin) -> list[Command]:
    """Read the elder form of a heater action."""
    root = _root(text, "{http://audi.de/connect/rs}performAction")
    name = "{http://audi.de/connect/rs}"
    if root.findtext(f"{name}quickstart/{name}active") == "true":
        return [SetAuxiliaryHeating(on=True)]
    if root.findtext(f"{name}quickstop/{name}active") == "false":
        return _stop_heater(twin)
    raise BadBody("performAction")


def lock_xml_order(text: str, twin: Twin) -> list[Command]:
    """Read a request to lock or unlock."""
    root = _root(text, "{http://audi.de/connect/rlu}rluAction")
    match root.findtext("{http://audi.de/connect/rlu}action"):
        case "lock":
            return [Lock()]
        case "unlock":
            return [Unlock()]
    raise BadBody("rluAction")


def _stop_heater(twin: Twin) -> list[Command]:
    """Stop whichever of the two runs."""
    if twin.state.ventilation:
        return [SetVentilation(on=False)]
    return [SetAuxiliaryHeating(on=False)]


def _root(text: str, name: str) -> ET.Element:
    try:
        root = ET.fromstring(text)
    except ET.ParseError:
        raise BadBody("xml") from None
    if root.tag != name:
        raise BadBody("xml")
    return root


def _action(body: Body) -> tuple[str, Mapping[str, Any]]:
    action = body.get("action")
    if not isinstance(action, Mapping):
        raise BadBody("action")
    settings = action.get("settings", {})
    if not isinstance(settings, Mapping):
        raise BadBody("settings")
    return str(action.get("type")), settings


def _settings(settings: Mapping[str, Any], twin: Twin) -> list[Command]:
    """Read the settings, which only come together."""
    battery = settings.get("climatisationWithoutHVpower")
    source = settings.get("heaterSource")
    if not isinstance(battery, bool) or source not in _SOURCES:
        raise BadBody("settings")
    orders: list[Command] = [SetTemperature(temperature=_celsius(settings))]
    if battery is not twin.state.climate_on_battery:
        orders.append(SetClimateOnBattery(on=battery))
    return orders


def _celsius(settings: Mapping[str, Any]) -> float:
    said = settings.get("targetTemperature")
    if not isinstance(said, int) or isinstance(said, bool):
        raise BadBody("targetTemperature")
    degrees = round((said / 10 - 273.15) * 2) / 2
    if not _TEMPERATURES[0] <= degrees <= _TEMPERATURES[1]:
        raise BadBody("targetTemperature")
    return degrees
