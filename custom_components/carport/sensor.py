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

from .car import signals as s
from .car.local_time import rounded, rounded_down
from .channel_sensor import ChannelSensor
from .cloud.clock import Timer
from .coordinator import AccountCoordinator, CarportConfigEntry
from .energy_entity import CHARGE_COST, ChargeCostSensor, energy_source
from .engine import ChannelState, GarageCar, Topic
from .entity import AccountEntity, CarEntity, Undo
from .sensor_descriptions import (
    SENSORS,
    CarSensorDescription,
    Sensed,
    SignalSensorDescription,
)

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0

_MINUTE: Final = 60.0
_SLACK: Final = 0.5
"""Seconds by which a timer may ring before its minute is full."""
_QUARTER: Final = timedelta(minutes=15)
_NEWS: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor that shows how an account is."""

    value_fn: Callable[[AccountCoordinator], Sensed]


CAPTURED_AT: Final = CarSensorDescription(
    key="captured_at",
    other_topics=(Topic.CAPTURED,),
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)
DATA_AGE: Final = CarSensorDescription(
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
CHANNEL: Final = CarSensorDescription(
    key="channel",
    other_topics=(Topic.CHANNEL,),
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
            (SteadyMomentSensor if row.steady else CarSensor)(coordinator, car, row)
            for row in SENSORS
            if row.signal.key in observed
        )
        if s.ENERGY_CHARGED.key in observed and coordinator.tariff(car.vin) is not None:
            yield ChargeCostSensor(coordinator, car, CHARGE_COST)
        yield CapturedAtSensor(coordinator, car, CAPTURED_AT)
        yield DataAgeSensor(coordinator, car, DATA_AGE)
        yield ChannelSensor(coordinator, car, CHANNEL)

    await coordinator.ownership.add_entities(async_add_entities, build)
    if coordinator.ledger.left() is not None:
        async_add_entities(AccountSensor(coordinator, row) for row in ACCOUNT_SENSORS)


class CarSensor(CarEntity, SensorEntity):
    """What a car said of one signal."""

    _unrecorded_attributes = frozenset({"messages", "lights"})
    entity_description: SignalSensorDescription

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
        """The records behind a verdict or a count, or where an energy is from."""
        if self.entity_description.signal is s.ENERGY_CHARGED:
            return energy_source(self)
        if (attribute := self.entity_description.attribute) is None:
            return None
        name, signal = attribute
        return {name: [dict(record) for record in self.car.reported(signal) or ()]}


class SteadyMomentSensor(CarSensor):
    """A forecast, which the car makes a little different in each report.

    Each of them would be one more row in Activity, and none of them news.
    """

    _shown: datetime | None = None

    @property
    @override
    def native_value(self) -> datetime | None:
        """The moment to five minutes; the one shown before while it is still close."""
        moment = super().native_value
        if not isinstance(moment, datetime):
            self._shown = None
        elif self._shown is None or abs(moment - self._shown) >= _NEWS:
            self._shown = rounded(moment)
        return self._shown


class CapturedAtSensor(CarEntity, SensorEntity):
    """When the car captured the newest of its readings, to five minutes.

    To the second it would be one more state in the database for every reading.
    """

    @property
    @override
    def native_value(self) -> datetime | None:
        """The newest capture time, rounded down."""
        captured_at = self.car.captured_at
        return None if captured_at is None else rounded_down(captured_at)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """How early it may have been, where the maker says it only roughly."""
        not_before = self.car.snapshot.newest_not_before()
        return (
            None
            if not_before is None
            else {"not_before": rounded_down(not_before).isoformat()}
        )


class DataAgeSensor(CarEntity, SensorEntity):
    """How old the newest reading is; the only state that time alone changes."""

    _timer: Timer | None = None

    @property
    @override
    def native_value(self) -> int | None:
        """Whole minutes since the newest capture."""
        if (age := self._age()) is None:
            return None
        return max(int((age + _SLACK) // _MINUTE), 0)

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
        """Count on in its turn; the ages of many cars may change at the same moment."""
        self.coordinator.yielding.call(self._count)

    @callback
    def _count(self) -> None:
        """Write the age, unless nobody wants it any more, and wait for the next minute."""
        if self._timer is not None:
            self._stop()
            self._wait()
            self.async_write_ha_state()

    def _wait(self) -> None:
        """Wait until one more minute is full."""
        left = _MINUTE
        if (age := self._age()) is not None:
            left -= age % _MINUTE
        clock = self.coordinator.garage.clock_of(self.car)
        self._timer = clock.call_later(
            left if left > _SLACK else left + _MINUTE, self._tick
        )

    def _age(self) -> float | None:
        """Return the seconds since the newest capture."""
        if (captured_at := self.car.captured_at) is None:
            return None
        now = self.coordinator.garage.clock_of(self.car).now()
        return (now - captured_at).total_seconds()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


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
