"""A command's way out: checks, one lane a car, sending, proof, receipt."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ..car.commands import Command, Effects
from ..car.limits import Limits, Violation
from ..car.receipts import Outcome, Reason, Receipt
from ..car.snapshot import Reading
from ..service.contract import Progress, Ticket
from ..service.errors import CarRefused, CloudError, Outage, Throttled
from .cars import Pending, Running
from .channel import SHUT, state_after
from .proof import contradicted, judge, proof_time, reported
from .topic import Topic

if TYPE_CHECKING:
    from .cars import GarageCar
    from .channel import Channel
    from .garage import Garage

type Spawn = Callable[[Coroutine[Any, Any, Receipt], str], asyncio.Task[Receipt]]
"""Makes a task that begins in a later turn of the loop, not before it returns."""

_LOOK_AGAIN: Final = (3.0, 5.0, 10.0)
_LOOK_AGAIN_LATER: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The channel that takes a command, and what it declares of it."""

    channel: Channel
    limits: Limits

    @property
    def settle(self) -> float:
        """In how many seconds the car can show it."""
        own = self.limits.settle
        return self.channel.service.info.settle if own is None else own

    @property
    def give_up(self) -> float:
        """After how many seconds nobody looks any more."""
        own = self.limits.give_up
        return self.channel.service.info.give_up if own is None else own

    def can_prove(self, command: Command) -> bool:
        """Return whether there will be proof, by the service's word or the car's."""
        if self.channel.service.info.tells_completion and self.limits.told:
            return True
        shows = bool(command.effects) or command.renews is not None
        return self.limits.provable and shows


