"""Entities of a car's timers, one by one or all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.exceptions import ServiceValidationError

from .actions.queries import async_read_schedule
from .actions.schedules import described
from .car.commands import CommandKind, SetSchedule
from .car.refusals import Reason
from .car.schedule import Schedule, ScheduleLimits, Slot
from .car.signals import SCHEDULE, Signal
from .car.timers import changed_slot, slot_of
from .const import DOMAIN
from .coordinator import AccountCoordinator
from .engine import GarageCar, Topic, timer_limits
from .entity import CarEntity, CarEntityDescription


@dataclass(frozen=True, kw_only=True)
class ScheduleDescription(CarEntityDescription):
    """The row of one thing about the timers."""

    signals: tuple[Signal[Any], ...] = (SCHEDULE,)
    other_topics: tuple[Topic, ...] = (Topic.RUNNING,)


class ScheduleEntity(CarEntity):
    """One thing about the timers; a change of it sends the whole schedule."""

    _kinds = frozenset({CommandKind.SET_SCHEDULE})

    @property
    def schedule(self) -> Schedule | None:
        """All timers: what was asked, else what the car said."""
        return self.car.shown(SCHEDULE)

    @property
    @override
    def assumed_state(self) -> bool:
        """Whether no reading of the car backs the timers."""
        return SCHEDULE.key not in self.car.snapshot.readings

    async def async_alter(
        self, alter: Callable[[Schedule, ScheduleLimits], Schedule]
    ) -> None:
        """Send the schedule as it is by now, but for what is altered."""
        await async_read_schedule(self.hass, self.car)
        schedule, limits = self.schedule, timer_limits(self.car)
        if schedule is None or limits is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=f"command_{Reason.NOT_CAPABLE}",
            )
        await self.async_command(SetSchedule(schedule=alter(schedule, limits)))


class TimerEntity(ScheduleEntity):
    """One thing about one timer."""

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: ScheduleDescription,
        number: int,
    ) -> None:
        """Know the timer by its number."""
        super().__init__(coordinator, car, description)
        self._number = number

    @property
    def slot(self) -> Slot | None:
        """The timer as it is shown; None where the car has it empty."""
        schedule = self.schedule
        return None if schedule is None else slot_of(schedule, self._number)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Which timer it is, on which days it comes round, and for what.

        An entity's id and name are the owner's to change, so neither says the number.
        """
        slot = self.slot
        return {"number": self._number, **({} if slot is None else described(slot))}

    async def async_change(self, **changes: Any) -> None:
        """Send the schedule with this timer changed, and nothing else."""

        def alter(schedule: Schedule, limits: ScheduleLimits) -> Schedule:
            return changed_slot(schedule, limits, self._number, **changes)

        await self.async_alter(alter)
