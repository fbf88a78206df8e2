"""The three lists of a car's trips: one by one, from fill to fill, and for long."""

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any, Final

from carport.twin.memory import PastTrip
from carport.twin.state import to_datetime
from carport.twin.twin import Drive, Twin

from .reads import iso

_NUMBERS: Final = 2_000_000_000
_NUMBERS_LAST: Final = 10_000_000
_REFUELLED_AFTER: Final = 0.8
"""What is used of a tank until somebody fills it up."""

type Keys = Callable[[Twin, Sequence[PastTrip]], Iterable[float | str]]
"""Tells which entry of a memory each trip goes into."""


def _one_by_one(_twin: Twin, trips: Sequence[PastTrip]) -> Iterable[float]:
    return (trip.arrived for trip in trips)


def _from_fill_to_fill(twin: Twin, trips: Sequence[PastTrip]) -> Iterable[float]:
    """Count the charges before each trip; without a plug, the tanks used up."""
    if twin.spec.drive is not Drive.COMBUSTION:
        begun = [event.at for event in twin.memory.charges if event.began]
        return (bisect(begun, trip.departed) for trip in trips)
    tank = (twin.spec.tank or 1) * _REFUELLED_AFTER
    burnt = (trip.distance * (trip.consumption_fuel or 0) / 100 for trip in trips)
    return (used // tank for used in accumulate(burnt))


def _by_month(_twin: Twin, trips: Sequence[PastTrip]) -> Iterable[str]:
    """Let the owner set the memory back on every first of a month."""
    return (f"{to_datetime(trip.arrived):%Y-%m}" for trip in trips)


KINDS: Final[Mapping[str, Keys]] = {
    "shortTerm": _one_by_one,
    "cyclic": _from_fill_to_fill,
    "longTerm": _by_month,
}


def trips(twin: Twin, kind: str) -> list[dict[str, Any]]:
    """Return what one memory holds, oldest first, as far as the car has reported."""
    told = twin.report.captured_at.timestamp()
    known = [trip for trip in twin.memory.trips if trip.arrived <= told]
    keyed = zip(KINDS[kind](twin, known), known, strict=True)
    return [
        _entry(twin, kind, [trip for _, trip in group])
        for _, group in groupby(keyed, key=itemgetter(0))
    ]


def _entry(twin: Twin, kind: str, group: list[PastTrip]) -> dict[str, Any]:
    last = group[-1]
    distance = sum(trip.distance for trip in group)
    minutes = max(sum(trip.minutes for trip in group), 1)
    return {
        "tripType": kind,
        "tripID": str(_NUMBERS + int(last.arrived / 60) % _NUMBERS_LAST),
        **dict(_consumptions(twin, group, distance)),
        "averageSpeed": round(distance / minutes * 60),
        "mileage": round(distance),
        "startMileage": round(last.odometer - distance),
        "overallMileage": round(last.odometer),
        "traveltime": round(minutes),
        "timestamp": iso(to_datetime(last.arrived)),
        "reportReason": "clamp15off",
    }


def _consumptions(
    twin: Twin, group: list[PastTrip], distance: float
) -> Iterator[tuple[str, int]]:
    """Yield what each engine of the car used: in tenths, for a hundred kilometres."""
    drive = twin.spec.drive
    electric = sum(trip.distance * (trip.consumption_electric or 0) for trip in group)
    fuel = sum(trip.distance * (trip.consumption_fuel or 0) for trip in group)
    for name, lacks, used in (
        ("averageElectricEngineConsumption", Drive.COMBUSTION, electric),
        ("averageFuelConsumption", Drive.ELECTRIC, fuel),
    ):
        if drive is not lacks:
            yield name, round(used / distance * 10) if distance else 0
