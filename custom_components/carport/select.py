"""Selects: what a car, or its reading, is set to out of a few words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car import signals as s
from .car.commands import Command, CommandKind, SetChargeCurrent, SetChargeMode
from .car.limits import Limits
from .car.signals import ChargeMode, Signal
from .cloud.cadence import Profile
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import CarEntity, CarEntityDescription

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0

_NO_LIMITS: Final = Limits()


@dataclass(frozen=True, kw_only=True)
class CarSelectDescription(CarEntityDescription, SelectEntityDescription):
    """A select of a car."""


@dataclass(frozen=True, kw_only=True)
class CommandSelectDescription(CarSelectDescription):
    """A select: the signal that shows it, and the command that sets it."""

    kind: CommandKind
    signal: Signal[str]
    command: Callable[[str], Command]

    @property
    @override
    def topics(self) -> tuple[str, ...]:
        """The signal, and what the car takes."""
        return (self.signal.key, Topic.COMMANDS)


SELECTS: Final = (
    CommandSelectDescription(
        key=s.MAX_CHARGE_CURRENT.key,
        # Not the number's: who looks entities up by this key finds each of the two.
        translation_key=s.MAX_CHARGE_CURRENT_WORD.key,
        kind=CommandKind.SET_CHARGE_CURRENT,
        signal=s.MAX_CHARGE_CURRENT_WORD,
        command=lambda word: SetChargeCurrent(current=current_of(word)),
    ),
    CommandSelectDescription(
        key=s.CHARGE_MODE.key,
        kind=CommandKind.SET_CHARGE_MODE,
        signal=s.CHARGE_MODE,
        command=lambda word: SetChargeMode(mode=ChargeMode(word)),
    ),
)

POLL_PROFILE: Final = CarSelectDescription(
    key="poll_profile",
    other_topics=(Topic.PROFILE,),
    options=[profile.value for profile in Profile],
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a select for everything that a car takes as a word."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        for row in SELECTS:
            limits = car.commands.get(row.kind)
            if limits is not None and limits.words:
                yield CarSelect(coordinator, car, row)
        yield PollProfileSelect(coordinator, car, POLL_PROFILE)

    await coordinator.ownership.add_entities(async_add_entities, build)


class CarSelect(CarEntity, SelectEntity):
    """A word the car is set to."""

    entity_description: CommandSelectDescription

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CommandSelectDescription,
    ) -> None:
        """Know the command of the row."""
        self._kinds = frozenset({description.kind})
        super().__init__(coordinator, car, description)

    @property
    @override
    def options(self) -> list[str]:
        """The car's numbers and words, as it takes them."""
        limits = self.car.commands.get(self.entity_description.kind, _NO_LIMITS)
        return [*(f"{number:g}" for number in limits.numbers), *limits.words]

    @property
    @override
    def current_option(self) -> str | None:
        """What was asked while the car is at it, else what the car said."""
        return self.car.shown(self.entity_description.signal)

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether no reading of the car backs the word."""
        return self.entity_description.signal.key not in self.car.snapshot.readings

    @override
    async def async_select_option(self, option: str) -> None:
        """Tell the car."""
        await self.async_command(self.entity_description.command(option))


class PollProfileSelect(CarEntity, SelectEntity):
    """How often the car is read; a wish of the owner that no car hears of."""

    @property
    @override
    def available(self) -> bool:
        """A choice about reading can always be made."""
        return bool(self.car.channels)

    @property
    @override
    def current_option(self) -> str:
        """The car's own profile, else its account's."""
        return (self.car.profile or self.coordinator.profile).value

    @override
    async def async_select_option(self, option: str) -> None:
        """Read this car more or less often."""
        self.coordinator.garage.set_profile(self.car.vin, Profile(option))


def current_of(word: str) -> float | str:
    """Return a current as the number it is, or as the maker's word."""
    try:
        return float(word)
    except ValueError:
        return word
