"""A client of another kind than Carport's: bare calls, with what a sign-in gave."""

from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
import json
from typing import Any

import pytest

from tests.conftest import account_of
from tests.makers.we_connect.account import WeConnectAccount
from tests.world import World

PASSAT = "WVWZZZ3CZME167891"
ARTEON = "WVWZZZ3HZPE145678"
META = "mal-1a.prd.ece.vwg-connect.com"
DATA = "msg.volkswagen.de"
OTHER_DATA = "fal-3a.prd.eu.dp.vwg-connect.com"
MBB = "mbboauth-1d.prd.ece.vwg-connect.com"
EXCHANGE = "tokenrefreshservice.apps.emea.vwapps.io"
PROFILE = "customer-profile.apps.emea.vwapps.io"
USERS = "userinformationservice.apps.emea.vwapps.io"
AUTHORISATION = "/api/rolesrights/authorization/v2"


@dataclass(slots=True, kw_only=True)
class BareClient:
    """Calls as a test writes them, with the tokens of an account."""

    world: World
    tokens: Mapping[str, Any]
    pin: str

    async def call(
        self,
        method: str,
        host: str,
        path: str,
        *,
        tier: str | None = "mbb_access",
        app: bool = True,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> tuple[int, Any]:
        """Make a call; return status and body, parsed if it is JSON."""
        sent = dict(headers or {})
        if tier is not None:
            sent["Authorization"] = f"Bearer {self.tokens[tier]}"
        if app:
            sent |= {"X-App-Name": "We Connect", "X-App-Version": "5.8.0"}
        async with self.world.session.request(
            method, self.world.address(host, path), headers=sent, **more
        ) as answer:
            text = await answer.text()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    async def car(
        self, path: str, method: str = "GET", vin: str = PASSAT, **more: Any
    ) -> tuple[int, Any]:
        """Call a car's own host; `{car}` stands for it in the path."""
        host = OTHER_DATA if vin == PASSAT else DATA
        filled = path.format(car=f"VW/DE/vehicles/{vin}")
        return await self.call(method, host, f"/fs-car{filled}", **more)

    async def challenge(self, operation: str, vin: str = PASSAT) -> tuple[str, str]:
        """Ask for a challenge; return the token and the challenge."""
        service, _, name = operation.partition("/")
        status, body = await self.call(
            "GET",
            META,
            f"{AUTHORISATION}/vehicles/{vin}/services/{service}"
            f"/operations/{name}/security-pin-auth-requested",
        )
        assert status == 200
        info = body["securityPinAuthInfo"]
        return info["securityToken"], info["securityPinTransmission"]["challenge"]

    async def solve(self, token: str, challenge: str, said: str) -> tuple[int, Any]:
        """Send a hash."""
        return await self.call(
            "POST",
            META,
            f"{AUTHORISATION}/security-pin-auth-completed",
            json={
                "securityPinAuthentication": {
                    "securityPin": {"challenge": challenge, "securityPinHash": said},
                    "securityToken": token,
                }
            },
        )

    async def security_token(self, operation: str, vin: str = PASSAT) -> str:
        """Return a token for one operation."""
        token, challenge = await self.challenge(operation, vin)
        secret = bytes.fromhex(self.pin + challenge)
        said = hashlib.sha512(secret).hexdigest().upper()
        status, body = await self.solve(token, challenge, said)
        assert status == 200
        found: str = body["securityToken"]
        return found


@pytest.fixture
async def bare(world: World) -> BareClient:
    """Give a client with the tokens of a signed-in account."""
    account = WeConnectAccount(world, account_of("prueferin@example.com"))
    assert await account.sign_in() is None
    world.control.forget_calls()
    return BareClient(
        world=world, tokens=json.loads(account.stored or "{}"), pin=account.pin or ""
    )


def home_path(vin: str) -> str:
    """Return where a car's home region is asked for."""
    return f"/cs/vds/v1/vehicles/{vin}/homeRegion"
