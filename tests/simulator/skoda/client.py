"""A client written from the description of the interface alone."""

from dataclasses import dataclass
import json
from typing import Any

from aiohttp import ClientResponse

from tests.world import World

HOST = "public.api.connect.skoda-auto.cz"
PROBLEMS = f"https://{HOST}/problems/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: status, headers, and the JSON in it if there is any."""

    status: int
    body: Any
    headers: Any

    @property
    def problem(self) -> str:
        """The kind of problem, without where kinds are described."""
        assert self.headers["Content-Type"].startswith("application/problem+json")
        assert self.body["status"] == self.status
        assert self.body["title"]
        kind: str = self.body["type"]
        return kind.removeprefix(PROBLEMS)

    @property
    def quota(self) -> tuple[int, int, int]:
        """Limit, what is left, and the seconds until there is more."""
        names = ("Limit", "Remaining", "Reset")
        limit, left, reset = (int(self.headers[f"RateLimit-{name}"]) for name in names)
        return limit, left, reset


@dataclass(slots=True)
class SkodaClient:
    """One key and one car."""

    world: World
    username: str
    key: str
    vin: str

    async def call(
        self,
        method: str,
        path: str = "",
        body: Any = None,
        *,
        data: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Said:
        """Make a call about the car."""
        # The three headers of the description, on every call.
        own = {
            "X-API-Key": self.key,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        call = self.world.session.request(
            method,
            self.world.address(HOST, f"/api/v1/vehicles/{self.vin}{path}"),
            json=body,
            data=data,
            headers=own | (headers or {}),
        )
        response: ClientResponse = await self.world.result(_entered(call))
        text = await response.text()
        return Said(
            status=response.status,
            body=json.loads(text) if text else None,
            headers=response.headers,
        )

    async def vehicle(self, include: str | None = None) -> dict[str, Any]:
        """Return the car, whole or some parts of it."""
        query = "" if include is None else f"?include={include}"
        said = await self.call("GET", query)
        assert said.status == 200, said.body
        vehicle: dict[str, Any] = said.body["vehicle"]
        assert vehicle["vin"] == self.vin
        return vehicle

    async def accept(self, path: str, body: Any = None, method: str = "POST") -> Said:
        """Send a command, and let the car hear of it."""
        said = await self.call(method, f"/{path}", body)
        await self.world.advance(30)
        return said


async def _entered(call: Any) -> ClientResponse:
    response: ClientResponse = await call
    await response.read()
    return response
