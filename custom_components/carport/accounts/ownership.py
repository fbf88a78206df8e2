"""Ownership: which account has a car's device and entities, and what it creates.

A device belongs to one config entry, and unique ids are unique in the integration.
So one account owns a car; the others only add readings, and inherit it.
"""

from collections.abc import Callable, Iterable
from itertools import batched
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..car.signals import SCHEDULE
from ..const import DOMAIN
from ..engine import Channel, Garage, GarageCar, Topic, Yielding
from .running import RunningEntry

type BuildEntities = Callable[[GarageCar], Iterable[Entity]]
type Undo = Callable[[], None]


_AT_ONCE: Final = 8
"""How many entities are added before others may have the loop."""


class Ownership:
    """The cars of one account in the garage, and the entities it made for them."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        garage: Garage,
        yielding: Yielding,
    ) -> None:
        """Own nothing yet."""
        self._hass = hass
        self._entry = entry
        self._account = entry.entry_id
        self._garage = garage
        self._yielding = yielding
        self._builders: list[tuple[AddConfigEntryEntitiesCallback, BuildEntities]] = []
        self._made: dict[str, set[tuple[int, str]]] = {}
        self._watched: dict[str, list[Undo]] = {}

    @property
    def cars(self) -> tuple[GarageCar, ...]:
        """The cars whose device and entities belong to this account."""
        return tuple(car for car in self._garage.cars.values() if self._owns(car))

    @callback
    def connect(self, channels: Iterable[Channel]) -> None:
        """Bring the garage's channels of this account up to date, and take what is free."""
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
            if self._may_own(car):
                self.adopt(car)
        self._tell_apart()

    @callback
    def take_free(self) -> None:
        """Take the cars whose account has left while this one came up.

        It could not hand them over to an account that was not loaded yet.
        """
        for car in list(self._garage.cars.values()):
            if (
                self._account in car.channels
                and car.owner != self._account
                and self._may_own(car)
            ):
                self.adopt(car)

    @callback
    def adopt(self, car: GarageCar) -> None:
        """Make a car this account's own, with its device, entity ids and history."""
        if car.owner not in (None, self._account):
            self._move_registry_entries(car.vin)
        self._garage.set_owner(car.vin, self._account)
        if car.vin not in self._watched:
            # A schedule may bring another timer, which is no other signal.
            topics = (Topic.SIGNALS, Topic.COMMANDS, SCHEDULE.key)
            self._watched[car.vin] = [
                self._garage.subscribe(car.vin, topics, lambda: self._build(car)),
                *self._entry.runtime_data.watch(car),
            ]
        self._build(car)

    async def add_entities(
        self, add: AddConfigEntryEntitiesCallback, build: BuildEntities
    ) -> None:
        """Create the entities of all owned cars, now and whenever more can be."""
        number = len(self._builders)
        self._builders.append((add, build))
        for car in self.cars:
            await self._yielding.give_way()
            # A car that leaves meanwhile takes what was made of it along.
            fresh = self._fresh(car, number) if self._owns(car) else []
            for some in batched(fresh, _AT_ONCE, strict=False):
                await self._yielding.give_way()
                if self._owns(car):
                    add(some)

    @callback
    def end_subscriptions(self) -> None:
        """Create no entities any more: the platforms are about to go."""
        self._builders.clear()
        for vin in tuple(self._watched):
            self._stop_watching(vin)

    @callback
    def close(self) -> None:
        """Leave the cars for a moment, or for good to the next account that has them.

        What is loaded anew keeps its cars, since its options are about them.
        """
        comes_back = self._entry.disabled_by is None
        for car in list(self._garage.cars.values()):
            if self._account in car.channels:
                self._stop_watching(car.vin)
                self._garage.disconnect(car.vin, self._account)
                if comes_back:
                    continue
                self._forget_places(car)
            # A car that was lost while it had entities waits for this moment, too.
            self._hand_over(car)

    @callback
    def give_away(self, *, for_good: bool) -> None:
        """Give the cars of an account that does not run to others that do."""
        for car in list(self._garage.cars.values()):
            if for_good:
                self._forget_places(car)
            self._hand_over(car)

    def _forget_places(self, car: GarageCar) -> None:
        """Forget where a car was, if no account that is left is to tell that."""
        if car.channels:
            self._garage.drop_places(car.vin)

    def _tell_apart(self) -> None:
        """Name the devices of equal cars anew, which other accounts may have."""
        registry = dr.async_get(self._hass)
        for car in self._garage.cars.values():
            device = registry.async_get_device_by_identifier(
                (DOMAIN, car.vin), car.owner or ""
            )
            if device is not None and device.name != car.name:
                registry.async_update_device(device.id, name=car.name)

    def _owns(self, car: GarageCar) -> bool:
        return car.owner == self._account and self._account in car.channels

    def _may_own(self, car: GarageCar) -> bool:
        """Leave a car to its owner's account while that account may still load."""
        if car.owner in (None, self._account):
            return True
        if car.owner in car.channels:
            return False
        entry = self._hass.config_entries.async_get_entry(car.owner or "")
        return entry is None or entry.disabled_by is not None

    def _let_go(self, car: GarageCar) -> None:
        """Take a sold or hidden car out of this account.

        Entities that exist cannot go to another account: they would stand in the way
        of its own. So the account is loaded anew, and hands the car over as it unloads.
        """
        self._stop_watching(car.vin)
        self._garage.disconnect(car.vin, self._account)
        self._forget_places(car)
        if (
            car.owner == self._account
            and self._made.get(car.vin)
            and self._heir(car) is not None
        ):
            self._hass.config_entries.async_schedule_reload(self._account)
            return
        self._made.pop(car.vin, None)
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
        if car.owner != self._account or (heir := self._heir(car)) is None:
            return False
        heir.runtime_data.ownership.adopt(car)
        return True

    def _heir(self, car: GarageCar) -> RunningEntry | None:
        """Return another loaded account that has a car."""
        entries: list[RunningEntry] = self._hass.config_entries.async_loaded_entries(
            DOMAIN
        )
        others = (entry for entry in entries if entry.entry_id != self._account)
        return next((one for one in others if one.entry_id in car.channels), None)

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
        for number, (add, _) in enumerate(self._builders):
            if fresh := self._fresh(car, number):
                add(fresh)

    def _fresh(self, car: GarageCar, number: int) -> list[Entity]:
        """Return what one platform can create of a car by now and has not yet."""
        made = self._made.setdefault(car.vin, set())
        _, build = self._builders[number]
        fresh: list[Entity] = []
        for entity in build(car):
            mark = (number, str(entity.unique_id))
            if mark not in made:
                made.add(mark)
                fresh.append(entity)
        return fresh
