"""Commands that came by a topic: one after the other a car, each once, none too late."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
import json
import logging
from typing import Any, Final, Protocol

from ..car.commands import Command, SetSchedule
from ..car.receipts import Outcome, Receipt
from ..car.signals import SCHEDULE
from ..cloud.cadence import Profile
from ..cloud.clock import Clock
from ..cloud.contract import Picture
from ..cloud.errors import CloudError
from ..engine import Garage, timer_limits
from .freshness import LONGEST_WAIT
from .permissions import REFRESH, allows
from .refusals import Refused, TopicReason
from .schedule_controls import ScheduleChange
from .values import dumps

_LOGGER: Final = logging.getLogger(__name__)

_WAITING_PER_CAR: Final = 8
_IDS_KEPT: Final = 1000

type Answer = Mapping[str, Any]
type Tell = Callable[[Answer], None]


class Gateway(Protocol):
    """What the face behind the bridge does for it."""

    @property
    def garage(self) -> Garage:
        """The cars."""

    @property
    def listed(self) -> Mapping[str, Collection[str]]:
        """The cars that the bridge is about, by the account that has them.

        An account is left out while it is not known which cars it has: what is not in
        its list here counts as sold or hidden, and no other.
        """

    async def send(self, vin: str, command: Command, id_: str | None) -> Receipt:
        """Send a command; it is on disk as *sending*, under its id, before it goes out."""

    async def read(self, vin: str) -> None:
        """Read the maker's copy of a car now; raise `CloudError` if that fails."""

    async def read_schedule(self, vin: str) -> None:
        """Read the timers alone, just before one is changed; raise `CloudError`."""

    async def picture(self, vin: str) -> Picture | None:
        """Fetch a picture of a car, None where there is none; raise `CloudError`."""

    def profile(self, vin: str) -> Profile:
        """Return how often a car is read: its own profile, else its account's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A command on its way to a car; None reads something: by itself the maker's copy.

    `tell` hears what became of it, and `accepted` as soon as the maker took it.
    """

    vin: str
    words: frozenset[str]
    command: Command | ScheduleChange | None
    arrived_at: datetime
    tell: Tell
    id: str | None = None
    not_after: datetime | None = None
    accepted: Callable[[], None] | None = None
    reading: str = REFRESH
    read: Callable[[], Awaitable[None]] | None = None

    @property
    def name(self) -> str:
        """What it is called in an answer."""
        return self.reading if self.command is None else str(self.command.kind)


