"""The calendar of a car: all its timers, laid out on days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .actions.exceptions import translate
from .actions.occurrences import Occurrence, OccurrenceKind, occurrences
from .car.signals import SCHEDULE
from .coordinator import CarportConfigEntry
from .engine import GarageCar, Topic
from .entity import CarEntity, CarEntityDescription

# Nothing is polled and nothing is sent from here.
PARALLEL_UPDATES = 0

_AHEAD: Final = timedelta(days=8)
"""How far the next occurrence is looked for: a week, and what is left of today."""


@dataclass(frozen=True, kw_only=True)
class CarCalendarDescription(CarEntityDescription, CalendarEntityDescription):
    """The calendar of a car."""


TIMERS: Final = CarCalendarDescription(
    key=SCHEDULE.key, signals=(SCHEDULE,), other_topics=(Topic.RUNNING,)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: CarportConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Create the calendar of every car whose timers are known."""
    coordinator = entry.runtime_data

    def build(car: GarageCar) -> Iterable[ScheduleCalendar]:
        if car.shown(SCHEDULE) is not None:
            yield ScheduleCalendar(coordinator, car, TIMERS)

    await coordinator.ownership.add_entities(async_add_entities, build)


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
        # What its timers were before somebody had it here, nobody knows.
        since = self.car.known_since
        return [
            self._event(one)
            for one in occurrences(schedule, start, end, now, zone)
            if since is None or one.end.astimezone(UTC) > since
        ]

    def _event(self, occurrence: Occurrence) -> CalendarEvent:
        slot = occurrence.slot
        purposes = [
            translate(self.hass, "timer_event", purpose)
            for purpose, meant in (("charge", slot.charge), ("climate", slot.climate))
            if meant
        ]
        return CalendarEvent(
            start=occurrence.start,
            end=occurrence.end,
            summary=self._summary(occurrence, purposes),
            description=", ".join(purposes) or None,
            uid=f"{occurrence.kind}_{slot.number}_{occurrence.start:%Y%m%d}",
        )

    def _summary(self, occurrence: Occurrence, purposes: list[str]) -> str:
        """Name the car and what happens: a calendar often shows several cars."""
        what = translate(self.hass, "timer_event", occurrence.kind)
        if purposes and occurrence.kind is OccurrenceKind.DEPARTURE:
            what = f"{what} ({', '.join(purposes)})"
        device = self.device_entry
        name = None if device is None else device.name_by_user or device.name
        return f"{name}: {what}" if name else what
