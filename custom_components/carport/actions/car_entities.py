"""Entities of cars by their keys, for triggers and conditions that are about one."""

from datetime import date, datetime, timedelta
from typing import Final

from homeassistant.components.device_tracker import DOMAIN as DEVICE_TRACKER
from homeassistant.const import (
    STATE_HOME,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityStateAttribute,
)
from homeassistant.core import HomeAssistant, State, callback, split_entity_id
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import DistanceConverter

from ..car.signals import LOCATION
from ..const import DOMAIN

_UNTOLD: Final = {STATE_UNAVAILABLE, STATE_UNKNOWN}


@callback
def key_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the key of an entity of Carport, such as `charging_state`."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None or entry.platform != DOMAIN:
        return None
    return entry.unique_id.partition("_")[2]


@callback
def vin_of(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the VIN of the car that an entity of Carport belongs to."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None or entry.platform != DOMAIN:
        return None
    return entry.unique_id.partition("_")[0].upper()


@callback
def with_keys(
    hass: HomeAssistant, entities: set[str], platform: str, keys: frozenset[str]
) -> set[str]:
    """Return those of some entities that have one of these keys."""
    return {
        entity_id
        for entity_id in entities
        if split_entity_id(entity_id)[0] == platform and key_of(hass, entity_id) in keys
    }


@callback
def is_at_home(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether the car of an entity is at home, as its tracker says.

    A car that has no tracker, as its owner shares no position, is taken to be there:
    else nothing that is about home would ever be said of it.
    """
    vin = vin_of(hass, entity_id)
    tracker = er.async_get(hass).async_get_entity_id(
        DEVICE_TRACKER, DOMAIN, f"{vin}_{LOCATION.key}".lower()
    )
    if tracker is None:
        return True
    state = hass.states.get(tracker)
    return state is not None and state.state == STATE_HOME


@callback
def is_unplugged_at_home(hass: HomeAssistant, plug: State) -> bool:
    """Return whether the car of a plug's sensor stands at home without its cable."""
    return plug.state == STATE_OFF and is_at_home(hass, plug.entity_id)


@callback
def is_plugged_in_at_home(hass: HomeAssistant, plug: State) -> bool:
    """Return whether the car of a plug's sensor stands at home with its cable in."""
    return plug.state == STATE_ON and is_at_home(hass, plug.entity_id)


@callback
def is_due(
    hass: HomeAssistant,
    state: State,
    days: float | None,
    distance: float | None,
    later: timedelta = timedelta(0),
) -> bool:
    """Return whether a service falls due within so many days, or so far a drive.

    The distance is in the house's unit; `later` asks for another time than now.
    """
    if state.state in _UNTOLD:
        return False
    unit = state.attributes.get(EntityStateAttribute.UNIT_OF_MEASUREMENT)
    if unit is not None:
        return distance is not None and _distance_left(hass, state.state, unit) <= (
            distance
        )
    day = _day_of(state.state)
    if days is None or day is None:
        return False
    return day - (dt_util.now() + later).date() <= timedelta(days=days)


def _distance_left(hass: HomeAssistant, said: str, unit: str) -> float:
    try:
        return DistanceConverter.convert(
            float(said), unit, hass.config.units.length_unit
        )
    except ValueError, HomeAssistantError:
        return float("inf")


def _day_of(said: str) -> date | None:
    """Read a date, or the day of a moment."""
    if (moment := dt_util.parse_datetime(said)) is not None and "T" in said:
        return _local_day(moment)
    return dt_util.parse_date(said)


def _local_day(moment: datetime) -> date:
    return dt_util.as_local(moment).date()
