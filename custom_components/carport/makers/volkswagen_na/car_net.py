"""Volkswagen Car-Net (2019 to about 2022): the cloud of the first connected cars."""

import asyncio
from collections.abc import Mapping, Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar, Final, override
from uuid import uuid4

from ...car.commands import Command, CommandKind
from ...car.histories import ALWAYS, Period
from ...car.limits import Limits
from ...car.receipts import Reason
from ...car.snapshot import Snapshot
from ...service.cadence import CadenceDefaults
from ...service.contract import (
    Car,
    Confirmation,
    Context,
    CredentialField,
    FieldKind,
    Openness,
    ReadResult,
    Service,
    ServiceInfo,
    Ticket,
)
from ...service.errors import (
    BadAnswer,
    CarRefused,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    PinMissing,
    Throttled,
)
from ...service.http import Answer
from ...service.jwt import claims
from ...service.ledger import Purpose
from ...service.rows import opened
from ...service.vault import Vault
from . import enrollment, health, readings
from .orders import (
    CLIMATE_DETAILS,
    SHOWN_BY_CLIMATE,
    Order,
    commands_of,
    hindrance_of,
    order_of,
)
from .sign_in import IDENTITY_HOST, Client, sign_in
from .tokens import AppTokens, TokenSet
from .tsp import TspKeeper, TspToken

_HOST: Final = "b-h-s.spr.us00.p.con-veh.net"
_CLIENT: Final = Client(
    base=f"https://{_HOST}",
    client_id="2dae49f6-830b-4180-9af9-59dd0d060916@apps_vw-dilab_com",
    redirect_uri="car-net:///oauth-callback",
)

# A command waits for the car's modem, sometimes ten seconds.
_COMMAND_TIME_OUT: Final = 60.0
_HEALTH_EVERY: Final = timedelta(hours=24)
_HEALTH_AGAIN: Final = timedelta(hours=1)
# Rationed looks at a command's effect: not before it can show, and seldom.
_LOOK_AFTER: Final = timedelta(seconds=25)
_LOOK_AGAIN: Final = timedelta(seconds=30)
# A token younger than this is not what the cloud refused a command for.
_YOUNG_TOKEN: Final = timedelta(minutes=1)
_ACCEPTED: Final = (0, "0", None)
_REFUSALS: Final = frozenset({400, 401, 403})


