"""A twin's report as readings: a table, one row for each signal it can say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ..car import signals as s
from ..car.signals import (
    ChargingDetail,
    ChargingState,
    Health,
    OilLevel,
    Record,
    Signal,
    Value,
)
from ..car.snapshot import Reading
from . import health, physics
from .physics import LOW_12V, LOW_TYRE, per_100_km
from .spec import Drive, Equipment, TwinSpec
from .state import Report, TwinState

_ADBLUE_RANGE: Final = 9000
_ADBLUE_LOW: Final = 1500
_PLUGGED_DRIVES: Final = frozenset({Drive.ELECTRIC, Drive.HYBRID})
_FUELLED_DRIVES: Final = frozenset({Drive.HYBRID, Drive.COMBUSTION})

type Say = Callable[[TwinState, TwinSpec], Value | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinSignal:
    """A signal, which cars say it, and how it follows from the state.

    A value of None is something the car cannot say at the moment.
    """

    signal: Signal[Any]
    say: Say
    needs: Equipment | None
    drives: frozenset[Drive]


def readings(
    report: Report, spec: TwinSpec, received_at: datetime, channel: str
) -> Iterator[Reading]:
    """Return what the cloud knows of a car."""
    state = report.state
    values = [(row.signal, row.say(state, spec)) for row in signals_of(spec)]
    if Equipment.HEALTH in spec.equipment:
        values += _health(state, spec, report.captured_at)
    for signal, said in values:
        if (value := signal.accept(said)) is not None:
            yield Reading(
                signal=signal,
                value=value,
                captured_at=report.captured_at,
                received_at=received_at,
                channel=channel,
            )


def signals_of(spec: TwinSpec) -> Iterator[TwinSignal]:
    """Pick the rows this car can say."""
    return (
        row
        for row in TWIN_SIGNALS
        if spec.drive in row.drives
        and (row.needs is None or row.needs in spec.equipment)
    )


def _health(
    state: TwinState, spec: TwinSpec, now: datetime
) -> Iterator[tuple[Signal[Any], Value]]:
    found = health.complaints(state, spec, now)
    messages: tuple[Record, ...] = tuple(
        {"category": row.category, "severity": str(row.severity), "text": row.text}
        for row in found
    )
    yield s.HEALTH, str(health.verdict(found))
    yield s.HEALTH_MESSAGES, messages
    for category, signal in s.HEALTH_PROBLEMS.items():
        yield signal, any(row.category == category for row in found)
    yield (
        s.WARNING_LIGHTS,
        tuple(
            {"text": row.text}
            for row in found
            if row.severity in {Health.SERVICE, Health.STOP}
        ),
    )


def _any(
    signal: Signal[Any],
    say: Say | str,
    needs: Equipment | None = None,
    drives: frozenset[Drive] = frozenset(Drive),
) -> TwinSignal:
    """Make a row; a plain word is the field of the state that holds the value."""
    if isinstance(say, str):
        say = _field(say)
    return TwinSignal(signal=signal, say=say, needs=needs, drives=drives)


def _plugged(
    signal: Signal[Any], say: Say | str, needs: Equipment | None = None
) -> TwinSignal:
    return _any(signal, say, needs, _PLUGGED_DRIVES)


def _fuelled(
    signal: Signal[Any], say: Say | str, needs: Equipment | None = None
) -> TwinSignal:
    return _any(signal, say, needs, _FUELLED_DRIVES)


def _field(name: str) -> Say:
    return lambda state, spec: getattr(state, name)


def _charging_state(state: TwinState, spec: TwinSpec) -> str:
    if not state.plugged_in:
        return ChargingState.DISCONNECTED
    if state.charging:
        return ChargingState.CHARGING
    if physics.is_full(state):
        return ChargingState.COMPLETE
    if state.charge_wish is False:
        return ChargingState.STOPPED
    return ChargingState.CONNECTED


def _charging_detail(state: TwinState, spec: TwinSpec) -> str:
    by_timer = state.charge_mode is not s.ChargeMode.IMMEDIATE
    match _charging_state(state, spec):
        case ChargingState.DISCONNECTED:
            return ChargingDetail.NOT_READY
        case ChargingState.CHARGING if by_timer and state.charge_wish is None:
            return ChargingDetail.CHARGING_BY_TIMER
        case ChargingState.CHARGING:
            return ChargingDetail.CHARGING
        case ChargingState.COMPLETE:
            return ChargingDetail.TARGET_REACHED
        case ChargingState.CONNECTED if by_timer:
            return ChargingDetail.WAITING_FOR_TIMER
    return ChargingDetail.READY


def _charging_speed(state: TwinState, spec: TwinSpec) -> float:
    used = physics.consumption_electric(state, spec)
    return round(state.charging_power / used * 100)


def _time_to_full(state: TwinState, spec: TwinSpec) -> float:
    """Say minutes in fives, as cars do; nothing is left when nothing charges."""
    if not state.charging:
        return 0
    return 5 * -(-physics.minutes_to_limit(state, spec) // 5)


def _current(state: TwinState, spec: TwinSpec) -> float | None:
    """Say the largest current in amperes, where the car takes numbers."""
    speaks_numbers = any(not isinstance(current, str) for current in spec.currents)
    return physics.charge_amperes(state, spec) if speaks_numbers else None


def _current_word(state: TwinState, spec: TwinSpec) -> str:
    allowed = state.max_charge_current
    return allowed if isinstance(allowed, str) else f"{allowed:g}"


def _range_electric(state: TwinState, spec: TwinSpec) -> float:
    energy = state.battery_level / 100 * physics.capacity(spec)
    parked_use = physics.consumption_electric(state, spec)
    return round(energy / parked_use * 100)


def _range_fuel(state: TwinState, spec: TwinSpec) -> float:
    litres = state.fuel_level / 100 * (spec.tank or 0)
    return round(litres / physics.consumption_fuel(state, spec) * 100)


def range_total(state: TwinState, spec: TwinSpec) -> float:
    """Return the km until battery and tank are empty."""
    electric = _range_electric(state, spec) if spec.battery_capacity else 0
    return electric + (_range_fuel(state, spec) if spec.tank else 0)


def _trip_energy(state: TwinState, spec: TwinSpec) -> float | None:
    return per_100_km(state.last_trip_energy, state.last_trip_distance)


def _trip_fuel(state: TwinState, spec: TwinSpec) -> float | None:
    return per_100_km(state.last_trip_fuel, state.last_trip_distance)


def _adblue_range(state: TwinState, spec: TwinSpec) -> float:
    """Say the range of a tank that is filled before it is empty."""
    since_filled = state.odometer % (_ADBLUE_RANGE - _ADBLUE_LOW)
    return round(_ADBLUE_RANGE - since_filled, -1)


def _half(value: float) -> float:
    return round(value * 2) / 2


def _corner(field: str, corner: int) -> Say:
    return lambda state, spec: getattr(state, field)[corner]


def _pressure(corner: int) -> Say:
    return lambda state, spec: round(state.tyre_pressures[corner], 1)


TWIN_SIGNALS: Final = (
    # Charging and battery
    _plugged(s.BATTERY_LEVEL, lambda state, spec: round(state.battery_level)),
    _plugged(s.CHARGING_STATE, _charging_state),
    _plugged(s.CHARGING_DETAIL, _charging_detail, Equipment.CHARGE_METER),
    _plugged(s.CHARGING, "charging"),
    _plugged(s.PLUGGED_IN, "plugged_in"),
    _plugged(s.PLUG_LOCKED, "plug_locked", Equipment.PLUG_LOCK),
    _plugged(s.CHARGING_PROBLEM, lambda state, spec: False, Equipment.CHARGE_METER),
    _plugged(
        s.CHARGING_POWER,
        lambda state, spec: round(state.charging_power, 1),
        Equipment.CHARGE_METER,
    ),
    _plugged(s.CHARGING_SPEED, _charging_speed, Equipment.CHARGE_METER),
    _plugged(
        s.CHARGING_CURRENT,
        lambda state, spec: round(state.charging_current, 1),
        Equipment.CHARGE_METER,
    ),
    _plugged(
        s.CHARGING_VOLTAGE,
        lambda state, spec: spec.volts if state.charging else 0.0,
        Equipment.CHARGE_METER,
    ),
    _plugged(s.TIME_TO_FULL, _time_to_full),
    _plugged(
        s.ENERGY_CHARGED,
        lambda state, spec: round(state.energy_charged, 2),
        Equipment.CHARGE_METER,
    ),
    _plugged(
        s.BATTERY_CAPACITY,
        lambda state, spec: spec.battery_capacity,
        Equipment.CHARGE_METER,
    ),
    _plugged(
        s.BATTERY_TEMPERATURE,
        lambda state, spec: _half(state.battery_temperature),
        Equipment.CHARGE_METER,
    ),
    _any(
        s.BATTERY_12V_VOLTAGE, lambda state, spec: round(state.battery_12v_voltage, 1)
    ),
    _any(s.BATTERY_12V_LOW, lambda state, spec: state.battery_12v_voltage < LOW_12V),
    _plugged(s.CHARGE_LIMIT, "charge_limit", Equipment.CHARGE_LIMIT),
    _plugged(s.CHARGE_LIMIT_MIN, "charge_limit_min", Equipment.CHARGE_MODE),
    _plugged(s.MAX_CHARGE_CURRENT, _current, Equipment.CHARGE_CURRENT),
    _plugged(s.MAX_CHARGE_CURRENT_WORD, _current_word, Equipment.CHARGE_CURRENT),
    _plugged(
        s.CHARGE_MODE, lambda state, spec: str(state.charge_mode), Equipment.CHARGE_MODE
    ),
    _plugged(s.SCHEDULE, "schedule", Equipment.TIMERS),
    _plugged(s.AUTO_UNLOCK_PLUG, "auto_unlock_plug", Equipment.AUTO_UNLOCK_PLUG),
    # Energy on board, distance, trips
    _plugged(s.RANGE_ELECTRIC, _range_electric),
    _fuelled(s.RANGE_FUEL, _range_fuel),
    _any(s.RANGE_TOTAL, range_total),
    _any(s.ODOMETER, lambda state, spec: float(int(state.odometer))),
    _fuelled(s.FUEL_LEVEL, lambda state, spec: round(state.fuel_level)),
    _fuelled(
        s.FUEL_VOLUME,
        lambda state, spec: round(state.fuel_level / 100 * (spec.tank or 0), 1),
    ),
    _fuelled(s.ADBLUE_RANGE, _adblue_range, Equipment.ADBLUE),
    _fuelled(s.OIL_LEVEL, lambda state, spec: str(OilLevel.OK)),
    _plugged(
        s.CONSUMPTION_ELECTRIC,
        lambda state, spec: round(physics.consumption_electric(state, spec), 1),
        Equipment.TRIPS,
    ),
    _fuelled(
        s.CONSUMPTION_FUEL,
        lambda state, spec: round(physics.consumption_fuel(state, spec), 1),
        Equipment.TRIPS,
    ),
    _any(
        s.LAST_TRIP_DISTANCE,
        lambda state, spec: (
            None
            if state.last_trip_distance is None
            else round(state.last_trip_distance, 1)
        ),
        Equipment.TRIPS,
    ),
    _any(
        s.LAST_TRIP_DURATION,
        lambda state, spec: (
            None if state.last_trip_minutes is None else round(state.last_trip_minutes)
        ),
        Equipment.TRIPS,
    ),
    _plugged(s.LAST_TRIP_CONSUMPTION_ELECTRIC, _trip_energy, Equipment.TRIPS),
    _fuelled(s.LAST_TRIP_CONSUMPTION_FUEL, _trip_fuel, Equipment.TRIPS),
    _any(s.LAST_TRIP_ENDED_AT, "last_trip_ended_at", Equipment.TRIPS),
    # Body
    _any(s.DOORS_LOCKED, "locked", Equipment.DOORS),
    *(
        _any(signal, _corner("doors", corner), Equipment.DOORS)
        for corner, signal in enumerate(s.DOORS)
    ),
    *(
        _any(signal, _corner("door_locks", corner), Equipment.DOORS)
        for corner, signal in enumerate(s.DOOR_LOCKS)
    ),
    *(
        _any(signal, _corner("windows", corner), Equipment.WINDOWS)
        for corner, signal in enumerate(s.WINDOWS)
    ),
    _any(s.BOOT, "boot", Equipment.DOORS),
    _any(s.BONNET, "bonnet", Equipment.DOORS),
    _plugged(s.CHARGE_FLAP, "plugged_in", Equipment.CHARGE_FLAP),
    _any(s.SUNROOF, "sunroof", Equipment.SUNROOF),
    _any(s.LIGHTS, "lights", Equipment.DOORS),
    _any(s.PARKING_LIGHT_LEFT, "light_left", Equipment.PARKING_LIGHTS),
    _any(s.PARKING_LIGHT_RIGHT, "light_right", Equipment.PARKING_LIGHTS),
    *(
        _any(signal, _pressure(corner), Equipment.TYRE_PRESSURES)
        for corner, signal in enumerate(s.TYRE_PRESSURES)
    ),
    _any(
        s.TYRE_PROBLEM,
        lambda state, spec: min(state.tyre_pressures) < LOW_TYRE,
        Equipment.TYRE_PRESSURES,
    ),
    # Climate
    _any(s.CLIMATE_ACTIVE, "climate_active", Equipment.CLIMATE),
    _any(
        s.CLIMATE_UNTIL,
        lambda state, spec: state.climate_until if state.climate_active else None,
        Equipment.CLIMATE,
    ),
    _any(s.TARGET_TEMPERATURE, "target_temperature", Equipment.CLIMATE),
    _any(s.WINDOW_HEATING, "window_heating", Equipment.WINDOW_HEATING),
    _any(s.DEFROST, "defrost", Equipment.DEFROST),
    _any(s.CLIMATE_ON_BATTERY, "climate_on_battery", Equipment.CLIMATE_ON_BATTERY),
    _any(s.AUXILIARY_HEATING, "auxiliary_heating", Equipment.AUXILIARY_HEATING),
    _any(s.VENTILATION, "ventilation", Equipment.VENTILATION),
    _any(s.OUTSIDE_TEMPERATURE, lambda state, spec: _half(state.outside_temperature)),
    _any(
        s.INSIDE_TEMPERATURE,
        lambda state, spec: _half(state.inside_temperature),
        Equipment.CABIN_SENSOR,
    ),
    # Where, and health
    _any(s.LOCATION, "position", Equipment.POSITION),
    _any(s.PARKED_LOCATION, "parked_position", Equipment.POSITION),
    _any(s.PARKED_AT, "parked_at", Equipment.POSITION),
    _any(s.IGNITION, "ignition", Equipment.DOORS),
    _any(s.MOVING, "moving", Equipment.DOORS),
    _any(
        s.SERVICE_DUE_DISTANCE, lambda state, spec: round(health.service_due(state), -2)
    ),
    _any(
        s.SERVICE_DUE_ON,
        lambda state, spec: state.service_due_at.date(),
        Equipment.HEALTH,
    ),
    _any(
        s.INSPECTION_DUE_ON,
        lambda state, spec: state.inspection_due_at.date(),
        Equipment.HEALTH,
    ),
    _fuelled(
        s.OIL_SERVICE_DUE_DISTANCE,
        lambda state, spec: round(health.service_due(state) / 2, -2),
        Equipment.HEALTH,
    ),
)