class Dispatcher:
    """Sends commands for the garage, one at a time a car."""

    def __init__(self, garage: Garage, spawn: Spawn) -> None:
        """Keep the garage; `spawn` runs a command to its end, whoever stops waiting."""
        self._garage = garage
        self._spawn = spawn

    async def send(
        self, vin: str, command: Command, *, pin: str | None = None
    ) -> Receipt:
        """Carry a command to the car and return what became of it.

        An equal command joins the one that runs; another is refused as busy.
        """
        car = self._garage.cars[vin]
        receipt = Receipt(
            id=uuid4().hex,
            command=command.kind,
            parameters=command.parameters,
            outcome=Outcome.REFUSED,
            requested_at=self._garage.clock_of(car).now(),
        )
        if car.running is not None and car.running.command != command:
            # What the car now shows may be the proof for what runs, and the reason why
            # this is asked: the lane is free a moment after everybody has heard of it.
            await asyncio.sleep(0)
        if car.running is not None:
            if car.running.command == command:
                return await asyncio.shield(car.running.task)
            return self._refuse(
                car, receipt, Reason.BUSY, {"running": car.running.command.kind}
            )
        way = _way_out(car, command)
        if not isinstance(way, Way):
            return self._refuse(car, receipt, *way)
        receipt = replace(
            receipt, channel=way.channel.account, before=reported(car, command)
        )
        task = self._spawn(
            self._run(car, way, command, pin or way.channel.pin, receipt),
            f"carport {command.kind}",
        )
        car.running = Running(command=command, task=task)
        for signal, value in _wishes(command).items():
            car.pending[signal.key] = Pending(value=value, command=command)
        self._tell(car, command)
        return await asyncio.shield(task)

    def _refuse(
        self,
        car: GarageCar,
        receipt: Receipt,
        reason: Reason,
        detail: Mapping[str, str],
    ) -> Receipt:
        refused = replace(
            receipt,
            reason=reason,
            detail=detail,
            finished_at=self._garage.clock_of(car).now(),
        )
        self._garage.file_receipt(car, refused)
        return refused

    async def _run(
        self,
        car: GarageCar,
        way: Way,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        """Send once, follow up, and clear the lane whatever happens."""
        try:
            receipt = await self._carry(car, way, command, pin, receipt)
        finally:
            car.running = None
            for signal in _wishes(command):
                car.pending.pop(signal.key, None)
            self._tell(car, command)
        receipt = replace(receipt, finished_at=way.channel.clock.now())
        self._garage.file_receipt(car, receipt)
        return receipt

    async def _carry(
        self,
        car: GarageCar,
        way: Way,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        channel, before = way.channel, car.snapshot.readings
        doubt: Reason | None = None
        try:
            ticket = await channel.service.execute(channel.car, command, pin)
        except Outage as error:
            if not error.arrived:
                return replace(receipt, outcome=Outcome.FAILED, reason=error.reason)
            # It may have reached the car: never repeat it, look what the car does.
            ticket = Ticket(
                vin=car.vin, command=command, accepted_at=channel.clock.now()
            )
            doubt = error.reason
        except CarRefused as error:
            return replace(receipt, outcome=Outcome.FAILED, reason=error.reason)
        except CloudError as error:
            return replace(
                receipt,
                outcome=Outcome.REFUSED,
                reason=error.reason,
                detail=self._learn(car, channel, error),
            )
        if doubt is None:
            receipt = replace(
                receipt, outcome=Outcome.ACCEPTED, accepted_at=ticket.accepted_at
            )
        if not way.can_prove(command):
            if doubt is not None:
                return replace(receipt, outcome=Outcome.TIMED_OUT, reason=doubt)
            self._garage.assume(car, command.effects)
            return receipt
        if doubt is None:
            self._garage.file_receipt(car, receipt)
        return await self._follow(car, way, ticket, receipt, before, doubt)

    def _learn(
        self, car: GarageCar, channel: Channel, error: CloudError
    ) -> Mapping[str, str]:
        """Remember what an error says of the channel; return what the owner may know.

        A pause concerns commands alone: reading has a rhythm and a pause of its own.
        """
        if isinstance(error, Throttled):
            if not error.alone:
                channel.service.context.transport.ledger.pause_commands(error.until)
            return _pause(error.until)
        state, until = state_after(error)
        if state in SHUT:
            self._garage.set_state(car.vin, channel.account, state, until)
        return {}

    async def _follow(
        self,
        car: GarageCar,
        way: Way,
        ticket: Ticket,
        receipt: Receipt,
        before: Mapping[str, Reading],
        doubt: Reason | None,
    ) -> Receipt:
        """Look until the car has proven the command, or contradicts, or time is up."""
        channel = way.channel
        settled = ticket.accepted_at + timedelta(seconds=way.settle)
        done = False
        for pause in _pauses(way.settle, way.give_up):
            await channel.clock.sleep(pause)
            try:
                look = await channel.service.confirm(channel.car, ticket)
            except CloudError:
                continue
            done |= look.progress is Progress.DONE
            self._garage.take(car.vin, channel.account, look.result)
            verdict = judge(car, ticket.command, look, before, settled)
            if verdict is None:
                continue
            outcome, reason = verdict
            return replace(
                receipt,
                outcome=outcome,
                reason=reason,
                after=reported(car, ticket.command),
                captured_at=proof_time(car, ticket.command),
            )
        after = reported(car, ticket.command)
        # The cloud counts from when it took the command, maybe long before its answer.
        if contradicted(
            car, ticket, ticket.accepted_at + timedelta(seconds=way.settle / 2)
        ):
            return replace(
                receipt,
                outcome=Outcome.FAILED,
                reason=Reason.CAR_DISAGREES,
                after=after,
                captured_at=proof_time(car, ticket.command),
            )
        if done:
            # The cloud has the car's word, but no report of the car shows it.
            return replace(receipt, outcome=Outcome.ACCEPTED, after=after)
        return replace(
            receipt,
            outcome=Outcome.TIMED_OUT,
            reason=doubt or Reason.NO_ANSWER_FROM_CAR,
            after=after,
        )

    def _tell(self, car: GarageCar, command: Command) -> None:
        self._garage.tell(
            car, Topic.RUNNING, *(signal.key for signal in _wishes(command))
        )


def _way_out(
    car: GarageCar, command: Command
) -> Way | tuple[Reason, Mapping[str, str]]:
    """Choose the channel that takes a command now, else say why none does."""
    refusal: tuple[Reason, Mapping[str, str]] | None = None
    for channel, limits in car.ways(command.kind):
        way = Way(channel=channel, limits=limits)
        found = _obstacle(car, way, command)
        if found is None:
            return way
        refusal = refusal or found
    return refusal or (Reason.NOT_CAPABLE, {})


def _obstacle(
    car: GarageCar, way: Way, command: Command
) -> tuple[Reason, Mapping[str, str]] | None:
    """Return why a command cannot go this way now, and what would help."""
    channel = way.channel
    found = (
        command.violation(way.limits)
        or channel.shut
        or channel.paused_until
        or channel.service.hindrance(channel.car, command, car.snapshot)
    )
    return None if found is None else _named(found)


def _pause(until: datetime) -> Mapping[str, str]:
    return {"until": until.isoformat()}


def _named(
    found: Reason | Violation | datetime,
) -> tuple[Reason, Mapping[str, str]]:
    """Return the reason of a refusal, and what would be right, or when."""
    if isinstance(found, datetime):
        return Reason.THROTTLED, _pause(found)
    if isinstance(found, Violation):
        detail = {"field": found.field, "allowed": found.allowed}
        return Reason.OUT_OF_LIMITS, detail
    return found, {}


def _wishes(command: Command) -> Effects:
    return {**command.effects, **command.transition}


def _pauses(settle: float, give_up: float) -> Iterator[float]:
    """Yield the waits between looks, which together never exceed the time."""
    left = give_up
    for pause in chain((settle,), _LOOK_AGAIN, repeat(_LOOK_AGAIN_LATER)):
        if left <= 0:
            return
        yield min(pause, left)
        left -= pause
