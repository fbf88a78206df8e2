"""How a twin changes by itself: driving, charging, the cabin, the small battery.

Every function moves a state over a span of time; none knows a clock, and none
remembers anything outside the state.
"""

from math import exp, log
from typing import Final

from ..car.signals import ChargeMode
from .routine import Trip
from .spec import Drive, TwinSpec
from .state import TwinState
from .timers import charges_for_departure, lets_charge
from .weather import DAY, local_offset, outside_temperature

HOUR: Final = 3600
HYBRID_RESERVE: Final = 15.0
"""The level below which a hybrid burns fuel."""
LEAST_LEVEL_FOR_CLIMATE: Final = 15.0

_CHARGE_LOSS: Final = 0.1
_TAPER_FROM: Final = 92.0
_TAPER_FLOOR: Final = 0.1
_RESTART_BELOW_LIMIT: Final = 2.0
"""A full battery is not topped up for every tenth of a per cent."""
_NIGHT_RATE: Final = (1, 6)
"""The local hours in which a car on a timer charges."""

_CABIN_LOSES_HEAT: Final = 45 * 60.0
_CABIN_IS_CONDITIONED: Final = 6 * 60.0
_CABIN_IS_AIRED: Final = 12 * 60.0
_AUXILIARY_LITRES_AN_HOUR: Final = 0.5

_12V_REST_A_DAY: Final = 0.008
_12V_TIRED_A_DAY: Final = 0.05
_12V_A_WAKE: Final = 0.01
_12V_RECOVERY_AN_HOUR: Final = 0.6
_12V_EMPTY: Final = 11.4
_12V_FULL: Final = 12.7
_12V_RUNNING: Final = 14.2
LOW_12V: Final = 11.9

_TYRE_FILLED_TO: Final = 2.5
_TYRE_BAR_A_DEGREE: Final = 0.009
_TYRE_LEAK_A_DAY: Final = 0.01
LOW_TYRE: Final = 2.0


def drive(
    state: TwinState, spec: TwinSpec, trip: Trip, start: float, end: float
) -> None:
    """Move along the road and use energy for it."""
    distance = trip.driven(end) - trip.driven(start)
    state.speed = distance / (end - start) * HOUR
    state.position = trip.place(end)
    state.heading = state.position.heading or 0
    state.odometer += distance
    state.trip_distance += distance
    electric = spec.drive is Drive.ELECTRIC or (
        spec.drive is Drive.HYBRID and state.battery_level > HYBRID_RESERVE
    )
    if electric:
        used = distance * consumption_electric(state, spec) / 100
        before = state.battery_level
        take_energy(state, spec, used)
        state.trip_energy += (before - state.battery_level) / 100 * capacity(spec)
    else:
        litres = distance * consumption_fuel(state, spec) / 100
        burn(state, spec, litres)
        state.trip_fuel += litres


def per_100_km(amount: float, distance: float | None) -> float | None:
    """Return a consumption; None where the car has not moved."""
    return round(amount / distance * 100, 1) if distance else None


def consumption_electric(state: TwinState, spec: TwinSpec) -> float:
    """Return kWh per 100 km at this speed, in this weather."""
    by_speed = 0.8 + 0.35 * (state.speed / 100) ** 2 if state.moving else 1
    return spec.consumption_electric * by_speed * _by_weather(state, 0.018)


def consumption_fuel(state: TwinState, spec: TwinSpec) -> float:
    """Return litres per 100 km at this speed, in this weather."""
    by_speed = 1.1 - 0.3 * (state.speed / 100) if state.moving else 1
    return spec.consumption_fuel * by_speed * _by_weather(state, 0.006)


def _by_weather(state: TwinState, a_degree: float) -> float:
    cold = max(15 - state.outside_temperature, 0)
    hot = max(state.outside_temperature - 25, 0)
    return 1 + a_degree * cold + a_degree / 2 * hot


