"""The device tracker: where the car is, or where it was parked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.device_tracker import (
    DOMAIN as DEVICE_TRACKER,
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.signals import LOCATION, PARKED_LOCATION, Position
from .const import DOMAIN
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar
from .entity import CarEntity, CarEntityDescription, unique_id

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarTrackerDescription(CarEntityDescription, TrackerEntityDescription):
    """The tracker of a car."""


WHERE: Final = CarTrackerDescription(
    key="location", signals=(LOCATION, PARKED_LOCATION)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a tracker for each car that ever said where it is."""
    coordinator = entry.runtime_data
    _forget_hidden(hass, coordinator)

    def build(car: GarageCar) -> Iterable[CarTracker]:
        if _says_where(car):
            yield CarTracker(coordinator, car, WHERE)

    await coordinator.ownership.add_entities(async_add_entities, build)


@callback
def _forget_hidden(hass: HomeAssistant, coordinator: AccountCoordinator) -> None:
    """Remove trackers whose owner no longer shares the position."""
    registry = er.async_get(hass)
    for car in coordinator.ownership.cars:
        shared = car.shares_position
        entity_id = registry.async_get_entity_id(
            DEVICE_TRACKER, DOMAIN, unique_id(car, WHERE.key)
        )
        if entity_id is not None and not shared:
            registry.async_remove(entity_id)


class CarTracker(CarEntity, TrackerEntity):
    """Where a car is."""

    @property
    @override
    def entity_category(self) -> EntityCategory | None:
        """None: called housekeeping, it would be hidden from automations."""
        return None

    @property
    @override
    def force_update(self) -> bool:
        """Do not record a position that has not moved."""
        return False

    @property
    @override
    def latitude(self) -> float | None:
        """The latitude in degrees."""
        return None if (place := self._place) is None else place.latitude

    @property
    @override
    def longitude(self) -> float | None:
        """The longitude in degrees."""
        return None if (place := self._place) is None else place.longitude

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Where the car is headed, from cars that know it."""
        place = self._place
        if place is None or place.heading is None:
            return None
        return {"heading": place.heading}

    @property
    def _place(self) -> Position | None:
        """The newer of the live and the parked position; live ones may be gone."""
        readings = self.car.snapshot.readings
        known = [readings[key] for key in WHERE.topics if key in readings]
        if not known:
            return None
        newest = max(known, key=lambda reading: reading.order)
        return LOCATION.accept(newest.value)


def _says_where(car: GarageCar) -> bool:
    return any(key in car.snapshot.readings for key in WHERE.topics)
