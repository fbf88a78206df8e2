"""Sensors: one row for each signal that is a number, a word or a moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .car import signals as s
from .car.signals import Signal
from .coordinator import AccountCoordinator, CarportConfigEntry
from .entity import AccountEntity, CarEntity, Undo
from .garage import ChannelState, GarageCar, Topic
from .service.clock import Timer

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0

type Sensed = StateType | datetime

_MINUTE: Final = 60.0
_QUARTER: Final = timedelta(minutes=15)

WAY_ON: Final[Mapping[ChannelState, str]] = {
    ChannelState.DEGRADED: "wait",
    ChannelState.THROTTLED: "wait",
    ChannelState.NEEDS_OWNER: "sign_in",
    ChannelState.CLOSED_BY_MAKER: "follow_repairs",
}
"""What the owner can do about a channel that is not ok."""


@dataclass(frozen=True, kw_only=True)
class CarSensorDescription(SensorEntityDescription):
    """A sensor that shows one signal.

    `as_wished` shows a running command's wish before the car's report; `attribute`
    names an attribute and the signal it lists.
    """

    signal: Signal[Any]
    value_fn: Callable[[Any], Sensed] = lambda value: value
    as_wished: bool = False
    attribute: tuple[str, Signal[Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor that shows how an account is."""

    value_fn: Callable[[AccountCoordinator], Sensed]


def _measured(
    signal: Signal[float],
    device_class: SensorDeviceClass | None = None,
    *,
    precision: int | None = None,
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT,
    category: EntityCategory | None = None,
    enabled: bool = True,
) -> CarSensorDescription:
    """Make the row of a quantity, in the unit of its signal."""
    return CarSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=device_class,
        state_class=state_class,
        native_unit_of_measurement=None if signal.unit is None else signal.unit.value,
        suggested_display_precision=precision,
        entity_category=category,
        entity_registry_enabled_default=enabled,
    )


def _distance(signal: Signal[float]) -> CarSensorDescription:
    return _measured(signal, SensorDeviceClass.DISTANCE, precision=0)


def _due_in(signal: Signal[float]) -> CarSensorDescription:
    """Make the row of a distance that is a forecast: no statistics of it."""
    return _measured(signal, SensorDeviceClass.DISTANCE, precision=0, state_class=None)


def _total(
    signal: Signal[float], device_class: SensorDeviceClass
) -> CarSensorDescription:
    """Make the row of a sum over the car's life, which few want."""
    # A maker may correct it: it is no meter, so a fall is no new beginning.
    return _measured(
        signal,
        device_class,
        precision=0,
        state_class=SensorStateClass.TOTAL,
        enabled=False,
    )


def _moment(signal: Signal[datetime], *, enabled: bool = True) -> CarSensorDescription:
    return CarSensorDescription(
        key=signal.key,
        signal=signal,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=enabled,
    )


def _choice(
    signal: Signal[str],
    *,
    category: EntityCategory | None = None,
    enabled: bool = True,
    as_wished: bool = False,
    attribute: tuple[str, Signal[Any]] | None = None,
) -> CarSensorDescription:
    """Make the row of a word from the signal's closed list."""
    return CarSensorDescription(
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
    _choice(s.CHARGING_DETAIL, category=EntityCategory.DIAGNOSTIC, enabled=False),
    _measured(s.CHARGING_POWER, SensorDeviceClass.POWER, precision=1),
    _measured(s.CHARGING_SPEED, SensorDeviceClass.SPEED, precision=0),
    _measured(
        s.CHARGING_CURRENT, SensorDeviceClass.CURRENT, precision=1, enabled=False
    ),
    _measured(
        s.CHARGING_VOLTAGE, SensorDeviceClass.VOLTAGE, precision=0, enabled=False
    ),
    _moment(s.CHARGE_COMPLETE_AT),
    _measured(s.TIME_TO_FULL, SensorDeviceClass.DURATION, precision=0, enabled=False),
    _measured(
        s.ENERGY_CHARGED,
        SensorDeviceClass.ENERGY,
        precision=1,
        state_class=SensorStateClass.TOTAL_INCREASING,
    ),
    _measured(
        s.BATTERY_CAPACITY, SensorDeviceClass.ENERGY_STORAGE, precision=1, enabled=False
    ),
    _measured(
        s.BATTERY_ENERGY, SensorDeviceClass.ENERGY_STORAGE, precision=1, enabled=False
    ),
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
    _moment(s.SERVICE_DUE_AT),
    _due_in(s.INSPECTION_DUE_DISTANCE),
    _moment(s.INSPECTION_DUE_AT),
    _due_in(s.OIL_SERVICE_DUE_DISTANCE),
    _moment(s.OIL_SERVICE_DUE_AT),
    _choice(s.HEALTH, attribute=("messages", s.HEALTH_MESSAGES)),
    CarSensorDescription(
        key=s.WARNING_LIGHTS.key,
        signal=s.WARNING_LIGHTS,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=len,
        attribute=("lights", s.WARNING_LIGHTS),
    ),
)

