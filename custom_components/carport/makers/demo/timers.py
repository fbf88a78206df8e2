"""When a twin's timers have the cabin conditioned, and when they let it charge."""

from typing import Final

from ...car.schedule import Schedule, Weekday
from .spec import Equipment, TwinSpec
from .weather import DAY, local_offset

_LEAD: Final = 15 * 60.0
"""How long before the departure the cabin is begun with."""
_WEEK: Final = 7 * DAY


def next_warm_up(schedule: Schedule, spec: TwinSpec, now: float) -> float | None:
    """Return when a timer next conditions the cabin, strictly after now."""
    if Equipment.TIMERS not in spec.equipment or not schedule.active:
        return None
    # The epoch began on a Thursday.
    monday = Weekday.THURSDAY * DAY + local_offset(spec.home.longitude)
    since_monday = (now + monday) % _WEEK
    waits = [
        (day * DAY + slot.departure.hour * 3600 + slot.departure.minute * 60 - _LEAD)
        - since_monday
        for slot in schedule.slots
        if slot.enabled and slot.climate and slot.departure is not None
        for day in slot.days
    ]
    return min((now + (wait % _WEEK or _WEEK) for wait in waits), default=None)
