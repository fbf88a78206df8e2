"""The picture of a car, as its maker draws it."""

from collections.abc import Iterable
from typing import Final, override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .asking import async_picture
from .coordinator import AccountCoordinator, CarportConfigEntry
from .entity import CarEntity
from .garage import GarageCar

# Nothing is polled, and a picture is fetched once.
PARALLEL_UPDATES = 0

# A call for a thing of beauty: whoever wants it switches it on.
PICTURE: Final = ImageEntityDescription(
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

    coordinator.claims.add_entities(async_add_entities, build)


class CarPicture(CarEntity, ImageEntity):
    """The car from outside; fetched when somebody first looks, then kept."""

    _content: bytes | None = None

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: ImageEntityDescription,
    ) -> None:
        """Count the picture as new: what was shown before a restart is gone."""
        CarEntity.__init__(self, coordinator, car, description, ())
        ImageEntity.__init__(self, coordinator.hass)
        self._attr_image_last_updated = coordinator.clock.now()

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture; None where the maker has none of this car."""
        if self._content is None:
            picture = await async_picture(self.hass, self.car)
            if picture is not None:
                self._content = picture.content
                self._attr_content_type = picture.content_type
        return self._content
