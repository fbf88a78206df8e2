"""Cars as an assistant may speak of them: by name, through what is exposed to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
import re
from typing import Final, cast

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..coordinator import AccountCoordinator, CarportConfigEntry
from ..engine import GarageCar

_WORD: Final = re.compile(r"\w+")
_ANY_CAR: Final = frozenset({"car", "auto", "wagen", "fahrzeug", "vehicle"})
_ARTICLES: Final = frozenset(
    {
        "the",
        "my",
        "our",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "mein",
        "meine",
        "meinen",
        "meinem",
        "meines",
        "unser",
        "unsere",
        "unseren",
        "unserem",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedCar:
    """A car some of whose entities an assistant may use."""

    hass: HomeAssistant
    assistant: str
    device: dr.AnyDeviceEntry
    coordinator: AccountCoordinator
    car: GarageCar

    @property
    def name(self) -> str:
        """What its owner calls the device."""
        return self.device.name_by_user or self.device.name or ""

    @property
    def names(self) -> Iterator[str]:
        """All that it may be called."""
        described = self.car.description
        yield self.name
        yield from filter(None, (self.device.name, described.nickname))
        if described.model:
            yield described.model
            yield f"{described.manufacturer} {described.model}"

    def entity_id(self, platform: str, key: str) -> str | None:
        """Return the entity of a key, exposed or not; None where there is none."""
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.car.vin}_{key}".lower()
        )
        return entity_id if entity_id and self.hass.states.get(entity_id) else None

    def may_use(self, platform: str, key: str) -> bool:
        """Return whether there is such an entity, and the assistant may use it."""
        entity_id = self.entity_id(platform, key)
        return entity_id is not None and async_should_expose(
            self.hass, self.assistant, entity_id
        )

    def state(self, platform: str, key: str) -> State | None:
        """Return what an exposed entity says; None where it says nothing."""
        entity_id = self.entity_id(platform, key)
        if entity_id is None or not self.may_use(platform, key):
            return None
        state = self.hass.states.get(entity_id)
        if state is None or state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
            return None
        return state


@callback
def all_cars(hass: HomeAssistant, assistant: str) -> list[ExposedCar]:
    """Return every car with a device, as an assistant sees it."""
    devices = dr.async_get(hass)
    return [
        ExposedCar(
            hass=hass,
            assistant=assistant,
            device=device,
            coordinator=coordinator,
            car=car,
        )
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        for coordinator in (cast(CarportConfigEntry, entry).runtime_data,)
        for car in coordinator.ownership.cars
        if (
            device := devices.async_get_device_by_identifier(
                (DOMAIN, car.vin), entry.entry_id
            )
        )
        is not None
    ]


@callback
def exposed_cars(hass: HomeAssistant, assistant: str) -> list[ExposedCar]:
    """Return the cars of which the assistant may use anything at all."""
    entities = er.async_get(hass)
    return [
        car
        for car in all_cars(hass, assistant)
        if any(
            async_should_expose(hass, assistant, entity.entity_id)
            for entity in er.async_entries_for_device(entities, car.device.id)
        )
    ]


def cars_called(said: str | None, cars: Iterable[ExposedCar]) -> list[ExposedCar]:
    """Return the cars that may be meant: by a whole name, else by some of its words.

    "The car" means any, and so does nothing at all.
    """
    cars = list(cars)
    words = _words(said or "")
    if not words - _ANY_CAR:
        return cars
    whole = [car for car in cars if any(_words(name) == words for name in car.names)]
    return whole or [
        car for car in cars if any(words <= _words(name) for name in car.names)
    ]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _ARTICLES
