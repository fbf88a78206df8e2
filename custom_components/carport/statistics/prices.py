"""What a kWh cost in past hours: a fixed price, or what an entity said then."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import CoreState, HomeAssistant, State

from ..car.hours import Hours, hour_of, start_of
from .tariff import Tariff, per_kwh

_HOUR: Final = timedelta(hours=1)
_DAYS_ASKED: Final = 14
"""How far back single states are looked for; older ones are purged as a rule."""


async def async_prices(
    hass: HomeAssistant,
    tariff: Tariff,
    hours: Collection[int],
    now: datetime,
    *,
    home: bool | None,
) -> Hours | None:
    """Return what a kWh cost in these hours, as far as that can be told.

    None while the entity with the price may still come, during a start. Later it says
    as little as one that is unavailable.
    """
    if home is False and tariff.price_away is not None:
        return dict.fromkeys(hours, tariff.price_away)
    fixed = {} if tariff.price is None else dict.fromkeys(hours, tariff.price)
    if tariff.entity_id is None:
        return fixed
    if (state := hass.states.get(tariff.entity_id)) is None:
        return fixed if hass.state is CoreState.running else None
    return fixed | await _async_told(hass, state, hours, now)


async def _async_told(
    hass: HomeAssistant, state: State, hours: Collection[int], now: datetime
) -> Hours:
    """Return the mean of what an entity said in each hour."""
    entity_id = state.entity_id
    factor = per_kwh(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
    first, last = start_of(min(hours)), start_of(max(hours)) + _HOUR

    def read() -> Hours:
        since = max(first, now - timedelta(days=_DAYS_ASKED))
        states = state_changes_during_period(
            hass, since, last, entity_id, no_attributes=True
        ).get(entity_id, [])
        means = statistics_during_period(
            hass, first, last, {entity_id}, "hour", None, {"mean"}
        ).get(entity_id, [])
        kept = {
            int(row["start"] // 3600): mean
            for row in means
            if (mean := row.get("mean")) is not None
        }
        return kept | _means(states, hours, min(now, last))

    found = await get_instance(hass).async_add_executor_job(read)
    current = hour_of(now)
    if current in hours and current not in found:
        found |= _means([state], [current], now)
    return {hour: price * factor for hour, price in found.items() if hour in hours}


def _means(states: Iterable[State], hours: Iterable[int], now: datetime) -> Hours:
    """Return the mean of states by the hour, each weighed by how long it lasted."""
    told = [(state.last_updated_timestamp, _number(state.state)) for state in states]
    found: Hours = {}
    for hour in hours:
        start = hour * 3600.0
        end = min(start + 3600, max(now.timestamp(), start + 1))
        weight = weighed = 0.0
        for number, (since, price) in enumerate(told):
            until = told[number + 1][0] if number + 1 < len(told) else end
            lasted = min(until, end) - max(since, start)
            if lasted > 0 and price is not None:
                weight += lasted
                weighed += lasted * price
        if weight > 0:
            found[hour] = weighed / weight
    return found


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if -1e6 < number < 1e6 else None
