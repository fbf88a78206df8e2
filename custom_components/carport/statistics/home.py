"""Where home is: the zone of that name."""

from homeassistant.components.zone import ENTITY_ID_HOME, in_zone
from homeassistant.core import HomeAssistant, callback

from ..car.signals import Position


@callback
def async_is_home(hass: HomeAssistant, place: Position) -> bool | None:
    """Return whether a place is at home; None while there is no such zone."""
    zone = hass.states.get(ENTITY_ID_HOME)
    if zone is None:
        return None
    return in_zone(zone, place.latitude, place.longitude)
