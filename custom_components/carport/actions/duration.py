"""How long something that runs for a time shall run: the owner's wish, kept here."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..car.commands import CommandKind
from ..const import DOMAIN
from ..engine import GarageCar

_DURATIONS: Final[HassKey[dict[tuple[str, CommandKind], float]]] = HassKey(
    f"{DOMAIN}_durations"
)


def set_duration(
    hass: HomeAssistant, car: GarageCar, kind: CommandKind, minutes: float
) -> None:
    """Keep how many minutes the next start is for."""
    hass.data.setdefault(_DURATIONS, {})[car.vin, kind] = minutes


def duration_of(hass: HomeAssistant, car: GarageCar, kind: CommandKind) -> float | None:
    """Return the minutes wanted; None leaves it to the car."""
    return hass.data.get(_DURATIONS, {}).get((car.vin, kind))