class Lanes:
    """A lane for each car, and the answers that were given."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        """Begin without anything to do."""
        self._gateway = gateway
        self._clock = clock
        self._waiting: dict[str, asyncio.Queue[Wish]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._reading: dict[str, set[asyncio.Task[None]]] = {}
        self._answers: OrderedDict[tuple[str, str], str | None] = OrderedDict()
        """By car and id; as JSON, which takes a quarter of the room of objects."""
        self._closed = False

    def known(self, vin: str, id_: str) -> tuple[bool, Answer | None]:
        """Return whether a call was heard before, and how it was answered if it was."""
        key = (vin, id_)
        kept = self._answers.get(key)
        return key in self._answers, None if kept is None else json.loads(kept)

    def remember(self, vin: str, id_: str, answer: Answer | None) -> None:
        """Keep a call, so that it is never done twice; the oldest answered ones go."""
        key = (vin, id_)
        self._answers[key] = None if answer is None else dumps(answer)
        self._answers.move_to_end(key)
        for old in tuple(self._answers):
            if len(self._answers) <= _IDS_KEPT:
                break
            # One that is under way stays: its copy would be sent again.
            if self._answers[old] is not None:
                del self._answers[old]

    def submit(self, wish: Wish) -> None:
        """Have a wish done when its car is free; raise `Refused` if it may not be."""
        if self._closed:
            raise Refused(TopicReason.STOPPING, command=wish.name)
        self._check(wish)
        if wish.command is None:
            self._begin_reading(wish)
            return
        queue = self._waiting.setdefault(wish.vin, asyncio.Queue(_WAITING_PER_CAR))
        try:
            queue.put_nowait(wish)
        except asyncio.QueueFull:
            raise Refused(TopicReason.TOO_MANY, command=wish.name) from None
        if wish.id is not None:
            self.remember(wish.vin, wish.id, None)
        worker = self._workers.get(wish.vin)
        if worker is None or worker.done():
            self._workers[wish.vin] = asyncio.create_task(
                self._work(queue), name="carport commands by MQTT"
            )

    def stop(self) -> None:
        """Take nothing more, and refuse what waits.

        What is under way ends when the face closes its accounts.
        """
        self._closed = True
        for queue in self._waiting.values():
            while not queue.empty():
                wish = queue.get_nowait()
                self._answer(wish, self._refusal(wish, TopicReason.STOPPING))

    async def ended(self) -> None:
        """Wait until nothing is under way any more."""
        tasks = {*self._workers.values()}.union(*self._reading.values())
        if tasks:
            await asyncio.wait(tasks)

    def _begin_reading(self, wish: Wish) -> None:
        """Read beside the lane: a command may take minutes until its proof."""
        reading = self._reading.setdefault(wish.vin, set())
        if len(reading) >= _WAITING_PER_CAR:
            raise Refused(TopicReason.TOO_MANY, command=wish.name)
        if wish.id is not None:
            self.remember(wish.vin, wish.id, None)
        task = asyncio.create_task(self._finish(wish), name="carport reading by MQTT")
        reading.add(task)
        task.add_done_callback(reading.discard)

    async def _work(self, queue: asyncio.Queue[Wish]) -> None:
        while not queue.empty():
            await self._finish(queue.get_nowait())

    async def _finish(self, wish: Wish) -> None:
        """Do a wish, and answer it whatever happens."""
        try:
            self._check(wish)
            answer = await self._do(wish)
        except Refused as refused:
            answer = refused.answer(wish.id)
        except Exception:
            _LOGGER.exception("A command by MQTT ended with an error")
            answer = self._refusal(wish, TopicReason.UNKNOWN_OUTCOME)
        self._answer(wish, answer)

    def _check(self, wish: Wish) -> None:
        """Raise `Refused` if a wish may not be done, or not any more."""
        now = self._clock.now()
        car = self._gateway.garage.cars[wish.vin]
        if wish.command is None:
            allowed = REFRESH in wish.words
        else:
            kind = wish.command.kind
            # A car that stops something that burns fuel is let do so.
            allowed = allows(wish.words, kind, car.commands.get(kind))
        if not allowed:
            raise Refused(TopicReason.NOT_ALLOWED, command=wish.name)
        if wish.not_after is not None and now > wish.not_after:
            raise Refused(TopicReason.TOO_LATE, command=wish.name)
        if now - wish.arrived_at > LONGEST_WAIT:
            raise Refused(TopicReason.WAITED_TOO_LONG, command=wish.name)

    async def _do(self, wish: Wish) -> Answer:
        command = wish.command
        try:
            if command is None:
                await (wish.read or partial(self._gateway.read, wish.vin))()
            elif isinstance(command, ScheduleChange):
                await self._gateway.read_schedule(wish.vin)
                self._check(wish)
                command = self._altered(wish.vin, command)
        except CloudError as error:
            refused = Refused(TopicReason.NOT_READ, command=wish.name)
            return {**refused.answer(wish.id), "detail": {"cause": str(error.reason)}}
        if command is None:
            self._took(wish)
            return {"id": wish.id, "command": wish.name, "outcome": "confirmed"}
        undo = self._gateway.garage.subscribe_receipts(
            wish.vin, lambda receipt: self._heard(wish, receipt)
        )
        try:
            receipt = await self._gateway.send(wish.vin, command, wish.id)
        finally:
            undo()
        return {**receipt.as_dict(), "id": wish.id or receipt.id}

    def _altered(self, vin: str, change: ScheduleChange) -> SetSchedule:
        """Return the timers as they are by now, but for what is changed."""
        car = self._gateway.garage.cars[vin]
        schedule, limits = car.shown(SCHEDULE), timer_limits(car)
        if schedule is None or limits is None:
            raise Refused(TopicReason.NO_TIMERS, command=str(change.kind))
        return SetSchedule(schedule=change.alter(schedule, limits))

    def _heard(self, wish: Wish, receipt: Receipt) -> None:
        if (
            wish.command is not None
            and receipt.command is wish.command.kind
            and receipt.outcome in {Outcome.ACCEPTED, Outcome.CONFIRMED}
        ):
            self._took(wish)

    @staticmethod
    def _took(wish: Wish) -> None:
        if wish.accepted is not None:
            wish.accepted()

    def _answer(self, wish: Wish, answer: Answer) -> None:
        if wish.id is not None:
            self.remember(wish.vin, wish.id, answer)
        wish.tell(answer)

    @staticmethod
    def _refusal(wish: Wish, reason: TopicReason) -> Answer:
        return Refused(reason, command=wish.name).answer(wish.id)
