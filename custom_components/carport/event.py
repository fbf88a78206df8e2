"""The event of a car: what became of the last command, with its receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.receipts import Outcome, Receipt
from .const import EVENT_COMMAND_ENDED
from .coordinator import CarportConfigEntry
from .engine import GarageCar
from .entity import CarEntity, CarEntityDescription, Undo

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarEventDescription(CarEntityDescription, EventEntityDescription):
    """The event of a car; receipts are no topic, and listened to apart."""


LAST_COMMAND: Final = CarEventDescription(
    key="last_command", event_types=[outcome.value for outcome in Outcome]
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create the event of each car that takes commands."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[LastCommand]:
        if car.commands:
            yield LastCommand(coordinator, car, LAST_COMMAND)

    await coordinator.ownership.add_entities(async_add_entities, build)


class LastCommand(CarEntity, EventEntity):
    """Tells each step of a command; the receipt is in the attributes."""

    @override
    def _listen(self) -> Iterable[Undo]:
        yield from super()._listen()
        yield self.coordinator.garage.subscribe_receipts(self.car.vin, self._tell)

    @callback
    def _tell(self, receipt: Receipt) -> None:
        told = receipt.as_dict()
        self._trigger_event(receipt.outcome.value, told)
        self.async_write_ha_state()
        if receipt.finished_at is not None:
            self.hass.bus.async_fire(
                EVENT_COMMAND_ENDED,
                {
                    ATTR_ENTITY_ID: self.entity_id,
                    "command": told["command"],
                    "outcome": told["outcome"],
                    "reason": told["reason"],
                },
            )
