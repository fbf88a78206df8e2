"""Volkswagen Car-Net (2019 to about 2022): the cloud of the first connected cars."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, override
from uuid import uuid4

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.cadence import CadenceDefaults
from ...cloud.contract import Car, Context
from ...cloud.credentials import CredentialField, FieldKind
from ...cloud.errors import CarRefused, CloudError, Throttled
from ...cloud.field_map import unwrap
from ...cloud.jwt import claims
from ...cloud.ledger import Purpose
from ...cloud.oauth import OAuthTokens
from ...cloud.pins import PinGuard
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from ...cloud.service_info import Openness, ServiceInfo
from ..volkswagen_group.app_login import sign_in
from . import endpoints as e
from .cars import cars_of, user_of
from .commands import COMMANDS
from .history import HEALTH_REPORT
from .login import CAR_NET_APP
from .readings import CLIMATE, PARTS
from .sessions import CommandSessions, Session
from .tokens import AppTokens

_ACCEPTED: Final = (0, "0", None)
_REFUSALS: Final = frozenset({400, 401, 403})


class CarNet(RestService):
    """One account at Car-Net."""

    info = ServiceInfo(
        key="car_net",
        name="Volkswagen Car-Net",
        manufacturer="Volkswagen",
        openness=Openness.CLOSED,
        # No client of this generation is known for Canada.
        hosts={"us": CAR_NET_APP.hosts},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(key="pin", kind=FieldKind.PIN, required=False),
        ),
        pin=True,
        cadence=CadenceDefaults(
            driving=270, charging=450, after_command=60, parked=3600, asleep=7200
        ),
        verify_after=20,
        timeout=90,
        history=frozenset({HEALTH_REPORT.key}),
        parts=frozenset({CLIMATE}),
    )
    base = e.BASE
    parts = PARTS
    command_map = COMMANDS
    history_map = (HEALTH_REPORT,)
    judged = frozenset(range(400, 500)) - {408, 429}

    def __init__(self, context: Context) -> None:
        """Take up what the last run kept."""
        super().__init__(context)
        account_state = AccountState(context)
        self._tokens = AppTokens(context, account_state)
        self.pins = PinGuard(account_state, context.clock)
        self._sessions = CommandSessions(context, self.pins, self._open_session)
        self._app_uuid = str(uuid4())

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        username = credentials["username"]
        grant = await sign_in(
            self.context.transport, CAR_NET_APP, username, credentials["password"]
        )
        tokens = await self._tokens.exchange(grant)
        user = grant.user_id or claims(tokens.identity or "").get("sub")
        return str(user or user_of((await self._enrollment()).json()) or username)

    @override
    async def cars(self) -> tuple[Car, ...]:
        return cars_of((await self._enrollment()).json())

    async def _enrollment(self) -> Answer:
        return await self._tokens.authorised(
            lambda tokens: self.send(
                replace(e.ENROLLMENT, params={"idToken": tokens.identity or ""}),
                Purpose.LIST,
                None,
                _bearer(tokens),
            )
        )

    @override
    async def close(self) -> None:
        await self._tokens.close()

    # Calls

    @override
    async def authorise(self, send: Send) -> Answer:
        return await self._tokens.authorised(lambda tokens: send(_bearer(tokens)))

    @override
    def values(self, car: Car) -> Mapping[str, str]:
        names = {"vehicleId": "vehicle_id", "userId": "user_id", "acct": "account"}
        return {name: car.handle.get(key, "") for name, key in names.items()}

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call; commands need a session, and are counted apart from reading."""
        if car is None or not e.is_command(request):
            return await super().call(request, purpose, car)
        try:
            return await self._call_in_session(request, purpose, car)
        except Throttled as error:
            self.context.transport.ledger.pause_commands(error.until)
            raise

    async def _call_in_session(
        self, request: Request, purpose: Purpose, car: Car
    ) -> Answer:
        """Send a command; again only when the cloud may have refused its session.

        Such a refusal proves that the car was not asked. Nothing else does.
        """
        session = await self._sessions.session(car, request.pin)
        try:
            return await super().call(self._within(request, car, session), purpose, car)
        except CloudError as error:
            if error.status not in _REFUSALS or self._sessions.is_young(session):
                raise
        session = await self._sessions.session(car, request.pin, refused=session)
        return await super().call(self._within(request, car, session), purpose, car)

    def _within(self, request: Request, car: Car, session: Session) -> Request:
        """Return a command with what says whose it is."""
        return request.with_json(
            tsp_token=session.token,
            # As the maker spells it: reading takes what the owner types, this does not.
            email=car.handle.get("email", self.context.username),
            vw_id=car.handle.get("vw_id", ""),
        ).with_headers(x_user_id=car.handle["user_id"], x_app_uuid=self._app_uuid)

    async def _open_session(self, car: Car, pin: str) -> Answer:
        """Send the PIN; once more only if it was an access token that was refused."""

        async def send(tokens: OAuthTokens) -> Answer:
            request = e.SESSION.with_json(
                accountNumber=car.handle["account"],
                idToken=tokens.identity or "",
                tspPin=pin,
                tsp=car.handle["tsp"],
            )
            return await self.send(request, Purpose.TOKEN, car, _bearer(tokens))

        tokens = await self._tokens.fresh()
        answer = await send(tokens)
        if answer.status == 401 and "pin" not in answer.text.lower():
            answer = await send(await self._tokens.renewed(tokens))
        return answer

    @override
    def ticket_of(self, answer: Answer) -> str | None:
        said = unwrap(answer.json(), answer.what, "data", "value")
        if said.get("result") not in _ACCEPTED:
            raise CarRefused(answer.what)
        number = said.get("correlationId") or said.get("transaction_id")
        return str(number) if number else None


def _bearer(tokens: OAuthTokens) -> dict[str, str]:
    return {**tokens.bearer, "Accept": "application/json"}
