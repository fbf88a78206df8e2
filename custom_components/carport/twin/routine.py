"""What the owner of a twin does on a day: a pure function of habits, seed and date."""

from dataclasses import dataclass
from enum import IntEnum
from math import atan2, cos, degrees, pi, radians, sin
from random import Random
from typing import Final, NamedTuple

from ..car.signals import Position
from .spec import Outing, TwinSpec
from .weather import DAY, local_offset

KM_A_DEGREE: Final = 111.2
AS_THE_CROW_FLIES: Final = 0.75
"""A road is longer than the straight line between its ends."""
_BULGE: Final = 0.18
_WIGGLE: Final = 0.03
HURRY: Final = 0.8
"""How much faster than its mean a trip is in the middle, and slower at its ends."""
_MINUTES_OF_JITTER: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One drive; times in epoch seconds, distance in km."""

    departs: float
    arrives: float
    distance: float
    origin: Position
    to: Position

    def driven(self, seconds: float) -> float:
        """Return the kilometres behind the car at a moment."""
        share = self._share(seconds)
        return self.distance * (share - HURRY * sin(2 * pi * share) / (2 * pi))

    def place(self, seconds: float) -> Position:
        """Return where the car is at a moment, and where it heads."""
        done = self.driven(seconds) / self.distance
        here = self._point(done)
        ahead = self._point(min(done + 0.01, 1))
        behind = self._point(max(done - 0.01, 0))
        north = ahead[0] - behind[0]
        east = (ahead[1] - behind[1]) * cos(radians(here[0]))
        return Position(
            latitude=round(here[0], 6),
            longitude=round(here[1], 6),
            heading=round(degrees(atan2(east, north)) % 360),
        )

    def _share(self, seconds: float) -> float:
        length = self.arrives - self.departs
        return min(max((seconds - self.departs) / length, 0), 1)

    def _point(self, done: float) -> tuple[float, float]:
        north = self.to.latitude - self.origin.latitude
        east = self.to.longitude - self.origin.longitude
        aside = _BULGE * sin(pi * done) + _WIGGLE * sin(7 * pi * done)
        return (
            self.origin.latitude + north * done - east * aside,
            self.origin.longitude + east * done + north * aside,
        )


class Action(IntEnum):
    """What happens at a moment of the day, in the order of a tie."""

    BEGIN = 0
    PREHEAT = 1
    UNLOCK = 2
    OPEN_DOOR = 3
    CLOSE_DOOR = 4
    UNPLUG = 5
    START = 6
    DEPART = 7
    ARRIVE = 8
    LIGHTS_OFF = 9
    OPEN_WINDOW = 10
    OPEN_BOOT = 11
    CLOSE_BOOT = 12
    LOCK = 13
    PLUG_IN = 14
    END = 15


class PlannedAction(NamedTuple):
    """An action at a moment, as part of an outing; `reach` is the way there and back."""

    at: float
    action: Action
    outing: int
    trip: Trip | None = None
    reach: float = 0


def day_of(spec: TwinSpec, seconds: float) -> int:
    """Return the number of the local day."""
    return int((seconds + local_offset(spec.home.longitude)) // DAY)


def actions_of(spec: TwinSpec, day: int) -> tuple[PlannedAction, ...]:
    """Return everything the owner sets out to do on a local day, in order."""
    if spec.routine is None:
        return ()
    rng = Random(f"{spec.seed}:{day}")
    midnight = day * DAY - local_offset(spec.home.longitude)
    weekday = (day + 3) % 7  # The first day of the epoch was a Thursday.
    acts: list[PlannedAction] = []
    for number, outing in enumerate(spec.routine.outings):
        # Drawn for every outing, so that one habit does not disturb another.
        draws = [rng.random() for _ in range(12)]
        if weekday in outing.days and draws[0] < outing.chance:
            token = day * 100 + number + 1
            acts += _outing(spec, outing, token, midnight, draws)
    return tuple(sorted(acts, key=lambda act: (act.at, act.action)))


def _outing(
    spec: TwinSpec, outing: Outing, token: int, midnight: float, draws: list[float]
) -> list[PlannedAction]:
    away = _destination(spec.home, outing)
    habits = spec.routine
    assert habits is not None
    leaves = midnight + round(outing.leaves * 3600 + _random(draws[1]))
    first = _trip(leaves, outing.distance, draws[2], spec.home, away)
    returns = max(
        round(leaves + outing.stays * 3600 + _random(draws[3])), first.arrives + 600
    )
    second = _trip(returns, outing.distance, draws[4], away, spec.home)
    planned: list[tuple[float, Action, Trip | None]] = [
        (leaves - 900, Action.BEGIN, None),
        *_leaving(first),
        *_arriving(first, habits.forgetful, draws[5:7]),
        *_leaving(second),
        *_arriving(second, habits.forgetful, draws[7:9]),
        (second.arrives + 90, Action.PLUG_IN, None),
        (second.arrives + 120, Action.END, None),
    ]
    if draws[9] < habits.preheats:
        planned.append((leaves - 840, Action.PREHEAT, None))
    if draws[10] < 0.4:
        planned += [
            (second.arrives + 40, Action.OPEN_BOOT, None),
            (second.arrives + 65, Action.CLOSE_BOOT, None),
        ]
    reach = 2 * outing.distance
    return [
        PlannedAction(at, action, token, trip, reach) for at, action, trip in planned
    ]


def _leaving(trip: Trip) -> list[tuple[float, Action, Trip | None]]:
    return [
        (trip.departs - 110, Action.UNLOCK, None),
        (trip.departs - 100, Action.OPEN_DOOR, None),
        (trip.departs - 85, Action.CLOSE_DOOR, None),
        (trip.departs - 60, Action.UNPLUG, None),
        (trip.departs - 25, Action.START, None),
        (trip.departs, Action.DEPART, trip),
    ]


def _arriving(
    trip: Trip, forgetful: float, draws: list[float]
) -> list[tuple[float, Action, Trip | None]]:
    """Park; a forgetful owner leaves a window, the lights or the lock as they are."""
    planned: list[tuple[float, Action, Trip | None]] = [
        (trip.arrives, Action.ARRIVE, trip),
        (trip.arrives + 20, Action.OPEN_DOOR, None),
        (trip.arrives + 35, Action.CLOSE_DOOR, None),
    ]
    forgets = draws[0] < forgetful
    what = int(draws[1] * 3)
    if forgets and what == 0:
        planned.append((trip.arrives + 10, Action.OPEN_WINDOW, None))
    if not (forgets and what == 1):
        planned.append((trip.arrives + 15, Action.LIGHTS_OFF, None))
    if not (forgets and what == 2):
        planned.append((trip.arrives + 75, Action.LOCK, None))
    return planned


def _trip(
    departs: float, distance: float, draw: float, origin: Position, to: Position
) -> Trip:
    """Make a drive; long ones are faster, and no two take the same time."""
    mean_speed = min(26 + 0.9 * distance, 92) * (0.9 + 0.2 * draw)
    return Trip(
        departs=departs,
        arrives=departs + round(distance / mean_speed * 3600),
        distance=distance,
        origin=origin,
        to=to,
    )


def _destination(home: Position, outing: Outing) -> Position:
    straight = outing.distance * AS_THE_CROW_FLIES / KM_A_DEGREE
    north = straight * cos(radians(outing.bearing))
    east = straight * sin(radians(outing.bearing)) / cos(radians(home.latitude))
    return Position(latitude=home.latitude + north, longitude=home.longitude + east)


def _random(draw: float) -> float:
    return (2 * draw - 1) * _MINUTES_OF_JITTER * 60
