"""The picture of a car, as its maker draws it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.queries import async_picture
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar
from .entity import CarEntity, CarEntityDescription

# Nothing is polled, and a picture is fetched once.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CarImageDescription(CarEntityDescription, ImageEntityDescription):
    """The picture of a car."""


# Costs a call and is for show: disabled until the owner enables it.
PICTURE: Final = CarImageDescription(
    key="picture", entity_registry_enabled_default=False
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a picture of each car where the maker has any."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarPicture]:
        if any(channel.service.info.pictures for channel in car.channels.values()):
            yield CarPicture(coordinator, car, PICTURE)

    await coordinator.ownership.add_entities(async_add_entities, build)


class CarPicture(CarEntity, ImageEntity):
    """The car from outside; fetched when somebody first looks, then kept."""

    _content: bytes | None = None
    _asked = False
    """Whether the maker has answered, be it that there is none."""

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CarImageDescription,
    ) -> None:
        """Count the picture as new: what was shown before a restart is gone."""
        self._asking = asyncio.Lock()
        CarEntity.__init__(self, coordinator, car, description)
        ImageEntity.__init__(self, coordinator.hass)
        self._attr_image_last_updated = coordinator.clock.now()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; None where the maker has none of this car."""
        async with self._asking:
            # Each page that is open looks for itself; the maker is asked once for all.
            if not self._asked:
                picture = await async_picture(self.hass, self.car)
                self._asked = True
                if picture is not None:
                    self._content = picture.content
                    self._attr_content_type = picture.content_type
        return self._content
