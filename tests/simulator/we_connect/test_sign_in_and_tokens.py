"""Signing in and tokens, over bare HTTP: what the real cloud refuses is refused."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession, CookieJar
from bs4 import BeautifulSoup
import pytest
from yarl import URL

from simulator.we_connect.hosts import CLIENT, IDENTITY, REDIRECT, SCOPE
from tests.conftest import account_of
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


async def registered(bare: BareClient) -> dict[str, str]:
    """Return the header of an app that has registered."""
    wish = {
        "appId": "de.volkswagen.carnet.eu.eremote",
        "appName": "WeConnect",
        "appVersion": "5.17.6",
        "client_brand": "VW",
        "client_name": "Test",
        "platform": "google",
    }
    path = "/mbbcoauth/mobile/register/v1"
    _, body = await bare.call("POST", MBB, path, tier=None, json=wish)
    return {"X-Client-Id": body["client_id"]}


async def refresh(
    bare: BareClient, headers: dict[str, str], **form: str
) -> tuple[int, Any]:
    """Renew the tokens for cars."""
    form = {"grant_type": "refresh_token", "scope": "sc2:fal", **form}
    return await bare.call("POST", MBB, TOKEN, tier=None, headers=headers, data=form)


@pytest.mark.parametrize("scope", ["sc2:fal", "t2_v:cubic"])
async def test_a_refresh_of_the_second_tier(bare: BareClient, scope: str) -> None:
    """Both scopes are taken."""
    token = bare.tokens["mbb_refresh"]
    headers = await registered(bare)
    status, body = await refresh(bare, headers, refresh_token=token, scope=scope)
    assert (status, body["scope"]) == (200, scope)


async def test_the_field_of_the_old_clients(bare: BareClient) -> None:
    """The cloud fails with a 500 on a call that has it."""
    token = bare.tokens["mbb_refresh"]
    status, body = await refresh(bare, await registered(bare), token=token)
    assert (status, body["error"]["errorCode"]) == (500, "IllegalStateException")


async def test_an_app_that_never_registered(bare: BareClient) -> None:
    """It is told that its token is at fault, which it is not."""
    token = bare.tokens["mbb_refresh"]
    mine = {"X-Client-Id": str(uuid4())}
    status, body = await refresh(bare, mine, refresh_token=token)
    assert (status, body["error_description"]) == (400, "Id token is invalid.")


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
    headers = {} if client is None else await registered(bare)
    _, body = await bare.call("POST", MBB, TOKEN, tier=None, headers=headers, data=form)
    assert body["error"].startswith(error)


async def test_registration_and_keys(bare: BareClient) -> None:
    """An installation says what it is."""
    path = "/mbbcoauth/mobile/register/v1"
    assert (await bare.call("POST", MBB, path, tier=None, json={}))[0] == 400
    assert (await bare.call("POST", MBB, path, tier=None, data=b"x"))[0] == 400
    status, body = await bare.call("GET", MBB, "/mbbcoauth/public/jwk/v1", tier=None)
    assert (status, body["keys"][0]["alg"]) == (200, "RS256")


# The sign-in of devices


async def device_code(bare: BareClient, **changes: str) -> tuple[int, Any]:
    """Ask for a code."""
    form = {"client_id": CLIENT, "scope": "openid profile mbb cars", **changes}
    path = "/oidc/v1/device_authorization"
    return await bare.call("POST", IDENTITY, path, tier=None, data=form)


async def poll(bare: BareClient, code: str, **changes: str) -> tuple[int, Any]:
    """Ask whether a code was approved."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": CLIENT,
        "device_code": code,
        **changes,
    }
    return await bare.call("POST", IDENTITY, "/oidc/v1/token", tier=None, data=form)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "other"}, 403, "unauthorized_client"),
        ({"scope": "openid"}, 400, "invalid_scope"),
    ],
)
async def test_a_code_for_whom_it_is_not(
    bare: BareClient, changes: dict[str, str], status: int, error: str
) -> None:
    """One app may, for one set of scopes."""
    found, body = await device_code(bare, **changes)
    assert (found, body["error"]) == (status, error)


async def test_a_code_is_approved_at_the_page(bare: BareClient) -> None:
    """Pending, too fast, then approved by the form that the page held; good once."""
    bare.world.control.service("we_connect", password_page="A")
    _, body = await device_code(bare)
    code = body["device_code"]
    assert body["user_code"] in body["verification_uri_complete"]
    for error in ("authorization_pending", "slow_down"):
        assert (await poll(bare, code))[1]["error"] == error
    assert await approve_at_the_page(bare, body["verification_uri_complete"]) == 200
    await bare.world.advance(5)
    status, tokens = await poll(bare, code)
    assert status == 200
    assert {"access_token", "id_token", "refresh_token"} <= tokens.keys()
    assert (await poll(bare, code))[1]["error"] == "expired_token"


async def approve_at_the_page(bare: BareClient, address: str) -> int:
    """Sign in and allow, as an owner does in a browser; return the last status."""
    account = account_of("prueferin@example.com")
    jar = CookieJar(unsafe=True)
    async with ClientSession(cookie_jar=jar) as browser:

        async def follow(answer: ClientResponse) -> ClientResponse:
            while (target := answer.headers.get("Location")) is not None:
                answer = await browser.get(
                    answer.url.join(URL(target)), allow_redirects=False
                )
            return answer

        page = await follow(await browser.get(address, allow_redirects=False))
        sent: dict[str, str] = {}
        for typed in ({"email": account.username}, {"password": account.password}):
            form = BeautifulSoup(await page.text(), "html.parser").form
            assert form is not None
            # The second page wants what the first one held, too.
            held = {str(one["name"]): str(one["value"]) for one in form("input")}
            sent = {**sent, **held, **typed}
            target = page.url.join(URL(str(form["action"])))
            page = await follow(
                await browser.post(target, data=sent, allow_redirects=False)
            )
        form = BeautifulSoup(await page.text(), "html.parser").form
        assert form is not None
        assert form["id"] == "allowAccess"
        sent = {str(one["name"]): str(one["value"]) for one in form("input")}
        target = page.url.join(URL(str(form["action"])))
        async with browser.post(target, data={**sent, "allow": ""}) as answer:
            return answer.status
