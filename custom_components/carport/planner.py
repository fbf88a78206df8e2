"""When the cars of an account are read next: by cadence, pauses and failures."""

from datetime import datetime, timedelta
from typing import Final

from .car.snapshot import Snapshot
from .garage import Channel, ChannelState, GarageCar
from .service.cadence import Activity, Profile, activity_of, next_due
from .service.contract import Service
from .service.habits import Habits

type Judgement = tuple[tuple[object, ...], Snapshot, datetime | None]
"""Facts about a car, the snapshot among them, and when it is due by them."""

_FIRST_BACK_OFF: Final = timedelta(minutes=1)
_MOST_BACK_OFF: Final = timedelta(minutes=30)
_AFTER_COMMAND: Final = timedelta(minutes=5)


class Planner:
    """Judges when cars are due; `failures` counts the updates that failed in a row."""

    def __init__(self, service: Service, habits: Habits) -> None:
        """Know the service's own rhythm and the owners' habits."""
        self.failures = 0
        self._cadence = service.info.cadence
        self._clock = service.context.clock
        self._ledger = service.context.transport.ledger
        self._habits = habits
        self._commanded: dict[str, datetime] = {}
        self._judged: dict[str, Judgement] = {}

    @property
    def back_off(self) -> timedelta:
        """How long to wait after a failure; longer with each."""
        return min(_FIRST_BACK_OFF * (1 << min(self.failures, 10)), _MOST_BACK_OFF)

    def look_closer(self, vin: str) -> None:
        """Read a car more often for a while after a command it has not proven."""
        self._commanded[vin] = self._clock.now() + _AFTER_COMMAND

    def next_read(
        self, car: GarageCar, channel: Channel, profile: Profile
    ) -> datetime | None:
        """Return when a car is read next; None while only the owner asks."""
        last, now = channel.attempted_at, self._clock.now()
        # A try in the future is one of a clock that was set back since.
        if last is None or last > now:
            return now
        due = self._due_after(car, channel, profile, last, now)
        if due is not None and (until := self._ledger.throttled_until) is not None:
            due = max(due, until)
        return due

    def _due_after(
        self,
        car: GarageCar,
        channel: Channel,
        profile: Profile,
        last: datetime,
        now: datetime,
    ) -> datetime | None:
        """Judge by the cadence when a car is due after its last try.

        Worked out once for the same facts: with many cars it is asked very often.
        """
        vin = car.vin
        commanded = self._commanded.get(vin, now) > now
        # The snapshot by itself, since comparing two takes longer than the judgement.
        facts = (
            last,
            id(car.snapshot),
            profile,
            commanded,
            channel.state,
            self.failures,
        )
        if (known := self._judged.get(vin)) is not None and known[0] == facts:
            return known[2]
        activity = (
            Activity.AFTER_COMMAND if commanded else activity_of(car.snapshot, now)
        )
        due = next_due(self._cadence, profile, activity, last, vin, self._habits)
        if due is not None and channel.state is ChannelState.DEGRADED:
            due = min(due, last + self.back_off)
        self._judged[vin] = facts, car.snapshot, due
        return due