def capacity(spec: TwinSpec) -> float:
    """Return the battery's kWh; nothing for a car without one."""
    return spec.battery_capacity or 0


def take_energy(state: TwinState, spec: TwinSpec, energy: float) -> None:
    """Draw from the battery; an empty one gives nothing."""
    if spec.battery_capacity:
        level = state.battery_level - energy / spec.battery_capacity * 100
        state.battery_level = max(level, 0)


def burn(state: TwinState, spec: TwinSpec, litres: float) -> None:
    """Take fuel out of the tank."""
    if spec.tank:
        state.fuel_level = max(state.fuel_level - litres / spec.tank * 100, 0)


def wants_charge(state: TwinState, spec: TwinSpec, now: float) -> bool:
    """Return whether the car charges now: plug, limit, mode and the owner's word."""
    if not state.plugged_in or state.charge_wish is False:
        return False
    topped_up = state.charging or state.charge_wish is True
    limit = state.charge_limit - (0 if topped_up else _RESTART_BELOW_LIMIT)
    if state.battery_level >= limit:
        return False
    if state.charge_wish is True or state.charge_mode is ChargeMode.IMMEDIATE:
        return True
    if state.battery_level < state.charge_limit_min:
        return True
    local = now + local_offset(spec.home.longitude)
    if keeps_timers(state):
        needed = minutes_to_limit(state, spec) * 60
        return lets_charge(state.schedule, local, needed)
    hour = local % DAY / HOUR
    return _NIGHT_RATE[0] <= hour < _NIGHT_RATE[1]


def keeps_timers(state: TwinState) -> bool:
    """Return whether the car charges by its timers rather than at the night rate."""
    schedule = state.schedule
    if state.charge_mode is ChargeMode.SCHEDULED:
        return bool(schedule.slots)
    return (
        state.charge_mode is ChargeMode.TIMER
        and schedule.active
        and any(
            (slot.enabled and slot.charge_window) or charges_for_departure(slot)
            for slot in schedule.slots
        )
    )


def charge_power(state: TwinState, spec: TwinSpec) -> float:
    """Return the kW that go into the battery at its present level."""
    full = spec.volts * charge_amperes(state, spec) * spec.phases / 1000
    left = (100 - state.battery_level) / (100 - _TAPER_FROM)
    return full * (1 - _CHARGE_LOSS) * min(max(left, _TAPER_FLOOR), 1)


def charge_amperes(state: TwinState, spec: TwinSpec) -> float:
    """Return the current the car may draw from each phase."""
    allowed = state.max_charge_current
    if allowed == "reduced":
        return spec.amperes / 2
    if isinstance(allowed, str):
        return spec.amperes
    return min(allowed, spec.amperes)


def charge(state: TwinState, spec: TwinSpec, start: float, end: float) -> None:
    """Fill the battery, no further than to the limit."""
    power = charge_power(state, spec)
    room = max(state.charge_limit - state.battery_level, 0) / 100 * capacity(spec)
    energy = min(power * (end - start) / HOUR, room)
    state.battery_level += energy / capacity(spec) * 100
    if energy == room:
        state.battery_level = max(state.battery_level, state.charge_limit)
    state.energy_charged += energy
    warmed = min(state.battery_temperature + energy * 0.2, 35)
    state.battery_temperature = max(warmed, state.battery_temperature)


def minutes_to_limit(state: TwinState, spec: TwinSpec) -> float:
    """Return how long charging takes from here, the slow end included."""
    full = spec.volts * charge_amperes(state, spec) * spec.phases / 1000
    speed = full * (1 - _CHARGE_LOSS) / capacity(spec) * 100 / 60
    slow = 100 - _TAPER_FLOOR * (100 - _TAPER_FROM)
    level, limit = state.battery_level, state.charge_limit
    quick = max(min(limit, _TAPER_FROM) - level, 0)
    low, high = max(level, _TAPER_FROM), min(limit, slow)
    falling = log((100 - low) / (100 - high)) * (100 - _TAPER_FROM) if high > low else 0
    creeping = max(limit - max(level, slow), 0) / _TAPER_FLOOR
    return (quick + falling + creeping) / speed


