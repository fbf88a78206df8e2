"""When a car is read next: a rule, not an interval."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import math
from typing import Final
import zlib

from ..car import signals as s
from ..car.signals import Position
from ..car.snapshot import Snapshot
from .habits import Habits


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceDefaults:
    """What a service tolerates, in seconds between two readings of one car.

    `a_day` is the number of calls the cloud allows an account in a day, None where
    unknown; the last `reserve` of them only commands may use.
    """

    driving: float
    charging: float
    after_command: float
    parked: float
    asleep: float
    a_day: int | None = None
    reserve: int = 0


class Profile(StrEnum):
    """How often the owner wants a car read."""

    SAVER = "saver"
    NORMAL = "normal"
    LIVELY = "lively"
    MANUAL = "manual"


class Activity(StrEnum):
    """What a car is up to, as far as its cadence is concerned.

    `arrived` is parked a moment ago: that is when cars are plugged in and locked.
    """

    DRIVING = "driving"
    CHARGING = "charging"
    AFTER_COMMAND = "after_command"
    ARRIVED = "arrived"
    PARKED = "parked"
    ASLEEP = "asleep"


_FACTORS: Final = {Profile.SAVER: 2.0, Profile.NORMAL: 1.0, Profile.LIVELY: 0.5}
_LEAST_INTERVAL: Final = 60.0
_JITTER: Final = 0.1
_RESTING: Final = frozenset({Activity.PARKED, Activity.ASLEEP})

# While nothing is known of a car's days it is looked at more often, to get to know
# them; later the usual times get the looks that the others are spared.
_UNKNOWN: Final = 0.5
_KNOWN: Final = 2.0
_PATIENCE: Final = 0.45
_CLOSEST: Final = 0.5
"""The least distance of two looks, as a part of the interval while driving."""

_DRIVING_SHOWN: Final = timedelta(minutes=20)
_CHARGING_SHOWN: Final = timedelta(hours=1)
_ARRIVED_FOR: Final = timedelta(minutes=8)
_ASLEEP_AFTER: Final = timedelta(hours=3)
_AWAY_METRES: Final = 150.0

_STALE_AFTER: Final = {
    Activity.DRIVING: 10 * 60.0,
    Activity.CHARGING: 20 * 60.0,
}
_STALE_PARKED: Final = 24 * 3600.0


def activity_of(snapshot: Snapshot, now: datetime) -> Activity:
    """Say what a car is up to by its readings, which lose their say with age."""
    if _is_driving(snapshot, now):
        return Activity.DRIVING
    if snapshot.value(s.CHARGING) and _young(
        snapshot, now, _CHARGING_SHOWN, s.CHARGING
    ):
        return Activity.CHARGING
    parked_at = snapshot.value(s.PARKED_AT) or snapshot.captured_at()
    if parked_at is not None and timedelta() <= now - parked_at < _ARRIVED_FOR:
        return Activity.ARRIVED
    captured_at = snapshot.captured_at()
    if captured_at is not None and now - captured_at > _ASLEEP_AFTER:
        return Activity.ASLEEP
    return Activity.PARKED


def stale_after(activity: Activity) -> float:
    """Return the age in seconds at which a car's data is stale."""
    return _STALE_AFTER.get(activity, _STALE_PARKED)


def next_due(
    defaults: CadenceDefaults,
    profile: Profile,
    activity: Activity,
    last_attempt: datetime,
    jitter_seed: str,
    habits: Habits | None = None,
) -> datetime | None:
    """Return when a car is to be read next; None while only the owner asks.

    The seed is the car's VIN: it spreads cars over time. Its habits tell when a
    parked car usually leaves or starts to charge, and is worth a closer look, and
    when a charging car reports next.
    """
    if profile is Profile.MANUAL:
        return None
    factor, luck = _FACTORS[profile], _luck(jitter_seed, last_attempt)
    interval = _interval(defaults, activity) * factor
    if habits is not None:
        if activity is Activity.CHARGING:
            due = last_attempt + timedelta(seconds=interval)
            reported = habits.rhythms.nearest(jitter_seed, due, last_attempt, luck)
            if reported is not None:
                soonest = last_attempt + timedelta(seconds=_LEAST_INTERVAL)
                return max(reported, soonest)
        elif activity in _RESTING:
            known = habits.knows(jitter_seed, last_attempt)
            interval *= _KNOWN if known else _UNKNOWN
    due = last_attempt + timedelta(seconds=interval * (1 + _JITTER * luck))
    if habits is None or activity not in _RESTING:
        return due
    look = habits.next_look(jitter_seed, last_attempt, due, _PATIENCE * factor)
    if look is None:
        return due
    closest = max(defaults.driving * _CLOSEST * factor, _LEAST_INTERVAL)
    return min(due, max(look, last_attempt + timedelta(seconds=closest)))


def _interval(defaults: CadenceDefaults, activity: Activity) -> float:
    seconds = {
        Activity.DRIVING: defaults.driving,
        Activity.CHARGING: defaults.charging,
        Activity.AFTER_COMMAND: defaults.after_command,
        Activity.ARRIVED: defaults.charging,
        Activity.PARKED: defaults.parked,
        Activity.ASLEEP: defaults.asleep,
    }
    return max(seconds[activity], _LEAST_INTERVAL)


def _luck(seed: str, last_attempt: datetime) -> float:
    """Return a number from zero to one, always the same for the same attempt."""
    key = f"{seed}{last_attempt.timestamp():.0f}".encode()
    return zlib.crc32(key) / 0xFFFFFFFF


def _is_driving(snapshot: Snapshot, now: datetime) -> bool:
    for signal in (s.MOVING, s.IGNITION):
        if snapshot.value(signal) and _young(snapshot, now, _DRIVING_SHOWN, signal):
            return True
    # Many clouds do not say it, but a car away from where it parked is driving.
    here, parked = snapshot.value(s.LOCATION), snapshot.value(s.PARKED_LOCATION)
    return (
        here is not None
        and parked is not None
        and _young(snapshot, now, _DRIVING_SHOWN, s.LOCATION)
        and _metres(here, parked) > _AWAY_METRES
    )


def _young(
    snapshot: Snapshot,
    now: datetime,
    limit: timedelta,
    signal: s.Signal[bool] | s.Signal[Position],
) -> bool:
    captured_at = snapshot.captured_at(signal)
    return captured_at is not None and now - captured_at < limit


def _metres(here: Position, there: Position) -> float:
    """Return the distance of two near places, on a flat map."""
    north = here.latitude - there.latitude
    east = (here.longitude - there.longitude) * math.cos(math.radians(here.latitude))
    return math.hypot(north, east) * 111_320
