"""The token call: three addresses, a strict form, and what it refuses."""

import pytest

from tests.world import World

from .client import EU, TOKEN, US, VEHICLES, Client


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (EU, "/webapi/oauth/token/"),
        (EU, "/webapi/oauth/token"),
        (EU, "/gcdm/oauth/token"),
        (US, "/gcdm/oauth/token"),
        ("b2vapi.bmwgroup.cn", "/webapi/oauth/token"),
        ("customer.bmwgroup.com", "/gcdm/oauth/token"),
        ("customer.bmwgroup.cn", "/gcdm/oauth/token"),
    ],
)
async def test_every_address_there_ever_was(
    client: Client, host: str, path: str
) -> None:
    """The answer is the same everywhere, and its token is good."""
    page = await client.sell(path, host)
    assert page.status == 200
    answer = page.json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 28_800)
    assert answer["refresh_token"]
    client.token = answer["access_token"]
    assert (await client.call("GET", VEHICLES, host=EU)).status == 200


async def test_later_hosts_serve_nothing_else(client: Client) -> None:
    """They have one path each."""
    assert (await client.sell(TOKEN, "customer.bmwgroup.com")).status == 404


async def test_both_spellings_of_a_form(client: Client) -> None:
    """The one without its last letter was printed, and is taken."""
    assert (await client.sell(kind="application/x-www-form-urlencode")).status == 200
    page = await client.sell(kind="application/json")
    assert (page.status, page.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"password": "Wrong"}, 401, "invalid_client"),
        ({"username": "nobody@example.com"}, 401, "invalid_client"),
        ({"key": "someone:else"}, 401, "invalid_client"),
        ({"key": "i-remote-app:wrong"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"scope": "remote_services"}, 400, "invalid_scope"),
    ],
)
async def test_refusals(
    client: Client, fields: dict[str, str], status: int, error: str
) -> None:
    """A token is refused if one of the fields is wrong."""
    page = await client.sell(**fields)
    assert (page.status, page.json()["error"]) == (status, error)


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic ???", "Basic /////w=="])
async def test_the_key_has_to_be_readable(client: Client, header: str) -> None:
    """Something else than a pair in base64 is no key."""
    page = await client.call(
        "POST",
        TOKEN,
        body="grant_type=password&username=a&password=b&scope=vehicle_data",
        Authorization=header,
        Content_Type="application/x-www-form-urlencoded",
    )
    assert page.status == 401


async def test_wrong_passwords_lock(world: World, client: Client) -> None:
    """Five of them, then 423 for everybody."""
    for _ in range(5):
        assert (await client.sell(password="Wrong")).status == 401
    page = await client.sell()
    assert (page.status, page.json()["error"]["description"]) == (
        423,
        "ACCOUNT_LOCKED",
    )
    world.control.account(client.username, wrong_passwords=0)
    assert (await client.sell()).status == 200


async def test_too_many_sign_ins(world: World, client: Client) -> None:
    """They are throttled for a while."""
    world.control.service("i_remote", sign_in_limit=2)
    assert [(await client.sell()).status for _ in range(3)] == [200, 200, 429]
    await world.advance(901)
    assert (await client.sell()).status == 200


async def test_tokens_end(world: World, client: Client) -> None:
    """After eight hours, or when they are taken back."""
    assert (await client.call("GET", VEHICLES)).status == 401
    await client.sign_in()
    await world.advance(28_799)
    assert (await client.call("GET", VEHICLES)).status == 200
    await world.advance(2)
    page = await client.call("GET", VEHICLES)
    assert (page.status, page.json()["error"]["description"]) == (401, "UNAUTHORIZED")
    await client.sign_in()
    world.control.account(client.username, revoke="access")
    assert (await client.call("GET", VEHICLES)).status == 401


async def test_tokens_outlive_a_reset(world: World, signed_in: Client) -> None:
    """A client in another process goes on."""
    world.control.service("i_remote", list_form="array")
    world.control.reset()
    page = await signed_in.call("GET", VEHICLES)
    assert "vehicles" in page.json()


async def test_who_called(world: World, signed_in: Client) -> None:
    """Calls are known by their account, sign-ins too."""
    await signed_in.get(0, "/status")
    calls = world.control.calls(account=signed_in.username)
    assert [call.path for call in calls] == [TOKEN, signed_in.path(0, "/status")]
