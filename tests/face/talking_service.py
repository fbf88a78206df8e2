"""A service that asks its owner everything a sign-in can ask, and its cloud.

The cloud answers over HTTP and counts; the service is what a maker would write.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Set as AbstractSet
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, ClassVar, Final, override

from aiohttp import web
from aiohttp.test_utils import TestServer

from custom_components.carport.car.commands import Command, CommandKind
from custom_components.carport.car.limits import Limits
from custom_components.carport.cloud.cadence import CadenceDefaults
from custom_components.carport.cloud.contract import (
    Car,
    Confirmation,
    ReadResult,
    Service,
    Ticket,
)
from custom_components.carport.cloud.credentials import CredentialField, FieldKind
from custom_components.carport.cloud.errors import NotSupported, SignInFailed
from custom_components.carport.cloud.ledger import Purpose
from custom_components.carport.cloud.login import (
    LoginAborted,
    LoginDialog,
    Question,
    Resend,
    SlowDown,
    Visit,
)
from custom_components.carport.cloud.service_info import Openness, ServiceInfo
from custom_components.carport.cloud.sign_in import SignInOutcome

HOST: Final = "talk.example.com"
KEY: Final = "talking"
PASSWORD: Final = "open-sesame"
CODE: Final = "246810"
VIN: Final = "WVWZZZTESTGARAGE1"


class TalkingCloud:
    """What the maker's side does, and how often it was asked to."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.calls: Counter[str] = Counter()
        self.approved = False
        self.slow_down = False
        self.outage = ""
        self.nonsense = ""
        self.server = ""
        self.user_id = "user-1"

    async def answer(self, request: web.Request) -> web.Response:
        """Do what a path stands for."""
        what = request.path.strip("/")
        if not what:
            return web.json_response({"hosts": {HOST: self.server}})
        self.calls[what] += 1
        if what == self.outage:
            return web.Response(status=503)
        if what == self.nonsense:
            return web.json_response({})
        sent = await request.json()
        good = {
            "password": sent.get("password") == PASSWORD,
            "code": sent.get("code") == CODE,
            "poll": self.approved,
        }.get(what, True)
        slow, self.slow_down = self.slow_down and what == "poll", False
        return web.json_response({"good": good, "slow": slow, "user": self.user_id})

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[TalkingCloud]:
        """Serve the index and the cloud."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        async with TestServer(app, host="127.0.0.1") as server:
            self.server = f"http://127.0.0.1:{server.port}"
            yield self


class Talking(Service):
    """A service whose sign-in goes the way that the owner chooses."""

    info: ClassVar[ServiceInfo] = ServiceInfo(
        key=KEY,
        name="Talking",
        manufacturer="Carport",
        openness=Openness.OPEN,
        hosts={"eu": frozenset({HOST})},
        credentials=(
            CredentialField(key="username", kind=FieldKind.EMAIL, identifies=True),
            CredentialField(key="password", kind=FieldKind.PASSWORD),
            CredentialField(
                key="way",
                kind=FieldKind.CHOICE,
                choices=("plain", "code", "visit", "confirm", "more", "leave"),
                suggested="plain",
            ),
            CredentialField(
                key="country",
                kind=FieldKind.CHOICE,
                choices=("DE", "FR"),
                suggested="FR",
                required=False,
            ),
            CredentialField(key="keep_password", kind=FieldKind.FLAG, required=False),
            CredentialField(key="vins", kind=FieldKind.VINS, required=False),
            CredentialField(
                key="gigya_key", kind=FieldKind.TEXT, required=False, advanced=True
            ),
        ),
        cadence=CadenceDefaults(
            driving=600, charging=600, after_command=600, parked=600, asleep=600
        ),
    )
    patience: ClassVar[timedelta] = timedelta(minutes=5)
    typed: ClassVar[list[Mapping[str, str]]] = []
    """What owners typed, in order."""

    @override
    async def login(self, talk: LoginDialog) -> str:
        typed = await talk.ask()
        while True:
            self.typed.append(typed)
            told = await self._post("password", password=typed["password"])
            if not told["good"]:
                raise SignInFailed(SignInOutcome.WRONG_PASSWORD)
            try:
                await self._on(typed.get("way", "code"), talk)
            except SignInFailed as error:
                typed = await talk.ask(error=error.outcome)
                continue
            await self.context.save_tokens({"access_token": "granted"})
            return str(told["user"])

    async def _on(self, way: str, talk: LoginDialog) -> None:
        match way:
            case "code":
                await self._code(talk)
            case "visit":
                await self._post("device")
                visit = Visit(
                    url="https://talk.example.com/device",
                    user_code="WDJB-MJHT",
                    complete_url="https://talk.example.com/device?code=WDJB-MJHT",
                    expires_in=self.patience,
                )
                assert await talk.visit(visit, self._poll) == "approved"
            case "confirm":
                question = Question(
                    key="create_data_request",
                    placeholders={"car": "Test car"},
                    url="https://talk.example.com/requests",
                )
                if await talk.confirm(question):
                    await self._post("create")
            case "more":
                fields = (CredentialField(key="answer", kind=FieldKind.TEXT),)
                told = await talk.ask(fields, page="answer")
                if told["answer"] != "blue":
                    error = SignInOutcome.DECLINED
                    told = await talk.ask(fields, page="answer", error=error)
                await self._post("more", **told)
            case "leave":
                raise LoginAborted

    async def _code(self, talk: LoginDialog) -> None:
        await self._post("send")
        error: SignInOutcome | None = None
        while True:
            answer = await talk.code("t…@example.com", error=error)
            if isinstance(answer, Resend):
                await self._post("send")
                error = None
            elif (await self._post("code", code=answer))["good"]:
                return
            else:
                error = SignInOutcome.CODE_WRONG

    async def _poll(self) -> str | None:
        told = await self._post("poll")
        if told["slow"]:
            raise SlowDown
        return "approved" if told["good"] else None

    async def _post(self, what: str, **sent: Any) -> dict[str, Any]:
        answer = await self.context.transport.request(
            "POST",
            f"https://{HOST}/{what}",
            purpose=Purpose.SIGN_IN,
            what=what,
            json=sent,
        )
        return answer.json()

    @override
    async def cars(self) -> tuple[Car, ...]:
        await self._post("cars")
        return (Car(vin=VIN, manufacturer="Carport", model="Test car"),)

    @override
    async def read(self, car: Car) -> ReadResult:
        return ReadResult()

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        raise NotSupported

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        return Confirmation()

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return {}
