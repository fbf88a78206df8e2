"""What the actions of its owner do to a twin."""

from datetime import timedelta
from typing import Final

from ..car.signals import Position
from .commands import Body, climate_blocked_by, expire, start_climate
from .physics import capacity
from .routine import Action, PlannedAction, Trip
from .spec import Drive, Equipment, TwinSpec
from .state import TwinState, to_datetime
from .weather import DAY, local_offset

REPORTED_ACTIONS: Final = frozenset(
    {Action.ARRIVE, Action.LOCK, Action.UNPLUG, Action.PLUG_IN}
)
"""What even a taciturn modem reports."""

_SAFETY: Final = 1.35
"""Nobody sets out with exactly enough in the battery."""
_LEAST_LEVEL_AFTER: Final = 8.0
_DEAD_12V: Final = 0.05
_JUMP_STARTED_12V: Final = 0.3
_DAYLIGHT: Final = (8, 17)
_PUMPED_UP_AFTER: Final = 0.65
_SERVICE_EVERY_KM: Final = 30_000
_SERVICE_EVERY: Final = timedelta(days=730)
_ALL_SHUT: Final = (False, False, False, False)


def begins(act: PlannedAction, state: TwinState, spec: TwinSpec) -> bool:
    """Return whether the owner sets out: the car is home and will make it."""
    if state.outing:
        return False
    if spec.drive is not Drive.ELECTRIC:
        return True
    needed = act.reach * spec.consumption_electric / 100 * _SAFETY
    return state.battery_level - needed / capacity(spec) * 100 > _LEAST_LEVEL_AFTER


def do(act: PlannedAction, body: Body, now: float) -> bool:
    """Do one action; return whether the car is another than before."""
    state = body.state
    match act.action:
        case Action.UNLOCK:
            state.locked = False
        case Action.OPEN_DOOR:
            state.doors = (True, False, False, False)
        case Action.CLOSE_DOOR:
            state.doors = _ALL_SHUT
        case Action.UNPLUG:
            return _unplug(state)
        case Action.START:
            _start(body, now)
        case Action.DEPART:
            state.moving = True
        case Action.ARRIVE if act.trip is not None:
            _park(state, act.trip, now)
        case Action.LIGHTS_OFF:
            changed = state.lights
            state.light_left = state.light_right = False
            return changed
        case Action.OPEN_WINDOW:
            state.windows = (False, act.outing % 2 == 0, False, act.outing % 2 == 1)
        case Action.OPEN_BOOT:
            state.boot = True
        case Action.CLOSE_BOOT:
            state.boot = False
        case Action.LOCK:
            state.locked = True
        case Action.PLUG_IN:
            return _plug_in(state, body.spec)
        case _:
            state.outing = 0
            return False
    return True


def preheat(body: Body, now: float) -> bool:
    """Condition the parked cabin, if that can be; return whether it could."""
    wanted = Equipment.CLIMATE in body.spec.equipment and not body.state.ignition
    if not wanted or climate_blocked_by(body.spec, body.state) is not None:
        return False
    start_climate(body, now)
    return True


def _unplug(state: TwinState) -> bool:
    changed = state.plugged_in
    state.plugged_in = state.charging = False
    state.charge_wish = None
    return changed


def _plug_in(state: TwinState, spec: TwinSpec) -> bool:
    habit = spec.routine.plug_below if spec.routine else 100
    if spec.drive is Drive.COMBUSTION or state.battery_level >= habit:
        return False
    state.plugged_in = True
    return True


def _start(body: Body, now: float) -> None:
    """Turn the car on; a dead small battery finds somebody with a cable."""
    state = body.state
    if state.battery_12v < _DEAD_12V:
        state.battery_12v = _JUMP_STARTED_12V
    for name in tuple(body.timers):
        expire(body, name, now)
    state.ignition = True
    state.windows = _ALL_SHUT
    state.sunroof = state.boot = state.bonnet = False
    state.trip_distance = state.trip_energy = state.trip_fuel = 0
    hour = (now + local_offset(body.spec.home.longitude)) % DAY / 3600
    dark = not _DAYLIGHT[0] <= hour < _DAYLIGHT[1]
    state.light_left = state.light_right = dark


def _park(state: TwinState, trip: Trip, now: float) -> None:
    """Arrive; the workshop and the air pump are on the way."""
    state.moving = state.ignition = False
    state.speed = 0
    state.position = state.parked_position = Position(
        latitude=round(trip.to.latitude, 6),
        longitude=round(trip.to.longitude, 6),
        heading=state.heading,
    )
    state.parked_at = state.last_trip_ended_at = to_datetime(now)
    state.last_trip_distance = state.trip_distance
    state.last_trip_minutes = (now - trip.departs) / 60
    state.last_trip_energy = state.trip_energy
    state.last_trip_fuel = state.trip_fuel
    state.health_reported_at = to_datetime(now)
    if state.tyre_loss > _PUMPED_UP_AFTER:
        state.tyre_loss = 0
    if state.odometer >= state.service_at_odometer:
        state.service_at_odometer = state.odometer + _SERVICE_EVERY_KM
        state.service_due_at = to_datetime(now) + _SERVICE_EVERY
