"""A command's way out: checks, one lane a car, sending, proof, receipt."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, repeat
import logging
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ..car.commands import Command, Effects, SetSchedule
from ..car.limits import Limits
from ..car.receipts import Outcome, Receipt
from ..car.refusals import Reason, Refusal, paused
from ..car.signals import PLUGGED_IN, SCHEDULE
from ..car.snapshot import Reading
from ..cloud.contract import Progress, Ticket
from ..cloud.errors import CarRefused, CloudError, Outage, PinPaused, Throttled
from .cars import Pending, Running
from .channel import SHUT, state_after
from .lane import WhenBusy, leave_lane, take_turn
from .proof import contradicted, judge, proof_time, reported
from .topic import Topic

if TYPE_CHECKING:
    from .cars import GarageCar
    from .channel import Channel
    from .garage import Garage

_LOGGER: Final = logging.getLogger(__name__)

type Spawn = Callable[[Coroutine[Any, Any, Receipt], str], asyncio.Task[Receipt]]
"""Makes a task that begins in a later turn of the loop, not before it returns."""

_LOOK_AGAIN: Final = (3.0, 5.0, 10.0)
_LOOK_AGAIN_LATER: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The channel that takes a command, and what it declares of it."""

    channel: Channel
    limits: Limits

    @property
    def verify_after(self) -> float:
        """In how many seconds the car can show it."""
        own = self.limits.verify_after
        return self.channel.service.info.verify_after if own is None else own

    @property
    def timeout(self) -> float:
        """After how many seconds nobody looks any more."""
        own = self.limits.timeout
        return self.channel.service.info.timeout if own is None else own

    def can_prove(self, command: Command) -> bool:
        """Return whether there will be proof, by the service's word or the car's."""
        if (
            self.channel.service.info.reports_completion
            and self.limits.reports_completion
        ):
            return True
        shows = bool(command.effects) or command.renews is not None
        return self.limits.provable and shows


class Dispatcher:
    """Sends commands for the garage, one at a time a car."""

    def __init__(self, garage: Garage, spawn: Spawn) -> None:
        """Keep the garage; `spawn` runs a command to its end, even if its caller stops waiting."""
        self._garage = garage
        self._spawn = spawn

    async def send(
        self,
        vin: str,
        command: Command,
        *,
        pin: str | None = None,
        busy: WhenBusy = WhenBusy.REFUSE,
    ) -> Receipt:
        """Carry a command to the car and return what became of it.

        An equal command joins the one that runs; `busy` says what becomes of another.
        """
        car = self._garage.cars[vin]
        receipt = Receipt(
            id=uuid4().hex,
            command=command.kind,
            parameters=command.parameters,
            outcome=Outcome.REFUSED,
            requested_at=self._garage.clock_of(car).now(),
        )
        clock = self._garage.clock_of(car)
        obstacle = await take_turn(
            car, command, clock, busy, lambda: self._tell(car, command)
        )
        if obstacle is not None:
            return self._refuse(car, receipt, obstacle)
        if car.running is not None:
            return await asyncio.shield(car.running.task)
        route = _choose_route(car, command)
        if isinstance(route, Refusal):
            return self._refuse(car, receipt, route)
        receipt = replace(
            receipt, channel=route.channel.account, before=reported(car, command)
        )
        task = self._spawn(
            self._run(car, route, command, pin or route.channel.pin, receipt),
            f"carport {command.kind}",
        )
        car.running = Running(command=command, account=route.channel.account, task=task)
        for signal, value in _requested_values(command).items():
            car.pending[signal.key] = Pending(value=value, command=command)
        self._tell(car, command)
        return await asyncio.shield(task)

    async def end(self, account: str) -> None:
        """End the commands that an account carries, each with a receipt."""
        tasks = []
        for car in self._garage.cars.values():
            if car.running is not None and car.running.account == account:
                car.running.ended.set()
                tasks.append(car.running.task)
        if tasks:
            await asyncio.wait(tasks)

    def _refuse(self, car: GarageCar, receipt: Receipt, refusal: Refusal) -> Receipt:
        refused = replace(
            receipt,
            reason=refusal.reason,
            refusal=refusal,
            finished_at=self._garage.clock_of(car).now(),
        )
        self._garage.file_receipt(car, refused)
        return refused

    async def _run(
        self,
        car: GarageCar,
        route: Route,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        """Send once, follow up, and clear the lane whatever happens."""
        work = asyncio.ensure_future(self._carry(car, route, command, pin, receipt))
        try:
            receipt = await self._unless_ended(car, work) or _cut_off(car, receipt)
        except asyncio.CancelledError:
            now = route.channel.clock.now()
            cut_off = replace(_cut_off(car, receipt), finished_at=now)
            self._garage.file_receipt(car, cut_off)
            raise
        except Exception:
            _LOGGER.exception("A command ended in a way nobody foresaw")
            # It may have been sent: nobody may think that it was not.
            receipt = replace(
                _known(car, receipt),
                outcome=Outcome.TIMED_OUT,
                reason=Reason.NO_ANSWER_FROM_CAR,
            )
        finally:
            work.cancel()
            leave_lane(car)
            for signal in _requested_values(command):
                car.pending.pop(signal.key, None)
            self._tell(car, command)
        receipt = replace(receipt, finished_at=route.channel.clock.now())
        self._garage.file_receipt(car, receipt)
        return receipt

    async def _unless_ended(
        self, car: GarageCar, work: asyncio.Future[Receipt]
    ) -> Receipt | None:
        """Wait for a command; None if its account closes before that."""
        assert car.running is not None
        ended = asyncio.ensure_future(car.running.ended.wait())
        try:
            either: set[asyncio.Future[Any]] = {work, ended}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
        if work.done():
            return work.result()
        work.cancel()
        await asyncio.wait({work})
        return None

    async def _carry(
        self,
        car: GarageCar,
        route: Route,
        command: Command,
        pin: str | None,
        receipt: Receipt,
    ) -> Receipt:
        channel, before = route.channel, car.snapshot.readings
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
                refusal=self._learn(car, channel, error),
            )
        if doubt is None:
            receipt = replace(
                receipt, outcome=Outcome.ACCEPTED, accepted_at=ticket.accepted_at
            )
        if not route.can_prove(command):
            if doubt is not None:
                return replace(receipt, outcome=Outcome.TIMED_OUT, reason=doubt)
            self._garage.assume(car, command.effects)
            return receipt
        if doubt is None:
            self._garage.file_receipt(car, receipt)
        return await self._follow(car, route, ticket, receipt, before, doubt)

    def _learn(self, car: GarageCar, channel: Channel, error: CloudError) -> Refusal:
        """Remember what an error says of the channel; return what the owner may know.

        A pause concerns commands alone: reading has a rhythm and a pause of its own.
        """
        if isinstance(error, Throttled):
            if error.scope != "command":
                channel.service.context.transport.ledger.pause_commands(error.until)
            return Refusal(reason=error.reason, until=error.until)
        if isinstance(error, PinPaused):
            return Refusal(reason=error.reason, until=error.until)
        state, until = state_after(error)
        if state in SHUT:
            self._garage.set_state(car.vin, channel.account, state, until)
        return Refusal(reason=error.reason)

    async def _follow(
        self,
        car: GarageCar,
        route: Route,
        ticket: Ticket,
        receipt: Receipt,
        before: Mapping[str, Reading],
        doubt: Reason | None,
    ) -> Receipt:
        """Look until the car has proven the command, or contradicts, or time is up."""
        channel = route.channel
        settled = ticket.accepted_at + timedelta(seconds=route.verify_after)
        done = False
        for pause in _pauses(route.verify_after, route.timeout):
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
            car, ticket, ticket.accepted_at + timedelta(seconds=route.verify_after / 2)
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
            car, Topic.RUNNING, *(signal.key for signal in _requested_values(command))
        )


