"""What may be commanded by topic: the owner's words, and the commands behind each."""

from collections.abc import Collection, Mapping
from typing import Final

from ..car.commands import CommandKind as Kind
from ..car.limits import Limits
from ..engine import burns_fuel

FUEL_HEATER: Final = "fuel_heater"
"""The word for what may burn fuel: its exhaust can kill in a closed garage."""
REFRESH: Final = "refresh"
"""The word for reading the maker's copy now, which is no command to the car."""

GROUPS: Final[Mapping[str, frozenset[Kind]]] = {
    "charge": frozenset(
        {
            Kind.START_CHARGING,
            Kind.STOP_CHARGING,
            Kind.SET_CHARGE_LIMIT,
            Kind.SET_CHARGE_LIMIT_MIN,
            Kind.SET_CHARGE_CURRENT,
            Kind.SET_CHARGE_MODE,
            Kind.SET_AUTO_UNLOCK_PLUG,
        }
    ),
    "climate": frozenset(
        {
            Kind.START_CLIMATE,
            Kind.STOP_CLIMATE,
            Kind.SCHEDULE_CLIMATE,
            Kind.SET_TEMPERATURE,
            Kind.SET_DEFROST,
            Kind.SET_WINDOW_HEATING,
            Kind.SET_CLIMATE_ON_BATTERY,
            Kind.SET_VENTILATION,
        }
    ),
    "lock": frozenset({Kind.LOCK}),
    "unlock": frozenset({Kind.UNLOCK}),
    "find": frozenset({Kind.HONK_AND_FLASH}),
    "wake": frozenset({Kind.WAKE, Kind.REFRESH_HEALTH}),
    "timers": frozenset({Kind.SET_SCHEDULE}),
    "destination": frozenset({Kind.SEND_DESTINATION}),
    FUEL_HEATER: frozenset({Kind.SET_AUXILIARY_HEATING}),
    REFRESH: frozenset(),
}
"""No word stands for all of them: unlocking and burning fuel are said by name."""


def allows(words: Collection[str], kind: Kind, limits: Limits | None) -> bool:
    """Return whether a command may be sent for a topic.

    What the car itself takes is not judged here; what it declares of a command is,
    since the climate of one car may burn fuel where that of another does not.
    """
    if (
        limits is not None
        and burns_fuel(kind, limits)
        and kind is not Kind.STOP_CLIMATE
        and FUEL_HEATER not in words
    ):
        return False
    return any(kind in GROUPS[word] for word in words if word in GROUPS)
