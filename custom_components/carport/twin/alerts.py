"""Alerts that follow from trips: leaving and reaching home, and driving fast."""

from collections.abc import Iterable, Iterator, Mapping
from math import acos, pi
from typing import Any, Final

from .memory import PastTrip
from .routine import HURRY
from .state import to_datetime

_SPEED_LIMIT: Final = 100.0
_KEPT: Final = 100

FENCE_RULES: Final[Mapping[str, float]] = {
    "maximalNumberActiveDefinitions": 4,
    "maximalNumberHistoryEntries": _KEPT,
    "spatialTolerance": 25,
}
SPEED_RULES: Final[Mapping[str, float]] = {
    "maximalNumberActiveDefinitions": 2,
    "maximalNumberHistoryEntries": _KEPT,
    "minimumSpeedLimit": 0,
    "maximumSpeedLimit": 161,
}


def fence_alerts(trips: Iterable[PastTrip]) -> list[dict[str, Any]]:
    """Return when the car left and reached the fence around its home, newest first."""
    alerts = [
        _alert("enter_greenzone", "Home", trip.arrived)
        if trip.home
        else _alert("exit_greenzone", "Home", trip.departed)
        for trip in trips
    ]
    return alerts[: -_KEPT - 1 : -1]


def speed_alerts(trips: Iterable[PastTrip]) -> list[dict[str, Any]]:
    """Return when the car became faster than its limit and slower, newest first."""
    alerts = [
        {
            **_alert(kind, f"Limit {_SPEED_LIMIT:g}", at),
            "speed_limit": _SPEED_LIMIT,
        }
        for trip in trips
        for kind, at in _exceeding(trip)
    ]
    return alerts[: -_KEPT - 1 : -1]


def _exceeding(trip: PastTrip) -> Iterator[tuple[str, float]]:
    """Yield both ends of the middle of a trip, if it is faster there than the limit.

    The speed is the mean times 1 - HURRY * cos(2 pi share): see `routine.Trip.driven`.
    """
    mean = trip.distance / trip.minutes * 60
    if mean * (1 + HURRY) <= _SPEED_LIMIT:
        return
    share = acos((1 - _SPEED_LIMIT / mean) / HURRY) / (2 * pi)
    lasted = trip.arrived - trip.departed
    yield "start_exceeding", trip.departed + share * lasted
    yield "end_exceeding", trip.departed + (1 - share) * lasted


def _alert(kind: str, name: str, at: float) -> dict[str, Any]:
    second = round(at)
    return {
        "id": f"{kind}-{second}",
        "kind": kind,
        "name": name,
        "at": to_datetime(second).isoformat(),
    }
