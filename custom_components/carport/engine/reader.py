"""Reading the cars of one account: which, how far that works, and what is kept of it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
import logging
from typing import Any, Final

from ..car.bounds import moment_from
from ..cloud.cadence import Profile
from ..cloud.contract import Car, ReadResult
from ..cloud.errors import (
    AccountClosed,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    SignInFailed,
    Throttled,
)
from ..cloud.habits import Habits
from ..cloud.ledger import Purpose
from ..cloud.time_limit import time_limit
from .channel import Channel, ChannelState, state_after
from .garage import Garage
from .opening import OpenAccount
from .planner import CLOSED_AGAIN, Planner
from .storage import AccountStore, restored
from .vehicle_list import LIST_AGAIN, KnownVehicles
from .yielding import Yielding

_LOGGER: Final = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""How many cars of an account are read side by side."""
_LIST_BACK_OFF: Final = timedelta(minutes=1)
_LONGEST_LIST_BACK_OFF: Final = timedelta(minutes=30)


class CarReader:
    """Lists and reads an account's cars, and remembers what went wrong with each."""

    def __init__(
        self,
        name: str,
        opened: OpenAccount,
        store: AccountStore,
        garage: Garage,
        habits: Habits,
        profile: Callable[[], Profile],
        hidden: Callable[[], frozenset[str]],
        yielding: Yielding,
    ) -> None:
        """Take up what the account kept; `profile` and `hidden` are the owner's."""
        self._yielding = yielding
        self._name = name
        self._service = opened.service
        self._ledger = opened.ledger
        self._clock = opened.clock
        self._store = store
        self._garage = garage
        self._habits = habits
        self._profile = profile
        self._hidden = hidden
        self.planner = Planner(self._service, habits)
        self.vehicle_list = restored(
            "list of cars",
            lambda: KnownVehicles.from_json(store.data.get("cars")),
            KnownVehicles,
        )
        self.attempted = _moments(store.data.get("attempted"))
        """When each car was last tried, in this run or the one before."""
        self.errors: dict[str, CloudError] = {}
        """What went wrong with each car that failed last; the newest error last."""
        self._list_error: CloudError | None = None
        self._list_failures = 0
        self._list_not_before: datetime | None = None
        self._told_failing: set[str] = set()

    # What is known

    @property
    def shown_cars(self) -> frozenset[str]:
        """The VINs of the account that the owner has not hidden."""
        return frozenset(self.vehicle_list.cars.keys() - self._hidden())

    @property
    def cars(self) -> tuple[Car, ...]:
        """The shown cars as the account describes them, in a steady order."""
        return tuple(self.vehicle_list.cars[vin] for vin in sorted(self.shown_cars))

    @property
    def error(self) -> CloudError | None:
        """Why the account as a whole does not work; None while any of its cars does.

        Tokens are the account's; one car's outage is only its channel's matter.
        """
        shown = self.shown_cars
        errors = [error for vin, error in self.errors.items() if vin in shown]
        for error in errors:
            if isinstance(error, (LoginExpired, SignInFailed)):
                return error
        if errors and len(errors) == len(shown):
            return errors[-1]
        return None if self.vehicle_list.cars else self._list_error

    def channel(self, vin: str) -> Channel | None:
        """Return the account's way to a car."""
        car = self._garage.cars.get(vin)
        return None if car is None else car.channels.get(self._name)

    def attempts(self) -> dict[str, str]:
        """Return when each car was last tried, for the store."""
        known = self.vehicle_list.cars
        return {
            vin: at.isoformat()
            for vin, at in tuple(self.attempted.items())
            if vin in known
        }

    # When next

    def next_read(self, vin: str) -> datetime | None:
        """Return when a car is read next; None while only the owner asks."""
        return self._judge(vin, self.planner.reading_opens_at())

    def next_due(self) -> datetime | None:
        """Return when the next car, or the list, is due; None if nothing ever is."""
        opens_at = self.planner.reading_opens_at()
        due = [
            when
            for vin in self.shown_cars
            if (when := self._judge(vin, opens_at)) is not None
        ]
        listed_at = self.vehicle_list.listed_at
        if self._profile() is not Profile.MANUAL and listed_at is not None:
            due.append(
                max(listed_at + LIST_AGAIN, self._list_opens_at(self._clock.now()))
            )
        return min(due, default=None)

    def _judge(self, vin: str, opens_at: datetime | None) -> datetime | None:
        channel = self.channel(vin)
        if channel is None:
            return None
        car = self._garage.cars[vin]
        return self.planner.next_read(
            car,
            channel,
            car.profile or self._profile(),
            cars=len(self.vehicle_list.cars),
            opens_at=opens_at,
        )

    # The list

    async def list_if_due(self) -> bool:
        """Fetch the list of cars if it is old; return whether it was."""
        now = self._clock.now()
        if not self.vehicle_list.due(now) or now < self._list_opens_at(now):
            return False
        try:
            with time_limit(self._clock):
                cars = await self._service.cars()
        except CloudError as error:
            self._list_error = error
            back_off = _LIST_BACK_OFF * (1 << min(self._list_failures, 10))
            self._list_failures += 1
            closed = isinstance(error, ClosedByMaker)
            longest = CLOSED_AGAIN if closed else _LONGEST_LIST_BACK_OFF
            self._list_not_before = now + min(back_off, longest)
            raise
        self._list_error = None
        self._list_failures = 0
        self.vehicle_list = self.vehicle_list.after(cars, now)
        await self._store.keep(cars=self.vehicle_list.to_json())
        return True

    def _list_opens_at(self, now: datetime) -> datetime:
        """Return when the list may be asked for again after a failure."""
        until = self._list_not_before
        if until is None or until > now + CLOSED_AGAIN:
            # None, or one of a clock that was set back since.
            return now
        return until

    # The cars

    async def read_due(self) -> None:
        """Read what is due, several cars at once."""
        opens_at = self.planner.reading_opens_at()
        if opens_at is not None:
            self._wait_for_calls(opens_at)
            return
        if not (due := await self._due_now()):
            return
        await self._keep_attempts(due)
        booked = self._reads_booked()
        queue = iter(due)

        async def work() -> None:
            for vin in queue:
                await self._read_one(vin)
                # Judged here, car by car, and not for all of them when the turn ends.
                self.next_read(vin)
                # With many cars others get their turn of the loop too.
                await asyncio.sleep(0)

        await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(due)))))
        self.planner.note_calls(self._reads_booked() - booked, len(due))

    async def _due_now(self) -> list[str]:
        """Return the cars that are due; with many of them others get their turn too."""
        due = []
        for vin in self.shown_cars:
            await self._yielding.give_way()
            # The clock goes on meanwhile: "now" is no earlier than what is due now.
            when = self.next_read(vin)
            if when is not None and when <= self._clock.now():
                due.append(vin)
        return due

    async def read(self, vin: str) -> CloudError | None:
        """Read one car now, whatever its cadence says; return what went wrong."""
        booked = self._reads_booked()
        error = await self._read_one(vin)
        self.planner.note_calls(self._reads_booked() - booked, 1)
        return error

    def take(self, vin: str, result: ReadResult, looked: datetime | None) -> None:
        """Give readings to the garage, and learn from what is new in them.

        `looked` is when the car was read before, where somebody looks at all.
        """
        before = self._garage.cars[vin].snapshot
        self._garage.take(vin, self._name, result)
        after = self._garage.cars[vin].snapshot
        if after is not before:
            self._habits.learn(vin, before, after, self._clock.now(), looked)
            self._store.changed()

    async def _read_one(self, vin: str) -> CloudError | None:
        """Read one car, note how its channel is, and return what went wrong."""
        if (opens_at := self.planner.reading_opens_at()) is not None:
            pause = Throttled(until=opens_at)
            self._failed(vin, pause)
            return pause
        if (channel := self.channel(vin)) is None:
            return AccountClosed()
        looked = channel.attempted_at
        self.attempted[vin] = now = self._clock.now()
        self._garage.attempted(vin, self._name, now)
        self._store.changed()
        try:
            with time_limit(self._clock):
                result = await self._service.read(channel.car)
        except CloudError as error:
            if isinstance(error, Throttled) and error.scope == "account":
                self._ledger.throttle(error.until)
            self._failed(vin, error)
            return error
        if self.channel(vin) is not channel:
            return None
        self.errors.pop(vin, None)
        self.planner.succeeded(vin)
        channel.switched_off = result.switched_off
        state = ChannelState.DEGRADED if result.gaps else ChannelState.OK
        self._garage.set_state(vin, self._name, state)
        self.take(vin, result, looked)
        return None

    async def _keep_attempts(self, vins: Iterable[str]) -> None:
        """Keep on disk what is about to be called, before it is.

        After a crash nothing is asked again for that, however often it crashes.
        """
        if not any(self._service.info.hosts.values()):
            return
        self.attempted.update(dict.fromkeys(vins, self._clock.now()))
        self._store.changed()
        await self._store.keep()

    def _wait_for_calls(self, opens_at: datetime) -> None:
        """Let the channels of all cars that are due say why they are not read."""
        pause = Throttled(until=opens_at)
        for vin in self.shown_cars:
            when = self._judge(vin, None)
            if when is not None and when <= self._clock.now():
                self._failed(vin, pause)

    def _failed(self, vin: str, error: CloudError) -> None:
        # The newest error last.
        self.errors.pop(vin, None)
        self.errors[vin] = error
        self.planner.failed(vin, error)
        if vin in self._garage.cars:
            self._garage.set_state(vin, self._name, *state_after(error))

    def _reads_booked(self) -> int:
        return self._ledger.counts_today().get(Purpose.READ, 0)

    # What is said of it

    def settle(self) -> None:
        """Forget the errors of cars that left; say which cars go and come back.

        One line when a car cannot be read while others can, and one when it can.
        What concerns the account as a whole is for its face to tell.
        """
        for vin in self.errors.keys() - self.shown_cars:
            del self.errors[vin]
        if self.error is not None:
            return
        name = self._service.info.name
        for vin in self.errors.keys() - self._told_failing:
            _LOGGER.warning(
                "One car of an account of %s cannot be read, others can: %s",
                name,
                self.errors[vin],
            )
        for _ in self._told_failing - self.errors.keys():
            _LOGGER.info("A car of an account of %s can be read again", name)
        self._told_failing = set(self.errors)


def _moments(kept: Any) -> dict[str, datetime]:
    """Bring back the moments of a table; what is damaged is left out."""
    if not isinstance(kept, Mapping):
        return {}
    return {
        vin: moment
        for vin, at in kept.items()
        if (moment := moment_from(at)) is not None
    }
