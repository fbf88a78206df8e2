"""From what came by a topic to a command: set topics with a word, calls with JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
import json
import re
from typing import Any, Final

from ..car import commands as c, switches as w
from ..car.bounds import clean_text
from ..car.commands import Command, CommandKind, HornMode
from ..car.schedule import Schedule
from ..car.signals import ChargeMode
from .refusals import Refused, TopicReason
from .schedule_controls import TIMER_CONTROLS, ScheduleChange, read_schedule_set
from .values import flag_from, moment_from, number_from

type Build = Callable[[str], Command]
"""Makes a command from the payload of its set topic; raises `Refused`."""

REFRESH: Final = "refresh"
"""Not a command to the car: the maker's copy is read now."""

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PIN_KEYS: Final = frozenset({"pin", "spin", "s_pin", "code", "password"})
_ENVELOPE: Final = frozenset({"id", "command", "not_after"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A set topic: the kinds of command that it may send, and how to read its payload."""

    kinds: tuple[CommandKind, ...]
    build: Build


def _turned(on: Command, off: Command) -> Control:
    def build(text: str) -> Command:
        flag = flag_from(text)
        if flag is None:
            raise _wrong("on, off", on)
        return on if flag else off

    return Control(kinds=tuple(dict.fromkeys((on.kind, off.kind))), build=build)


def _number(kind: CommandKind, command: Callable[[float], Command]) -> Control:
    def build(text: str) -> Command:
        number = number_from(text)
        if number is None:
            raise Refused(
                TopicReason.WRONG_PAYLOAD, allowed="a number", command=str(kind)
            )
        return command(number)

    return Control(kinds=(kind,), build=build)


def _once(command: Command, *words: str) -> Control:
    """Make a control that is pressed; an empty payload is nothing."""

    def build(text: str) -> Command:
        if text.casefold() not in {*words, "press", "1", "on", "true"}:
            raise _wrong(", ".join((*words, "press")), command)
        return command

    return Control(kinds=(command.kind,), build=build)


def _wrong(allowed: str, command: Command) -> Refused:
    return Refused(
        TopicReason.WRONG_PAYLOAD, allowed=allowed, command=str(command.kind)
    )


def _locking(text: str) -> Command:
    match text.casefold():
        case "lock":
            return c.Lock()
        case "unlock":
            return c.Unlock()
    raise _wrong("lock, unlock", c.Lock())


def _climate(text: str) -> Command:
    if text.casefold() == "heat_cool":
        return c.StartClimate()
    match flag_from(text):
        case True:
            return c.StartClimate()
        case False:
            return c.StopClimate()
    raise _wrong("on, off, heat_cool", c.StartClimate())


def _current(text: str) -> Command:
    number = number_from(text)
    if number is None and not text:
        raise _wrong("amperes or a word", c.SetChargeCurrent(current=0))
    return c.SetChargeCurrent(current=text if number is None else number)


def _mode(text: str) -> Command:
    if text not in tuple(ChargeMode):
        raise Refused(
            TopicReason.WRONG_PAYLOAD,
            allowed=", ".join(ChargeMode),
            command=str(CommandKind.SET_CHARGE_MODE),
        )
    return c.SetChargeMode(mode=ChargeMode(text))


CONTROLS: Final[Mapping[str, Control]] = {
    "doors": Control(kinds=(CommandKind.LOCK, CommandKind.UNLOCK), build=_locking),
    "charge_control": _turned(c.StartCharging(), c.StopCharging()),
    "charge_limit": _number(
        CommandKind.SET_CHARGE_LIMIT, lambda number: c.SetChargeLimit(percent=number)
    ),
    "charge_limit_min": _number(
        CommandKind.SET_CHARGE_LIMIT_MIN,
        lambda number: c.SetChargeLimitMin(percent=number),
    ),
    "max_charge_current": Control(
        kinds=(CommandKind.SET_CHARGE_CURRENT,), build=_current
    ),
    "charge_mode": Control(kinds=(CommandKind.SET_CHARGE_MODE,), build=_mode),
    "auto_unlock_plug": _turned(
        w.SetAutoUnlockPlug(on=True), w.SetAutoUnlockPlug(on=False)
    ),
    "climate": Control(
        kinds=(CommandKind.START_CLIMATE, CommandKind.STOP_CLIMATE), build=_climate
    ),
    "target_temperature": _number(
        CommandKind.SET_TEMPERATURE,
        lambda number: c.SetTemperature(temperature=number),
    ),
    "defrost": _turned(w.SetDefrost(on=True), w.SetDefrost(on=False)),
    "window_heating": _turned(
        w.SetWindowHeating(on=True), w.SetWindowHeating(on=False)
    ),
    "climate_on_battery": _turned(
        w.SetClimateOnBattery(on=True), w.SetClimateOnBattery(on=False)
    ),
    "auxiliary_heating": _turned(
        w.SetAuxiliaryHeating(on=True), w.SetAuxiliaryHeating(on=False)
    ),
    "ventilation": _turned(w.SetVentilation(on=True), w.SetVentilation(on=False)),
    "flash": _once(c.HonkAndFlash(mode=HornMode.FLASH), "flash"),
    "honk": _once(c.HonkAndFlash(mode=HornMode.HONK), "honk"),
    "honk_flash": _once(c.HonkAndFlash(mode=HornMode.HONK_AND_FLASH), "honk_flash"),
    "wake": _once(c.Wake(), "wake"),
}
"""The set topics, by the keys of the entities that do the same."""

_BY_KIND: Final[Mapping[str, type[Command]]] = {
    str(kind.kind): kind
    for module in (c, w)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Command) and hasattr(kind, "kind")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request with an id; a command of None reads the maker's copy now."""

    id: str
    command: Command | None
    not_after: datetime | None


def parse_call(text: str | None) -> Mapping[str, Any]:
    """Return a call as it was sent, with an id to answer it by; raise `Refused` else."""
    try:
        data = json.loads(text or "")
    except ValueError, RecursionError:
        data = None
    if not isinstance(data, dict):
        raise Refused(TopicReason.WRONG_PAYLOAD, allowed="a JSON object")
    id_ = data.get("id")
    if not isinstance(id_, str) or _ID.fullmatch(id_) is None:
        raise Refused(TopicReason.NO_ID)
    return data


def read_call(data: Mapping[str, Any]) -> Call:
    """Turn a call into a command; raise `Refused` where it is not right."""
    name = data.get("command")
    command = name if isinstance(name, str) and name in _NAMES else ""
    if _PIN_KEYS & {str(key).casefold() for key in data}:
        raise Refused(TopicReason.PIN_BY_TOPIC, command=command)
    if not command:
        raise Refused(TopicReason.UNKNOWN_COMMAND, allowed=", ".join(sorted(_NAMES)))
    not_after = data.get("not_after")
    moment = moment_from(not_after)
    if not_after is not None and moment is None:
        raise Refused(
            TopicReason.WRONG_PAYLOAD,
            field="not_after",
            allowed="a moment with its zone, as 2026-01-31T08:00:00Z",
            command=command,
        )
    wanted = {key: value for key, value in data.items() if key not in _ENVELOPE}
    return Call(
        id=data["id"],
        command=None if command == REFRESH else _build(_BY_KIND[command], wanted),
        not_after=moment,
    )


def read_set(name: str, text: str | None) -> Command | ScheduleChange | None:
    """Turn what came by a set topic into a command; None reads the maker's copy."""
    if text is None:
        raise Refused(TopicReason.WRONG_PAYLOAD)
    if name == REFRESH:
        return None
    if (change := read_schedule_set(name, text)) is not None:
        return change
    if (control := CONTROLS.get(name)) is None:
        allowed = ", ".join((*CONTROLS, *TIMER_CONTROLS, REFRESH))
        raise Refused(TopicReason.UNKNOWN_COMMAND, allowed=allowed)
    return control.build(text)


def _build(kind: type[Command], wanted: Mapping[str, Any]) -> Command:
    """Make a command of its fields, each of the type it has to be."""
    name = str(kind.kind)
    known = {one.name for one in fields(kind)}
    for key in wanted:
        if key not in known:
            raise Refused(
                TopicReason.WRONG_PAYLOAD,
                # What somebody sent by mistake is not said back.
                field="",
                allowed=", ".join(sorted(known)) or "no fields",
                command=name,
            )
    values = {key: _typed(name, key, value) for key, value in wanted.items()}
    try:
        return kind(**values)
    except TypeError:
        missing = ", ".join(sorted(known - values.keys()))
        raise Refused(TopicReason.WRONG_PAYLOAD, field=missing, command=name) from None


def _typed(command: str, key: str, value: object) -> object:
    """Return a field in its type; raise `Refused` where it is not what it should be."""
    read, allowed = _FIELDS.get(key, (lambda _: None, ""))
    typed = read(value)
    if typed is None:
        raise Refused(
            TopicReason.WRONG_PAYLOAD,
            field=key,
            allowed=allowed,
            command=command,
        )
    return typed


def _a_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return number_from(str(value))


def _degrees(most: float, value: object) -> float | None:
    number = _a_number(value)
    return None if number is None or abs(number) > most else number


def _a_current(value: object) -> float | str | None:
    number = _a_number(value)
    if number is None and isinstance(value, str) and value:
        return clean_text(value)
    return number


def _a_text(value: object) -> str | None:
    return clean_text(value) if isinstance(value, str) and value else None


def _a_mode(value: object) -> HornMode | ChargeMode | None:
    for words in (HornMode, ChargeMode):
        for word in words:
            if value == word:
                return word
    return None


def _an_address(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict) or not all(
        isinstance(part, str) for part in value.values()
    ):
        return None
    return {clean_text(key): clean_text(part) for key, part in value.items()}


def _a_schedule(value: object) -> Schedule | None:
    if not isinstance(value, dict):
        return None
    try:
        schedule = Schedule.from_json(value)
    except AttributeError, KeyError, TypeError, ValueError, OverflowError:
        return None
    return schedule if schedule.is_possible() else None


def _a_count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_FIELDS: Final[Mapping[str, tuple[Callable[[object], object], str]]] = {
    "percent": (_a_number, "a number"),
    "temperature": (_a_number, "a number in °C"),
    "current": (_a_current, "amperes or a word"),
    "duration": (_a_number, "a number"),
    "count": (_a_count, "a whole number"),
    "on": (lambda value: value if isinstance(value, bool) else None, "true, false"),
    "mode": (_a_mode, "a mode"),
    "at": (moment_from, "a moment with its zone"),
    "schedule": (_a_schedule, "timers, as their signal tells them"),
    "name": (_a_text, "a text"),
    "latitude": (partial(_degrees, 90), "degrees"),
    "longitude": (partial(_degrees, 180), "degrees"),
    "address": (_an_address, "an object of texts"),
}

_NAMES: Final = frozenset(
    {REFRESH, *_BY_KIND.keys() - {str(CommandKind.SET_NOTIFICATIONS)}}
)
"""What a call may ask for; by which ways a maker tells its owner is not a car's business."""
