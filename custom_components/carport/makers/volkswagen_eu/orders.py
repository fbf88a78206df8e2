"""What We Connect is told for each command, and what a car may be asked: two tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ...car import commands as c, signals as s
from ...car.commands import Command, CommandKind, HornMode
from ...car.errands import SetSchedule
from ...car.limits import Limits, Violation
from ...car.receipts import Reason
from ...car.signals import Position
from ...car.snapshot import Snapshot
from ...car.switches import SetWindowHeating
from ...service.contract import Car
from ...service.errors import BadAnswer, NotSupported
from .cars import granted
from .readings import micro
from .timers import LIMITS as TIMER_LIMITS, without_day, written

CHARGER: Final = "charger"
CLIMATER: Final = "climater"
TIMERS: Final = "timers"
DOORS: Final = "doors"
HEATER: Final = "heater"
HORN: Final = "horn"
REPORT: Final = "report"

_VEHICLE: Final = "VW/{country}/vehicles/{vin}"
_CHARGER: Final = f"/bs/batterycharge/v1/{_VEHICLE}/charger/actions"
_CLIMATER: Final = f"/bs/climatisation/v1/{_VEHICLE}/climater/actions"
_TIMER: Final = f"/bs/departuretimer/v1/{_VEHICLE}/timer/actions"
_HONK: Final = f"/bs/rhf/v1/{_VEHICLE}/honkAndFlash"
_VSR: Final = f"/bs/vsr/v1/{_VEHICLE}/requests"

STATUS_PATHS: Final[Mapping[str, str]] = {
    CHARGER: f"{_CHARGER}/{{number}}",
    CLIMATER: f"{_CLIMATER}/{{number}}",
    TIMERS: f"{_TIMER}/{{number}}",
    DOORS: f"/bs/rlu/v1/{_VEHICLE}/requests/{{number}}/status",
    HEATER: f"/bs/rs/v1/{_VEHICLE}/requests/{{number}}/status",
    HORN: f"{_HONK}/{{number}}/status",
    REPORT: f"{_VSR}/{{number}}/jobstatus",
}
"""Where each family of requests tells what became of one."""

_LOCK_XML: Final = "application/vnd.vwg.mbb.RemoteLockUnlock_v1_0_0+xml"
_HEATER_JSON: Final = "application/vnd.vwg.mbb.RemoteStandheizung_v2_0_2+json"
_MAXIMUM: Final = 254
_HORN_SECONDS: Final = 15
_HORN_SECONDS_MOST: Final = 30
_HEATER_MINUTES: Final = 30
_HORNS: Final = {
    HornMode.FLASH: "FLASH_ONLY",
    HornMode.HONK_AND_FLASH: "HONK_AND_FLASH",
}
_ELECTRIC_CLIMATE: Final = "rclima_v1/P_START_CLIMA_EL"
_HEATER_CLIMATE: Final = "rclima_v1/P_START_CLIMA_AU"
_TIMER_SETTINGS: Final = "timerprogramming_v1/P_SETTINGS_AU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command in We Connect's own words; `operation` is what needs the S-PIN."""

    family: str
    path: str
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    xml: str | None = None
    content_type: str | None = None
    operation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an order has to repeat of the car: settings, timers, its place."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    timers: Mapping[str, Any] = field(default_factory=dict)
    place: Position | None = field(default=None, repr=False)


NEEDS: Final[Mapping[CommandKind, str]] = {
    CommandKind.START_CLIMATE: CLIMATER,
    CommandKind.SET_TEMPERATURE: CLIMATER,
    CommandKind.SET_CLIMATE_ON_BATTERY: CLIMATER,
    CommandKind.SET_SCHEDULE: TIMERS,
    CommandKind.HONK_AND_FLASH: HORN,
}
"""What has to be read before a command can be put into words."""


def deci_kelvin(celsius: float) -> int:
    """Return tenths of a kelvin, in steps of half a degree."""
    return round((celsius + 273.15) * 2) * 5


def _action(kind: str, **more: Any) -> dict[str, Any]:
    return {"action": {"type": kind, **more}}


def _charge(kind: str) -> Order:
    return Order(family=CHARGER, path=_CHARGER, body=_action(kind))


def _current(command: c.SetChargeCurrent) -> Order:
    said = _MAXIMUM if isinstance(command.current, str) else int(command.current)
    settings = {"maxChargeCurrent": said}
    return Order(
        family=CHARGER, path=_CHARGER, body=_action("setSettings", settings=settings)
    )


def _climate(kind: str) -> Order:
    return Order(family=CLIMATER, path=_CLIMATER, body=_action(kind))


