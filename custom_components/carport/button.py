"""Buttons: what is done once and leaves nothing behind that could be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.queries import async_account_for
from .car.commands import Command, HonkAndFlash, HornMode, Wake
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar
from .entity import CarEntity, CarEntityDescription, is_open

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarButtonDescription(CarEntityDescription, ButtonEntityDescription):
    """A button of a car."""


@dataclass(frozen=True, kw_only=True)
class CommandButtonDescription(CarButtonDescription):
    """A button and its command."""

    command: Command


BUTTONS: Final = (
    CommandButtonDescription(key="flash", command=HonkAndFlash(mode=HornMode.FLASH)),
    CommandButtonDescription(
        key="honk_flash", command=HonkAndFlash(mode=HornMode.HONK_AND_FLASH)
    ),
    CommandButtonDescription(key="honk", command=HonkAndFlash(mode=HornMode.HONK)),
    # Costs the car's 12 V battery: disabled until the owner enables it.
    CommandButtonDescription(
        key="wake", command=Wake(), entity_registry_enabled_default=False
    ),
)

REFRESH: Final = CarButtonDescription(key="refresh")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a button for everything that a car can be asked once."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        for row in BUTTONS:
            limits = car.commands.get(row.command.kind)
            if limits is not None and row.command.violation(limits) is None:
                yield CommandButton(coordinator, car, row)
        yield RefreshButton(coordinator, car, REFRESH)

    await coordinator.ownership.add_entities(async_add_entities, build)


class OpenChannelButton(CarEntity, ButtonEntity):
    """A button that needs a way to the car and shows nothing else."""

    @property
    @override
    def available(self) -> bool:
        """Whether anything can be sent."""
        return is_open(self.car) and self.car.closed(self._kinds) is None


class CommandButton(OpenChannelButton):
    """Sends a command."""

    entity_description: CommandButtonDescription

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CommandButtonDescription,
    ) -> None:
        """Know the command of the row."""
        self._kinds = frozenset({description.command.kind})
        super().__init__(coordinator, car, description)

    @override
    async def async_press(self) -> None:
        """Tell the car."""
        await self.async_command(self.entity_description.command)


class RefreshButton(OpenChannelButton):
    """Reads the cloud's copy of the car now; the car itself sleeps on."""

    @override
    async def async_press(self) -> None:
        """Read."""
        account = async_account_for(self.hass, self.car) or self.coordinator
        await account.async_read(self.car.vin)
