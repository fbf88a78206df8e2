"""The actions that ask a maker for what it remembers: lists, maps and settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import probatio

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from ..car.history import Period
from ..const import DOMAIN
from .exceptions import translate, wrong_value
from .queries import async_history, known_history
from .targets import TARGET, Target, Work, for_each_car, not_capable, reads

_PERIOD: Final = ("start", "end")
_LIST: Final = "list"
_DAY: Final = timedelta(days=1)
_FIRST: Final = date(1970, 1, 2)
_LAST: Final = date(2999, 12, 31)
"""No car tells of anything before or after these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAction:
    """An action that returns lists of a service by their names.

    With several lists the answer has each under its name, as far as there is one.
    """

    name: str
    keys: tuple[str, ...]
    period: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields besides the cars."""
        return _PERIOD if self.period else ()

    @property
    def schema(self) -> probatio.Schema:
        """Take the cars, and a period where the list has one."""
        return _schema({}, period=self.period)


def _schema(fields: Mapping[probatio.Marker, Any], *, period: bool) -> probatio.Schema:
    ends = _PERIOD if period else ()
    return probatio.Schema(
        {**TARGET, **fields, **{probatio.Optional(end): cv.date for end in ends}}
    )


HISTORY_ACTIONS: Final = (
    HistoryAction(name="get_trips", keys=("trips",), period=True),
    HistoryAction(name="get_charge_sessions", keys=("charge_sessions",), period=True),
    HistoryAction(name="get_climate_history", keys=("climate_history",), period=True),
    HistoryAction(name="get_destinations", keys=("destinations",)),
    HistoryAction(name="get_range_map", keys=("range_map",)),
    HistoryAction(name="get_notification_settings", keys=("notification_settings",)),
    HistoryAction(name="get_alerts", keys=("fences", "speed_alerts")),
)

ANY_HISTORY: Final = "look_up"
ANY_HISTORY_SCHEMA: Final = _schema({probatio.Required(_LIST): cv.string}, period=True)


@callback
def async_setup_history(hass: HomeAssistant) -> None:
    """Register the actions; each answers, which is all they are for."""
    for action in HISTORY_ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            for_each_car(hass, _work(action), reads),
            action.schema,
            supports_response=SupportsResponse.ONLY,
        )
    hass.services.async_register(
        DOMAIN,
        ANY_HISTORY,
        for_each_car(hass, _any_history, reads),
        ANY_HISTORY_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


def _work(action: HistoryAction) -> Work:
    async def work(target: Target, call: ServiceCall) -> Mapping[str, Any]:
        period = period_of(target, call)
        hass, car = target.coordinator.hass, target.car
        answers = {
            name: answer
            for name in action.keys
            if (answer := await async_history(hass, car, name, period)) is not None
        }
        if not answers:
            raise not_capable()
        return answers if len(action.keys) > 1 else answers[action.keys[0]]

    return work


async def _any_history(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Fetch whichever list some account of the car has."""
    hass, period = target.coordinator.hass, period_of(target, call)
    answer = await async_history(hass, target.car, call.data[_LIST], period)
    if answer is None:
        nothing = translate(hass, "command_field", "nothing")
        allowed = ", ".join(sorted(known_history(target.car))) or nothing
        raise wrong_value(hass, _LIST, allowed)
    return answer


def period_of(target: Target, call: ServiceCall) -> Period:
    """Return the days that were asked for, if they are in order; as the owner's."""
    first: date | None = call.data.get("start")
    last: date | None = call.data.get("end")
    if first is not None and last is not None and last < first:
        hass = target.coordinator.hass
        raise wrong_value(hass, "end", f"≥ {first.isoformat()}")
    return Period(
        start=None if first is None else _begin_of(first),
        end=None if last is None else _begin_of(_between(last) + _DAY),
    )


def _begin_of(day: date) -> datetime:
    return dt_util.start_of_local_day(_between(day))


def _between(day: date) -> date:
    """Bring a day that means "ever" to one that every zone and every maker can count."""
    return min(max(day, _FIRST), _LAST)
