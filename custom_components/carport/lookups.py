"""The actions that ask a maker for what it remembers: lists, maps and settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import probatio

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .asking import async_look_up, lists_of
from .car.histories import Period
from .commanding import word, wrong_value
from .const import DOMAIN
from .targets import TARGET, Target, Work, for_each_car, not_capable

_PERIOD: Final = ("start", "end")
_LIST: Final = "list"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """An action that returns lists of a service by their names.

    With several lists the answer has each under its name, as far as there is one.
    """

    name: str
    lists: tuple[str, ...]
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


LOOK_UPS: Final = (
    LookUp(name="get_trips", lists=("trips",), period=True),
    LookUp(name="get_charge_sessions", lists=("charge_sessions",), period=True),
    LookUp(name="get_climate_history", lists=("climate_history",), period=True),
    LookUp(name="get_destinations", lists=("destinations",)),
    LookUp(name="get_range_map", lists=("range_map",)),
    LookUp(name="get_notification_settings", lists=("notification_settings",)),
    LookUp(name="get_alerts", lists=("fences", "speed_alerts")),
)

ANY_LIST: Final = "look_up"
ANY_LIST_SCHEMA: Final = _schema({probatio.Required(_LIST): cv.string}, period=True)


@callback
def async_setup_look_ups(hass: HomeAssistant) -> None:
    """Register the actions; each answers, which is all they are for."""
    for look_up in LOOK_UPS:
        hass.services.async_register(
            DOMAIN,
            look_up.name,
            for_each_car(hass, _work(look_up)),
            look_up.schema,
            supports_response=SupportsResponse.ONLY,
        )
    hass.services.async_register(
        DOMAIN,
        ANY_LIST,
        for_each_car(hass, _look_up),
        ANY_LIST_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


def _work(look_up: LookUp) -> Work:
    async def work(target: Target, call: ServiceCall) -> Mapping[str, Any]:
        period = _period_of(target, call)
        hass, car = target.coordinator.hass, target.car
        answers = {
            name: answer
            for name in look_up.lists
            if (answer := await async_look_up(hass, car, name, period)) is not None
        }
        if not answers:
            raise not_capable()
        return answers if len(look_up.lists) > 1 else answers[look_up.lists[0]]

    return work


async def _look_up(target: Target, call: ServiceCall) -> Mapping[str, Any]:
    """Fetch whichever list some account of the car has."""
    hass, period = target.coordinator.hass, _period_of(target, call)
    answer = await async_look_up(hass, target.car, call.data[_LIST], period)
    if answer is None:
        nothing = word(hass, "command_field", "nothing")
        allowed = ", ".join(sorted(lists_of(target.car))) or nothing
        raise wrong_value(hass, _LIST, allowed)
    return answer


def _period_of(target: Target, call: ServiceCall) -> Period:
    """Return the days that were asked for, if they are in order; as the owner's."""
    first: date | None = call.data.get("start")
    last: date | None = call.data.get("end")
    if first is not None and last is not None and last < first:
        hass = target.coordinator.hass
        raise wrong_value(hass, "end", f"≥ {first.isoformat()}")
    return Period(
        start=None if first is None else dt_util.start_of_local_day(first),
        end=None if last is None else dt_util.start_of_local_day(last + _DAY),
    )
