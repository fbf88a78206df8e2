"""One account, as the engine runs it: from its first list to its last receipt."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta, tzinfo
import logging
from typing import TYPE_CHECKING, Any, Final

from ..car.local_time import rounded_down
from ..car.receipts import Outcome, Receipt
from ..car.snapshot import Snapshot
from ..cloud.contract import ReadResult
from ..cloud.errors import (
    AccountClosed,
    ClosedByMaker,
    CloudError,
    SignInFailed,
    Throttled,
)
from ..cloud.habits import Habits
from ..cloud.sign_in import SignInOutcome
from .channel import Channel
from .face import AccountFace, AccountOptions
from .planner import Planner
from .reader import CarReader
from .scheduler import Scheduler
from .storage import AccountStore, restored
from .streaming import StreamRunner
from .topic import Topic
from .vehicle_list import KnownVehicles
from .yielding import Yielding

if TYPE_CHECKING:
    from .cars import GarageCar, Tell
    from .dispatch import Dispatcher
    from .garage import Garage
    from .opening import OpenAccount

_LOGGER: Final = logging.getLogger(__name__)

_UNPROVEN: Final = {Outcome.FAILED, Outcome.TIMED_OUT}


class Account:
    """One account, with a scheduler of its own on the clock of its cloud.

    `begin` connects the cars, `start` begins to read them when they are due, and
    `close` ends all of it.
    """

    def __init__(
        self,
        name: str,
        opened: OpenAccount,
        store: AccountStore,
        garage: Garage,
        dispatcher: Dispatcher,
        face: AccountFace,
        zone: tzinfo,
        yielding: Yielding,
    ) -> None:
        """Take up what the account kept from the last run; no call is made."""
        self.name = name
        self.service = opened.service
        self.transport = opened.transport
        self.ledger = opened.ledger
        self.clock = opened.clock
        self.store = store
        self.garage = garage
        self.dispatcher = dispatcher
        self.trouble: SignInOutcome | None = None
        self.trouble_page: str | None = None
        self.habits = restored(
            "habits",
            lambda: Habits.from_json(store.data.get("habits"), zone),
            lambda: Habits(zone),
        )
        self._face = face
        self.reader = CarReader(
            name,
            opened,
            store,
            garage,
            self.habits,
            lambda: self.options.profile,
            lambda: self.options.hidden_cars,
            yielding,
        )
        self._scheduler = Scheduler(
            name, self.clock, self.reader.next_due, self._take_turn
        )
        self.stream = StreamRunner(
            self.service,
            lambda: self.reader.cars,
            self._take_streamed,
            self._note_stream,
        )
        self._streaming: asyncio.Task[None] | None = None
        self._advised: frozenset[tuple[str, str | None]] = frozenset()
        self._asked: set[asyncio.Task[Any]] = set()
        self._unlisten: Tell = self.ledger.listen(self.store.changed)
        store.tell_sign_in(self._signed_in)
        store.keep_from(
            ledger=self.ledger.to_json,
            habits=self.habits.to_json,
            attempted=self.reader.attempts,
        )

    def _signed_in(self, kept: Mapping[str, Any]) -> None:
        """Count the calls of a new sign-in, which is kept while this one still runs."""
        ledger = kept.get("ledger")
        if ledger is not None:
            self.ledger.take(ledger)

    # What is known

    @property
    def options(self) -> AccountOptions:
        """What the owner wants now."""
        return self._face.options

    @property
    def vehicle_list(self) -> KnownVehicles:
        """The cars of the account as last listed."""
        return self.reader.vehicle_list

    @property
    def shown_cars(self) -> frozenset[str]:
        """The VINs of the account that the owner has not hidden."""
        return self.reader.shown_cars

    @property
    def planner(self) -> Planner:
        """What judges when a car is due."""
        return self.reader.planner

    @property
    def closed(self) -> bool:
        """Whether the account ends or has ended."""
        return self._scheduler.closed

    @property
    def error(self) -> CloudError | None:
        """Why the account as a whole does not work; None while any of its cars does."""
        return self.reader.error

    @property
    def retry_after(self) -> float:
        """The seconds until an account that does not work is tried again."""
        now, error = self.clock.now(), self.error
        if isinstance(error, Throttled):
            return (error.until - now).total_seconds()
        return ((self.reader.next_due() or now) - now).total_seconds()

    @property
    def snapshots(self) -> Mapping[str, Snapshot]:
        """What is known of every shown car, by its VIN."""
        cars = self.garage.cars
        return {vin: cars[vin].snapshot for vin in self.shown_cars if vin in cars}

    def next_read(self, vin: str) -> datetime | None:
        """Return when a car is read next; None while only the owner asks."""
        return self.reader.next_read(vin)

    # Life

    async def begin(self) -> None:
        """List the cars, unless the kept list is young enough, and connect them.

        Raises what went wrong where no car is known yet.
        """
        try:
            await self.reader.list_if_due()
        except CloudError as error:
            if not self.vehicle_list.cars:
                self._note_trouble(error)
                raise
        self.connect_cars()

    def connect_cars(self) -> None:
        """Give the garage a channel for every car that the owner shows."""
        options = self.options
        if not options.share_position and self.habits.forget_places():
            self.store.changed()
        self._face.connect(
            Channel(
                account=self.name,
                service=self.service,
                car=car,
                pin=options.pin,
                share_position=options.share_position,
                fuel_heater=car.vin in options.fuel_heaters,
                battery_capacity=options.capacities.get(car.vin),
                # A restart is no reason to call.
                attempted_at=self.reader.attempted.get(car.vin),
            )
            for car in self.reader.cars
        )

    def start(self) -> None:
        """Read from now on whatever becomes due, and hear what comes by itself.

        Nothing begins where the end came first: a face may stop while it sets up.
        """
        if self.closed:
            return
        if self.service.info.streams and self._streaming is None:
            self._streaming = asyncio.get_running_loop().create_task(
                self.stream.run(), name=f"carport stream {self.name}"
            )
        self._scheduler.start()

    def live_by(self, zone: tzinfo) -> None:
        """Go by another zone from now on."""
        self.habits.zone = zone
        self.planner.judge_anew()
        self._scheduler.replan()

    async def end_work(self) -> None:
        """End whatever is under way: readings, questions, the stream, commands.

        Each command ends with a receipt, each question with `AccountClosed`.
        """
        turns = self._scheduler.close()
        for car in self.garage.cars.values():
            if (channel := car.channels.get(self.name)) is not None:
                channel.closing = True
        await self.dispatcher.end(self.name)
        streams = () if self._streaming is None else (self._streaming,)
        tasks = {*turns, *streams, *self._asked} - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """End everything, and let go of the cars and of the service."""
        await self.end_work()
        self._unlisten()
        try:
            await self.store.close()
        finally:
            self._face.disconnect()
            await self.service.close()

    # Reading

    async def update(self) -> None:
        """Read whatever is due now; join a turn that is under way."""
        await self._scheduler.take_turn()

    async def _take_turn(self) -> None:
        try:
            try:
                if await self.reader.list_if_due():
                    self.connect_cars()
            except CloudError as error:
                # The readings that follow meet the same trouble, and tell.
                _LOGGER.debug("Listing the cars failed: %s", error)
            await self.reader.read_due()
        finally:
            if not self.closed:
                self._after_reading()

    def _after_reading(self) -> None:
        """Tell what the account and its cars are like now."""
        self.reader.settle()
        for error in self.reader.errors.values():
            self._note_trouble(error)
        if not self.reader.errors:
            self.trouble = self.trouble_page = None
        self._note_advice()
        self._face.updated()

    async def read(self, vin: str) -> None:
        """Read one car now, whatever its cadence says; raise what went wrong."""
        error = await self._answered(self.reader.read(vin))
        if not self.closed:
            self._after_reading()
            self._scheduler.replan()
        if error is not None:
            raise error

    async def ask[T](self, vin: str, ask: Callable[[Channel], Awaitable[T]]) -> T:
        """Ask the cloud for what only somebody's wish is a reason for."""
        if (channel := self.reader.channel(vin)) is None:
            raise AccountClosed

        async def answer() -> T:
            return await ask(channel)

        try:
            return await self._answered(answer())
        except CloudError as error:
            self._note_trouble(error)
            raise

    async def _answered[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for an answer, or for the end of the account."""
        if self.closed:
            work.close()
            raise AccountClosed
        task = asyncio.ensure_future(work)
        self._asked.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self.closed:
                raise AccountClosed from None
            raise
        finally:
            self._asked.discard(task)

    # The stream

    def _take_streamed(self, vin: str, result: ReadResult) -> None:
        """Take what the stream brought; it may be a reason for another look."""
        channel = self.reader.channel(vin)
        if channel is None or vin not in self.shown_cars:
            return
        self.reader.take(vin, result, None)
        # To some minutes: else the channel would tell of every message.
        heard_at = rounded_down(self.clock.now())
        if heard_at != channel.stream_last_message_at:
            channel.stream_last_message_at = heard_at
            self.garage.tell(self.garage.cars[vin], Topic.CHANNEL)
        self._scheduler.replan()
        self._tell_advice()

    def _note_stream(self) -> None:
        """Let the channels tell whether the stream is there."""
        for vin in self.shown_cars:
            if (channel := self.reader.channel(vin)) is not None:
                channel.stream_alive_since = self.stream.alive_since
                self.garage.tell(self.garage.cars[vin], Topic.CHANNEL)
        if not self.closed:
            self._scheduler.replan()
            self._tell_advice()

    async def mend(self, key: str) -> None:
        """Do what an advice offers; what is advised now may be another thing."""
        try:
            await self.service.mend(key)
        finally:
            self._tell_advice()

    def _tell_advice(self) -> None:
        """Tell the face what the service advises, when that changes."""
        if self._note_advice():
            self._face.updated()

    def _note_advice(self) -> bool:
        """Let the channels tell what the service advises; return whether that is new."""
        advised = frozenset(
            (advice.key, advice.vin) for advice in self.service.advice()
        )
        if advised == self._advised:
            return False
        self._advised = advised
        for vin in self.shown_cars:
            if self.reader.channel(vin) is not None:
                self.garage.tell(self.garage.cars[vin], Topic.CHANNEL)
        return True

    # Commands and trouble

    def watch(self, car: GarageCar) -> tuple[Tell, ...]:
        """Follow a car's profile and receipts; undo by the results."""
        return (
            self.garage.subscribe(car.vin, (Topic.PROFILE,), self._scheduler.replan),
            self.garage.subscribe_receipts(
                car.vin, lambda receipt: self._note_receipt(car.vin, receipt)
            ),
        )

    def look_at(self, vin: str, after: timedelta) -> None:
        """Read a car soon, since others know that something happened to it."""
        if vin in self.shown_cars and self.planner.look_at(vin, after):
            self._scheduler.replan()

    def _note_receipt(self, vin: str, receipt: Receipt) -> None:
        """Look closer for a while after a command that the car has not proven."""
        if receipt.outcome in _UNPROVEN:
            self.planner.look_closer(vin)
        self._scheduler.replan()
        self._face.updated()

    def _note_trouble(self, error: CloudError) -> None:
        if isinstance(error, SignInFailed):
            self.trouble = error.outcome
            self.trouble_page = error.address
        elif isinstance(error, ClosedByMaker):
            self.trouble = SignInOutcome.CLIENT_REFUSED
