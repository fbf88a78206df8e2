"""Signing in and tokens, over bare HTTP: what the real cloud refuses is refused."""

from urllib.parse import urlencode

import pytest

from simulator.we_connect.hosts import CLIENT, IDENTITY, REDIRECT, SCOPE
from tests.world import World

from .conftest import EXCHANGE, MBB, META, PASSAT, BareClient, home_path

TOKEN = "/mbbcoauth/mobile/oauth2/v1/token"
AUTHORIZE = {
    "client_id": CLIENT,
    "redirect_uri": REDIRECT,
    "scope": SCOPE,
    "response_type": "code id_token token",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "s256",
    "state": "s",
    "nonce": "n",
}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 302),
        ({"code_challenge_method": "S256"}, 302),
        ({"code_challenge_method": "plain"}, 400),
        ({"client_id": "another"}, 400),
        ({"redirect_uri": "https://example.com"}, 400),
        ({"scope": "openid"}, 400),
        ({"response_type": "code"}, 400),
        ({"nonce": ""}, 400),
        ({"state": ""}, 400),
        ({"code_challenge": ""}, 400),
    ],
)
async def test_authorize(world: World, change: dict[str, str], status: int) -> None:
    """All parameters or an error page; the method in either case."""
    query = urlencode({**AUTHORIZE, **change})
    async with world.session.get(
        world.address(IDENTITY, f"/oidc/v1/authorize?{query}"), allow_redirects=False
    ) as answer:
        assert answer.status == status


async def test_a_code_that_nobody_gave(bare: BareClient) -> None:
    """It is refused with 200, as the real one did."""
    status, body = await bare.call(
        "POST",
        EXCHANGE,
        "/exchangeAuthCode",
        tier=None,
        data={
            "auth_code": "x",
            "code_verifier": "y" * 43,
            "id_token": bare.tokens["identity_identity"],
        },
    )
    assert (status, body["error"]) == (200, "invalid_grant")
    status, _ = await bare.call(
        "POST", EXCHANGE, "/exchangeAuthCode", tier=None, json={}
    )
    assert status == 415


async def test_revoked_tokens(bare: BareClient) -> None:
    """Both tiers can be given back."""
    status, _ = await bare.call(
        "POST",
        EXCHANGE,
        "/revokeToken",
        tier=None,
        data={"token": bare.tokens["identity_refresh"]},
    )
    assert status == 200
    status, _ = await bare.call(
        "POST",
        EXCHANGE,
        "/refreshTokens",
        tier=None,
        data={"refresh_token": bare.tokens["identity_refresh"]},
    )
    assert status == 401
    revoke = "/mbbcoauth/mobile/oauth2/v1/revoke"
    token = {"token": bare.tokens["mbb_refresh"]}
    status, _ = await bare.call("POST", MBB, revoke, tier=None, data=token)
    assert status == 400
    hint = {"token_type_hint": "refresh_token"}
    status, _ = await bare.call(
        "POST", MBB, revoke, tier=None, data=token, headers=hint
    )
    assert status == 200
    assert (await bare.call("GET", META, f"/api{home_path(PASSAT)}"))[0] == 401


@pytest.mark.parametrize("field", ["token", "refresh_token"])
@pytest.mark.parametrize("scope", ["sc2:fal", "t2_v:cubic"])
async def test_a_refresh_of_the_second_tier(
    bare: BareClient, field: str, scope: str
) -> None:
    """The elder clients and the younger ones name the field differently."""
    status, body = await bare.call(
        "POST",
        MBB,
        TOKEN,
        tier=None,
        headers={"X-Client-Id": "mine"},
        data={
            "grant_type": "refresh_token",
            "scope": scope,
            field: bare.tokens["mbb_refresh"],
        },
    )
    assert (status, body["scope"]) == (200, scope)


@pytest.mark.parametrize(
    ("form", "client", "error"),
    [
        ({"grant_type": "password", "scope": "sc2:fal"}, "mine", "unsupported_grant"),
        ({"grant_type": "id_token", "scope": "all"}, "mine", "invalid_scope"),
        ({"grant_type": "id_token", "scope": "sc2:fal"}, None, "invalid_request"),
        ({"grant_type": "id_token", "scope": "sc2:fal"}, "mine", "invalid_grant"),
    ],
)
async def test_a_token_call_that_is_wrong(
    bare: BareClient, form: dict[str, str], client: str | None, error: str
) -> None:
    """The access token of the identity is no id token."""
    form = {**form, "token": bare.tokens["identity_access"]}
    headers = {} if client is None else {"X-Client-Id": client}
    _, body = await bare.call("POST", MBB, TOKEN, tier=None, headers=headers, data=form)
    assert body["error"].startswith(error)


async def test_registration_and_keys(bare: BareClient) -> None:
    """An installation says what it is."""
    path = "/mbbcoauth/mobile/register/v1"
    assert (await bare.call("POST", MBB, path, tier=None, json={}))[0] == 400
    assert (await bare.call("POST", MBB, path, tier=None, data=b"x"))[0] == 400
    found = await bare.call("GET", MBB, "/mbbcoauth/public/jwk/v1", tier=None)
    assert found == (200, {"keys": []})
