"""Which timers of a car can be set, and what they can express."""

from ..car.commands import CommandKind
from ..car.schedule import ScheduleLimits
from ..car.signals import SCHEDULE
from .cars import GarageCar


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
