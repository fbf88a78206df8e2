"""Whether what is known of a car is older than its doors' rhythm explains."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..car.signals import DATA_DELIVERY
from ..cloud.cadence import (
    RESTING,
    Activity,
    last_activity,
    stale_after,
    told_nothing_newer,
)
from .channel import ChannelState

if TYPE_CHECKING:
    from .cars import GarageCar
    from .channel import Channel

_LOOK_AGAIN: Final = 1800.0
"""Seconds after which a car that is excused is judged anew."""


def seconds_left(car: GarageCar, captured_at: datetime, now: datetime) -> float:
    """Return how long the data is good for; nothing is left of what is stale.

    A car that drives or charges has something to tell all the time. One that rests has
    not: its data is as good as the last answer of a healthy door.
    """
    activity = last_activity(car.snapshot, now)
    limit = timedelta(seconds=stale_after(activity, _delivers_every(car, activity)))
    since = captured_at
    if activity in RESTING:
        since = max((since, *filter(None, map(_answered_at, car.channels.values()))))
    left = (since + limit - now).total_seconds()
    if left <= 0 and told_nothing_newer(car.snapshot, now):
        # A parked car may have nothing to tell for days.
        return _LOOK_AGAIN
    return left


def note_answer(car: GarageCar, channel: Channel, now: datetime) -> None:
    """Note that a channel has answered, unless it says itself that nothing comes of it."""
    said = car.snapshot.readings.get(DATA_DELIVERY.key)
    if said is None or said.channel != channel.account:
        channel.answered_at = now


def _answered_at(channel: Channel) -> datetime | None:
    """Return when a channel last was healthy; after a restart the try before it counts."""
    if channel.answered_at is None and channel.state is ChannelState.OK:
        says_itself = channel.service.info.delivers_every is not None
        return None if says_itself else channel.attempted_at
    return channel.answered_at


def _delivers_every(car: GarageCar, activity: Activity) -> timedelta | None:
    """Return how seldom a car's quickest channel hands on what the car has told."""
    if activity in RESTING:
        pauses = [
            channel.service.info.delivers_every for channel in car.channels.values()
        ]
        seldom = [pause for pause in pauses if pause is not None]
        return min(seldom) if seldom and len(seldom) == len(pauses) else None
    return min(
        (channel.service.info.rhythm(activity) for channel in car.channels.values()),
        default=None,
    )
