"""The device sign-in: its codes, its pages, its tokens, and what it refuses."""

from datetime import timedelta

import pytest

from tests.world import World

from .client import SIGN_IN, Client


async def test_from_the_code_to_the_tokens(client: Client) -> None:
    """Pending is a 403 until the owner approves; a code is good once."""
    code = (await client.device()).json()
    assert (len(code["user_code"]), code["interval"], code["expires_in"]) == (8, 5, 300)
    assert code["verification_uri_complete"].endswith(f"?user_code={code['user_code']}")
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (403, "authorization_pending")
    assert (await client.decide(code)).status == 200
    await client.world.advance(5)
    tokens = (await client.poll(code)).json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3599)
    assert tokens["gcid"]
    assert tokens["id_token"].count(".") == 2
    await client.world.advance(5)
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (400, "invalid_grant")


async def test_the_page_works_in_a_browser(client: Client) -> None:
    """It asks for a log-in with the code filled in, and says what is wrong."""
    code = (await client.device()).json()
    async with client.world.session.get(code["verification_uri_complete"]) as answer:
        assert f'value="{code["user_code"]}"' in await answer.text()
    page = await client.form(
        "/oneid/link",
        user_code=code["user_code"],
        email=client.spec.username,
        password="Wrong",
    )
    assert (page.status, b"password is wrong" in page.content) == (401, True)
    page = await client.form(
        "/oneid/link",
        user_code=code["user_code"].swapcase(),
        email=client.spec.username,
        password=client.spec.password,
    )
    assert (page.status, b"Capitals matter" in page.content) == (400, True)
    page = await client.form("/oneid/link/decide", ticket="a.b.c", decision="approve")
    assert page.status == 400


async def test_declined(client: Client) -> None:
    """The owner may say no."""
    code = (await client.device()).json()
    assert b"not connected" in (await client.decide(code, "decline")).content
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (403, "access_denied")


async def test_too_quick(client: Client) -> None:
    """Who polls faster than it was told is told to slow down."""
    code = (await client.device()).json()
    await client.poll(code)
    await client.world.advance(4)
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (400, "slow_down")


async def test_a_code_expires(client: Client) -> None:
    """Five minutes are all the owner has, on the page too."""
    code = (await client.device()).json()
    client.world.clock.step(300)
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (401, "expired_token")
    page = await client.form(
        "/oneid/link",
        user_code=code["user_code"],
        email=client.spec.username,
        password=client.spec.password,
    )
    assert page.status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "nobody"},
        {"response_type": "code"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"scope": "everything"},
    ],
)
async def test_a_code_is_strict(client: Client, wrong: dict[str, str]) -> None:
    """A code is refused if one of the fields is wrong."""
    page = await client.device(**wrong)
    assert (page.status, page.json()["error"]) == (400, "invalid_request")


async def test_a_client_in_capitals(client: Client) -> None:
    """It gets a code, and no tokens for it."""
    capitals = client.client_id.upper()
    code = (await client.device(client_id=capitals)).json()
    await client.decide(code)
    page = await client.poll(code, client_id=capitals)
    assert (page.status, page.json()["error"]) == (400, "invalid_grant")


async def test_a_foreign_verifier(client: Client) -> None:
    """The verifier has to fit the challenge."""
    code = (await client.device()).json()
    await client.decide(code)
    page = await client.poll(code, code_verifier="x" * 43)
    assert (page.status, page.json()["error"]) == (400, "invalid_grant")


async def test_an_unknown_client(client: Client) -> None:
    """A client that vanished from the portal is a 401 at the token call."""
    code = (await client.device()).json()
    client.world.control.account(client.username, client_id="another")
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (401, "invalid_client")


async def test_the_gateways_fault(client: Client) -> None:
    """It is a 500 without any error of OAuth's, and the code is dead."""
    client.world.control.service("car_data", gateway_fault=True)
    code = (await client.device()).json()
    await client.decide(code)
    page = await client.poll(code)
    assert (page.status, list(page.json())) == (500, ["fault"])
    await client.world.advance(5)
    page = await client.poll(code)
    assert (page.status, page.json()["error"]) == (403, "access_denied")


async def test_the_link_may_be_incomplete(client: Client) -> None:
    """Then the owner types the code."""
    client.world.control.service("car_data", complete_link=False)
    assert "verification_uri_complete" not in (await client.device()).json()


async def test_scopes_of_what_is_subscribed(client: Client) -> None:
    """Without a subscription tokens lack the scope; without scopes they lack both."""
    client.world.control.account(client.username, stream=False)
    assert "cardata:streaming:read" not in (await client.sign_in())["scope"]
    assert "cardata" not in (await client.sign_in(scope=""))["scope"]
    client.world.control.account(client.username, api=False)
    assert (await client.device()).status == 400


async def test_a_refresh_token_is_good_once(signed_in: Client) -> None:
    """A restored backup's is dead, and does not hurt the one that is alive."""
    old = signed_in.tokens["refresh_token"]
    assert (await signed_in.refresh()).status == 200
    page = await signed_in.refresh(old)
    assert (page.status, page.json()["error"]) == (400, "invalid_request")
    assert (await signed_in.refresh()).status == 200


async def test_a_refresh_token_lives_a_fortnight(signed_in: Client) -> None:
    """Each refresh begins a new one."""
    world = signed_in.world
    world.clock.step(timedelta(days=13).total_seconds())
    assert (await signed_in.refresh()).status == 200
    world.clock.step(timedelta(days=13).total_seconds())
    assert (await signed_in.refresh()).status == 200
    world.clock.step(timedelta(days=14).total_seconds())
    assert (await signed_in.refresh()).status == 400


async def test_unsubscribing_ends_the_session(signed_in: Client) -> None:
    """The refresh token dies at once."""
    signed_in.world.control.account(signed_in.username, stream=False)
    assert (await signed_in.refresh()).status == 400


async def test_the_older_service_still_signs_in_there(world: World) -> None:
    """Both services share the host and even the path."""
    form = {"grant_type": "password", "username": "x", "password": "y"}
    address = world.address(SIGN_IN, "/gcdm/oauth/token")
    basic = {"Authorization": "Basic a2V5OnNlY3JldA=="}
    async with world.session.post(address, data=form, headers=basic) as answer:
        assert (await answer.json())["error"] == "invalid_scope"
    async with world.session.post(address, data=form) as answer:
        assert (await answer.json())["error"] == "invalid_request"