class CarNet(Service):
    """One account at Car-Net."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key="car_net",
        name="Volkswagen Car-Net",
        manufacturer="Volkswagen",
        openness=Openness.CLOSED,
        # No client of this generation is known for Canada.
        hosts={"us": frozenset({_HOST, IDENTITY_HOST})},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        cadence=CadenceDefaults(
            driving=270, charging=450, after_command=60, parked=3600, asleep=7200
        ),
        settle=20,
        give_up=90,
        lookups=frozenset({"health_report"}),
        parts=frozenset({"climate_details"}),
    )

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        vault = Vault(context)
        self._vault = vault
        self._tokens = AppTokens(context, _CLIENT, vault)
        self._tsp = TspKeeper(context, _CLIENT.base, self._tokens, vault)
        self._app_uuid = str(uuid4())
        self._health_due: dict[str, datetime] = {}
        self._looked: dict[str, datetime] = {}

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        transport = self.context.transport
        username = credentials["username"]
        grant = await sign_in(transport, _CLIENT, username, credentials["password"])
        tokens = await self._tokens.exchange(grant)
        user = grant.user_id or claims(tokens.identity).get("sub")
        return str(user or enrollment.user_of(await self._enrollment()) or username)

    @override
    async def cars(self) -> tuple[Car, ...]:
        return enrollment.cars_of(await self._enrollment())

    @override
    async def read(self, car: Car) -> ReadResult:
        """Read the status, and the health report when it is due."""
        if self._health_due.get(car.vin, self._now()) > self._now():
            return await self._status(car, Purpose.READ)
        status, report = await asyncio.gather(
            self._status(car, Purpose.READ),
            self._health(car, Purpose.READ),
            return_exceptions=True,
        )
        if isinstance(status, BaseException):
            raise status
        if isinstance(report, (NotPermitted, NotSupported)):
            # Not every car has one; that is no gap.
            self._health_due[car.vin] = self._now() + _HEALTH_EVERY
            return status
        if isinstance(report, CloudError):
            self._health_due[car.vin] = self._now() + _HEALTH_AGAIN
            return replace(status, gaps=frozenset({"health"}))
        if isinstance(report, BaseException):
            raise report
        return ReadResult(
            readings=status.readings + report.readings,
            placeholders=status.placeholders + report.placeholders,
        )

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        order = order_of(command)
        if not pin:
            raise PinMissing(str(command.kind))
        purpose = Purpose.WAKE if command.kind is CommandKind.WAKE else Purpose.COMMAND
        answer = await self._order(car, order, pin, purpose)
        try:
            number = _accepted(answer, order)
        except BadAnswer:
            # The cloud took it, whatever it mumbles: the car may well obey.
            raise Outage(answer.what, status=answer.status) from None
        return Ticket(
            vin=car.vin, command=command, accepted_at=self._now(), number=number
        )

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        """Read what shows the command's effect; Car-Net knows nothing of commands."""
        kind = ticket.command.kind
        if kind not in SHOWN_BY_CLIMATE and kind is not CommandKind.REFRESH_HEALTH:
            return Confirmation(result=await self._status(car, Purpose.CONFIRM))
        if not self._may_look(ticket):
            return Confirmation()
        self._looked[car.vin] = self._now()
        if kind in SHOWN_BY_CLIMATE:
            return Confirmation(result=await self._climate(car, None, Purpose.CONFIRM))
        return Confirmation(result=await self._health(car, Purpose.CONFIRM))

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return commands_of(car, observed)

    @override
    def hindrance(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Reason | None:
        return hindrance_of(command, snapshot)

    @override
    async def look_up(
        self, car: Car, what: str, period: Period = ALWAYS
    ) -> Mapping[str, Any]:
        if what not in self.info.lookups:
            raise NotSupported(what)
        answer = await self._health_answer(car, Purpose.LOOKUP)
        return health.report_of(answer.json(), self._now()).to_json()

    @override
    async def read_part(self, car: Car, part: str, pin: str | None) -> ReadResult:
        if part not in self.info.parts:
            raise NotSupported(part)
        return await self._climate(car, pin, Purpose.LOOKUP)

    @property
    @override
    def pin_refused(self) -> bool:
        return self._tsp.pins.any

    @override
    def pin_was_refused(self, pin: str) -> bool:
        return self._tsp.pins.holds(pin)

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Reads

    async def _enrollment(self) -> Mapping[str, Any]:
        answer = await self._tokens.authorised(
            lambda tokens: self.context.transport.request(
                "GET",
                f"{_CLIENT.base}{enrollment.WHAT}",
                purpose=Purpose.LIST,
                what=enrollment.WHAT,
                headers=_bearer(tokens),
                params={"idToken": tokens.identity},
                repeatable=True,
            )
        )
        return answer.json()

    async def _status(self, car: Car, purpose: Purpose) -> ReadResult:
        answer = await self._get(car, "/rvs/v1/vehicle/", readings.STATUS, purpose)
        harvest = readings.read_status(
            answer.json(), car.drive, self._now(), self.context.account
        )
        return harvest.result()

    async def _health(self, car: Car, purpose: Purpose) -> ReadResult:
        answer = await self._health_answer(car, purpose)
        harvest = health.read_health(answer.json(), self._now(), self.context.account)
        self._health_due[car.vin] = self._now() + _HEALTH_EVERY
        return harvest.result()

    async def _health_answer(self, car: Car, purpose: Purpose) -> Answer:
        return await self._get(car, "/vhs/v2/vehicle/", health.WHAT, purpose)

    async def _climate(self, car: Car, pin: str | None, purpose: Purpose) -> ReadResult:
        answer = await self._order(car, CLIMATE_DETAILS, pin, purpose)
        harvest = readings.read_climate(
            answer.json(), self._now(), self.context.account
        )
        return harvest.result()

    async def _get(self, car: Car, prefix: str, what: str, purpose: Purpose) -> Answer:
        url = f"{_CLIENT.base}{prefix}{car.handle['vehicle_id']}"
        return await self._tokens.authorised(
            lambda tokens: self.context.transport.request(
                "GET",
                url,
                purpose=purpose,
                what=what,
                headers=_bearer(tokens),
                repeatable=True,
            )
        )

    # Commands

    async def _order(
        self, car: Car, order: Order, pin: str | None, purpose: Purpose
    ) -> Answer:
        """Send an order; again only when the cloud refused one of our tokens.

        Such a refusal proves that the car was not asked. Nothing else does.
        """
        token = await self._tsp.token(car, pin)
        tokens = await self._tokens.fresh()
        renewed = False
        while True:
            try:
                return await self._send(car, order, tokens, token, purpose)
            except Throttled as error:
                self._tsp.pause(error.until)
                raise
            except CloudError as error:
                if error.status not in _REFUSALS:
                    raise
                if error.status == HTTPStatus.UNAUTHORIZED and not renewed:
                    tokens, renewed = await self._tokens.renewed(tokens), True
                elif self._tsp.age(token) >= _YOUNG_TOKEN:
                    token = await self._tsp.another(car, pin, token)
                else:
                    raise

    async def _send(
        self,
        car: Car,
        order: Order,
        tokens: TokenSet,
        token: TspToken,
        purpose: Purpose,
    ) -> Answer:
        handle = car.handle
        return await self.context.transport.request(
            order.method,
            f"{_CLIENT.base}/mps/v1/vehicles/{handle['account']}{order.path}",
            purpose=purpose,
            what=f"/mps/v1/vehicles/{{acct}}{order.path}",
            headers={
                **_bearer(tokens),
                "Content-Type": "application/json;charset=UTF-8",
                "x-user-id": handle["user_id"],
                "x-user-agent": "mobile-ios",
                "x-app-uuid": self._app_uuid,
            },
            json={
                **order.body,
                "tsp_token": token.value,
                "email": self.context.username,
                "vw_id": handle.get("vw_id", ""),
            },
            time_out=_COMMAND_TIME_OUT,
        )

    def _may_look(self, ticket: Ticket) -> bool:
        now = self._now()
        looked = self._looked.get(ticket.vin)
        return now - ticket.accepted_at >= _LOOK_AFTER and (
            looked is None or now - looked >= _LOOK_AGAIN
        )

    def _now(self) -> datetime:
        return self.context.clock.now()


def _bearer(tokens: TokenSet) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.access}", "Accept": "application/json"}


def _accepted(answer: Answer, order: Order) -> str | None:
    """Return the cloud's number for an accepted order; raise if the car declined."""
    said = opened(answer.json(), answer.what, order.envelope)
    if said.get("result") not in _ACCEPTED:
        raise CarRefused(answer.what)
    number = said.get("correlationId") or said.get("transaction_id")
    return str(number) if number else None