def _settings(known: Known, **changes: Any) -> dict[str, Any]:
    """Return all settings with these changed: the cloud takes them together only."""
    settings = {**known.settings, **changes}
    if settings.keys() < {
        "targetTemperature",
        "climatisationWithoutHVpower",
        "heaterSource",
    }:
        raise BadAnswer(_CLIMATER)
    return settings


def _set_climate(known: Known, **changes: Any) -> Order:
    body = _action("setSettings", settings=_settings(known, **changes))
    return Order(family=CLIMATER, path=_CLIMATER, body=body)


def _start_climate(command: c.StartClimate, known: Known) -> Order:
    """Start with the car's own settings; a heater that burns fuel wants the S-PIN."""
    changes: dict[str, Any] = {}
    if command.temperature is not None:
        changes["targetTemperature"] = deci_kelvin(command.temperature)
    settings = _settings(known, **changes)
    electric = settings["heaterSource"] == "electric"
    return Order(
        family=CLIMATER,
        path=_CLIMATER,
        body=_action("startClimatisation", settings=settings),
        operation=None if electric else _HEATER_CLIMATE,
    )


def _window(command: SetWindowHeating) -> Order:
    return _climate("startWindowHeating" if command.on else "stopWindowHeating")


def _doors(action: str) -> Order:
    return Order(
        family=DOORS,
        path=f"/bs/rlu/v1/{_VEHICLE}/actions",
        xml=(
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<rluAction xmlns="http://audi.de/connect/rlu">'
            f"<action>{action}</action></rluAction>"
        ),
        content_type=_LOCK_XML,
        operation=f"rlu_v1/{action.upper()}",
    )


def _heat(on: bool, mode: str, minutes: float | None) -> Order:
    """Run the heater, or its fan alone; only starting wants the S-PIN."""
    start = {
        "climatisationDuration": int(minutes or _HEATER_MINUTES),
        "startMode": mode,
        "active": True,
    }
    wish = {"quickstart": start} if on else {"quickstop": {"active": False}}
    return Order(
        family=HEATER,
        path=f"/bs/rs/v1/{_VEHICLE}/action",
        body={"performAction": wish},
        content_type=_HEATER_JSON,
        operation="rheating_v1/P_QSACT" if on else None,
    )


def _horn(command: c.HonkAndFlash, known: Known) -> Order:
    """Ask from where the car stands: the cloud wants the owner near it."""
    code = _HORNS.get(command.mode)
    if code is None or known.place is None or command.count is not None:
        raise NotSupported(_HONK)
    wish = {
        "serviceOperationCode": code,
        "serviceDuration": int(command.duration or _HORN_SECONDS),
        "userPosition": {
            "latitude": micro(known.place.latitude),
            "longitude": micro(known.place.longitude),
        },
    }
    return Order(family=HORN, path=_HONK, body={"honkAndFlashRequest": wish})


def _schedule(command: SetSchedule, known: Known) -> Order:
    timers = written(known.timers, command.schedule)
    return Order(
        family=TIMERS,
        path=_TIMER,
        body=_action("setTimersAndProfiles", timersAndProfiles=timers),
        operation=_TIMER_SETTINGS,
    )


def _charge_at_least(command: c.SetChargeLimitMin) -> Order:
    # The name of the field beside the type was never published.
    return Order(
        family=TIMERS,
        path=_TIMER,
        body=_action("setChargeMinLimit", chargeMinLimit=int(command.percent)),
        operation=_TIMER_SETTINGS,
    )


_ORDERS: Final[Mapping[CommandKind, Callable[[Any, Known], Order]]] = {
    CommandKind.LOCK: lambda command, known: _doors("lock"),
    CommandKind.UNLOCK: lambda command, known: _doors("unlock"),
    CommandKind.START_CHARGING: lambda command, known: _charge("start"),
    CommandKind.STOP_CHARGING: lambda command, known: _charge("stop"),
    CommandKind.SET_CHARGE_CURRENT: lambda command, known: _current(command),
    CommandKind.SET_CHARGE_LIMIT_MIN: lambda command, known: _charge_at_least(command),
    CommandKind.START_CLIMATE: _start_climate,
    CommandKind.STOP_CLIMATE: lambda command, known: _climate("stopClimatisation"),
    CommandKind.SET_TEMPERATURE: lambda command, known: _set_climate(
        known, targetTemperature=deci_kelvin(command.temperature)
    ),
    CommandKind.SET_CLIMATE_ON_BATTERY: lambda command, known: _set_climate(
        known, climatisationWithoutHVpower=command.on
    ),
    CommandKind.SET_WINDOW_HEATING: lambda command, known: _window(command),
    CommandKind.SET_AUXILIARY_HEATING: lambda command, known: _heat(
        command.on, "heating", command.duration
    ),
    CommandKind.SET_VENTILATION: lambda command, known: _heat(
        command.on, "ventilation", command.duration
    ),
    CommandKind.HONK_AND_FLASH: _horn,
    CommandKind.SET_SCHEDULE: _schedule,
    CommandKind.WAKE: lambda command, known: Order(family=REPORT, path=_VSR, body={}),
}