CAPTURED_AT: Final = SensorEntityDescription(
    key="captured_at",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
DATA_AGE: Final = SensorEntityDescription(
    key="data_age",
    device_class=SensorDeviceClass.DURATION,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfTime.MINUTES,
    # A day in minutes says nothing to people; hours are shown as 9h 5m.
    suggested_unit_of_measurement=UnitOfTime.HOURS,
    suggested_display_precision=2,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
CHANNEL: Final = SensorEntityDescription(
    key="channel",
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in ChannelState],
    entity_category=EntityCategory.DIAGNOSTIC,
)

ACCOUNT_SENSORS: Final = (
    AccountSensorDescription(
        key="calls_left",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: account.ledger.left(),
    ),
    AccountSensorDescription(
        key="calls_left_runs_out_at",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda account: _rounded(account.ledger.runs_out_at()),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create the sensors of every signal that a car was ever heard to report."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        observed = car.snapshot.readings
        yield from (
            CarSensor(coordinator, car, row)
            for row in SENSORS
            if row.signal.key in observed
        )
        yield CapturedAtSensor(coordinator, car, CAPTURED_AT, (Topic.CAPTURED,))
        yield DataAgeSensor(coordinator, car, DATA_AGE, ())
        yield ChannelSensor(coordinator, car, CHANNEL, (Topic.CHANNEL,))

    coordinator.claims.add_entities(async_add_entities, build)
    if coordinator.ledger.left() is not None:
        async_add_entities(AccountSensor(coordinator, row) for row in ACCOUNT_SENSORS)


class CarSensor(CarEntity, SensorEntity):
    """What a car said of one signal."""

    _unrecorded_attributes = frozenset({"messages", "lights"})
    entity_description: CarSensorDescription

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CarSensorDescription,
    ) -> None:
        """Listen to the signals of the row."""
        topics = [description.signal.key]
        if description.attribute is not None:
            topics.append(description.attribute[1].key)
        super().__init__(coordinator, car, description, topics)

    @property
    @override
    def native_value(self) -> Sensed:
        """The value in the signal's unit; unknown without one."""
        row = self.entity_description
        value = (self.car.shown if row.as_wished else self.car.reported)(row.signal)
        return None if value is None else row.value_fn(value)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """The records behind a verdict or a count."""
        if (attribute := self.entity_description.attribute) is None:
            return None
        name, signal = attribute
        return {name: [dict(record) for record in self.car.reported(signal) or ()]}


class CapturedAtSensor(CarEntity, SensorEntity):
    """When the car captured the newest of its readings."""

    @property
    @override
    def native_value(self) -> datetime | None:
        """The newest capture time."""
        return self.car.captured_at


class DataAgeSensor(CarEntity, SensorEntity):
    """How old the newest reading is; the only state that time alone changes."""

    _timer: Timer | None = None

    @property
    @override
    def native_value(self) -> int | None:
        """Whole minutes since the newest capture."""
        if (captured_at := self.car.captured_at) is None:
            return None
        age = self.coordinator.garage.clock_of(self.car).now() - captured_at
        return max(int(age.total_seconds() // _MINUTE), 0)

    @override
    def _listen(self) -> Iterable[Undo]:
        yield from super()._listen()
        yield self.coordinator.garage.subscribe(
            self.car.vin, (Topic.CAPTURED,), self._captured
        )
        self._wait()
        yield self._stop

    @callback
    def _captured(self) -> None:
        """Count the minutes from the new capture on."""
        self._stop()
        self._wait()
        self.async_write_ha_state()

    @callback
    def _tick(self) -> None:
        self._wait()
        self.async_write_ha_state()

    def _wait(self) -> None:
        clock = self.coordinator.garage.clock_of(self.car)
        self._timer = clock.call_later(_MINUTE, self._tick)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class ChannelSensor(CarEntity, SensorEntity):
    """How well the car can be reached, by the best of its accounts."""

    @property
    @override
    def available(self) -> bool:
        """Tell of outages instead of taking part in them."""
        return bool(self.car.channels)

    @property
    @override
    def native_value(self) -> str | None:
        """The state of the best channel."""
        channel = self.car.best_channel
        return None if channel is None else channel.state.value

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Until when it lasts, and what can be done about it."""
        channel = self.car.best_channel
        if channel is None or channel.state is ChannelState.OK:
            return None
        return {
            "until": None if channel.until is None else channel.until.isoformat(),
            "way_on": WAY_ON[channel.state],
        }


class AccountSensor(AccountEntity, SensorEntity):
    """What the ledger says of an account."""

    entity_description: AccountSensorDescription

    @property
    @override
    def native_value(self) -> Sensed:
        """The value of the row."""
        return self.entity_description.value_fn(self.coordinator)


def _rounded(moment: datetime | None) -> datetime | None:
    """Round a forecast to a quarter of an hour, or every call would move it."""
    if moment is None:
        return None
    past = timedelta(
        minutes=moment.minute % 15,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment - past + (_QUARTER if past >= _QUARTER / 2 else timedelta())
