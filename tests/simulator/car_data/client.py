"""A client of CarData written from its description alone, as anybody's would be."""

import base64
from dataclasses import dataclass, field
import hashlib
import json
import re
from typing import Any, Final

from simulator.accounts import Account
from simulator.car_data import CarData
from tests.conftest import account_of
from tests.world import World

SIGN_IN: Final = "customer.bmwgroup.com"
API: Final = "api-cardata.bmwgroup.com"
STREAM: Final = "customer.streaming-cardata.bmwgroup.com:9000"
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE: Final = "authenticate_user openid cardata:api:read cardata:streaming:read"
VERIFIER: Final = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@dataclass(slots=True)
class Page:
    """An answer."""

    status: int
    content: bytes
    headers: Any

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.json()["exveErrorId"])


@dataclass(slots=True)
class Client:
    """One account, called by hand."""

    world: World
    username: str = "i4.tester@example.com"
    spec: Account = field(init=False)
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know the account."""
        self.spec = account_of(self.username)

    @property
    def client_id(self) -> str:
        """The client that the owner made in the portal."""
        return self.spec.more["client_id"]

    @property
    def cloud(self) -> CarData:
        """The cloud itself, for what no client sees."""
        cloud = self.world.simulator.clouds["car_data"]
        assert isinstance(cloud, CarData)
        return cloud

    async def form(self, path: str, **fields: str) -> Page:
        """Send a form to the sign-in host."""
        async with self.world.session.post(
            self.world.address(SIGN_IN, path), data=fields
        ) as answer:
            return Page(answer.status, await answer.read(), answer.headers)

    async def device(self, **other: str) -> Page:
        """Ask for a code."""
        digest = hashlib.sha256(VERIFIER.encode()).digest()
        fields = {
            "client_id": self.client_id,
            "response_type": "device_code",
            "scope": SCOPE,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            **other,
        }
        return await self.form("/gcdm/oauth/device/code", **fields)

    async def poll(self, code: dict[str, Any], **other: str) -> Page:
        """Ask for the tokens of a code."""
        fields = {
            "client_id": self.client_id,
            "device_code": code["device_code"],
            "grant_type": DEVICE_GRANT,
            "code_verifier": VERIFIER,
            **other,
        }
        return await self.form("/gcdm/oauth/token", **fields)

    async def decide(self, code: dict[str, Any], decision: str = "approve") -> Page:
        """Log in on the page and decide, as the owner would."""
        page = await self.form(
            "/oneid/link",
            user_code=code["user_code"],
            email=self.spec.username,
            password=self.spec.password,
        )
        ticket = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
        assert ticket is not None, page.content.decode()
        return await self.form(
            "/oneid/link/decide", ticket=ticket[1], decision=decision
        )

    async def sign_in(self, **other: str) -> dict[str, Any]:
        """Sign in from the code to the tokens."""
        code = (await self.device(**other)).json()
        await self.decide(code)
        self.tokens = (await self.poll(code)).json()
        return self.tokens

    async def refresh(self, token: str | None = None) -> Page:
        """Ask for a new set of tokens; it is taken over when there is one."""
        page = await self.form(
            "/gcdm/oauth/token",
            client_id=self.client_id,
            grant_type="refresh_token",
            refresh_token=token or self.tokens["refresh_token"],
        )
        if page.status == 200:
            self.tokens = page.json()
        return page

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> Page:
        """Make a REST call with the token."""
        known = {
            "Authorization": f"Bearer {self.tokens.get('access_token', '')}",
            "x-version": "v1",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.world.session.request(
            method,
            self.world.address(API, f"/customers{path}"),
            json=body,
            headers=known,
        ) as answer:
            return Page(answer.status, await answer.read(), answer.headers)

    async def get(self, path: str, **headers: str) -> Page:
        """Fetch something."""
        return await self.call("GET", path, **headers)

    async def container(self, *keys: str, name: str = "Mine") -> str:
        """Make a container."""
        page = await self.call(
            "POST",
            "/containers",
            {"name": name, "purpose": "v1", "technicalDescriptors": list(keys)},
        )
        return str(page.json()["containerId"])

    async def data(self, *keys: str, number: int = 0) -> Any:
        """Fetch values of a car through a new container."""
        box = await self.container(*keys)
        path = f"/vehicles/{self.spec.vins[number]}/telematicData?containerId={box}"
        return (await self.get(path)).json()["telematicData"]
