"""The commands: what a body asks of a car, or why it is not understood."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from xml.etree import ElementTree as ET

from carport.car.commands import (
    Command,
    HonkAndFlash,
    HornMode,
    Lock,
    SetChargeCurrent,
    SetChargeLimitMin,
    SetChargeMode,
    SetSchedule,
    SetTemperature,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Unlock,
)
from carport.car.signals import ChargeMode
from carport.car.switches import (
    SetAuxiliaryHeating,
    SetClimateOnBattery,
    SetVentilation,
    SetWindowHeating,
)
from carport.twin.twin import Twin

from .timers import BadTimers, limit_of, schedule_of

_MAXIMUM: Final = 254
_TEMPERATURES: Final = (16.0, 30.0)
_SOURCES: Final = ("electric", "auxiliary", "automatic")
_NEAR: Final = 0.01
_MICRO: Final = 1_000_000
HONKS_FOR: Final = 15
"""Seconds, for who does not say how many."""
_DURATIONS: Final = range(1, 31)
_HEATS: Final = range(10, 61)
_FLAGS: Final = {"true": True, "false": False}
_TEXTS: Final = frozenset({"timerID", "profileID"})
"""What looks like a number in XML and is none."""

type Body = Mapping[str, Any]


class BadBody(ValueError):
    """A command's body is not as it has to be."""


def charger_commands(body: Body, twin: Twin) -> list[Command]:
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


def climater_commands(body: Body, twin: Twin) -> list[Command]:
    """Read a climater action."""
    kind, settings = _action(body)
    match kind:
        case "startClimatisation":
            if not settings:
                return [StartClimate()]
            warmth = None
            if "targetTemperature" in settings:
                warmth = _celsius(settings)
            return [*_battery(settings, twin), StartClimate(temperature=warmth)]
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


def timer_commands(body: Body, twin: Twin) -> list[Command]:
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
            try:
                limit = limit_of(action.get("timersAndProfiles"))
            except BadTimers:
                raise BadBody("timersAndProfiles") from None
            return [SetChargeLimitMin(percent=limit)]
    raise BadBody("type")


def honk_commands(body: Body, twin: Twin) -> list[Command]:
    """Read a request to be found; the caller's place has to be near the car."""
    wish = body.get("honkAndFlashRequest")
    if not isinstance(wish, Mapping):
        raise BadBody("honkAndFlashRequest")
    modes = {"FLASH_ONLY": HornMode.FLASH, "HONK_AND_FLASH": HornMode.HONK_AND_FLASH}
    mode = modes.get(str(wish.get("serviceOperationCode")))
    seconds = wish.get("serviceDuration", HONKS_FOR)
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


def heater_commands(body: Body, twin: Twin) -> list[Command]:
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


def heater_xml_commands(text: str, twin: Twin) -> list[Command]:
    """Read the elder form of a heater action."""
    root = _root(text, "{http://audi.de/connect/rs}performAction")
    action = xml_body(root)
    if action.get("quickstop") == {"active": False}:
        return _stop_heater(twin)
    if action.get("quickstart") == {"active": True}:
        return [SetAuxiliaryHeating(on=True)]
    return heater_commands({"performAction": action}, twin)


def lock_xml_commands(text: str, twin: Twin) -> list[Command]:
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


def starts_heater(text: str) -> bool:
    """Return whether the elder form starts it, which wants the S-PIN."""
    root = _root(text, "{http://audi.de/connect/rs}performAction")
    return "quickstart" in xml_body(root)


def action_of_xml(text: str) -> Body:
    """Read an action in XML as the same one in JSON."""
    return {"action": xml_body(_root(text, "action"))}


def xml_body(element: ET.Element) -> dict[str, Any]:
    """Return the children by their names; what comes more than once is a list."""
    content: dict[str, Any] = {}
    for child in element:
        name = child.tag.rpartition("}")[2]
        value = xml_body(child) if len(child) else _value(name, child.text or "")
        if name not in content:
            content[name] = value
        elif isinstance(content[name], list):
            content[name].append(value)
        else:
            content[name] = [content[name], value]
    return content


def _value(name: str, text: str) -> Any:
    text = text.strip()
    if name not in _TEXTS:
        for read in (_FLAGS.__getitem__, int, float):
            try:
                return read(text)
            except KeyError, ValueError:
                continue
    return text


def _root(text: str, name: str) -> ET.Element:
    try:
        root = ET.fromstring(text)
    except ET.ParseError, ValueError:
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
    """Read the settings, of which one is enough."""
    known = {"targetTemperature", "climatisationWithoutHVpower", "heaterSource"}
    if not settings or not settings.keys() <= known:
        raise BadBody("settings")
    # What is not said stays, and the car is told so.
    warmth = twin.state.target_temperature
    if "targetTemperature" in settings:
        warmth = _celsius(settings)
    return [SetTemperature(temperature=warmth), *_battery(settings, twin)]


def _battery(settings: Mapping[str, Any], twin: Twin) -> list[Command]:
    """Read whether the climate may use the battery, and check what heats."""
    now = twin.state.climate_on_battery
    battery = settings.get("climatisationWithoutHVpower", now)
    if (
        not isinstance(battery, bool)
        or settings.get("heaterSource", _SOURCES[0]) not in _SOURCES
    ):
        raise BadBody("settings")
    return [] if battery is now else [SetClimateOnBattery(on=battery)]


def _celsius(settings: Mapping[str, Any]) -> float:
    said = settings.get("targetTemperature")
    if not isinstance(said, (int, float)) or isinstance(said, bool):
        raise BadBody("targetTemperature")
    degrees = round((said / 10 - 273.15) * 2) / 2
    if not _TEMPERATURES[0] <= degrees <= _TEMPERATURES[1]:
        raise BadBody("targetTemperature")
    return degrees
