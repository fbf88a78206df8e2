"""Volkswagen We Connect, first generation (2018 to 2023): one call for each part."""

import asyncio
from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final, override

from ...car.commands import Command, CommandKind
from ...car.histories import ALWAYS, Period
from ...car.limits import Limits, Violation
from ...car.receipts import Reason
from ...car.signals import LOCATION, ODOMETER, Position
from ...car.snapshot import Snapshot
from ...service.cadence import CadenceDefaults
from ...service.contract import (
    Car,
    Confirmation,
    Context,
    CredentialField,
    FieldKind,
    Openness,
    Progress,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    Throttled,
    named_ends,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.pins import RefusedPins
from ...service.sign_in import SignInOutcome
from ...service.vault import Vault
from . import health, histories, readings, status_report
from .account import AccountCalls
from .cars import granted
from .gateway import Call, Gateway
from .hosts import WE_CONNECT_HOSTS
from .identity import WE_CONNECT_APP, sign_in
from .orders import (
    CLIMATER,
    HORN,
    NEEDS,
    REPORT,
    STATUS_PATHS,
    TIMERS,
    Known,
    Order,
    check_known,
    commands_of,
    hindrance_of,
    order_of,
)
from .parts import (
    PARTS,
    POSITION,
    SHOWN_BY,
    Part,
    Rota,
    number_of,
    put_together,
    state_of,
)
from .protection import PAUSE, Protection
from .security_pin import SecurityPin
from .together import together
from .tokens import CarTokens, IdentityTokens

_VSR_REQUEST: Final = "/bs/vsr/v1/VW/{country}/vehicles/{vin}/requests/{number}/status"
_WITHOUT_PROFILE: Final[Mapping[type[CloudError], SignInOutcome]] = {
    Throttled: SignInOutcome.QUOTA,
    # Good credentials, and no car or no contract behind them.
    NotPermitted: SignInOutcome.CONSENT_MISSING,
}
_LOOKUPS: Final = frozenset(
    {
        "trips",
        "health_report",
        "status_report",
        "account",
        "rights",
        "car_data",
        *histories.LISTINGS,
    }
)


class WeConnect(Service):
    """One account at We Connect."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="we_connect",
        name="Volkswagen We Connect",
        manufacturer="Volkswagen",
        openness=Openness.CLOSED,
        hosts={"eu": WE_CONNECT_HOSTS},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        # A reading is two to seven calls, and nobody knew how many a day are too many.
        cadence=CadenceDefaults(
            driving=300, charging=600, after_command=60, parked=3600, asleep=7200
        ),
        settle=15,
        give_up=180,
        tells_completion=True,
        lookups=_LOOKUPS,
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        vault = Vault(context)
        self._identity = IdentityTokens(context, vault)
        self._tokens = CarTokens(context, vault, self._identity)
        self._gateway = Gateway(context, self._tokens)
        self._account = AccountCalls(context, vault, self._identity, self._gateway)
        self._pin = SecurityPin(self._gateway, RefusedPins(vault), context.clock)
        self._protection = Protection(context.clock, vault)
        self._rota = Rota()
        self._places: dict[str, Position] = {}

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        grant = await sign_in(
            self.context.transport,
            WE_CONNECT_APP,
            credentials["username"],
            credentials["password"],
        )
        with named_ends():
            _, number = await together(
                self._identity.exchange(grant), self._tokens.installation()
            )
        _, owner = await together(self._tokens.begin(number), self._introduce())
        return owner

    @override
    async def cars(self) -> tuple[Car, ...]:
        return await self._account.cars()

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read every part the car has a right to; slow ones when they are due."""
        now, rights = self._now(), granted(car)
        parts = [part for part in PARTS.values() if part.service in rights]
        if not parts:
            raise NotPermitted(status_report.WHAT)
        due = [part for part in parts if self._rota.is_due(car, part, now)]
        results = await asyncio.gather(
            *(self._part(car, part, Purpose.READ) for part in due),
            return_exceptions=True,
        )
        return put_together(zip(due, results, strict=True))

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        check_known(command)
        if command.kind not in commands_of(car):
            raise NotSupported(str(command.kind))
        order = order_of(command, await self._known(car, command.kind))
        token = None
        if order.operation is not None:
            token = await self._pin.token(car, order.operation, pin)
        purpose = Purpose.WAKE if order.family == REPORT else Purpose.COMMAND
        # Even if the answer is lost, the car may do it: what shows it is due from now on.
        self._rota.bring_forward(car, SHOWN_BY[order.family])
        async with self._protection.around(car):
            answer = await self._gateway.call(self._call(car, order, token), purpose)
        await self._protection.count(car, answer)
        try:
            number = number_of(answer.json())
        except BadAnswer:
            number = None
        if number is None:
            # The cloud took it, whatever it mumbles: the car may well obey.
            raise Outage(answer.what, status=answer.status)
        return Ticket(
            vin=car.vin,
            command=command,
            accepted_at=self._now(),
            number=f"{order.family}:{number}",
        )

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Ask what became of a request; once it is done, read what shows it."""
        family, _, number = (ticket.number or "").partition(":")
        if family not in STATUS_PATHS:
            raise NotSupported(family)
        body = await self._gateway.json(
            self._at(car, STATUS_PATHS[family], number=number), Purpose.CONFIRM
        )
        done, failed, unfetched = state_of(body)
        if unfetched:
            return Confirmation(
                progress=Progress.FAILED, reason=Reason.NO_ANSWER_FROM_CAR
            )
        if failed:
            return Confirmation(progress=Progress.FAILED, reason=Reason.CAR_REFUSED)
        if not done:
            return Confirmation()
        result = ReadResult()
        if family == REPORT:
            result = await self._update(car, number)
        elif (shown := SHOWN_BY[family]) is not None:
            result = await self._part(car, PARTS[shown], Purpose.CONFIRM)
        return Confirmation(progress=Progress.DONE, result=result)

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return commands_of(car)

    @override
    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | Violation | datetime | None:
        found = hindrance_of(command, snapshot, self._now())
        return found or self._protection.until(car, snapshot)

    @override
    async def read_schedule(self, car: Car) -> ReadResult:
        return await self._part(car, PARTS[TIMERS], Purpose.LOOKUP)

    @override
    async def look_up(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        match what:
            case "trips":
                return await self._trips(car, period)
            case "health_report":
                return await self._health_report(car)
            case "status_report":
                body = await self._lookup(car, status_report.WHAT)
                return status_report.report_of(body, self._now())
            case "account":
                return await self._account.owner()
            case "rights":
                return await self._account.rights(car)
            case "car_data":
                return await self._account.car_data(car)
        if (listing := histories.LISTINGS.get(what)) is None:
            raise NotSupported(what)
        body = await self._lookup(car, listing.path)
        found: dict[str, Any] = {what: histories.lines_of(listing, body)}
        if listing.rules_path is not None:
            rules = await self._lookup(car, listing.rules_path)
            found["rules"] = histories.rules_of(listing, rules)
        return found

    @property
    @override
    def pin_refused(self) -> bool:
        return self._pin.pins.any

    @override
    def pin_was_refused(self, pin: str) -> bool:
        return self._pin.pins.holds(pin)

    @override
    async def sign_out(self) -> None:
        # First the tokens that were made of the others.
        for tier in (self._tokens, self._identity):
            await tier.give_back()

    @override
    async def close(self) -> None:
        await self._tokens.close()
        await self._identity.close()

    async def _introduce(self) -> str:
        with named_ends(_WITHOUT_PROFILE):
            return await self._account.introduce()

    # Reading

    async def _part(self, car: Car, part: Part, purpose: Purpose) -> ReadResult:
        answer = await self._answer(car, part, purpose)
        # Nothing at all is how a position says that the car is driven.
        driven = answer.status == HTTPStatus.NO_CONTENT and part.key == POSITION
        now, channel = self._now(), self.context.account
        if driven:
            harvest = readings.read_position(None, now, channel)
        else:
            harvest = part.read(answer.json(), now, channel)
        # What confirms a command may be older than what the command has begun.
        if purpose is Purpose.CONFIRM or part.runs(harvest):
            self._rota.bring_forward(car, part.key)
        else:
            self._rota.put_off(car, part, now)
        if (place := harvest.value(LOCATION)) is not None:
            self._places[car.vin] = place
        if (odometer := harvest.value(ODOMETER)) is not None:
            self._protection.note_odometer(car, odometer)
        return harvest.result()

    async def _answer(self, car: Car, part: Part, purpose: Purpose) -> Answer:
        call = self._at(car, part.path, kind=part.kind)
        return await self._gateway.call(replace(call, params=part.params), purpose)

    async def _update(self, car: Car, number: str) -> ReadResult:
        """Read the report that a car was asked for."""
        body = await self._gateway.json(
            self._at(car, _VSR_REQUEST, number=number), Purpose.CONFIRM
        )
        return status_report.read_report(
            body, self._now(), self.context.account
        ).result()

    async def _known(self, car: Car, kind: CommandKind) -> Known:
        """Read what a command has to repeat: never what was read long ago."""
        match NEEDS.get(kind):
            case part if part == CLIMATER:
                answer = await self._answer(car, PARTS[CLIMATER], Purpose.COMMAND)
                return Known(settings=readings.settings_of(answer.json()))
            case part if part == TIMERS:
                answer = await self._answer(car, PARTS[TIMERS], Purpose.COMMAND)
                return Known(timers=answer.json())
            case part if part == HORN:
                await self._part(car, PARTS[POSITION], Purpose.COMMAND)
                return Known(place=self._places.get(car.vin))
        return Known()

    # Lists

    async def _lookup(self, car: Car, path: str, **values: str) -> Mapping[str, Any]:
        return await self._gateway.json(self._at(car, path, **values), Purpose.LOOKUP)

    async def _trips(self, car: Car, period: Period) -> dict[str, Any]:
        """Return all three lists of trips; the cloud knows no period."""
        found = {}
        for kind, name in histories.TRIP_KINDS.items():
            call = self._at(car, histories.TRIPS, kind=kind)
            call = replace(call, params={"type": "list"})
            body = await self._gateway.json(call, Purpose.LOOKUP)
            found[name] = histories.trips_of(body, period)
        return found

    async def _health_report(self, car: Car) -> dict[str, Any]:
        call = replace(self._at(car, health.PATH), accept=health.ACCEPT)
        answer = await self._gateway.call(call, Purpose.LOOKUP)
        return health.report_of(answer.text, self._now()).to_json()

    # Calls

    def _at(self, car: Car, path: str, **values: str) -> Call:
        return Call(
            base=car.handle["base"],
            path=path,
            values={**self._account.values(car.vin), **values},
        )

    def _call(self, car: Car, order: Order, token: str | None) -> Call:
        return replace(
            self._at(car, order.path),
            method="POST",
            json=order.body,
            xml=order.xml,
            content_type=order.content_type,
            security_token=token,
            pause=PAUSE,
        )

    def _now(self) -> datetime:
        return self.context.clock.now()
