"""What a twin remembers of its life: trips, charges and a conditioned cabin, bounded.

Moments are epoch seconds, and figures are rounded as they are shown, so that a list
says the same as the sensors did and takes little room in a store.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from .physics import per_100_km
from .spec import Drive, TwinSpec
from .state import TwinState

_TRIPS: Final = 300
_CHARGES: Final = 200
_RUNS: Final = 100


class PastTrip(NamedTuple):
    """A drive: km, kWh and litres per 100 km, and whether it ended at home."""

    departed: float
    arrived: float
    distance: float
    consumption_electric: float | None
    consumption_fuel: float | None
    odometer: float
    home: bool

    @property
    def minutes(self) -> float:
        """How long it took."""
        return (self.arrived - self.departed) / 60

    @property
    def energy(self) -> float:
        """The kWh it took out of the battery."""
        return self.distance * (self.consumption_electric or 0) / 100

    @property
    def fuel(self) -> float:
        """The litres it burnt."""
        return self.distance * (self.consumption_fuel or 0) / 100


class ChargeEvent(NamedTuple):
    """A report with which a charge began or ended: the level, and the minutes left."""

    at: float
    began: bool
    level: float
    minutes: float


class ClimateEvent(NamedTuple):
    """A wish to condition the cabin: whether it came true, and whose it was."""

    at: float
    done: bool
    by_owner: bool


def last_trip(state: TwinState, spec: TwinSpec) -> PastTrip | None:
    """Return the trip of which a state tells, if there was one."""
    ended, distance = state.last_trip_ended_at, state.last_trip_distance
    if ended is None or not distance:
        return None
    place, arrived = state.parked_position, ended.timestamp()
    return PastTrip(
        departed=round(arrived - (state.last_trip_minutes or 0) * 60),
        arrived=arrived,
        distance=round(distance, 1),
        consumption_electric=None
        if spec.drive is Drive.COMBUSTION
        else per_100_km(state.last_trip_energy, distance),
        consumption_fuel=None
        if spec.drive is Drive.ELECTRIC
        else per_100_km(state.last_trip_fuel, distance),
        odometer=round(state.odometer, 1),
        home=place.latitude == round(spec.home.latitude, 6)
        and place.longitude == round(spec.home.longitude, 6),
    )


class Memory:
    """The lists of a car, oldest first."""

    def __init__(self, born: float) -> None:
        """Begin to remember at a moment."""
        self.born = born
        self.trips: deque[PastTrip] = deque(maxlen=_TRIPS)
        self.charges: deque[ChargeEvent] = deque(maxlen=_CHARGES)
        self.runs: deque[ClimateEvent] = deque(maxlen=_RUNS)

    def to_json(self) -> dict[str, Any]:
        """Turn the lists into JSON: a row is an array, which is short."""
        return {
            "born": self.born,
            "trips": list(self.trips),
            "charges": list(self.charges),
            "runs": list(self.runs),
        }

    def take_up(self, saved: Mapping[str, Any]) -> None:
        """Go on with stored lists; a life stored before there were any has none."""
        self.born = saved.get("born", saved["time"])
        self.trips.extend(PastTrip(*row) for row in saved.get("trips", ()))
        self.charges.extend(ChargeEvent(*row) for row in saved.get("charges", ()))
        self.runs.extend(ClimateEvent(*row) for row in saved.get("runs", ()))
