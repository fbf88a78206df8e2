"""Home Assistant from outside: its web API, as a browser or an app would use it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
import secrets
import time
from typing import Any, Final, Self

import aiohttp

from .waiting import until

_STARTS_WITHIN: Final = 120
_LASTS: Final = 1800
_OWNER: Final = "Visitor"


class HomeError(Exception):
    """Home Assistant refused a request."""


class Home:
    """One running Home Assistant, signed in as its owner."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        """Keep where it is."""
        self._session = session
        self.address = address
        self._token = ""
        self._numbers = 0

    @classmethod
    @asynccontextmanager
    async def enter(cls, address: str) -> AsyncIterator[Self]:
        """Wait until Home Assistant runs, and come in."""
        async with aiohttp.ClientSession() as session:
            home = cls(session, address)
            await until("Home Assistant starts", home._answers, _STARTS_WITHIN)
            await home._make_owner()
            await home._sign_in()
            await until("Home Assistant runs", home._runs, _STARTS_WITHIN)
            yield home

    def tokens(self) -> dict[str, Any]:
        """Return what a browser keeps of a sign-in, for as long as the token lasts."""
        return {
            "access_token": self._token,
            "token_type": "Bearer",
            "expires_in": _LASTS,
            "expires": (time.time() + _LASTS) * 1000,
            "refresh_token": "",
            "hassUrl": self.address,
            "clientId": self._client_id,
        }

    async def get(self, path: str) -> Any:
        """Ask the REST API."""
        return await self._call("GET", path)

    async def post(self, path: str, data: Mapping[str, Any]) -> Any:
        """Send something to the REST API."""
        return await self._call("POST", path, data)

    async def delete(self, path: str) -> Any:
        """Delete something over the REST API."""
        return await self._call("DELETE", path)

    async def states(self) -> dict[str, dict[str, Any]]:
        """Return every state, by entity id."""
        return {state["entity_id"]: state for state in await self.get("/api/states")}

    async def ask(self, kind: str, **fields: Any) -> Any:
        """Ask one thing over the websocket API."""
        async with self._session.ws_connect(f"{self.address}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise HomeError(f"{kind}: {answer['error']['message']}")
        return answer["result"]

    async def _call(
        self, method: str, path: str, data: Mapping[str, Any] | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.request(
            method, self.address + path, json=data, headers=headers
        ) as answer:
            if not answer.ok:
                raise HomeError(f"{path}: {answer.status} {await answer.text()}")
            return await answer.json()

    async def _answers(self) -> bool:
        try:
            async with self._session.get(f"{self.address}/manifest.json") as answer:
                return answer.ok
        except aiohttp.ClientConnectionError:
            return False

    async def _runs(self) -> bool:
        return bool((await self.get("/api/config"))["state"] == "RUNNING")

    async def _make_owner(self) -> None:
        """Do the one step of the welcome that is left, at the first start."""
        async with self._session.get(f"{self.address}/api/onboarding") as answer:
            if answer.status == 404:  # All done: the address is gone.
                return
            steps = {step["step"]: step["done"] for step in await answer.json()}
        if not steps["user"]:
            await self.post(
                "/api/onboarding/users",
                {
                    "name": _OWNER,
                    "username": _OWNER.lower(),
                    # Nobody needs it: who comes from this machine is trusted.
                    "password": secrets.token_urlsafe(),
                    "client_id": self._client_id,
                    "language": "en",
                },
            )

    async def _sign_in(self) -> None:
        """Get in as a browser on this machine does, without a password."""
        flow = await self.post(
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "redirect_uri": self._client_id,
                "handler": ["trusted_networks", None],
            },
        )
        form = {
            "client_id": self._client_id,
            "grant_type": "authorization_code",
            "code": flow["result"],
        }
        url = f"{self.address}/auth/token"
        async with self._session.post(url, data=form) as answer:
            self._token = (await answer.json())["access_token"]

    @property
    def _client_id(self) -> str:
        return f"{self.address}/"
