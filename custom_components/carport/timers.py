"""A car's timers, one by one or all: read and changed as parts of the schedule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any, Final, override

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity import EntityDescription

from .asking import async_read_schedule
from .car.commands import CommandKind
from .car.errands import SetSchedule
from .car.receipts import Reason
from .car.schedule import Schedule, ScheduleLimits, Slot, Weekday, Window
from .car.signals import SCHEDULE
from .const import DOMAIN
from .coordinator import AccountCoordinator
from .entity import CarEntity
from .garage import GarageCar, Topic

_DAY: Final = 24 * 60
_NEW_WINDOW: Final = 60
"""How many minutes a window lasts that is begun on an empty timer."""


class ScheduleEntity(CarEntity):
    """One thing about the timers; a change of it sends the whole schedule."""

    def __init__(
        self,
        coordinator: AccountCoordinator,
        car: GarageCar,
        description: EntityDescription,
    ) -> None:
        """Listen to the schedule."""
        super().__init__(coordinator, car, description, (SCHEDULE.key, Topic.RUNNING))

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
        description: EntityDescription,
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

    async def async_change(self, **changes: Any) -> None:
        """Send the schedule with this timer changed, and nothing else."""

        def alter(schedule: Schedule, limits: ScheduleLimits) -> Schedule:
            number = self._number
            slot = slot_of(schedule, number) or _new(schedule, limits, number)
            return with_slot(schedule, replace(slot, **changes))

        await self.async_alter(alter)


def timer_limits(car: GarageCar) -> ScheduleLimits | None:
    """Return what the car's timers can express; None where they cannot be set."""
    limits = car.commands.get(CommandKind.SET_SCHEDULE)
    return None if limits is None else limits.schedule


def timer_numbers(car: GarageCar) -> tuple[int, ...]:
    """Return the numbers of the timers that can be set one by one.

    Without knowing the schedule none can: a change of one sends them all.
    """
    limits, schedule = timer_limits(car), car.shown(SCHEDULE)
    if limits is None or schedule is None:
        return ()
    numbers = {slot.number for slot in schedule.slots}
    if limits.fixed_numbers:
        numbers |= set(range(1, limits.slots + 1))
    return tuple(sorted(numbers))


def slot_of(schedule: Schedule, number: int) -> Slot | None:
    """Return one slot of a schedule."""
    return next((slot for slot in schedule.slots if slot.number == number), None)


def with_slot(schedule: Schedule, slot: Slot) -> Schedule:
    """Return the schedule with this slot in the place of that with its number."""
    others = [one for one in schedule.slots if one.number != slot.number]
    slots = sorted((*others, slot), key=lambda one: one.number)
    return replace(schedule, slots=tuple(slots))


def at_time(slot: Slot | None, moment: time, limits: ScheduleLimits) -> dict[str, Any]:
    """Return what makes a slot begin at another time; a window keeps its length."""
    window = None if slot is None else slot.charge_window
    departs = slot is not None and slot.departure is not None
    if departs or (window is None and limits.departures):
        return {"departure": moment}
    minutes = _NEW_WINDOW if window is None else window.minutes
    end = (moment.hour * 60 + moment.minute + minutes) % _DAY
    return {"charge_window": Window(start=moment, end=time(*divmod(end, 60)))}


def described(slot: Slot) -> Mapping[str, Any]:
    """Return what else there is to say of a timer, as attributes."""
    window = slot.charge_window
    return {
        "days": [day.name.lower() for day in sorted(slot.days)],
        "once_on": None if slot.once_on is None else slot.once_on.isoformat(),
        "charge": slot.charge or window is not None,
        "climate": slot.climate,
        "window_start": None if window is None else window.start.isoformat("minutes"),
        "window_end": None if window is None else window.end.isoformat("minutes"),
    }


def _new(schedule: Schedule, limits: ScheduleLimits, number: int) -> Slot:
    """Return an empty slot that rests, as far as slots can; what it lacks is its time.

    Where all have to be alike it is like the others. It comes round on every day that
    it may have, as no entity could say which: `set_schedule` can.
    """
    like = schedule.slots[0] if limits.alike and schedule.slots else None
    needs_days = limits.single is not None and number not in limits.single
    free = frozenset(Weekday)
    if limits.every_day_needed:
        free -= {day for slot in schedule.slots for day in slot.days}
    elif not (limits.whole_week or needs_days):
        free = frozenset()
    return Slot(
        number=number,
        enabled=not limits.slot_switch,
        days=free,
        charge=limits.charge if like is None else like.charge,
        climate=False if like is None else like.climate,
    )
