"""When the cars of an account are read next: by cadence, limits and failures."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Final

from ..car.snapshot import Snapshot
from ..cloud.cadence import Activity, Profile, activity_of, next_due
from ..cloud.contract import Service
from ..cloud.errors import CloudError, ContractEnded, Throttled
from ..cloud.habits import Habits
from ..cloud.ledger import Purpose
from ..cloud.openings import next_look
from .cars import GarageCar
from .channel import SHUT, Channel, ChannelState

_FIRST_BACK_OFF: Final = timedelta(minutes=1)
_LEAST_MOST: Final = timedelta(minutes=30)
"""A car that fails is asked this seldom, or as seldom as if it were well."""
CLOSED_AGAIN: Final = timedelta(hours=12)
"""How seldom a cloud is asked in the end that its maker has closed to us."""
_HOUR: Final = timedelta(hours=1)
_CONTRACT_AGAIN: Final = timedelta(days=1)
_LONGEST_WAIT: Final = timedelta(days=7)
"""What is to be waited for longer was said by a clock that was ahead."""
_AFTER_COMMAND: Final = timedelta(minutes=5)
_LOOKS_AN_HOUR: Final = 12
"""As many hints of others are followed; more of them tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """When a car is due, and the facts from which that follows."""

    snapshot: Snapshot
    last: datetime
    profile: Profile
    commanded: bool
    due: datetime | None

    def holds(
        self, snapshot: Snapshot, last: datetime, profile: Profile, commanded: bool
    ) -> bool:
        """Return whether the facts are the same.

        Two snapshots are not compared: that takes longer than to judge anew.
        """
        return self.snapshot is snapshot and (
            (self.last, self.profile, self.commanded) == (last, profile, commanded)
        )


