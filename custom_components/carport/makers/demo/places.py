"""How far a car gets from where it is, as a map."""

from math import cos, pi, radians, sin
from typing import Any, Final

from ...car.range_map import range_map
from ...twin.readings import range_total
from ...twin.routine import AS_THE_CROW_FLIES, KM_A_DEGREE
from ...twin.spec import TwinSpec
from ...twin.state import TwinState

_MODES: Final = {"most_economical": 1.0, "comfort": 0.85}
_CORNERS: Final = 36
_BULGES: Final = 0.12
"""Roads lead further in some directions than in others."""


def range_map_of(state: TwinState, spec: TwinSpec) -> dict[str, Any]:
    """Return the reach as GeoJSON: the centre, and a closed line for each mode."""
    here = state.position
    reach = range_total(state, spec) * AS_THE_CROW_FLIES / KM_A_DEGREE

    def corner(number: int, share: float) -> list[float]:
        angle = 2 * pi * (number % _CORNERS) / _CORNERS
        away = reach * share * (1 - _BULGES + _BULGES * cos(3 * angle + spec.seed))
        east = away * sin(angle) / cos(radians(here.latitude))
        return [
            round(here.longitude + east, 5),
            round(here.latitude + away * cos(angle), 5),
        ]

    lines = [
        (mode, [corner(number, share) for number in range(_CORNERS + 1)])
        for mode, share in _MODES.items()
    ]
    centre = [round(here.longitude, 6), round(here.latitude, 6)]
    return range_map(centre, lines, "average")
