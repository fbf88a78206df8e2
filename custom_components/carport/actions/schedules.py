"""What entities and actions tell of a car's timer."""

from collections.abc import Mapping
from typing import Any

from ..car.schedule import Slot


def described(slot: Slot) -> Mapping[str, Any]:
    """Return what else there is to say of a timer, as attributes."""
    window = slot.charge_window
    return {
        "days": [day.name.lower() for day in sorted(slot.days)],
        "once_on": None if slot.once_on is None else slot.once_on.isoformat(),
        "charge": slot.charge or window is not None,
        "climate": slot.climate,
        "window_start": None if window is None else window.start.isoformat("minutes"),
        "window_end": None if window is None else window.end.isoformat("minutes"),
    }
