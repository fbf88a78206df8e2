"""Numbers: one row for each quantity of a car that the owner sets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
    RestoreNumber,
)
from homeassistant.const import EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions.duration import set_duration
from .actions.exceptions import wrong_value
from .car import signals as s
from .car.commands import (
    Command,
    CommandKind,
    SetChargeCurrent,
    SetChargeLimit,
    SetChargeLimitMin,
)
from .car.limits import Limits, check_number
from .coordinator import AccountCoordinator, CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import CarEntity, CarEntityDescription

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0

_NO_LIMITS: Final = Limits()


@dataclass(frozen=True, kw_only=True)
class BoundedDescription(CarEntityDescription, NumberEntityDescription):
    """A number within the limits of a kind of command."""

    kind: CommandKind
    other_topics: tuple[Topic, ...] = (Topic.COMMANDS,)


@dataclass(frozen=True, kw_only=True)
class CarNumberDescription(BoundedDescription):
    """A number: the signals that show it, and the command that sets it."""

    command: Callable[[float], Command]
    value_fn: Callable[[GarageCar], float | None]


@dataclass(frozen=True, kw_only=True)
class DurationDescription(BoundedDescription):
    """A number that goes with the next command of a kind."""


def _current(car: GarageCar) -> float | None:
    """Return the charge current; a word that is no number leaves none.

    The word is newer than the number where both are known: a car set from 10 A to
    its maximum no longer says any number.
    """
    word = car.shown(s.MAX_CHARGE_CURRENT_WORD)
    if word is None:
        return car.shown(s.MAX_CHARGE_CURRENT)
    try:
        return s.MAX_CHARGE_CURRENT.accept(float(word))
    except ValueError:
        return None


NUMBERS: Final = (
    CarNumberDescription(
        key=s.CHARGE_LIMIT.key,
        kind=CommandKind.SET_CHARGE_LIMIT,
        device_class=NumberDeviceClass.BATTERY,
        native_unit_of_measurement=s.Unit.PERCENT.value,
        mode=NumberMode.SLIDER,
        signals=(s.CHARGE_LIMIT,),
        value_fn=lambda car: car.shown(s.CHARGE_LIMIT),
        command=lambda value: SetChargeLimit(percent=value),
    ),
    CarNumberDescription(
        key=s.CHARGE_LIMIT_MIN.key,
        kind=CommandKind.SET_CHARGE_LIMIT_MIN,
        device_class=NumberDeviceClass.BATTERY,
        native_unit_of_measurement=s.Unit.PERCENT.value,
        mode=NumberMode.SLIDER,
        signals=(s.CHARGE_LIMIT_MIN,),
        value_fn=lambda car: car.shown(s.CHARGE_LIMIT_MIN),
        command=lambda value: SetChargeLimitMin(percent=value),
    ),
    CarNumberDescription(
        key=s.MAX_CHARGE_CURRENT.key,
        kind=CommandKind.SET_CHARGE_CURRENT,
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=s.Unit.AMPERES.value,
        mode=NumberMode.BOX,
        signals=(s.MAX_CHARGE_CURRENT, s.MAX_CHARGE_CURRENT_WORD),
        value_fn=_current,
        command=lambda value: SetChargeCurrent(current=value),
    ),
)

DURATIONS: Final = (
    DurationDescription(
        key="auxiliary_heating_duration",
        kind=CommandKind.SET_AUXILIARY_HEATING,
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        entity_category=EntityCategory.CONFIG,
    ),
    DurationDescription(
        key="ventilation_duration",
        kind=CommandKind.SET_VENTILATION,
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a number for everything that a car takes as one."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        for row in NUMBERS:
            if _bounds(car.commands.get(row.kind)) is not None:
                yield CarNumber(coordinator, car, row)
        for duration in DURATIONS:
            if _bounds(car.commands.get(duration.kind)) is not None:
                yield CarDuration(coordinator, car, duration)

    await coordinator.ownership.add_entities(async_add_entities, build)


class BoundedNumber(CarEntity, NumberEntity):
    """A number within the limits of a command."""

    entity_description: BoundedDescription

    @property
    @override
    def native_min_value(self) -> float:
        """The lowest value the car takes."""
        return (_bounds(self.limits) or (0, 0))[0]

    @property
    @override
    def native_max_value(self) -> float:
        """The highest value the car takes."""
        return (_bounds(self.limits) or (0, 0))[1]

    @property
    @override
    def native_step(self) -> float:
        """The car's steps; where it has single numbers, steps of one."""
        return self.limits.step or 1

    @property
    def limits(self) -> Limits:
        """What the car allows now."""
        return self.car.commands.get(self.entity_description.kind, _NO_LIMITS)


class CarNumber(BoundedNumber):
    """A quantity the car keeps and reports."""

    entity_description: CarNumberDescription

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: CarNumberDescription,
    ) -> None:
        """Know the command of the row."""
        self._kinds = frozenset({description.kind})
        super().__init__(coordinator, car, description)

    @property
    @override
    def native_value(self) -> float | None:
        """What was asked while the car is at it, else what the car said."""
        return self.entity_description.value_fn(self.car)

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether no reading of the car backs the value."""
        observed = self.car.snapshot.readings
        return not any(
            signal.key in observed for signal in self.entity_description.signals
        )

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Tell the car."""
        await self.async_command(self.entity_description.command(value))


class CarDuration(BoundedNumber, RestoreNumber):
    """How long the next start is for; nothing is sent until then."""

    entity_description: DurationDescription

    @override
    async def _async_restore(self) -> None:
        """Bring back what the owner chose, if the car still takes it."""
        stored = await self.async_get_last_number_data()
        chosen = None if stored is None else stored.native_value
        if chosen is not None and check_number("duration", chosen, self.limits) is None:
            self._choose(chosen)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Keep the choice."""
        if (wrong := check_number("duration", value, self.limits)) is not None:
            raise wrong_value(self.hass, wrong.field, wrong.allowed)
        self._choose(value)
        self.async_write_ha_state()

    @callback
    def _choose(self, minutes: float) -> None:
        self._attr_native_value = minutes
        set_duration(self.hass, self.car, self.entity_description.kind, minutes)


def _bounds(limits: Limits | None) -> tuple[float, float] | None:
    """Return the lowest and highest number; None where the car takes none."""
    if limits is None:
        return None
    if limits.numbers:
        return min(limits.numbers), max(limits.numbers)
    if limits.low is None or limits.high is None:
        return None
    return limits.low, limits.high
