"""A client written from the protocol alone."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import ClientResponse

from tests.world import World

HOST = "www.services.renault-ze.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: status, headers, and the JSON in it if there is any."""

    status: int
    body: Any
    headers: Any


@dataclass(slots=True)
class ZeClient:
    """One account, with whatever its login gave."""

    world: World
    username: str
    password: str
    vin: str
    login: dict[str, Any] = field(default_factory=dict)
    cookie: str | None = None
    token: str = ""

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        data: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Said:
        """Make a call below the base, as this account."""
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        call = self.world.session.request(
            method,
            self.world.address(HOST, f"/api{path}"),
            json=body,
            data=data,
            headers=bearer | (headers or {}),
        )
        response: ClientResponse = await self.world.result(_entered(call))
        text = await response.text()
        cookie = response.cookies.get("refreshToken")
        self.cookie = cookie.value if cookie is not None else self.cookie
        return Said(
            status=response.status,
            body=json.loads(text) if text else None,
            headers=response.headers,
        )

    async def car(self, method: str, path: str, body: Any = None) -> Said:
        """Make a call about the car."""
        return await self.call(method, f"/vehicle/{self.vin}{path}", body)

    async def sign_in(self) -> Said:
        """Sign in and keep the token."""
        credentials = {"username": self.username, "password": self.password}
        said = await self.call("POST", "/user/login", credentials)
        assert said.status == 200
        self.login, self.token = said.body, said.body["token"]
        return said

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says."""
        payload = self.token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        found: dict[str, Any] = json.loads(urlsafe_b64decode(padded))
        return found


async def _entered(call: Any) -> ClientResponse:
    response: ClientResponse = await call
    await response.read()
    return response
