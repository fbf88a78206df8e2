"""How long something that runs for a time shall run: the owner's wish, kept here."""

from homeassistant.core import HomeAssistant

from ..accounts.data import carport_data
from ..car.commands import CommandKind
from ..engine import GarageCar


def set_duration(
    hass: HomeAssistant, car: GarageCar, kind: CommandKind, minutes: float
) -> None:
    """Keep how many minutes the next start is for."""
    carport_data(hass).durations[car.vin, kind] = minutes


def duration_of(hass: HomeAssistant, car: GarageCar, kind: CommandKind) -> float | None:
    """Return the minutes wanted; None leaves it to the car."""
    return carport_data(hass).durations.get((car.vin, kind))
