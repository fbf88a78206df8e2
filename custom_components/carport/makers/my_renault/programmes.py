"""What is known of a car's programmes: several answers make one set of timers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from ...car.schedule import Schedule
from ...cloud.field_map import get_path
from . import schedule


@dataclass(slots=True, kw_only=True)
class Programmes:
    """The programmes of one car as the cloud told them; None where it did not yet."""

    charging: list[Any] | None = None
    climate: list[Any] | None = None
    calendar: Mapping[str, Any] | None = None
    settings: dict[str, Any] | None = None
    news: bool = False
    """Whether any of it was told since the timers were last put together."""

    def take_charging(self, data: Any) -> None:
        """Take the charging programmes; an empty list is out of sight, not gone."""
        self.charging = _schedules(data)
        self.news = self.news or self.charging is not None

    def take_climate(self, data: Any) -> None:
        """Take the climate programmes."""
        self.climate = _schedules(data)
        self.news = self.news or self.climate is not None

    def take_calendar(self, data: Any) -> None:
        """Take the calendar of the first Zoe."""
        found = get_path(data, ("calendar",))
        if isinstance(found, Mapping):
            self.calendar, self.news = found, True

    def take_settings(self, data: Any) -> None:
        """Take the settings of a newer car."""
        if isinstance(data, Mapping) and isinstance(data.get("programs"), list):
            self.settings, self.news = dict(data), True

    def timers(self, zone: tzinfo | None, now: datetime) -> Schedule | None:
        """Return all of it as the car's timers; None where nothing was told."""
        if self.settings is not None:
            return Schedule(
                slots=tuple(schedule.settings_slots(self.settings)),
                preferred_window=schedule.settings_window(self.settings),
            )
        told = (self.charging, self.climate, self.calendar)
        if all(one is None for one in told):
            return None
        if self.calendar is not None:
            charging = tuple(schedule.calendar_slots(self.calendar, zone, now))
        else:
            charging = tuple(schedule.charging_slots(self.charging, zone, now))
        climate = schedule.climate_slots(self.climate, zone, now)
        return Schedule(slots=(*charging, *climate))


def _schedules(data: Any) -> list[Any] | None:
    found = get_path(data, ("schedules",))
    return found if isinstance(found, list) else None
