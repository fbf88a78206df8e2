"""Binary sensors: one row for each signal that is yes or no and cannot be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car import signals as s
from .car.signals import Signal
from .cloud.clock import Timer
from .coordinator import CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import AccountEntity, CarEntity, CarEntityDescription, Undo

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarBinarySensorDescription(CarEntityDescription, BinarySensorEntityDescription):
    """A binary sensor of a car."""


@dataclass(frozen=True, kw_only=True)
class SignalBinarySensorDescription(CarBinarySensorDescription):
    """A binary sensor that shows one signal, or its opposite."""

    signal: Signal[bool]
    inverted: bool = False

    @property
    @override
    def topics(self) -> tuple[str, ...]:
        """The signal."""
        return (self.signal.key,)


def _flag(
    signal: Signal[bool],
    device_class: BinarySensorDeviceClass | None = None,
    *,
    category: EntityCategory | None = None,
    enabled: bool = True,
) -> SignalBinarySensorDescription:
    """Make a row; Home Assistant's lock class is on when unlocked, our signal off."""
    return SignalBinarySensorDescription(
        key=signal.key,
        signal=signal,
        device_class=device_class,
        entity_category=category,
        entity_registry_enabled_default=enabled,
        inverted=device_class is BinarySensorDeviceClass.LOCK,
    )


BINARY_SENSORS: Final = (
    # Charging and battery
    _flag(s.CHARGING, BinarySensorDeviceClass.BATTERY_CHARGING),
    _flag(s.PLUGGED_IN, BinarySensorDeviceClass.PLUG),
    _flag(s.PLUG_LOCKED, BinarySensorDeviceClass.LOCK),
    _flag(
        s.CHARGING_PROBLEM,
        BinarySensorDeviceClass.PROBLEM,
        category=EntityCategory.DIAGNOSTIC,
    ),
    _flag(
        s.LAST_CHARGE_FAILED,
        BinarySensorDeviceClass.PROBLEM,
        category=EntityCategory.DIAGNOSTIC,
        enabled=False,
    ),
    _flag(
        s.BATTERY_12V_LOW,
        BinarySensorDeviceClass.BATTERY,
        category=EntityCategory.DIAGNOSTIC,
    ),
    # Body
    SignalBinarySensorDescription(
        key="locked",
        signal=s.DOORS_LOCKED,
        device_class=BinarySensorDeviceClass.LOCK,
        inverted=True,
    ),
    *(_flag(door, BinarySensorDeviceClass.DOOR) for door in s.DOORS),
    *(
        _flag(lock, BinarySensorDeviceClass.LOCK, enabled=False)
        for lock in s.DOOR_LOCKS
    ),
    *(_flag(window, BinarySensorDeviceClass.WINDOW) for window in s.WINDOWS),
    _flag(s.BOOT, BinarySensorDeviceClass.OPENING),
    _flag(s.BONNET, BinarySensorDeviceClass.OPENING),
    _flag(s.CHARGE_FLAP, BinarySensorDeviceClass.OPENING),
    _flag(s.REAR_WINDOW, BinarySensorDeviceClass.WINDOW),
    _flag(s.SUNROOF, BinarySensorDeviceClass.WINDOW),
    _flag(s.ROOF, BinarySensorDeviceClass.WINDOW),
    _flag(s.DOORS_OPEN, BinarySensorDeviceClass.DOOR),
    _flag(s.WINDOWS_OPEN, BinarySensorDeviceClass.WINDOW),
    _flag(s.UNSECURED, BinarySensorDeviceClass.SAFETY),
    _flag(s.LIGHTS, BinarySensorDeviceClass.LIGHT),
    _flag(s.PARKING_LIGHT_LEFT, BinarySensorDeviceClass.LIGHT),
    _flag(s.PARKING_LIGHT_RIGHT, BinarySensorDeviceClass.LIGHT),
    _flag(s.TYRE_PROBLEM, BinarySensorDeviceClass.PROBLEM),
    # Climate, motion, health
    _flag(s.CLIMATE_ACTIVE, BinarySensorDeviceClass.RUNNING),
    _flag(s.CLIMATE_SCHEDULED),
    _flag(s.IGNITION, BinarySensorDeviceClass.POWER),
    _flag(s.MOVING, BinarySensorDeviceClass.MOVING),
    _flag(s.PARKING_BRAKE, enabled=False),
    *(
        _flag(problem, BinarySensorDeviceClass.PROBLEM, enabled=False)
        for problem in s.HEALTH_PROBLEMS.values()
    ),
)

DATA_STALE: Final = CarBinarySensorDescription(
    key="data_stale",
    other_topics=(Topic.STALE, Topic.SIGNALS),
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)
THROTTLED: Final = BinarySensorEntityDescription(
    key="throttled",
    device_class=BinarySensorDeviceClass.PROBLEM,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create what every car was ever heard to report."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        observed = car.snapshot.readings
        yield from (
            CarBinarySensor(coordinator, car, row)
            for row in BINARY_SENSORS
            if row.signal.key in observed
        )
        yield DataStaleSensor(coordinator, car, DATA_STALE)

    await coordinator.ownership.add_entities(async_add_entities, build)
    async_add_entities([ThrottledSensor(coordinator, THROTTLED)])


class CarBinarySensor(CarEntity, BinarySensorEntity):
    """What a car said of one signal."""

    entity_description: SignalBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """The signal, in Home Assistant's sense of the device class."""
        row = self.entity_description
        value = self.car.reported(row.signal)
        return None if value is None else value is not row.inverted


class DataStaleSensor(CarEntity, BinarySensorEntity):
    """Whether the newest reading is older than it should be."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Unknown as long as the car never said when."""
        return None if self.car.captured_at is None else self.car.stale


class ThrottledSensor(AccountEntity, BinarySensorEntity):
    """Whether the cloud wants to be left alone for a while."""

    _shown: tuple[datetime | None, ...] = ()
    _timer: Timer | None = None

    @property
    @override
    def is_on(self) -> bool:
        """On while a pause lasts."""
        return any(self._pauses)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Until when nothing is read, and until when no command is sent."""
        reading, commands = self._pauses
        return {"readings_paused_until": reading, "commands_paused_until": commands}

    @property
    def _pauses(self) -> tuple[datetime | None, datetime | None]:
        ledger = self.coordinator.ledger
        return ledger.throttled_until, ledger.commands_paused_until

    @override
    def _listen(self) -> Iterable[Undo]:
        """Also notice the end of a pause, which nobody tells."""
        yield from super()._listen()
        self._shown = self._pauses
        self._watch_end()
        yield self._stop

    @callback
    @override
    def _ledger_changed(self) -> None:
        """Write only when it changed: the ledger tells of every call."""
        if self._pauses != self._shown:
            self._shown = self._pauses
            self.async_write_ha_state()
        self._watch_end()

    def _watch_end(self) -> None:
        self._stop()
        ends = [until for until in self._pauses if until is not None]
        if ends:
            clock = self.coordinator.clock
            left = (min(ends) - clock.now()).total_seconds()
            self._timer = clock.call_later(left, self._ledger_changed)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
