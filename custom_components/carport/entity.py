"""What all entities have in common: a car or an account, and who wakes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.homeassistant.exposed_entities import KNOWN_ASSISTANTS
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_registry import EntityOptionsType

from .accounts.names import address_of
from .actions.commands import async_send
from .car.commands import Command, CommandKind
from .car.receipts import Receipt
from .car.signals import Signal
from .const import DOMAIN
from .coordinator import AccountCoordinator
from .engine import ChannelState, GarageCar, Topic, WhenBusy, burns_fuel

type Undo = Callable[[], None]

_PATIENT: Final = frozenset(
    {
        CommandKind.START_CHARGING,
        CommandKind.STOP_CHARGING,
        CommandKind.SET_CHARGE_LIMIT,
        CommandKind.SET_CHARGE_LIMIT_MIN,
        CommandKind.SET_CHARGE_CURRENT,
        CommandKind.SET_CHARGE_MODE,
        CommandKind.SET_AUTO_UNLOCK_PLUG,
        CommandKind.START_CLIMATE,
        CommandKind.STOP_CLIMATE,
        CommandKind.SCHEDULE_CLIMATE,
        CommandKind.SET_TEMPERATURE,
        CommandKind.SET_DEFROST,
        CommandKind.SET_WINDOW_HEATING,
        CommandKind.SET_CLIMATE_ON_BATTERY,
        CommandKind.SET_AUXILIARY_HEATING,
        CommandKind.SET_VENTILATION,
        CommandKind.SET_SCHEDULE,
    }
)
"""Commands of charging and climate; which of them may wait the lane decides."""


@dataclass(frozen=True, kw_only=True)
class CarEntityDescription(EntityDescription):
    """The row of one thing of a car, which says what its state is made of.

    Rows of a table have fields of their own for that, and make `topics` of them.
    """

    signals: tuple[Signal[Any], ...] = ()
    other_topics: tuple[Topic, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of the garage after which the state is written anew."""
        return (*(signal.key for signal in self.signals), *self.other_topics)


class CarEntity(Entity):
    """One thing of one car; it writes its state when a topic of its row changes."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _kinds: frozenset[CommandKind] = frozenset()
    """What a control tells the car; nothing for what only shows."""

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CarEntityDescription,
    ) -> None:
        """Name the entity by the car and the key of its row."""
        self.coordinator = coordinator
        self.car = car
        self.entity_description = description
        self._topics = description.topics
        self._attr_unique_id = unique_id(car, description.key)
        self._attr_translation_key = description.translation_key or description.key
        self._was_available: bool | None = None

    @override
    def get_initial_entity_options(self) -> EntityOptionsType | None:
        """Keep what may burn fuel from voice assistants until the owner hands it over."""
        if not any(
            burns_fuel(kind, limits)
            for kind in self._kinds
            if (limits := self.car.commands.get(kind)) is not None
        ):
            return super().get_initial_entity_options()
        return {one: {"should_expose": False} for one in KNOWN_ASSISTANTS}

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """The car."""
        return car_device(self.car)

    @property
    @override
    def available(self) -> bool:
        """Old values stay during an outage; their age is told elsewhere.

        A control goes while every way of its commands is closed; which those are, and
        why, the car's channel tells.
        """
        return is_known(self.car) and self.car.closed(self._kinds) is None

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the garage while the entity exists."""
        await self._async_restore()
        for undo in self._listen():
            self.async_on_remove(undo)

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Give way to others: the entities of many cars go one after the other."""
        await super().async_will_remove_from_hass()
        await self.coordinator.yielding.give_way()

    async def _async_restore(self) -> None:
        """Bring back what Home Assistant kept; the garage keeps most itself."""

    def _listen(self) -> Iterable[Undo]:
        """Subscribe to what the state is made of; return how to undo it."""
        self._was_available = self.available
        subscribe, vin = self.coordinator.garage.subscribe, self.car.vin
        yield subscribe(vin, (Topic.CHANNEL,), self._watch_channel)
        if self._topics:
            yield subscribe(vin, self._topics, self.async_write_ha_state)

    @callback
    def _watch_channel(self) -> None:
        """Write only if the channel decides about availability."""
        if self._was_available != (available := self.available):
            self._was_available = available
            self.async_write_ha_state()

    @callback
    @override
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Keep everything: nothing in here is kept by entity id."""
        super().async_entity_id_changed(old_entity_id)

    async def async_command(self, command: Command, pin: str | None = None) -> Receipt:
        """Send a command; raise, translated, unless the car took it.

        Those of charging and climate wait for one that runs: nobody minds whether the
        cabin gets warm now or in half a minute.
        """
        busy = WhenBusy.WAIT if command.kind in _PATIENT else WhenBusy.REFUSE
        return await async_send(self.coordinator, self.car.vin, command, pin, busy)


class AccountEntity(Entity):
    """One thing of one account."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, coordinator: AccountCoordinator, description: EntityDescription
    ) -> None:
        """Name the entity by the account and the key of its row."""
        entry = coordinator.config_entry
        info = coordinator.service.info
        self.coordinator = coordinator
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}".lower()
        self._attr_translation_key = description.key
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=DeviceEntryType.SERVICE,
            manufacturer=info.manufacturer,
            model=info.name,
            serial_number=address_of(info, entry.data),
            name=entry.title,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the account's ledger while the entity exists."""
        for undo in self._listen():
            self.async_on_remove(undo)

    def _listen(self) -> Iterable[Undo]:
        """Subscribe to what the state is made of; return how to undo it."""
        yield self.coordinator.ledger.listen(self._ledger_changed)

    @callback
    def _ledger_changed(self) -> None:
        """Write what a call changed."""
        self.async_write_ha_state()

    @callback
    @override
    def async_entity_id_changed(self, old_entity_id: str) -> None:
        """Keep everything: nothing in here is kept by entity id."""
        super().async_entity_id_changed(old_entity_id)


def unique_id(car: GarageCar, key: str) -> str:
    """Return the id of one thing of a car, the same through every account."""
    return f"{car.vin}_{key}".lower()


def car_device(car: GarageCar) -> DeviceInfo:
    """Describe the car as a device."""
    described = car.description
    return DeviceInfo(
        identifiers={(DOMAIN, car.vin)},
        manufacturer=described.manufacturer,
        model=described.model,
        # The makers' own model codes are told nowhere; the year says which edition it is.
        hw_version=described.model_year,
        name=car.name,
        serial_number=car.vin,
        sw_version=described.software,
    )


def is_known(car: GarageCar) -> bool:
    """Return whether anything can be said of a car that some account reaches."""
    return bool(car.channels) and (
        bool(car.snapshot.readings)
        or any(channel.state is ChannelState.OK for channel in car.channels.values())
    )


def is_open(car: GarageCar) -> bool:
    """Return whether any account can carry a command to the car."""
    return any(channel.shut is None for channel in car.channels.values())