def _choose_route(car: GarageCar, command: Command) -> Route | Refusal:
    """Choose the channel that takes a command now, else say why none does."""
    refusal: Refusal | None = None
    for channel, limits in car.routes(command.kind):
        found = _obstacle(car, channel, limits, command)
        if found is None:
            return Route(channel=channel, limits=limits)
        refusal = refusal or found
    if refusal is None and any(
        channel.withholds(command.kind, car.snapshot.readings.keys())
        for channel in car.channels.values()
    ):
        return Refusal(reason=Reason.FUEL_HEATER)
    return refusal or Refusal(reason=_why_not_offered(car))


def _why_not_offered(car: GarageCar) -> Reason:
    """Say why no channel offers a command: none takes any, or this car lacks it."""
    channels = car.channels.values()
    if channels and all(channel.service.info.reads_only for channel in channels):
        return Reason.READ_ONLY
    return Reason.NOT_CAPABLE


def _obstacle(
    car: GarageCar, channel: Channel, limits: Limits, command: Command
) -> Refusal | None:
    """Return why a command cannot go this way now, and what would help."""
    if (wrong := command.violation(limits)) is not None:
        return wrong
    if _heats_by_timer(car, channel, limits, command):
        return Refusal(reason=Reason.FUEL_HEATER)
    if (shut := channel.shut) is not None:
        return Refusal(reason=shut)
    if limits.needs_plug and car.snapshot.value(PLUGGED_IN) is False:
        return Refusal(reason=Reason.NOT_PLUGGED)
    return paused(channel.paused_until) or channel.service.blocked_by(
        channel.car, command, car.snapshot
    )


def _heats_by_timer(
    car: GarageCar, channel: Channel, limits: Limits, command: Command
) -> bool:
    """Return whether a timer would start a heater that nobody may start from here.

    What the car has already been told at its own wheel stays possible.
    """
    return (
        isinstance(command, SetSchedule)
        and not channel.fuel_heater
        and limits.schedule is not None
        and limits.schedule.climate_burns_fuel
        and command.schedule.warms_anew(car.snapshot.value(SCHEDULE))
    )


def _cut_off(car: GarageCar, receipt: Receipt) -> Receipt:
    """Return the last word on a command that nobody follows any more."""
    known = _known(car, receipt)
    return replace(
        known,
        outcome=Outcome.FAILED,
        reason=Reason.ACCOUNT_CLOSED,
        after=reported(car, car.running.command) if car.running else known.after,
    )


def _known(car: GarageCar, receipt: Receipt) -> Receipt:
    """Return a receipt as it was last filed."""
    return next((one for one in car.receipts if one.id == receipt.id), receipt)


def _requested_values(command: Command) -> Effects:
    return {**command.effects, **command.transition}


def _pauses(verify_after: float, timeout: float) -> Iterator[float]:
    """Yield the waits between looks, which together never exceed the time."""
    left = timeout
    for pause in chain((verify_after,), _LOOK_AGAIN, repeat(_LOOK_AGAIN_LATER)):
        if left <= 0:
            return
        yield min(pause, left)
        left -= pause
