"""What else in Home Assistant knows that something happens to a car.

Somebody who drives it leaves a zone, or a wallbox begins to charge: that is known at
once, and by the car's cloud only when it is asked. So it is asked a little later.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Self

from homeassistant.components.zone import DOMAIN as ZONE_DOMAIN, ENTITY_ID_HOME
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_HOME,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfPower,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event

from ..const import CONF_CHARGERS, CONF_DRIVERS, CONF_HINTS, CONF_ZONES

_AFTER_DRIVER: Final = timedelta(minutes=2)
_AFTER_CHARGER: Final = timedelta(minutes=1)
_UNKNOWN: Final = {STATE_UNKNOWN, STATE_UNAVAILABLE}
_IDLE_WATTS: Final = 100.0
"""What a wallbox and the car's electronics draw without charging, generously."""
_WATTS: Final[Mapping[str | None, float]] = {
    UnitOfPower.KILO_WATT: 1000.0,
    UnitOfPower.WATT: 1.0,
}

type Look = Callable[[str, timedelta], None]
type Undo = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Which entities tell of one car, as its owner named them."""

    drivers: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    """Only these count, where there are any."""
    chargers: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Bring them back from an entry's options."""
        return cls(
            drivers=_names(kept.get(CONF_DRIVERS)),
            zones=_names(kept.get(CONF_ZONES)),
            chargers=_names(kept.get(CONF_CHARGERS)),
        )


def hints_of(options: Mapping[str, Any]) -> dict[str, Hints]:
    """Return an account's hints, by the car's VIN."""
    kept = options.get(CONF_HINTS)
    return {
        vin: Hints.of(hints)
        for vin, hints in (kept.items() if isinstance(kept, Mapping) else ())
        if isinstance(hints, Mapping)
    }


@callback
def async_follow_hints(
    hass: HomeAssistant, hints: Mapping[str, Hints], look: Look
) -> Undo:
    """Look at cars after what is known of them elsewhere; undo by the result."""
    followers = [_Follower(hass, vin, one, look) for vin, one in hints.items()]
    undos = [undo for follower in followers for undo in follower.follow()]

    @callback
    def unfollow() -> None:
        for undo in undos:
            undo()

    return unfollow


class _Follower:
    """Follows what tells of one car."""

    def __init__(self, hass: HomeAssistant, vin: str, hints: Hints, look: Look) -> None:
        """Take what is now as known."""
        self._hass = hass
        self._vin = vin
        self._hints = hints
        self._look = look
        self._known: dict[str, bool | str] = {}
        for entity_id in (*hints.drivers, *hints.chargers):
            if (state := hass.states.get(entity_id)) is not None:
                self._is_news(entity_id, _told(state))

    def follow(self) -> Iterable[Undo]:
        """Listen; undo by the results."""
        track, hass = async_track_state_change_event, self._hass
        if self._hints.drivers:
            yield track(hass, self._hints.drivers, self._driver_moved)
        if self._hints.chargers:
            yield track(hass, self._hints.chargers, self._charger_changed)

    @callback
    def _driver_moved(self, event: Event[EventStateChangedData]) -> None:
        """Look after somebody left or entered a zone that counts."""
        state = event.data["new_state"]
        if state is None:
            return
        before = self._known.get(state.entity_id)
        zones = {_state_in(self._hass, zone) for zone in self._hints.zones}
        if self._is_news(state.entity_id, state.state) and (
            not zones or zones & {before, state.state}
        ):
            self._look(self._vin, _AFTER_DRIVER)

    @callback
    def _charger_changed(self, event: Event[EventStateChangedData]) -> None:
        """Look after power came or went, or a plug or a state became another."""
        state = event.data["new_state"]
        if state is not None and self._is_news(state.entity_id, _told(state)):
            self._look(self._vin, _AFTER_CHARGER)

    def _is_news(self, entity_id: str, told: bool | str) -> bool:
        """Return whether an entity tells another thing than what it last did."""
        if told in _UNKNOWN:
            return False
        before = self._known.get(entity_id)
        self._known[entity_id] = told
        return before is not None and before != told


def _told(state: State) -> bool | str:
    """Return what an entity tells; of a number, whether there is power."""
    try:
        number = float(state.state)
    except ValueError:
        return state.state
    factor = _WATTS.get(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
    return number > 0 if factor is None else number * factor > _IDLE_WATTS


def _state_in(hass: HomeAssistant, zone: str) -> str:
    """Return the state of somebody who is in a zone."""
    if zone == ENTITY_ID_HOME:
        return STATE_HOME
    known = hass.states.get(zone)
    return zone.removeprefix(f"{ZONE_DOMAIN}.") if known is None else known.name


def _names(kept: object) -> tuple[str, ...]:
    listed = kept if isinstance(kept, list) else ()
    return tuple(one for one in listed if isinstance(one, str))
