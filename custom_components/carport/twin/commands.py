"""What a twin does when it is told to: one row for each kind of command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    Lock,
    SendDestination,
    SetChargeCurrent,
    SetChargeLimit,
    SetChargeLimitMin,
    SetChargeMode,
    SetNotifications,
    SetSchedule,
    SetTemperature,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Unlock,
)
from ..car.refusals import Reason
from ..car.switches import SetAuxiliaryHeating, SetVentilation, SwitchCommand
from .physics import LEAST_LEVEL_FOR_CLIMATE
from .spec import Drive, TwinSpec
from .state import TwinState, to_datetime

_GLASS_IS_HEATED: Final = 10 * 60.0
_LIGHTS_FLASH: Final = 10.0
_HEATER_RUNS: Final = 30.0
_DESTINATIONS_KEPT: Final = 20


@dataclass(slots=True, kw_only=True)
class Body:
    """The car a command acts on: its facts, its state, and what runs out when.

    `timers` maps a field of the state to the moment it falls back to off.
    """

    spec: TwinSpec
    state: TwinState
    timers: dict[str, float]


type Obey = Callable[[Body, Any, float], Reason | None]


def obey(body: Body, command: Command, now: float) -> Reason | None:
    """Do what a command asks; return why not, or None when it is done."""
    return _EFFECTS[command.kind](body, command, now)


def understands(kind: CommandKind) -> bool:
    """Return whether a twin knows this kind of command at all."""
    return kind in _EFFECTS


def opposite(command: Command) -> Command | None:
    """Return the command that a contrary car hears; None if it does just nothing."""
    match command:
        case Lock():
            return Unlock()
        case Unlock():
            return Lock()
        case StartCharging():
            return StopCharging()
        case StopCharging():
            return StartCharging()
        case StartClimate():
            return StopClimate()
        case StopClimate():
            return StartClimate()
        case SwitchCommand():
            return replace(command, on=not command.on)
    return None


def expire(body: Body, name: str, now: float) -> None:
    """Switch off what has run its time."""
    body.timers.pop(name, None)
    if name == "lights":
        body.state.light_left = body.state.light_right = False
        return
    setattr(body.state, name, False)
    if name == "climate_active":
        body.state.climate_until = to_datetime(now)


def start_climate(body: Body, now: float) -> None:
    """Condition the cabin for its time; a second start does not make it longer."""
    if not body.state.climate_active:
        body.state.climate_active = True
        end = now + body.spec.climate_minutes * 60
        body.timers["climate_active"] = end
        body.state.climate_until = to_datetime(end)


def climate_blocked_by(spec: TwinSpec, state: TwinState) -> Reason | None:
    """Return why the cabin cannot be conditioned now."""
    if spec.climate_above is not None and state.battery_level <= spec.climate_above:
        return Reason.SOC_TOO_LOW
    if spec.drive is Drive.COMBUSTION or state.plugged_in:
        return None
    if not state.climate_on_battery:
        return Reason.NOT_PLUGGED
    if state.battery_level < LEAST_LEVEL_FOR_CLIMATE:
        return Reason.SOC_TOO_LOW
    return None


def _lock(body: Body, _command: Lock, _now: float) -> Reason | None:
    state = body.state
    if state.ignition or any(state.doors) or state.boot:
        return Reason.CAR_REFUSED
    state.locked = True
    return None


def _unlock(body: Body, _command: Unlock, _now: float) -> Reason | None:
    if body.state.ignition:
        return Reason.CAR_REFUSED
    body.state.locked = False
    return None


def _start_charging(body: Body, _command: StartCharging, _now: float) -> Reason | None:
    state = body.state
    if not state.plugged_in:
        return Reason.NOT_PLUGGED
    if state.battery_level >= state.charge_limit:
        return Reason.CAR_REFUSED
    state.charge_wish = True
    return None


def _stop_charging(body: Body, _command: StopCharging, _now: float) -> Reason | None:
    body.state.charge_wish = False
    return None


def _set_charge_limit(body: Body, command: SetChargeLimit, _now: float) -> None:
    body.state.charge_limit = command.percent


def _set_charge_limit_min(body: Body, command: SetChargeLimitMin, _now: float) -> None:
    body.state.charge_limit_min = command.percent


def _set_current(body: Body, command: SetChargeCurrent, _now: float) -> Reason | None:
    if command.current not in body.spec.currents:
        return Reason.CAR_REFUSED
    body.state.max_charge_current = command.current
    return None


def _set_charge_mode(body: Body, command: SetChargeMode, _now: float) -> None:
    body.state.charge_mode = command.mode
    body.state.charge_wish = None


def _start_climate(body: Body, command: StartClimate, now: float) -> Reason | None:
    if body.state.ignition:
        return Reason.CAR_REFUSED
    if reason := climate_blocked_by(body.spec, body.state):
        return reason
    if command.temperature is not None:
        body.state.target_temperature = command.temperature
    start_climate(body, now)
    return None


def _stop_climate(body: Body, _command: StopClimate, now: float) -> None:
    expire(body, "climate_active", now)


def _set_temperature(body: Body, command: SetTemperature, _now: float) -> None:
    body.state.target_temperature = command.temperature


def _heat_glass(body: Body, command: SwitchCommand, now: float) -> Reason | None:
    if command.on and body.state.ignition:
        return Reason.CAR_REFUSED
    if command.on and (reason := climate_blocked_by(body.spec, body.state)):
        return reason
    _switch_for(body, command, now + _GLASS_IS_HEATED)
    return None


def _heat_or_air(
    body: Body, command: SetAuxiliaryHeating | SetVentilation, now: float
) -> Reason | None:
    if command.on and body.state.ignition:
        return Reason.CAR_REFUSED
    _switch_for(body, command, now + (command.duration or _HEATER_RUNS) * 60)
    return None


def _switch_for(body: Body, command: SwitchCommand, until: float) -> None:
    name = command.signal.key
    setattr(body.state, name, command.on)
    if command.on:
        body.timers[name] = until
    else:
        body.timers.pop(name, None)


def _switch(body: Body, command: SwitchCommand, _now: float) -> None:
    setattr(body.state, command.signal.key, command.on)


def _honk_and_flash(body: Body, command: HonkAndFlash, now: float) -> Reason | None:
    if body.state.ignition:
        return Reason.CAR_REFUSED
    if command.mode is not HornMode.HONK:
        body.state.light_left = body.state.light_right = True
        body.timers["lights"] = now + (command.duration or _LIGHTS_FLASH)
    return None


def _set_schedule(body: Body, command: SetSchedule, _now: float) -> None:
    body.state.schedule = command.schedule


def _send_destination(body: Body, command: SendDestination, now: float) -> None:
    body.state.destinations = (
        *body.state.destinations,
        {
            "name": command.name,
            "latitude": command.latitude,
            "longitude": command.longitude,
            "address": dict(command.address),
            "sent_at": now,
        },
    )[-_DESTINATIONS_KEPT:]


def _set_notifications(body: Body, command: SetNotifications, _now: float) -> None:
    """Take the events that are named; quiet hours come with every command."""
    said = command.parameters
    events = {**body.state.notification_settings["events"], **said["events"]}
    body.state.notification_settings = {"events": events, "quiet": said["quiet"]}


def _wake(_body: Body, _command: Command, _now: float) -> None:
    """Nothing to do: the report that follows every command is what was asked for."""


def _refresh_health(body: Body, _command: Command, now: float) -> None:
    body.state.health_reported_at = to_datetime(now)


_EFFECTS: Final[Mapping[CommandKind, Obey]] = {
    CommandKind.LOCK: _lock,
    CommandKind.UNLOCK: _unlock,
    CommandKind.START_CHARGING: _start_charging,
    CommandKind.STOP_CHARGING: _stop_charging,
    CommandKind.SET_CHARGE_LIMIT: _set_charge_limit,
    CommandKind.SET_CHARGE_LIMIT_MIN: _set_charge_limit_min,
    CommandKind.SET_CHARGE_CURRENT: _set_current,
    CommandKind.SET_CHARGE_MODE: _set_charge_mode,
    CommandKind.SET_AUTO_UNLOCK_PLUG: _switch,
    CommandKind.START_CLIMATE: _start_climate,
    CommandKind.STOP_CLIMATE: _stop_climate,
    CommandKind.SET_TEMPERATURE: _set_temperature,
    CommandKind.SET_DEFROST: _heat_glass,
    CommandKind.SET_WINDOW_HEATING: _heat_glass,
    CommandKind.SET_CLIMATE_ON_BATTERY: _switch,
    CommandKind.SET_AUXILIARY_HEATING: _heat_or_air,
    CommandKind.SET_VENTILATION: _heat_or_air,
    CommandKind.HONK_AND_FLASH: _honk_and_flash,
    CommandKind.WAKE: _wake,
    CommandKind.REFRESH_HEALTH: _refresh_health,
    CommandKind.SET_SCHEDULE: _set_schedule,
    CommandKind.SEND_DESTINATION: _send_destination,
    CommandKind.SET_NOTIFICATIONS: _set_notifications,
}