def show_charging(state: TwinState, spec: TwinSpec) -> None:
    """Bring the charger's figures in line with whether it charges."""
    state.charging_power = charge_power(state, spec) if state.charging else 0
    share = state.charging_power / (1 - _CHARGE_LOSS) * 1000 / spec.volts / spec.phases
    state.charging_current = share
    released = state.auto_unlock_plug and is_full(state)
    state.plug_locked = state.plugged_in and not released


def is_full(state: TwinState) -> bool:
    """Return whether the car has what it should have, or so nearly that it rests."""
    enough = state.charge_limit - _RESTART_BELOW_LIMIT
    return not state.charging and state.battery_level >= enough


def rest(state: TwinState, spec: TwinSpec, start: float, end: float) -> None:
    """Let weather, cabin, tyres and the small battery move on."""
    seconds = end - start
    state.outside_temperature = outside_temperature(
        end, state.position.latitude, state.position.longitude
    )
    _condition(state, spec, seconds)
    state.battery_temperature += (
        state.outside_temperature + 3 - state.battery_temperature
    ) * (1 - exp(-seconds / (6 * HOUR)))
    _charge_12v(state, spec, seconds)
    _tyres(state, spec, seconds)


def wear_12v(state: TwinState) -> None:
    """Wake the modem, which costs the small battery a little."""
    state.battery_12v = max(state.battery_12v - _12V_A_WAKE, 0)


def _condition(state: TwinState, spec: TwinSpec, seconds: float) -> None:
    heated = state.climate_active or state.auxiliary_heating or state.ignition
    if heated:
        goal, pace = state.target_temperature, _CABIN_IS_CONDITIONED
    elif state.ventilation or any(state.windows):
        goal, pace = state.outside_temperature, _CABIN_IS_AIRED
    else:
        goal, pace = state.outside_temperature, _CABIN_LOSES_HEAT
    gap = goal - state.inside_temperature
    state.inside_temperature += gap * (1 - exp(-seconds / pace))
    if state.climate_active and not state.plugged_in:
        kilowatts = min(
            0.4
            + 0.07 * abs(state.target_temperature - state.outside_temperature)
            + 0.12 * abs(gap),
            4.0,
        )
        take_energy(state, spec, kilowatts * seconds / HOUR)
    if state.auxiliary_heating:
        burn(state, spec, _AUXILIARY_LITRES_AN_HOUR * seconds / HOUR)


def _charge_12v(state: TwinState, spec: TwinSpec, seconds: float) -> None:
    running = state.ignition or state.charging
    if running:
        change = _12V_RECOVERY_AN_HOUR * seconds / HOUR
    else:
        a_day = _12V_TIRED_A_DAY if spec.tired_12v else _12V_REST_A_DAY
        lights = 0.9 if state.lights else 0
        change = -(a_day + lights) * seconds / DAY
    state.battery_12v = min(max(state.battery_12v + change, 0), 1)
    state.battery_12v_voltage = (
        _12V_RUNNING
        if running
        else _12V_EMPTY + (_12V_FULL - _12V_EMPTY) * state.battery_12v
    )


def _tyres(state: TwinState, spec: TwinSpec, seconds: float) -> None:
    """Warm air presses more, and one tyre may leak."""
    if spec.leaking_tyre is not None:
        state.tyre_loss += _TYRE_LEAK_A_DAY * seconds / DAY
    warmth = state.outside_temperature - 20 + (12 if state.moving else 0)
    sound = _TYRE_FILLED_TO + warmth * _TYRE_BAR_A_DEGREE
    leaking = sound - state.tyre_loss
    front_left, front_right, rear_left, rear_right = (
        leaking if corner == spec.leaking_tyre else sound for corner in range(4)
    )
    state.tyre_pressures = (front_left, front_right, rear_left, rear_right)
