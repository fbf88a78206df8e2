"""What a car says to a question that was spoken: the key of a text, and its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.climate import DOMAIN as CLIMATE, HVACMode
from homeassistant.components.device_tracker import DOMAIN as DEVICE_TRACKER
from homeassistant.components.lock import DOMAIN as LOCK, LockState
from homeassistant.components.number import DOMAIN as NUMBER
from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.const import (
    STATE_HOME,
    STATE_NOT_HOME,
    STATE_ON,
    EntityStateAttribute,
)
from homeassistant.core import State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..car.signals import ChargingState
from .exposed_cars import ExposedCar

type Said = tuple[str, Mapping[str, str | date]]
"""The key of a text, and what fills it."""

type Entities = tuple[tuple[str, str], ...]
"""Platform and key of what a question is answered from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What can be asked of a car: what it takes to know, and how it is told."""

    entities: Entities
    answer: Callable[[ExposedCar], Said | None]


def _number(state: State) -> dict[str, str]:
    """Return a number without decimals that nobody wants to hear, and its unit."""
    unit = state.attributes.get(EntityStateAttribute.UNIT_OF_MEASUREMENT) or ""
    return {"value": f"{float(state.state):.0f}", "unit": str(unit)}


def _reading(key: str, *sensors: str) -> Question:
    """Answer with the first of some sensors that says anything."""
    entities = tuple((SENSOR, sensor) for sensor in sensors)

    def answer(car: ExposedCar) -> Said | None:
        for platform, sensor in entities:
            if (state := car.state(platform, sensor)) is not None:
                return key, _number(state)
        return None

    return Question(entities=entities, answer=answer)


def _yes_or_no(sensor: str, yes: str, no: str) -> Question:
    def answer(car: ExposedCar) -> Said | None:
        state = car.state(BINARY_SENSOR, sensor)
        if state is None:
            return None
        return (yes if state.state == STATE_ON else no), {}

    return Question(entities=((BINARY_SENSOR, sensor),), answer=answer)


def _full(car: ExposedCar) -> Said | None:
    """Say when it is full, or why it never will be."""
    charging = car.state(SENSOR, "charging_state")
    if charging is not None and charging.state == ChargingState.COMPLETE:
        return "is_full", {}
    if charging is not None and charging.state not in {
        ChargingState.CHARGING,
        ChargingState.STARTING,
    }:
        return "is_not_charging", {}
    state = car.state(SENSOR, "charge_complete_at")
    moment = None if state is None else dt_util.parse_datetime(state.state)
    return None if moment is None else _at("full_at", moment)


def _locked(car: ExposedCar) -> Said | None:
    """Ask the lock, else the sensor of cars that cannot be locked from afar."""
    if (state := car.state(LOCK, "doors")) is not None:
        return ("is_locked" if state.state == LockState.LOCKED else "is_unlocked"), {}
    if (state := car.state(BINARY_SENSOR, "locked")) is not None:
        return ("is_unlocked" if state.state == STATE_ON else "is_locked"), {}
    return None


_OPENINGS: Final[Entities] = tuple(
    (BINARY_SENSOR, key)
    for key in (
        "door_front_left",
        "door_front_right",
        "door_rear_left",
        "door_rear_right",
        "boot",
        "bonnet",
        "window_front_left",
        "window_front_right",
        "window_rear_left",
        "window_rear_right",
        "sunroof",
        "roof",
    )
)


def _open(car: ExposedCar) -> Said | None:
    """Name what is open, as the entities are named."""
    states = [state for where in _OPENINGS if (state := car.state(*where)) is not None]
    if not states:
        return None
    found = [_own_name(car, state) for state in states if state.state == STATE_ON]
    return ("is_open", {"value": ", ".join(found)}) if found else ("is_closed", {})


def _own_name(car: ExposedCar, state: State) -> str:
    """Return an entity's name without that of its car."""
    entry = er.async_get(car.hass).async_get(state.entity_id)
    name = None if entry is None else entry.name or entry.original_name
    return name or state.name


def _where(car: ExposedCar) -> Said | None:
    """Say the address where it is told, else the zone."""
    if (address := car.state(SENSOR, "parked_address")) is not None:
        return "is_at", {"value": address.state}
    state = car.state(DEVICE_TRACKER, "location")
    if state is None:
        return None
    if state.state == STATE_HOME:
        return "is_at_home", {}
    if state.state == STATE_NOT_HOME:
        return "is_away", {}
    return "is_at", {"value": state.state}


