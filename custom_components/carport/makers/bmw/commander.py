"""Carries commands: sent once, then followed by their record and the car's reports."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from ...car import signals as s
from ...car.commands import Command
from ...car.errands import SendDestination
from ...car.limits import Limits
from ...car.receipts import Reason
from ...service.contract import Car, Confirmation, Context, Progress, Ticket
from ...service.errors import (
    BadAnswer,
    NotSupported,
    Outage,
    PinMissing,
    PinRefused,
    Unreached,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.vault import Vault
from . import execution, places, profile
from .answers import Answers
from .calls import Calls
from .orders import BY_PROFILE, FINDER, PROFILE_SERVICE, Order, commands_of, order_of
from .parts import VEHICLE
from .reader import Reader

_EXECUTE: Final = f"{VEHICLE}/executeService"
# What the cloud says when an account's security question has to be answered.
_SECRET: Final = "secretKnowledge"
# What it says of a wrong answer is not known: any of these, asked and answered.
_NOT_SO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})


class Commander:
    """One account's commands."""

    def __init__(
        self, context: Context, calls: Calls, reader: Reader, vault: Vault
    ) -> None:
        """Send by these calls; refused answers are those of the vault."""
        self._clock = context.clock
        self._calls = calls
        self._reader = reader
        self.answers = Answers(vault)

    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        """Send a command once; what the car does not take is not sent."""
        if command.kind not in commands_of(car):
            raise NotSupported(str(command.kind))
        number = None
        if isinstance(command, SendDestination):
            form = {"data": places.poi_of(command)}
            await self._calls.post(car, places.SEND, form, allowed=(200, 204))
        elif (rewrites := BY_PROFILE.get(command.kind)) is not None:
            rewrite = rewrites(car, command)
            number = await self._order(car, rewrite(await self._profile(car)))
        else:
            number = await self._order(car, order_of(car, command), pin)
        return Ticket(
            vin=car.vin,
            command=command,
            accepted_at=self._clock.now(),
            number=number,
        )

    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Ask for the record of the command; then look whether the car shows it."""
        command = ticket.command
        if isinstance(command, SendDestination):
            return await self._arrival(car, command, ticket.accepted_at)
        service = (
            PROFILE_SERVICE
            if command.kind in BY_PROFILE
            else order_of(car, command).service
        )
        body = await self._record(car, service)
        if ticket.number is None or execution.event_of(body) != ticket.number:
            # Somebody sent another one since, or it is unsure whether ours arrived.
            return await self._proof(car, ticket, Progress.PENDING)
        progress = execution.progress_of(body)
        if progress is Progress.FAILED:
            return Confirmation(progress=progress, reason=execution.reason_of(body))
        limits = commands_of(car).get(command.kind, Limits())
        provable = limits.provable and (command.effects or command.renews is not None)
        if progress is Progress.PENDING or not provable:
            return Confirmation(progress=progress)
        return self._doors(command, body) or await self._proof(car, ticket, progress)

    # Sending

    async def _order(
        self, car: Car, order: Order, pin: str | None = None
    ) -> str | None:
        """Send an order once, and again only with the answer the cloud asked for.

        The question proves that the car was not asked. Once an answer was refused
        the question is not put again only to hear the same.
        """
        if pin and self.answers.is_futile(order.service, pin):
            raise PinRefused(_EXECUTE)
        answer = await self._send(car, order.service, order.fields)
        if _asks(answer):
            await self.answers.note_question(order.service)
            answer = await self._reply(car, order, pin)
        if answer.status != HTTPStatus.OK:
            raise Outage(_EXECUTE, status=answer.status)
        try:
            return execution.event_of(answer.json())
        except BadAnswer:
            # The cloud took it, whatever it mumbles: the car may well obey.
            raise Outage(_EXECUTE, status=answer.status) from None

    async def _reply(self, car: Car, order: Order, pin: str | None) -> Answer:
        """Send an order with the answer to the account's security question."""
        if not pin:
            raise PinMissing(_EXECUTE)
        if self.answers.is_futile(order.service, pin):
            raise PinRefused(_EXECUTE)
        fields = {**order.fields, "bmwSkAnswer": pin}
        answer = await self._send(car, order.service, fields, also=_NOT_SO)
        if _asks(answer) or answer.status in _NOT_SO:
            await self.answers.note(pin)
            raise PinRefused(_EXECUTE, status=answer.status)
        if answer.status == HTTPStatus.OK:
            await self.answers.accept()
        return answer

    async def _send(
        self,
        car: Car,
        service: str,
        fields: Mapping[str, str],
        also: frozenset[int] = frozenset(),
    ) -> Answer:
        return await self._calls.post(
            car,
            _EXECUTE,
            {"serviceType": service, **fields},
            purpose=Purpose.WAKE if service == FINDER else Purpose.COMMAND,
            allowed=(200, 500, *also),
        )

    async def _profile(self, car: Car) -> Mapping[str, Any]:
        """Fetch the profile that a command changes; until then nothing was sent."""
        try:
            answer = await self._calls.get(car, profile.WHAT, Purpose.COMMAND)
        except Outage as error:
            raise Unreached(profile.WHAT, status=error.status) from None
        return answer.json()

    # Following

    async def _record(self, car: Car, service: str) -> Mapping[str, Any]:
        try:
            answer = await self._calls.get(
                car, execution.WHAT, Purpose.CONFIRM, params={"serviceType": service}
            )
        except NotSupported:
            return {}
        return answer.json()

    def _doors(self, command: Command, body: Mapping[str, Any]) -> Confirmation | None:
        """Take the car's own answer for its doors, where the record has it.

        A car that was locked already sends no report, which would be waited for.
        """
        wish = command.effects.get(s.DOORS_LOCKED)
        locked = execution.locked_of(body)
        if wish is None or locked is None:
            return None
        harvest = self._reader.empty()
        harvest.add(s.DOORS_LOCKED, locked)
        if locked is not wish:
            return Confirmation(
                progress=Progress.FAILED,
                reason=Reason.CAR_DISAGREES,
                result=harvest.result(),
            )
        return Confirmation(progress=Progress.DONE, result=harvest.result())

    async def _proof(
        self, car: Car, ticket: Ticket, progress: Progress
    ) -> Confirmation:
        """Read what shows a command; what the cloud shows is some seconds behind."""
        command = ticket.command
        if command.kind not in BY_PROFILE:
            result = (await self._reader.status(car, Purpose.CONFIRM)).result()
            fresh = any(one.order > ticket.accepted_at for one in result.readings)
            return Confirmation(
                progress=progress if fresh else Progress.PENDING, result=result
            )
        result = (await self._reader.profile(car, Purpose.CONFIRM)).result()
        agrees = any(
            one.signal.agree(one.value, command.effects[one.signal])
            for one in result.readings
            if one.signal in command.effects
        )
        # The profile has no time: as long as it is the old one it proves nothing.
        return (
            Confirmation(progress=progress, result=result) if agrees else Confirmation()
        )

    async def _arrival(
        self, car: Car, command: SendDestination, since: datetime
    ) -> Confirmation:
        """Look whether the place is among those the car was sent."""
        body = (await self._calls.get(car, places.DESTINATIONS, Purpose.CONFIRM)).json()
        there = places.holds(body, command, since)
        return Confirmation(progress=Progress.DONE if there else Progress.PENDING)


def _asks(answer: Answer) -> bool:
    """Return whether the cloud wants the security question answered."""
    return answer.status != HTTPStatus.OK and _SECRET in answer.text
