"""The table of sensors: one row for each signal that is a number, a word or a moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .car import signals as s
from .car.signals import Signal
from .entity import CarEntityDescription

type Sensed = StateType | date | datetime


@dataclass(frozen=True, kw_only=True)
class CarSensorDescription(CarEntityDescription, SensorEntityDescription):
    """A sensor of a car."""


@dataclass(frozen=True, kw_only=True)
class SignalSensorDescription(CarSensorDescription):
    """A sensor that shows one signal.

    `as_wished` shows a running command's wish before the car's report; `attribute`
    names an attribute and the signal it lists. A `steady` moment is a forecast: it is
    shown to five minutes, and anew only when it has moved by about as much.
    """

    signal: Signal[Any]
    value_fn: Callable[[Any], Sensed] = lambda value: value
    as_wished: bool = False
    attribute: tuple[str, Signal[Any]] | None = None
    steady: bool = False

    @property
    @override
    def topics(self) -> tuple[str, ...]:
        """The signal, and what the attribute lists."""
        listed = () if self.attribute is None else (self.attribute[1].key,)
        return (self.signal.key, *listed)


def _measured(
    signal: Signal[float],
    device_class: SensorDeviceClass | None = None,
    *,
    precision: int | None = None,
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT,
    category: EntityCategory | None = None,
    enabled: bool = True,
) -> SignalSensorDescription:
    """Make the row of a quantity, in the unit of its signal."""
    return SignalSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=device_class,
        state_class=state_class,
        native_unit_of_measurement=None if signal.unit is None else signal.unit.value,
        suggested_display_precision=precision,
        entity_category=category,
        entity_registry_enabled_default=enabled,
    )


def _distance(signal: Signal[float]) -> SignalSensorDescription:
    return _measured(signal, SensorDeviceClass.DISTANCE, precision=0)


def _due_in(signal: Signal[float]) -> SignalSensorDescription:
    """Make the row of a distance that is a forecast: no statistics of it."""
    return _measured(signal, SensorDeviceClass.DISTANCE, precision=0, state_class=None)


def _total(
    signal: Signal[float], device_class: SensorDeviceClass
) -> SignalSensorDescription:
    """Make the row of a sum over the car's life, which few want."""
    # A maker may correct it: it is no meter, so a fall is no new beginning.
    return _measured(
        signal,
        device_class,
        precision=0,
        state_class=SensorStateClass.TOTAL,
        enabled=False,
    )


def _moment(
    signal: Signal[datetime],
    *,
    category: EntityCategory | None = None,
    enabled: bool = True,
    steady: bool = False,
) -> SignalSensorDescription:
    return SignalSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=category,
        entity_registry_enabled_default=enabled,
        steady=steady,
    )


def _due_on(signal: Signal[date]) -> SignalSensorDescription:
    """Make the row of a day, which is the same one wherever the owner is."""
    return SignalSensorDescription(
        key=signal.key, signal=signal, device_class=SensorDeviceClass.DATE
    )


def _day(signal: Signal[datetime]) -> SignalSensorDescription:
    """Make the row of a moment of which the day is what counts."""
    return SignalSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=SensorDeviceClass.DATE,
        value_fn=lambda moment: dt_util.as_local(moment).date(),
        entity_category=EntityCategory.DIAGNOSTIC,
    )


def _choice(
    signal: Signal[str],
    *,
    category: EntityCategory | None = None,
    enabled: bool = True,
    as_wished: bool = False,
    attribute: tuple[str, Signal[Any]] | None = None,
) -> SignalSensorDescription:
    """Make the row of a word from the signal's closed list."""
    return SignalSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=SensorDeviceClass.ENUM,
        options=list(signal.options),
        entity_category=category,
        entity_registry_enabled_default=enabled,
        as_wished=as_wished,
        attribute=attribute,
    )


