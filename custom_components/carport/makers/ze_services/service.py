"""Renault ZE Services (2012 to about 2020): the cloud of the first electric Renaults."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Final, override

from ...car import signals as s
from ...car.commands import CommandKind, SetNotifications
from ...car.history import ALWAYS
from ...car.refusals import Reason
from ...car.signals import ClimateResult
from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.cadence import CadenceDefaults
from ...cloud.command_map import PAUSE, CommandMapping
from ...cloud.command_pauses import CommandPauses
from ...cloud.contract import Car, Confirmation, Context, Progress, ReadResult, Ticket
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import ClosedByMaker, CloudError, NotSupported, Throttled
from ...cloud.field_map import to_datetime
from ...cloud.ledger import Purpose
from ...cloud.parts import json_object
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from ...cloud.service_info import Openness, ServiceInfo
from . import endpoints as e
from .cars import cars_of, vins_of
from .commands import COMMANDS
from .history import HISTORY, charge_commands, past_commands
from .notification_settings import changed
from .readings import CALENDAR, PARTS, RESULT, read_climate
from .tokens import ZeTokens
from .vehicle_lock import ActiveVehicle

_FAILURE_SHOWN_AFTER: Final = timedelta(minutes=1)
# The cloud stamps what it hears by its own clock.
_CLOCKS_DIFFER: Final = timedelta(seconds=30)


class ZeServices(RestService):
    """One account at ZE Services."""

    info = ServiceInfo(
        key="ze_services",
        name="Renault Z.E. Services",
        manufacturer="Renault",
        openness=Openness.CLOSED,
        hosts={"eu": frozenset({e.HOST})},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
        ),
        # While charging; 10 to 30 minutes, as owners tell.
        cars_report_every=timedelta(minutes=15),
        cadence=CadenceDefaults(
            driving=300, charging=300, after_command=120, parked=1200, asleep=3600
        ),
        # Cars hear of things by text message.
        verify_after=60,
        timeout=600,
        reports_completion=True,
        history=frozenset(history.key for history in HISTORY),
    )
    base = e.BASE
    parts = PARTS
    command_map = COMMANDS
    history_map = HISTORY
    schedule_part = CALENDAR
    # Some calls were found by later clients, and need not be there in every cloud.
    errors = dict.fromkeys((404, 405, 410, 501), NotSupported)
    # A command that comes too soon is told so by a 503; a read by nothing.
    outages = frozenset(range(500, 600))

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        self._account_state = AccountState(context)
        self._tokens = ZeTokens(context, self._account_state)
        self._active = ActiveVehicle()
        self.pauses = CommandPauses(self._account_state, context.clock)
        self._runs_until: dict[str, datetime] = {}

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        username = credentials["username"]
        user = await self._tokens.sign_in(username, credentials["password"])
        self.schedule.reset()
        return str(user.get("id") or username)

    @override
    async def cars(self) -> tuple[Car, ...]:
        """Return the cars that the last sign-in told of: nothing else ever does."""
        await self._tokens.fresh()
        return cars_of(self._account_state)

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Calls

    @override
    async def authorise(self, send: Send) -> Answer:
        return await self._tokens.authorised(lambda session: send(session.headers))

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call; where there are several cars, those of one at a time."""
        if car is None or len(vins_of(self._account_state)) < 2:
            return await super().call(request, purpose, car)
        choice = e.CHOOSE_CAR.with_json(active_vehicle=car.vin)
        return await self._active.call(
            car.vin,
            partial(super().call, choice, purpose),
            partial(super().call, request, purpose, car),
        )

    @override
    def heard(self, answer: Answer, car: Car | None) -> None:
        if e.is_moved(answer):
            raise ClosedByMaker(answer.what, status=answer.status)

    @override
    def error_of(self, answer: Answer) -> CloudError:
        """Name a refusal; a 503 in the cloud's own words means asked again too soon."""
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE and (
            "code" in answer.refusal()
        ):
            return Throttled(
                answer.what,
                until=self.now() + PAUSE,
                status=answer.status,
                scope="command",
            )
        return super().error_of(answer)

    # Reading

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read what is due; a run of the climate that is known ends by itself."""
        result = await super().read(car)
        for reading in result.readings:
            if (
                isinstance(reading.value, datetime)
                and reading.signal is s.CLIMATE_UNTIL
            ):
                self._runs_until[car.vin] = reading.value
        until = self._runs_until.get(car.vin)
        if until is None or until >= self.now():
            return result
        del self._runs_until[car.vin]
        over = self.builder()
        over.add(s.CLIMATE_ACTIVE, False, until)
        return ReadResult.of_parts((result, over.result()))

    # Commands

    @override
    async def progress_of(
        self, car: Car, ticket: Ticket, mapping: CommandMapping
    ) -> Confirmation | None:
        if mapping.kind is CommandKind.START_CLIMATE:
            return await self._climate_begun(car, ticket)
        if isinstance(ticket.command, SetNotifications):
            said = (await self.call(e.NOTIFICATIONS, Purpose.CONFIRM, car)).json()
            same = said == {**said, **changed(said, ticket.command)}
            return Confirmation(progress=Progress.DONE if same else Progress.PENDING)
        return None

    async def _climate_begun(self, car: Car, ticket: Ticket) -> Confirmation:
        """See what the car said; a run may be over before anybody looks."""
        body = json_object(await self.call(e.LAST_CLIMATE, Purpose.CONFIRM, car))
        date = to_datetime(body.get("date"))
        if date is None or not _is_after(date, ticket):
            # This tells of an earlier run, and not as of now.
            return Confirmation()
        builder = self.builder()
        read_climate(builder, body, ticket.accepted_at)
        result = builder.result()
        if RESULT(body.get("result")) is ClimateResult.ERROR:
            return _declined(result)
        return Confirmation(progress=Progress.DONE, result=result)

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Look once; where a charge does not begin, see whether the car declined."""
        look = await super().confirm(car, ticket)
        waited = self.now() - ticket.accepted_at >= _FAILURE_SHOWN_AFTER
        if (
            ticket.command.kind is CommandKind.START_CHARGING
            and look.progress is Progress.PENDING
            and look.result.readings
            and waited
            and await self._charge_failed(car, ticket)
        ):
            return _declined(look.result)
        return look

    async def _charge_failed(self, car: Car, ticket: Ticket) -> bool:
        """Return whether the history tells of a failure; not every cloud has one."""
        request = charge_commands(car, ALWAYS, self.now())
        try:
            answer = await self.call(request, Purpose.CONFIRM, car)
            entries = past_commands(e.listed(answer))
        except CloudError:
            return False
        return any(
            past.succeeded is False and _is_after(past.at, ticket) for past in entries
        )


def _declined(result: ReadResult) -> Confirmation:
    return Confirmation(
        progress=Progress.FAILED, reason=Reason.CAR_REFUSED, result=result
    )


def _is_after(at: datetime, ticket: Ticket) -> bool:
    return at > ticket.accepted_at - _CLOCKS_DIFFER