# What the old clients took; later ones of the same cars went up to 29.5.
_TEMPERATURES: Final = Limits(low=16, high=28, step=0.5)
_PIN: Final = Limits(needs_pin=True)
_PLUG: Final = Limits(needs_plug=True)

_BY_OPERATION: Final[Mapping[str, Mapping[CommandKind, Limits]]] = {
    "statusreport_v1/": {CommandKind.WAKE: Limits()},
    "rlu_v1/LOCK": {CommandKind.LOCK: _PIN},
    "rlu_v1/UNLOCK": {CommandKind.UNLOCK: _PIN},
    "rhonk_v1/": {
        CommandKind.HONK_AND_FLASH: Limits(
            words=tuple(str(mode) for mode in _HORNS), low=1, high=_HORN_SECONDS_MOST
        )
    },
    "rbatterycharge_v1/": {
        CommandKind.START_CHARGING: _PLUG,
        CommandKind.STOP_CHARGING: _PLUG,
        CommandKind.SET_CHARGE_CURRENT: Limits(
            numbers=(5, 10, 13, 16), words=("maximum",)
        ),
    },
    _HEATER_CLIMATE: {
        CommandKind.START_CLIMATE: replace(_TEMPERATURES, needs_pin=True),
        CommandKind.STOP_CLIMATE: Limits(),
        CommandKind.SET_TEMPERATURE: _TEMPERATURES,
        CommandKind.SET_WINDOW_HEATING: Limits(),
    },
    # After the heater's, so that a car with both does not need the S-PIN.
    _ELECTRIC_CLIMATE: {
        CommandKind.START_CLIMATE: _TEMPERATURES,
        CommandKind.STOP_CLIMATE: Limits(),
        CommandKind.SET_TEMPERATURE: _TEMPERATURES,
        CommandKind.SET_WINDOW_HEATING: Limits(),
        CommandKind.SET_CLIMATE_ON_BATTERY: Limits(),
    },
    "rheating_v1/P_QSACT": {
        CommandKind.SET_AUXILIARY_HEATING: _PIN,
        CommandKind.SET_VENTILATION: _PIN,
    },
    "timerprogramming_v1/": {
        CommandKind.SET_SCHEDULE: Limits(needs_pin=True, schedule=TIMER_LIMITS),
        CommandKind.SET_CHARGE_LIMIT_MIN: Limits(
            low=0, high=100, step=10, needs_pin=True
        ),
    },
}


def order_of(command: Command, known: Known) -> Order:
    """Put a command into We Connect's words."""
    if (order := _ORDERS.get(command.kind)) is None:
        raise NotSupported(str(command.kind))
    return order(command, known)


def commands_of(car: Car) -> Mapping[CommandKind, Limits]:
    """Return what a car may be asked, by the operations that are granted."""
    commands = dict(_granted_commands(granted(car)))
    horn, most = CommandKind.HONK_AND_FLASH, car.handle.get("horn_seconds")
    if horn in commands and most is not None:
        commands[horn] = replace(commands[horn], high=float(most))
    return commands


def _granted_commands(
    operations: frozenset[str],
) -> Iterator[tuple[CommandKind, Limits]]:
    for operation, commands in _BY_OPERATION.items():
        if operation in operations:
            yield from commands.items()


def hindrance_of(
    command: Command, snapshot: Snapshot, now: datetime
) -> Reason | Violation | None:
    """Return why the car cannot do this, by what it last reported."""
    if isinstance(command, SetSchedule):
        wrong = without_day(command.schedule, snapshot.value(s.SCHEDULE), now)
        said = ", ".join(f"days_missing ({number})" for number in wrong)
        return Violation(field="schedule", allowed=said) if wrong else None
    if snapshot.value(s.PLUGGED_IN) is not False:
        return None
    if isinstance(command, (c.StartCharging, c.StopCharging)):
        return Reason.NOT_PLUGGED
    draws = isinstance(command, c.StartClimate) or (
        isinstance(command, SetWindowHeating) and command.on
    )
    if draws and snapshot.value(s.CLIMATE_ON_BATTERY) is False:
        return Reason.NOT_PLUGGED
    return None


def check_known(command: Command) -> None:
    """Raise before anything is read for a command that there is no word for."""
    if command.kind not in _ORDERS:
        raise NotSupported(str(command.kind))
