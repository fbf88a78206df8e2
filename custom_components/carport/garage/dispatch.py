"""A command's way out: checks, one lane a car, sending, proof, receipt."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ..car.commands import Command, Effects
from ..car.limits import Limits, Violation
from ..car.receipts import Outcome, Reason, Receipt
from ..car.signals import Value
from ..car.snapshot import Reading
from ..service.contract import Confirmation, Progress, Ticket
from ..service.errors import CarRefused, CloudError, Outage
from .cars import Pending, Running
from .channel import SHUT, state_after
from .topic import Topic

if TYPE_CHECKING:
    from .cars import GarageCar
    from .channel import Channel
    from .garage import Garage

type Spawn = Callable[[Coroutine[Any, Any, Receipt], str], asyncio.Task[Receipt]]
"""Makes a task that begins in a later turn of the loop, not before it returns."""

_LOOK_AGAIN: Final = (3.0, 5.0, 10.0)
_LOOK_AGAIN_LATER: Final = 15.0


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
        if car.running is not None:
            if car.running.command == command:
                return await asyncio.shield(car.running.task)
            return self._refuse(
                car, receipt, Reason.BUSY, {"running": car.running.command.kind}
            )
        channel, refusal, detail = self._preflight(car, command)
        if channel is None or refusal is not None:
            return self._refuse(car, receipt, refusal or Reason.NOT_CAPABLE, detail)
        receipt = replace(
            receipt, channel=channel.account, before=_reported(car, command)
        )
        task = self._spawn(
            self._run(car, channel, command, pin or channel.pin, receipt),
            f"carport {command.kind}",
        )
        car.running = Running(command=command, task=task)
        for signal, value in _wishes(command).items():
            car.pending[signal.key] = Pending(value=value, command=command)
        self._tell(car, command)
        return await asyncio.shield(task)

    def _preflight(
        self, car: GarageCar, command: Command
    ) -> tuple[Channel | None, Reason | None, Mapping[str, str]]:
        limits = car.commands.get(command.kind)
        if limits is None:
            return None, Reason.NOT_CAPABLE, {}
        if (wrong := command.violation(limits)) is not None:
            return None, *_named(wrong)
        refusal: Reason | None = None
        detail: Mapping[str, str] = {}
        by_choice = sorted(
            car.channels.values(), key=lambda channel: channel.account != car.owner
        )
        for channel in by_choice:
            offered = channel.service.commands(
                channel.car, car.snapshot.readings.keys()
            )
            if command.kind not in offered:
                continue
            found = channel.shut or channel.service.hindrance(
                channel.car, command, car.snapshot
            )
            if found is None:
                return channel, None, {}
            if refusal is None:
                refusal, detail = _named(found)
        return None, refusal, detail

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
        channel: Channel,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        """Send once, follow up, and clear the lane whatever happens."""
        try:
            receipt = await self._carry(car, channel, command, pin, receipt)
        finally:
            car.running = None
            for signal in _wishes(command):
                car.pending.pop(signal.key, None)
            self._tell(car, command)
        receipt = replace(receipt, finished_at=channel.clock.now())
        self._garage.file_receipt(car, receipt)
        return receipt

    async def _carry(
        self,
        car: GarageCar,
        channel: Channel,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        limits = car.commands[command.kind]
        before = car.snapshot.readings
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
            state, until = state_after(error)
            if state in SHUT:
                self._garage.set_state(car.vin, channel.account, state, until)
            return replace(receipt, outcome=Outcome.REFUSED, reason=error.reason)
        if doubt is None:
            receipt = replace(
                receipt, outcome=Outcome.ACCEPTED, accepted_at=ticket.accepted_at
            )
        if not _provable(command, limits, channel):
            if doubt is not None:
                return replace(receipt, outcome=Outcome.TIMED_OUT, reason=doubt)
            self._garage.assume(car, command.effects)
            return receipt
        if doubt is None:
            self._garage.file_receipt(car, receipt)
        return await self._follow(car, channel, ticket, receipt, before, doubt)

    async def _follow(
        self,
        car: GarageCar,
        channel: Channel,
        ticket: Ticket,
        receipt: Receipt,
        before: Mapping[str, Reading],
        doubt: Reason | None,
    ) -> Receipt:
        """Look until the car has proven the command, or contradicts, or time is up."""
        info = channel.service.info
        settled = ticket.accepted_at + timedelta(seconds=info.settle)
        for pause in _pauses(info.settle, info.give_up):
            await channel.clock.sleep(pause)
            try:
                look = await channel.service.confirm(channel.car, ticket)
            except CloudError:
                continue
            self._garage.take(car.vin, channel.account, look.result)
            verdict = _judge(car, ticket.command, look, before, settled)
            if verdict is None:
                continue
            outcome, reason = verdict
            return replace(
                receipt,
                outcome=outcome,
                reason=reason,
                after=_reported(car, ticket.command),
                captured_at=_proof_time(car, ticket.command),
            )
        after = _reported(car, ticket.command)
        # The cloud counts from when it took the command, maybe long before its answer.
        if _contradicted(
            car, ticket, ticket.accepted_at + timedelta(seconds=info.settle / 2)
        ):
            return replace(
                receipt,
                outcome=Outcome.FAILED,
                reason=Reason.CAR_DISAGREES,
                after=after,
                captured_at=_proof_time(car, ticket.command),
            )
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


def _named(found: Reason | Violation) -> tuple[Reason, Mapping[str, str]]:
    """Return the reason of a refusal, and for a wrong value what would be right."""
    if isinstance(found, Violation):
        detail = {"field": found.field, "allowed": found.allowed}
        return Reason.OUT_OF_LIMITS, detail
    return found, {}


def _wishes(command: Command) -> Effects:
    return {**command.effects, **command.transition}


def _provable(command: Command, limits: Limits, channel: Channel) -> bool:
    if channel.service.info.tells_completion and limits.told:
        return True
    return limits.provable and (bool(command.effects) or command.renews is not None)


def _pauses(settle: float, give_up: float) -> Iterator[float]:
    """Yield the waits between looks, which together never exceed the time."""
    left = give_up
    for pause in chain((settle,), _LOOK_AGAIN, repeat(_LOOK_AGAIN_LATER)):
        if left <= 0:
            return
        yield min(pause, left)
        left -= pause


def _judge(
    car: GarageCar,
    command: Command,
    look: Confirmation,
    before: Mapping[str, Reading],
    settled: datetime,
) -> tuple[Outcome, Reason | None] | None:
    """Return the verdict of one look; None while the car may still be at it."""
    if look.progress is Progress.FAILED:
        if look.reason is Reason.NO_ANSWER_FROM_CAR:
            return Outcome.TIMED_OUT, look.reason
        return Outcome.FAILED, look.reason or Reason.CAR_REFUSED
    if command.renews is not None:
        keys = [signal.key for signal in command.renews] or car.snapshot.readings
        fresh = any(_is_newer(car.snapshot.readings.get(key), before) for key in keys)
        return (Outcome.CONFIRMED, None) if fresh else None
    if not command.effects:
        done = look.progress is Progress.DONE
        return (Outcome.CONFIRMED, None) if done else None
    agrees = 0
    for signal, value in command.effects.items():
        reading = car.snapshot.readings.get(signal.key)
        if reading is None or not _is_newer(reading, before):
            continue
        if signal.agree(reading.value, value):
            agrees += 1
        elif reading.order >= settled and look.progress is not Progress.DONE:
            return Outcome.FAILED, Reason.CAR_DISAGREES
    readable = sum(signal.key in car.snapshot.readings for signal in command.effects)
    if agrees and agrees == readable:
        return Outcome.CONFIRMED, None
    if not readable and look.progress is Progress.DONE:
        # The car never shows this, but the service has the car's word for it.
        return Outcome.CONFIRMED, None
    return None


def _contradicted(car: GarageCar, ticket: Ticket, since: datetime) -> bool:
    """Return whether the car has spoken since then, and said otherwise."""
    return any(
        reading.order >= since and not signal.agree(reading.value, value)
        for signal, value in ticket.command.effects.items()
        if (reading := car.snapshot.readings.get(signal.key)) is not None
    )


def _is_newer(reading: Reading | None, before: Mapping[str, Reading]) -> bool:
    if reading is None:
        return False
    known = before.get(reading.signal.key)
    return known is None or reading.order > known.order


def _reported(car: GarageCar, command: Command) -> dict[str, Value]:
    return {
        signal.key: reading.value
        for signal in command.effects
        if (reading := car.snapshot.readings.get(signal.key)) is not None
    }


def _proof_time(car: GarageCar, command: Command) -> datetime | None:
    """Return when the car said what proves it; received, where no cloud dates it."""
    keys = [signal.key for signal in (*command.effects, *(command.renews or ()))]
    times = [
        reading.order
        for key in keys or car.snapshot.readings
        if (reading := car.snapshot.readings.get(key)) is not None
    ]
    return max(times, default=None)
