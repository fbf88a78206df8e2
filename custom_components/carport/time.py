"""Times: when each of a car's timers is set for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Final, override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .car.schedule import ScheduleLimits
from .car.timers import at_time, begin_of
from .coordinator import CarportConfigEntry
from .engine import GarageCar, timer_limits, timer_numbers
from .entity import CarEntity
from .timer_entity import ScheduleDescription, TimerEntity

# The garage has a lane for each car; a lane for all would make cars wait for another.
PARALLEL_UPDATES = 0

_NO_LIMITS: Final = ScheduleLimits(slots=0)


@dataclass(frozen=True, kw_only=True)
class TimerTimeDescription(ScheduleDescription, TimeEntityDescription):
    """The time of one timer."""


def timer_time(number: int) -> TimerTimeDescription:
    """Make the row of one timer's time; they differ by their number alone."""
    return TimerTimeDescription(
        key=f"timer_{number}_time",
        translation_key="timer_time",
        translation_placeholders={"number": str(number)},
        entity_category=EntityCategory.CONFIG,
    )


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create a time for each timer that can be set."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[CarEntity]:
        for number in timer_numbers(car):
            yield TimerTime(coordinator, car, timer_time(number), number)

    await coordinator.ownership.add_entities(async_add_entities, build)


class TimerTime(TimerEntity, TimeEntity):
    """The departure of a timer, or the start of its window."""

    @property
    @override
    def native_value(self) -> time | None:
        """The time by the car's own clock; unknown where the timer is empty."""
        return None if self.slot is None else begin_of(self.slot)

    @override
    async def async_set_value(self, value: time) -> None:
        """Move the departure, or the whole window."""
        limits = timer_limits(self.car) or _NO_LIMITS
        moment = value.replace(second=0, microsecond=0)
        await self.async_change(**at_time(self.slot, moment, limits))