class Planner:
    """Judges when cars are due, and counts for each how often it failed in a row."""

    def __init__(self, service: Service, habits: Habits) -> None:
        """Know the service's own rhythm and the owners' habits."""
        self._service = service
        self._cadence = service.info.cadence
        self._clock = service.context.clock
        self._ledger = service.context.transport.ledger
        self._habits = habits
        self._commanded: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, datetime] = {}
        self._judged: dict[str, Judgement] = {}
        self._looks: dict[str, datetime] = {}
        self._hinted: dict[str, deque[datetime]] = {}
        self._calls = 1.0
        """How many calls a reading of a car took of late."""

    # What happened

    def failed(self, vin: str, error: CloudError) -> None:
        """Count a failure of one car; the others go on as they were."""
        if isinstance(error, Throttled):
            # No failure but a pause, and perhaps of this car alone.
            self._not_before[vin] = error.until
            return
        self._failures[vin] = self._failures.get(vin, 0) + 1
        if isinstance(error, ContractEnded):
            self._not_before[vin] = self._clock.now() + _CONTRACT_AGAIN

    def succeeded(self, vin: str) -> None:
        """Forget the failures of a car."""
        self._failures.pop(vin, None)
        self._not_before.pop(vin, None)

    def failures(self, vin: str) -> int:
        """Return how often a car failed in a row."""
        return self._failures.get(vin, 0)

    def note_calls(self, calls: int, cars: int) -> None:
        """Learn from what some readings cost how far the limits go."""
        if calls > 0 < cars:
            self._calls = calls / cars

    def look_closer(self, vin: str) -> None:
        """Read a car more often for a while after a command it has not proven."""
        self._commanded[vin] = self._clock.now() + _AFTER_COMMAND

    def look_at(self, vin: str, after: timedelta) -> bool:
        """Read a car soon, since others know that something happened; if not too often.

        Limits, failures and the owner's wish to be asked hold all the same.
        """
        now = self._clock.now()
        hinted = self._hinted.setdefault(vin, deque(maxlen=_LOOKS_AN_HOUR))
        if len(hinted) == _LOOKS_AN_HOUR and timedelta() <= now - hinted[0] < _HOUR:
            return False
        hinted.append(now)
        self._looks[vin] = min(self._looks.get(vin, now + after), now + after)
        return True

    # What follows from it

    def back_off(self, vin: str) -> timedelta:
        """Return how long a failing car is left alone; longer with each failure."""
        return _FIRST_BACK_OFF * (1 << min(max(self.failures(vin) - 1, 0), 12))

    def floor(self, cars: int) -> timedelta:
        """Return the least time between two readings of one of so many cars.

        No cadence, habit or repetition reads more often.
        """
        calls = math.ceil(self._calls * max(cars, 1))
        return timedelta(seconds=self._ledger.least_interval(calls))

    def reading_opens_at(self) -> datetime | None:
        """Return until when the cloud wants or allows no readings at all."""
        return None if self._ledger.allows(Purpose.READ) else self._ledger.opens_at()

    def next_read(
        self,
        car: GarageCar,
        channel: Channel,
        profile: Profile,
        *,
        cars: int = 1,
        opens_at: datetime | None = None,
    ) -> datetime | None:
        """Return when a car is read next; None while only the owner asks.

        `cars` is how many share the limits, `opens_at` when there are calls again.
        """
        last, now = channel.attempted_at, self._clock.now()
        # A try in the future is one of a clock that was set back since.
        due: datetime | None
        if last is None or last > now:
            due = now
        elif (due := self._due_after(car, profile, last, now)) is not None:
            due = self._service.next_reading(channel.car, due)
            if self.failures(car.vin):
                due = self._retry(channel, last, due)
            else:
                due = self._hinted_due(car.vin, last, due, now)
            due = max(due, last + self.floor(cars))
        if due is None:
            return None
        waits = [opens_at] if opens_at is not None else []
        until = self._not_before.get(car.vin)
        if until is not None and until - now <= _LONGEST_WAIT:
            waits.append(until)
        return max(due, *waits) if waits else due

    def judge_anew(self) -> None:
        """Take nothing for judged: the days begin at another time now."""
        self._judged.clear()

    def _hinted_due(
        self, vin: str, last: datetime, due: datetime, now: datetime
    ) -> datetime:
        """Move a reading to where others hinted at something; each hint counts once."""
        look = self._looks.get(vin)
        # One far ahead is of a clock that was set back since.
        if look is None or last >= look or look - now > _HOUR:
            self._looks.pop(vin, None)
            return due
        return min(due, look)

    def _retry(self, channel: Channel, last: datetime, due: datetime) -> datetime:
        """Say when a failing car is tried again, sooner than a healthy one at first."""
        back_off = self.back_off(channel.car.vin)
        if channel.state is ChannelState.CLOSED_BY_MAKER:
            # A cloud that is closed to us is not asked all day long.
            return max(due, last + min(back_off, CLOSED_AGAIN))
        if channel.state in SHUT:
            # Only the owner can help: that takes its time.
            return max(due, last + min(back_off, _LEAST_MOST))
        return last + min(back_off, max(due - last, _LEAST_MOST))

    def _due_after(
        self, car: GarageCar, profile: Profile, last: datetime, now: datetime
    ) -> datetime | None:
        """Judge by the cadence when a car is due after its last try.

        Worked out once for the same facts: with many cars it is asked very often.
        """
        vin = car.vin
        # Bounded, in case the clock was set back since.
        left = self._commanded.get(vin, now) - now
        commanded = timedelta() < left <= _AFTER_COMMAND
        known = self._judged.get(vin)
        if known is not None and known.holds(car.snapshot, last, profile, commanded):
            return known.due
        activity = (
            Activity.AFTER_COMMAND if commanded else activity_of(car.snapshot, now)
        )
        due = next_due(
            self._cadence,
            profile,
            activity,
            last,
            vin,
            self._habits,
            next_look(car.snapshot, last, self._habits.zone),
        )
        self._judged[vin] = Judgement(
            snapshot=car.snapshot,
            last=last,
            profile=profile,
            commanded=commanded,
            due=due,
        )
        return due