def _climate(car: ExposedCar) -> Said | None:
    state = car.state(CLIMATE, "climate")
    if state is None:
        return None
    if state.state == HVACMode.OFF:
        return "climate_is_off", {}
    until = car.state(SENSOR, "climate_until")
    moment = None if until is None else dt_util.parse_datetime(until.state)
    return ("climate_is_on", {}) if moment is None else _at("climate_until", moment)


def _limit(car: ExposedCar) -> Said | None:
    state = car.state(NUMBER, "charge_limit")
    return None if state is None else ("charges_up_to", _number(state))


_SERVICES: Final[Entities] = (
    (SENSOR, "service_due_on"),
    (SENSOR, "service_due_distance"),
    (SENSOR, "inspection_due_on"),
)


def _service(car: ExposedCar) -> Said | None:
    """Say the day if there is one, else how far."""
    for where in _SERVICES:
        if (state := car.state(*where)) is None:
            continue
        if EntityStateAttribute.UNIT_OF_MEASUREMENT in state.attributes:
            return "service_in", _number(state)
        day = dt_util.parse_date(state.state[:10])
        if day is not None:
            return "service_on", {"value": day}
    return None


def _updated(car: ExposedCar) -> Said | None:
    captured_at = car.car.captured_at
    if captured_at is None or not car.may_use(SENSOR, "captured_at"):
        return None
    return _at("updated_at", captured_at)


def _health(car: ExposedCar) -> Said | None:
    state = car.state(SENSOR, "health")
    return None if state is None else (f"health_{state.state}", {})


QUESTIONS: Final[Mapping[str, Question]] = {
    "battery": _reading("battery_is_at", "battery_level"),
    "fuel": _reading("fuel_is_at", "fuel_level", "fuel_volume"),
    "range": _reading("can_go", "range_total", "range_electric", "range_fuel"),
    "odometer": _reading("has_driven", "odometer"),
    "inside": _reading("inside_is", "inside_temperature"),
    "outside": _reading("outside_is", "outside_temperature"),
    "power": _reading("charges_with", "charging_power"),
    "last_trip": _reading("last_trip_was", "last_trip_distance"),
    "plugged_in": _yes_or_no("plugged_in", "is_plugged_in", "is_unplugged"),
    "charging": _yes_or_no("charging", "is_charging", "is_not_charging"),
    "tyres": _yes_or_no("tyre_problem", "tyres_are_bad", "tyres_are_good"),
    "full": Question(
        entities=((SENSOR, "charge_complete_at"), (SENSOR, "charging_state")),
        answer=_full,
    ),
    "limit": Question(entities=((NUMBER, "charge_limit"),), answer=_limit),
    "locked": Question(
        entities=((LOCK, "doors"), (BINARY_SENSOR, "locked")), answer=_locked
    ),
    "open": Question(entities=_OPENINGS, answer=_open),
    "location": Question(
        entities=((DEVICE_TRACKER, "location"), (SENSOR, "parked_address")),
        answer=_where,
    ),
    "climate": Question(entities=((CLIMATE, "climate"),), answer=_climate),
    "service": Question(entities=_SERVICES, answer=_service),
    "health": Question(entities=((SENSOR, "health"),), answer=_health),
    "updated": Question(entities=((SENSOR, "captured_at"),), answer=_updated),
}


def answer_to(question: Question, car: ExposedCar) -> Said:
    """Return what a car says; where it says nothing, why."""
    if (said := question.answer(car)) is not None:
        return said
    known = [where for where in question.entities if car.entity_id(*where)]
    if not known:
        return "has_none", {}
    if not any(car.may_use(*where) for where in known):
        return "not_exposed", {}
    return "does_not_say", {}


def _at(key: str, moment: datetime) -> Said:
    """Tell a moment by the clock, with the day where it is not today."""
    local = dt_util.as_local(moment)
    clock: dict[str, str | date] = {"value": f"{local:%H:%M}"}
    today = dt_util.now().date()
    if local.date() == today:
        return key, clock
    if local.date() == today + timedelta(days=1):
        return f"{key}_tomorrow", clock
    return f"{key}_on", {**clock, "day": local.date()}
