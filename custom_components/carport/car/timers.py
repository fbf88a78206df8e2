"""Single timers as parts of a car's whole schedule, which is sent as one."""

from dataclasses import replace
from datetime import time
from typing import Any, Final

from .schedule import Schedule, ScheduleLimits, Slot, Weekday, Window

_DAY: Final = 24 * 60
_NEW_WINDOW: Final = 60
"""How many minutes a window lasts that is begun on an empty timer."""


def slot_of(schedule: Schedule, number: int) -> Slot | None:
    """Return one slot of a schedule."""
    return next((slot for slot in schedule.slots if slot.number == number), None)


def begin_of(slot: Slot) -> time | None:
    """Return a slot's time: its departure, else when its window opens."""
    if slot.departure is not None:
        return slot.departure
    return None if slot.charge_window is None else slot.charge_window.start


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


def new_slot(schedule: Schedule, limits: ScheduleLimits, number: int) -> Slot:
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


def changed_slot(
    schedule: Schedule, limits: ScheduleLimits, number: int, **changes: Any
) -> Schedule:
    """Return the schedule with one slot changed, which is begun where it is empty."""
    slot = slot_of(schedule, number) or new_slot(schedule, limits, number)
    return with_slot(schedule, replace(slot, **changes))
