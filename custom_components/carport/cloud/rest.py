"""A service that is declared: reads a maker's tables, and does with them what all do.

A maker derives from `RestService`, fills its tables and implements the two hooks that
differ everywhere: `authorise`, which makes a call with credentials, and `cars`. What no
table can say is a function beside the table, or one of the other hooks.
"""

from collections.abc import Mapping, Set as AbstractSet
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, Final, override

from ..car import signals as s
from ..car.commands import Command, CommandKind
from ..car.limits import Limits
from ..car.refusals import Refusal, paused
from ..car.snapshot import Snapshot
from .answer import Answer
from .command_map import NO_LIMITS, CommandMapping, CommandTracker
from .command_pauses import CommandPauses
from .contract import Car, Confirmation, Context, Progress, ReadResult, Ticket
from .errors import BadAnswer, NotSupported, Outage, PinMissing, Unreached
from .ledger import Purpose
from .pins import PinGuard
from .requests import Request
from .rest_reads import RestReads
from .zones import zone


class RestService(RestReads):
    """One account at a cloud that speaks HTTP and JSON, declared by tables."""

    command_map: ClassVar[tuple[CommandMapping, ...]] = ()
    pins: PinGuard | None = None
    """What is known of the owner's PINs, where the cloud takes one."""
    pauses: CommandPauses | None = None
    """When commands are taken again, where the cloud rations them."""

    def __init__(self, context: Context) -> None:
        """Begin a run; nothing was read or sent in it yet."""
        super().__init__(context)
        self.tracker: Final = CommandTracker()

    # Hooks

    async def encode(
        self, car: Car, command: Command, mapping: CommandMapping
    ) -> Request:
        """Return the call for a command, with what it must repeat read anew."""
        if mapping.repeats is None:
            return mapping.request_for(car, command)
        part = self.part(mapping.repeats)
        try:
            answer = await self.call(part.request_for(car), Purpose.COMMAND, car)
        except Outage as error:
            # The command itself was not sent yet.
            raise Unreached(part.key, status=error.status) from None
        return mapping.request_for(car, command, part.decode(answer))

    async def secure(
        self, car: Car, request: Request, limits: Limits, pin: str | None
    ) -> Request:
        """Return a command's call with what the owner's PIN gives it."""
        if limits.needs_pin and not pin:
            raise PinMissing(request.path)
        return replace(request, pin=pin)

    def ticket_of(self, answer: Answer) -> str | None:
        """Return the cloud's own number of an accepted command.

        Raises `CarRefused` where the body says so, and `BadAnswer` where it says
        nothing that can be understood: then the car may well obey.
        """
        return None

    async def progress_of(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation | None:
        """Ask the cloud itself what became of a command; None where it knows nothing.

        Only a `Progress.DONE` without readings leads on to the part that shows it.
        """
        if mapping.progress is None:
            return None
        request = mapping.progress.with_values(number=ticket.number or "")
        return self.progress_in(await self.call(request, Purpose.CONFIRM, car))

    def progress_in(self, answer: Answer) -> Confirmation:
        """Return what a `progress` call of the table says."""
        raise NotImplementedError(answer.what)

    async def send_command(
        self, car: Car, request: Request, mapping: CommandMapping
    ) -> Answer:
        """Make the call of a command, and those that complete it."""
        answer = await self.call(request, mapping.purpose, car)
        if request.then is None:
            return answer
        return await self.send_command(car, request.then, mapping)

    @override
    async def read_part(self, car: Car, part: str, pin: str | None) -> ReadResult:
        if part not in self.info.parts or not self.part(part).wanted(car):
            raise NotSupported(part)
        request = self.part(part).request_for(car)
        request = await self.secure(car, request, NO_LIMITS, pin)
        return await self.read_one(car, part, Purpose.HISTORY, request)

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        found = {
            mapping.kind: mapping.limits_for(car, observed)
            for mapping in self.command_map
        }
        return {kind: limits for kind, limits in found.items() if limits is not None}

    @override
    def blocked_by(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Refusal | None:
        mapping = self.mapping(command.kind)
        if self.pauses is not None and (until := self.pauses.until(car, command.kind)):
            return paused(until)
        if mapping.blocked_by is None:
            return None
        return mapping.blocked_by(car, command, snapshot, self.now())

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        """Send a command once.

        An answer that nobody understands is no refusal: the car may well obey.
        """
        mapping = self.mapping(command.kind)
        limits = mapping.limits_for(car, self.observed(car))
        if limits is None:
            raise NotSupported(str(command.kind))
        await zone(car.handle.get("zone"))
        request = await self.encode(car, command, mapping)
        request = await self.secure(car, request, limits, pin)
        self.tracker.begin(car)
        try:
            async with self._pausing(car, mapping):
                answer = await self.send_command(car, request, mapping)
        except Outage as error:
            if error.arrived:
                self._expect_effect(car, mapping, self.now())
            raise
        accepted_at = self.now()
        self._expect_effect(car, mapping, accepted_at)
        try:
            number = self.ticket_of(answer)
        except BadAnswer:
            raise Outage(answer.what, status=answer.status) from None
        return Ticket(
            vin=car.vin, command=command, accepted_at=accepted_at, number=number
        )

    def _pausing(
        self, car: Car, mapping: CommandMapping
    ) -> AbstractAsyncContextManager[None]:
        return (
            nullcontext() if self.pauses is None else self.pauses.around(car, mapping)
        )

    def _expect_effect(
        self, car: Car, mapping: CommandMapping, since: datetime
    ) -> None:
        """Have the part read that shows the effect; without dates, once it must show.

        Until then it may hold what was set before, which would contradict the command.
        """
        if mapping.shown_by is None:
            return
        if mapping.dated:
            self.schedule.bring_forward(car, mapping.shown_by)
            return
        limits = mapping.limits_for(car, self.observed(car)) or NO_LIMITS
        patience = timedelta(seconds=limits.timeout or self.info.timeout)
        self.schedule.put_off(car, mapping.shown_by, since + patience)

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Ask the cloud where it knows; read the part that shows the effect."""
        mapping = self.mapping(ticket.command.kind)
        if not self.tracker.may_look(ticket, mapping, self.now()):
            return Confirmation()
        told = await self.progress_of(car, ticket, mapping)
        if told is not None and (
            told.progress is not Progress.DONE or told.result.readings
        ):
            return told
        progress = Progress.PENDING if told is None else told.progress
        if mapping.shown_by is None:
            return Confirmation(progress=progress)
        result = await self.read_one(car, mapping.shown_by, Purpose.CONFIRM)
        if shows(result, ticket):
            return Confirmation(progress=Progress.DONE, result=result)
        if not mapping.dated:
            self._expect_effect(car, mapping, ticket.accepted_at)
            return Confirmation(progress=progress)
        return Confirmation(progress=progress, result=result)

    @property
    @override
    def pin_refused(self) -> bool:
        return self.pins is not None and self.pins.any

    @override
    def pin_was_refused(self, pin: str) -> bool:
        return self.pins is not None and self.pins.holds(pin)

    def mapping(self, kind: CommandKind) -> CommandMapping:
        """Return a command's row; `NotSupported` where there is none."""
        for mapping in self.command_map:
            if mapping.kind is kind:
                return mapping
        raise NotSupported(str(kind))

    def observed(self, car: Car) -> AbstractSet[str]:
        """Return the signals that a command's limits are judged by when it is sent.

        The garage has checked them already, with all it knows; every signal counts.
        """
        return s.SIGNALS.keys()


def shows(result: ReadResult, ticket: Ticket) -> bool:
    """Return whether readings younger than a command show all that it is to do.

    What a command renews is shown by a report of the car's own that is younger.
    """
    command = ticket.command
    if not command.effects and command.renews is not None:
        keys = {signal.key for signal in command.renews}
        return any(
            reading.captured_at is not None and reading.captured_at > ticket.accepted_at
            for reading in result.readings
            if not keys or reading.signal.key in keys
        )
    seen = {
        reading.signal.key: reading.value
        for reading in result.readings
        if reading.order > ticket.accepted_at
    }
    return bool(ticket.command.effects) and all(
        signal.key in seen and signal.agree(seen[signal.key], value)
        for signal, value in ticket.command.effects.items()
    )
