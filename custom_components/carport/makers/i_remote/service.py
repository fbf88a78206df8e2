"""BMW i Remote (2014 to November 2021): the cloud of the ConnectedDrive cars."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar, Final, override

from ...car.commands import Command, HonkAndFlash, HornMode, SendDestination
from ...car.refusals import Reason
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.cadence import CadenceDefaults
from ...cloud.command_map import NO_LIMITS, CommandMapping
from ...cloud.contract import Car, Confirmation, Context, Progress, Ticket
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import ClosedByMaker, CloudError, NotSupported, Outage, PinMissing
from ...cloud.ledger import Purpose
from ...cloud.requests import Request
from ...cloud.rest import RestService, shows
from ...cloud.rest_calls import Send
from ...cloud.service_info import Openness, ServiceInfo
from ...cloud.sign_in import SignInOutcome
from . import commands, endpoints as e, places
from .answers import Answers
from .cars import cars_of
from .history import HISTORY
from .parts import PARTS, PROFILE
from .tokens import PasswordGrant

# What the cloud says when an account's security question has to be answered.
_SECRET: Final = "secretKnowledge"
# What it says of a wrong answer is not known: any of these, asked and answered.
_NOT_SO: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN})


class CarUnavailable(Outage):
    """The cloud is there, the car is not; it may answer yet."""

    reason = Reason.NO_ANSWER_FROM_CAR


class IRemote(RestService):
    """One account at i Remote."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="i_remote",
        name="BMW i Remote",
        manufacturer="BMW",
        openness=Openness.CLOSED,
        hosts=dict.fromkeys(e.REGIONS, e.HOSTS),
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="client_id", kind=FieldKind.TEXT),
            CredentialField(key="client_secret", kind=FieldKind.PASSWORD),
            # The answer to the account's security question, where unlocking asks it.
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        pin_is_text=True,
        cadence=CadenceDefaults(
            driving=180, charging=300, after_command=60, parked=3600, asleep=7200
        ),
        verify_after=15,
        # The car may be in a cellar: the cloud itself gives up after some minutes.
        timeout=330,
        reports_completion=True,
        history=frozenset(row.key for row in HISTORY),
        pictures=True,
    )
    parts = PARTS
    command_map = commands.COMMAND_MAP
    history_map = HISTORY
    schedule_part = PROFILE
    picture_request = e.IMAGE
    errors: ClassVar[Mapping[int, type[CloudError] | SignInOutcome]] = {
        # Remote access is switched off, in the portal or in the car.
        405: SignInOutcome.CONSENT_MISSING,
        408: CarUnavailable,
        410: ClosedByMaker,
        423: SignInOutcome.ACCOUNT_LOCKED,
    }
    judged = frozenset({401, 403, 404, *errors})

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self._region = e.REGIONS[context.region]
        account_state = AccountState(context)
        self._tokens = PasswordGrant(context, self._region, account_state)
        self._answers = self.pins = Answers(account_state, context.clock)

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        """Sign in; nothing tells an account's id, so it is its e-mail address."""
        await self._tokens.sign_in(credentials)
        return credentials["username"].strip().casefold()

    # Calls

    @override
    async def authorise(self, send: Send) -> Answer:
        answer = await self._tokens.authorised(
            lambda token: send({**token.bearer, "Accept": "application/json"})
        )
        self._tokens.prove()
        return answer

    @override
    async def send(
        self,
        request: Request,
        purpose: Purpose,
        car: Car | None,
        headers: Mapping[str, str],
    ) -> Answer:
        """Make a call at the car's home, or its navigation where that has a host."""
        if request.path == e.NAVIGATION.path and car is not None:
            request = replace(request, base=self._home(car).navigation)
        return await super().send(request, purpose, car, headers)

    @override
    def base_for(self, car: Car | None) -> str:
        return self._region.api if car is None else self._home(car).api

    def _home(self, car: Car) -> e.Region:
        return e.home_of(car.handle.get("hub"), self._region)

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Cars

    @override
    async def cars(self) -> tuple[Car, ...]:
        return cars_of((await self.call(e.LIST, Purpose.LIST)).parsed())

    # Commands

    @override
    async def encode(
        self, car: Car, command: Command, mapping: CommandMapping
    ) -> Request:
        """Refuse what the car does not take before its profile is read for it."""
        limits = mapping.limits_for(car, self.observed(car)) or NO_LIMITS
        if command.violation(limits) is not None:
            raise NotSupported(str(command.kind))
        return await super().encode(car, command, mapping)

    @override
    async def send_command(
        self, car: Car, request: Request, mapping: CommandMapping
    ) -> Answer:
        """Send a command once, and again only with the answer the cloud asked for.

        The question proves that the car was not asked. An answer that may not
        be sent is told before the question is put again.
        """
        service = commands.service_of(request)
        if request.pin and self._answers.asks(service):
            self._answers.check(request.path, request.pin)
        answer = await super().send_command(car, request, mapping)
        if _asks(answer):
            await self._answers.note_question(service)
            answer = await self._reply(car, request, mapping)
        if answer.status not in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
            raise Outage(request.path, status=answer.status)
        return answer

    async def _reply(
        self, car: Car, request: Request, mapping: CommandMapping
    ) -> Answer:
        """Send a command with the answer to the account's security question."""
        pin, what = request.pin, request.path
        if not pin:
            raise PinMissing(what)
        await self._answers.begin(what, pin)
        again = replace(
            request,
            form={**(request.form or {}), "bmwSkAnswer": pin},
            accepted=request.accepted | _NOT_SO,
        )
        answer = await super().send_command(car, again, mapping)
        if _asks(answer) or answer.status in _NOT_SO:
            # Whether it was wrong, or none is taken any more, is not told.
            raise await self._answers.refuse(what, pin, answer.status, sure=False)
        if answer.status == HTTPStatus.OK:
            await self._answers.accept(pin)
        return answer

    @override
    def ticket_of(self, answer: Answer) -> str | None:
        if answer.what != e.EXECUTE.path:
            return None
        return commands.number_in(answer.json())

    @override
    async def progress_of(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation | None:
        """Ask for the record of the command, or of a place for the list of them."""
        command, request = ticket.command, mapping.progress
        if request is None:
            return None
        if isinstance(command, HonkAndFlash) and command.mode is HornMode.HONK:
            request = replace(request, params={"serviceType": "HORN_BLOW"})
        try:
            body = (await self.call(request, Purpose.CONFIRM, car)).json()
        except NotSupported:
            body = {}
        if isinstance(command, SendDestination):
            there = places.holds(body, command, ticket.accepted_at)
            return Confirmation(progress=Progress.DONE if there else Progress.PENDING)
        if ticket.number is None or commands.number_in(body) != ticket.number:
            # Somebody sent another one since, or it is unsure whether ours arrived.
            return await self._seen(car, ticket, mapping)
        found = commands.progress_in(body)
        if found.progress is not Progress.DONE:
            return found
        return commands.doors_in(body, command, self.builder()) or found

    async def _seen(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation:
        """Let the engine judge by what the car shows; the profile has no time."""
        if mapping.shown_by is None:
            return Confirmation()
        result = await self.read_one(car, mapping.shown_by, Purpose.CONFIRM)
        if not mapping.dated and not shows(result, ticket):
            return Confirmation()
        return Confirmation(result=result)

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look at the record and the car; what the car shows is some seconds behind."""
        look = await super().confirm(car, ticket)
        shown_by = self.mapping(ticket.command.kind).shown_by
        if look.progress is not Progress.DONE or shown_by is None:
            return look
        fresh = any(one.order > ticket.accepted_at for one in look.result.readings)
        return look if fresh else replace(look, progress=Progress.PENDING)


def _asks(answer: Answer) -> bool:
    """Return whether the cloud wants the security question answered."""
    return answer.status != HTTPStatus.OK and _SECRET in answer.text
