"""A client of i Remote written from its description alone, as anybody's would be."""

import base64
from dataclasses import dataclass, field
import json
from typing import Any, Final
from urllib.parse import quote

from simulator.accounts import Account
from tests.conftest import account_of
from tests.world import World

EU: Final = "b2vapi.bmwgroup.com"
US: Final = "b2vapi.bmwgroup.us"
PORTAL: Final = "www.bmw-connecteddrive.de"
TOKEN: Final = "/webapi/oauth/token/"
FORM: Final = "application/x-www-form-urlencoded"
VEHICLES: Final = "/webapi/v1/user/vehicles"


@dataclass(slots=True)
class Page:
    """An answer."""

    status: int
    content: bytes
    headers: Any

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.content)


@dataclass(slots=True)
class Client:
    """One account, called by hand."""

    world: World
    username: str = "i3.tester@example.com"
    host: str = EU
    token: str = ""
    spec: Account = field(init=False)

    def __post_init__(self) -> None:
        """Know the account."""
        self.spec = account_of(self.username)

    async def call(
        self,
        method: str,
        path: str,
        *,
        host: str | None = None,
        body: str | None = None,
        **headers: str,
    ) -> Page:
        """Make a call with the token."""
        known = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        async with self.world.session.request(
            method,
            self.world.address(host or self.host, path),
            data=None if body is None else body.encode(),
            headers=known,
        ) as answer:
            return Page(answer.status, await answer.read(), answer.headers)

    async def sell(
        self,
        path: str = TOKEN,
        host: str | None = None,
        *,
        key: str | None = None,
        kind: str = FORM,
        **fields: str,
    ) -> Page:
        """Ask for a token."""
        form = {
            "grant_type": "password",
            "username": self.spec.username,
            "password": self.spec.password,
            "scope": "remote_services vehicle_data",
            **fields,
        }
        pair = key or ":".join(self.spec.more.values())
        basic = base64.b64encode(pair.encode()).decode()
        return await self.call(
            "POST",
            path,
            host=host,
            body="&".join(f"{name}={quote(value)}" for name, value in form.items()),
            Authorization=f"Basic {basic}",
            Content_Type=kind,
        )

    async def sign_in(self) -> None:
        """Sign in."""
        self.token = (await self.sell()).json()["access_token"]

    async def get(self, number: int, path: str, **headers: str) -> Page:
        """Fetch something of a car."""
        return await self.call("GET", self.path(number, path), **headers)

    async def post(
        self, number: int, path: str, kind: str = FORM, **fields: str
    ) -> Page:
        """Send a form to a car."""
        body = "&".join(f"{name}={quote(value)}" for name, value in fields.items())
        return await self.call(
            "POST", self.path(number, path), body=body, Content_Type=kind
        )

    async def execute(self, number: int, service: str, **fields: str) -> Page:
        """Send a command."""
        return await self.post(number, "/executeService", serviceType=service, **fields)

    async def record(self, number: int, service: str) -> Any:
        """Fetch how far the latest command of a kind is."""
        page = await self.get(number, f"/serviceExecutionStatus?serviceType={service}")
        return page.json()["executionStatus"]

    async def status(self, number: int) -> Any:
        """Fetch a car's status."""
        return (await self.get(number, "/status")).json()["vehicleStatus"]

    def path(self, number: int, path: str) -> str:
        """Return the path of something of a car."""
        return f"{VEHICLES}/{self.spec.vins[number]}{path}"