SENSORS: Final = (
    # Charging and battery
    _measured(s.BATTERY_LEVEL, SensorDeviceClass.BATTERY, precision=0),
    _choice(s.CHARGING_STATE, as_wished=True),
    _choice(s.CHARGING_SUPPLY),
    _choice(s.CHARGING_TYPE, enabled=False),
    _choice(s.CHARGING_DETAIL, category=EntityCategory.DIAGNOSTIC, enabled=False),
    _measured(s.CHARGING_POWER, SensorDeviceClass.POWER, precision=1),
    _measured(s.CHARGING_SPEED, SensorDeviceClass.SPEED, precision=0),
    _measured(
        s.CHARGING_CURRENT, SensorDeviceClass.CURRENT, precision=1, enabled=False
    ),
    _measured(
        s.CHARGING_VOLTAGE, SensorDeviceClass.VOLTAGE, precision=0, enabled=False
    ),
    _moment(s.CHARGE_COMPLETE_AT, steady=True),
    _measured(s.TIME_TO_FULL, SensorDeviceClass.DURATION, precision=0, enabled=False),
    _measured(
        s.ENERGY_CHARGED,
        SensorDeviceClass.ENERGY,
        precision=1,
        state_class=SensorStateClass.TOTAL_INCREASING,
    ),
    *(
        _measured(
            energy,
            SensorDeviceClass.ENERGY,
            precision=1,
            state_class=SensorStateClass.TOTAL_INCREASING,
            enabled=False,
        )
        for energy in (s.ENERGY_CHARGED_HOME, s.ENERGY_CHARGED_AWAY)
    ),
    _measured(
        s.BATTERY_CAPACITY, SensorDeviceClass.ENERGY_STORAGE, precision=1, enabled=False
    ),
    _measured(
        s.BATTERY_ENERGY, SensorDeviceClass.ENERGY_STORAGE, precision=1, enabled=False
    ),
    # Without the class for batteries, which would make it the car's charge level.
    _measured(s.STATE_OF_HEALTH, precision=0, enabled=False),
    _measured(
        s.BATTERY_TEMPERATURE, SensorDeviceClass.TEMPERATURE, precision=1, enabled=False
    ),
    _measured(
        s.BATTERY_12V_VOLTAGE,
        SensorDeviceClass.VOLTAGE,
        precision=1,
        category=EntityCategory.DIAGNOSTIC,
    ),
    _choice(s.LAST_CHARGE_END, enabled=False),
    # Energy on board, distance, trips
    _distance(s.RANGE_ELECTRIC),
    _distance(s.RANGE_FUEL),
    _distance(s.RANGE_TOTAL),
    _measured(
        s.ODOMETER,
        SensorDeviceClass.DISTANCE,
        precision=0,
        state_class=SensorStateClass.TOTAL_INCREASING,
    ),
    # A level in per cent has no class: the one for batteries would make the fuel one.
    _measured(s.FUEL_LEVEL, precision=0),
    _measured(s.FUEL_VOLUME, SensorDeviceClass.VOLUME_STORAGE, precision=1),
    _distance(s.ADBLUE_RANGE),
    _choice(s.OIL_LEVEL),
    _measured(s.OIL_LEVEL_PERCENT, precision=0),
    _measured(s.CNG_LEVEL, precision=0),
    _measured(s.SPEED, SensorDeviceClass.SPEED, precision=0),
    _measured(s.CONSUMPTION_ELECTRIC, SensorDeviceClass.ENERGY_DISTANCE, precision=1),
    _measured(s.CONSUMPTION_FUEL, precision=1),
    _measured(s.LAST_TRIP_DISTANCE, SensorDeviceClass.DISTANCE, precision=1),
    _measured(s.LAST_TRIP_DURATION, SensorDeviceClass.DURATION, precision=0),
    _measured(
        s.LAST_TRIP_CONSUMPTION_ELECTRIC, SensorDeviceClass.ENERGY_DISTANCE, precision=1
    ),
    _measured(s.LAST_TRIP_CONSUMPTION_FUEL, precision=1),
    _moment(s.LAST_TRIP_ENDED_AT),
    # Figures of a whole life, and finer ones of the last trip
    *(
        _measured(distance, SensorDeviceClass.DISTANCE, precision=0, enabled=False)
        for distance in (
            s.RANGE_ELECTRIC_MAX,
            s.DISTANCE_SINCE_CHARGE,
            s.DISTANCE_PER_MONTH,
            s.LAST_TRIP_DISTANCE_ELECTRIC,
        )
    ),
    _total(s.DISTANCE_ELECTRIC, SensorDeviceClass.DISTANCE),
    _total(s.FUEL_SAVED, SensorDeviceClass.VOLUME),
    _total(s.CO2_SAVED, SensorDeviceClass.WEIGHT),
    *(
        _measured(
            recuperation, SensorDeviceClass.ENERGY_DISTANCE, precision=1, enabled=False
        )
        for recuperation in (s.RECUPERATION, s.LAST_TRIP_RECUPERATION)
    ),
    # Body and climate
    *(
        _measured(pressure, SensorDeviceClass.PRESSURE, precision=1)
        for pressure in s.TYRE_PRESSURES
    ),
    *(
        _measured(position, precision=0, enabled=False)
        for position in (*s.WINDOW_POSITIONS, s.SUNROOF_POSITION)
    ),
    _moment(s.CLIMATE_UNTIL),
    _moment(s.CLIMATE_STARTS_AT),
    _choice(s.CLIMATE_LAST_RESULT, enabled=False),
    _moment(s.CLIMATE_LAST_AT, enabled=False),
    _measured(s.OUTSIDE_TEMPERATURE, SensorDeviceClass.TEMPERATURE, precision=1),
    _measured(s.INSIDE_TEMPERATURE, SensorDeviceClass.TEMPERATURE, precision=1),
    # Where, and health
    _moment(s.PARKED_AT),
    _due_in(s.SERVICE_DUE_DISTANCE),
    _due_on(s.SERVICE_DUE_ON),
    _due_in(s.INSPECTION_DUE_DISTANCE),
    _due_on(s.INSPECTION_DUE_ON),
    _due_in(s.OIL_SERVICE_DUE_DISTANCE),
    _due_on(s.OIL_SERVICE_DUE_ON),
    _day(s.SERVICE_EXPIRES_AT),
    SignalSensorDescription(
        key=s.PARKED_ADDRESS.key,
        signal=s.PARKED_ADDRESS,
        entity_registry_enabled_default=False,
    ),
    _choice(s.HEALTH, attribute=("messages", s.HEALTH_MESSAGES)),
    SignalSensorDescription(
        key=s.WARNING_LIGHTS.key,
        signal=s.WARNING_LIGHTS,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=len,
        attribute=("lights", s.WARNING_LIGHTS),
    ),
    # The way the data comes
    _choice(s.DATA_DELIVERY, category=EntityCategory.DIAGNOSTIC),
    _moment(s.CONTENT_DELIVERED_AT, category=EntityCategory.DIAGNOSTIC),
    _moment(s.DELIVERED_AT, category=EntityCategory.DIAGNOSTIC, enabled=False),
)
