"""When a car is read next: a rule, not an interval."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
import zlib

from ..car import signals as s
from ..car.signals import DataDelivery, Position
from ..car.snapshot import Snapshot
from .habits import Habits


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceDefaults:
    """What a service tolerates, in seconds between two readings of one car."""

    driving: float
    charging: float
    after_command: float
    parked: float
    asleep: float

    def interval(self, activity: Activity) -> float:
        """Return the seconds between two readings of a car that is up to this."""
        seconds = {
            Activity.DRIVING: self.driving,
            Activity.CHARGING: self.charging,
            Activity.AFTER_COMMAND: self.after_command,
            Activity.ARRIVED: self.charging,
            Activity.PARKED: self.parked,
            Activity.ASLEEP: self.asleep,
        }
        return max(seconds[activity], _LEAST_INTERVAL)

    @property
    def unknown(self) -> float:
        """The seconds between two readings of a parked car whose habits are unknown."""
        return max(self.parked * _UNKNOWN, _LEAST_INTERVAL)


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
RESTING: Final = _RESTING | {Activity.ARRIVED}
"""What a car is up to that has nothing to tell."""

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

_STALE_AFTER: Final = {
    Activity.DRIVING: 10 * 60.0,
    Activity.CHARGING: 20 * 60.0,
}
_STALE_PARKED: Final = 24 * 3600.0
_DELIVERIES_MISSED: Final = 3
_DELIVERY_SAID: Final = timedelta(hours=1)
_DELIVERS: Final = frozenset({DataDelivery.CURRENT, DataDelivery.NOTHING_NEW})


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


def last_activity(snapshot: Snapshot, now: datetime) -> Activity:
    """Say what a car was up to when it last told, however long ago that was."""
    if any(snapshot.value(signal) for signal in (s.MOVING, s.IGNITION)):
        return Activity.DRIVING
    if snapshot.value(s.CHARGING):
        return Activity.CHARGING
    return activity_of(snapshot, now)


def stale_after(activity: Activity, delivers_every: timedelta | None = None) -> float:
    """Return the age in seconds at which a car's data is stale.

    What a cloud hands on seldom is a delivery old when it comes, and one may be missed.
    """
    usual = _STALE_AFTER.get(activity, _STALE_PARKED)
    if delivers_every is None:
        return usual
    return max(usual, _DELIVERIES_MISSED * delivers_every.total_seconds())


def told_nothing_newer(snapshot: Snapshot, now: datetime) -> bool:
    """Return whether the maker itself says that a resting car has told nothing since."""
    said = snapshot.readings.get(s.DATA_DELIVERY.key)
    return (
        said is not None
        and said.value in _DELIVERS
        and now - said.received_at < _DELIVERY_SAID
        and activity_of(snapshot, now) in _RESTING
    )


def next_due(
    defaults: CadenceDefaults,
    profile: Profile,
    activity: Activity,
    last_attempt: datetime,
    jitter_seed: str,
    habits: Habits | None = None,
    opens_at: datetime | None = None,
) -> datetime | None:
    """Return when a car is to be read next; None while only the owner asks.

    The seed is the car's VIN: it spreads cars over time. Its habits tell when a
    parked car usually leaves or starts to charge, and is worth a closer look, and
    when a charging car reports next. One that waits for its timers is looked at by
    `opens_at`.
    """
    if profile is Profile.MANUAL:
        return None
    factor, rng = _FACTORS[profile], _random(jitter_seed, last_attempt)
    interval = defaults.interval(activity) * factor
    if habits is not None:
        if activity is Activity.CHARGING:
            due = last_attempt + timedelta(seconds=interval)
            reported = habits.rhythms.nearest(jitter_seed, due, last_attempt, rng)
            if reported is not None:
                soonest = last_attempt + timedelta(seconds=_LEAST_INTERVAL)
                return max(reported, soonest)
        elif activity in _RESTING:
            known = habits.knows(jitter_seed, last_attempt)
            interval *= _KNOWN if known else _UNKNOWN
    due = last_attempt + timedelta(seconds=interval * (1 + _JITTER * rng))
    if opens_at is not None and activity in RESTING:
        due = min(due, opens_at)
    if habits is None or activity not in _RESTING:
        return due
    look = habits.next_look(jitter_seed, last_attempt, due, _PATIENCE * factor)
    if look is None:
        return due
    closest = max(defaults.driving * _CLOSEST * factor, _LEAST_INTERVAL)
    return min(due, max(look, last_attempt + timedelta(seconds=closest)))


def _random(seed: str, last_attempt: datetime) -> float:
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
        and not here.is_near(parked)
    )


def _young(
    snapshot: Snapshot,
    now: datetime,
    limit: timedelta,
    signal: s.Signal[bool] | s.Signal[Position],
) -> bool:
    reading = snapshot.readings.get(signal.key)
    # Some clouds give no time of the car's own: then it is as old as its receipt.
    return reading is not None and now - reading.order < limit
