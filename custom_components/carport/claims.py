"""Claims: which account has a car's device and entities, and what it creates.

A device belongs to one config entry, and unique ids are unique in the integration.
So one account claims a car; the others only feed it, and inherit it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.signals import SCHEDULE
from .const import DOMAIN
from .garage import Channel, Garage, GarageCar, Topic

if TYPE_CHECKING:
    from .coordinator import CarportConfigEntry

type BuildEntities = Callable[[GarageCar], Iterable[Entity]]
type Undo = Callable[[], None]


class Claims:
    """The cars of one account in the garage, and the entities it made for them."""

    def __init__(
        self, hass: HomeAssistant, entry: CarportConfigEntry, garage: Garage
    ) -> None:
        """Claim nothing yet."""
        self._hass = hass
        self._entry = entry
        self._account = entry.entry_id
        self._garage = garage
        self._builders: list[tuple[AddConfigEntryEntitiesCallback, BuildEntities]] = []
        self._made: dict[str, set[tuple[int, str]]] = {}
        self._watched: dict[str, list[Undo]] = {}

    @property
    def cars(self) -> tuple[GarageCar, ...]:
        """The cars whose device and entities belong to this account."""
        return tuple(
            car
            for car in self._garage.cars.values()
            if car.owner == self._account and self._account in car.channels
        )

    @callback
    def connect(self, channels: Iterable[Channel]) -> None:
        """Bring the garage's channels of this account up to date, and claim."""
        channels = tuple(channels)
        shown = {channel.car.vin for channel in channels}
        for car in list(self._garage.cars.values()):
            if car.vin not in shown and (
                self._account in car.channels or car.owner == self._account
            ):
                self._let_go(car)
        self._garage.connect(channels)
        for channel in channels:
            car = self._garage.cars[channel.car.vin]
            if not channel.share_position:
                self._garage.drop_places(car.vin)
            if self._may_claim(car):
                self.adopt(car)

    @callback
    def adopt(self, car: GarageCar) -> None:
        """Make a car this account's own, with its device, entity ids and history."""
        if car.owner not in (None, self._account):
            self._move_registry_entries(car.vin)
        self._garage.claim(car.vin, self._account)
        if car.vin not in self._watched:
            # A schedule may bring another timer, which is no other signal.
            topics = (Topic.SIGNALS, Topic.COMMANDS, SCHEDULE.key)
            self._watched[car.vin] = [
                self._garage.subscribe(car.vin, topics, lambda: self._build(car)),
                *self._entry.runtime_data.watch(car),
            ]
        self._build(car)

    @callback
    def add_entities(
        self, add: AddConfigEntryEntitiesCallback, build: BuildEntities
    ) -> None:
        """Create the entities of all claimed cars, now and whenever more can be."""
        number = len(self._builders)
        self._builders.append((add, build))
        for car in self.cars:
            self._build_one(car, number)

    @callback
    def close(self) -> None:
        """Leave the cars to the next account that has them."""
        for car in list(self._garage.cars.values()):
            if self._account in car.channels:
                self._stop_watching(car.vin)
                self._garage.disconnect(car.vin, self._account)
                self._hand_over(car)

    def _may_claim(self, car: GarageCar) -> bool:
        """Leave a car to its owner's account while that account may still load."""
        if car.owner in (None, self._account):
            return True
        if car.owner in car.channels:
            return False
        entry = self._hass.config_entries.async_get_entry(car.owner or "")
        return entry is None or entry.disabled_by is not None

    def _let_go(self, car: GarageCar) -> None:
        """Take a sold or hidden car out of this account."""
        self._stop_watching(car.vin)
        self._made.pop(car.vin, None)
        self._garage.disconnect(car.vin, self._account)
        if car.owner != self._account or self._hand_over(car):
            return
        registry = dr.async_get(self._hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, car.vin), self._account
        )
        if device is not None:
            registry.async_remove_device(device.id)
        self._garage.forget(car.vin)

    def _hand_over(self, car: GarageCar) -> bool:
        """Give a car to another loaded account that has it."""
        if car.owner != self._account:
            return False
        entries: list[CarportConfigEntry] = (
            self._hass.config_entries.async_loaded_entries(DOMAIN)
        )
        for entry in entries:
            if entry.entry_id in car.channels:
                entry.runtime_data.claims.adopt(car)
                return True
        return False

    def _move_registry_entries(self, vin: str) -> None:
        """Move device and entities of a car here; entities first, or they go."""
        devices = dr.async_get(self._hass)
        entities = er.async_get(self._hass)
        owner = self._garage.cars[vin].owner
        device = devices.async_get_device_by_identifier((DOMAIN, vin), owner or "")
        if device is None:
            return
        for entity in er.async_entries_for_device(
            entities, device.id, include_disabled_entities=True
        ):
            entities.async_update_entity(
                entity.entity_id, config_entry_id=self._account
            )
        devices.async_update_device(device.id, new_config_entry_id=self._account)

    def _stop_watching(self, vin: str) -> None:
        for undo in self._watched.pop(vin, ()):
            undo()

    @callback
    def _build(self, car: GarageCar) -> None:
        for number in range(len(self._builders)):
            self._build_one(car, number)

    def _build_one(self, car: GarageCar, number: int) -> None:
        """Create what one platform can create of a car by now and has not yet."""
        made = self._made.setdefault(car.vin, set())
        add, build = self._builders[number]
        fresh = []
        for entity in build(car):
            mark = (number, str(entity.unique_id))
            if mark not in made:
                made.add(mark)
                fresh.append(entity)
        if fresh:
            add(fresh)
