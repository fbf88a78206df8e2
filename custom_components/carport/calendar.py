"""The calendar of a car: all its timers, laid out on days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .agenda import Appointment, appointments
from .car.signals import SCHEDULE
from .commanding import word
from .coordinator import CarportConfigEntry
from .entity import CarEntity
from .garage import GarageCar, Topic

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0

_AHEAD: Final = timedelta(days=8)
"""How far the next appointment is looked for: a week, and what is left of today."""

TIMERS: Final = CalendarEntityDescription(key=SCHEDULE.key)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create the calendar of every car whose timers are known."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[ScheduleCalendar]:
        if car.shown(SCHEDULE) is not None:
            yield ScheduleCalendar(
                coordinator, car, TIMERS, (SCHEDULE.key, Topic.RUNNING)
            )

    coordinator.claims.add_entities(async_add_entities, build)


class ScheduleCalendar(CarEntity, CalendarEntity):
    """What the timers of a car are set for; they are changed by their own entities."""

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """What goes on now, else what comes next."""
        now = self.coordinator.garage.clock_of(self.car).now()
        return next(iter(self._events(now, now + _AHEAD)), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what a span of time holds."""
        return self._events(start_date, end_date)

    def _events(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        if (schedule := self.car.shown(SCHEDULE)) is None:
            return []
        now = self.coordinator.garage.clock_of(self.car).now()
        # A car's own clock shows the time of where it is: at home, most of all.
        zone = dt_util.get_default_time_zone()
        return [
            self._event(one) for one in appointments(schedule, start, end, now, zone)
        ]

    def _event(self, appointment: Appointment) -> CalendarEvent:
        slot = appointment.slot
        purposes = [
            word(self.hass, "timer_event", purpose)
            for purpose, meant in (("charge", slot.charge), ("climate", slot.climate))
            if meant
        ]
        return CalendarEvent(
            start=appointment.start,
            end=appointment.end,
            summary=word(self.hass, "timer_event", appointment.occasion),
            description=", ".join(purposes) or None,
            uid=f"{appointment.occasion}_{slot.number}_{appointment.start:%Y%m%d}",
        )
