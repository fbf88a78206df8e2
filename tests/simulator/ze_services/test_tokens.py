"""Login and refresh of the simulated Z.E. Services, in both generations."""

import pytest

from simulator.accounts import ACCOUNTS
from tests.world import World

from .client import ZeClient
from .conftest import client_of


async def test_the_login_answer(client: ZeClient) -> None:
    """It has token, refresh token and everything about the user."""
    said = await client.sign_in()
    assert said.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert said.body.keys() == {"token", "refresh_token", "user"}
    user = said.body["user"]
    assert user["vehicle_details"]["VIN"] == client.vin
    assert [car["VIN"] for car in user["associated_vehicles"]] == [client.vin]
    assert user["timezone"] == "Europe/London"
    assert "AC_REMOTE_CONTROL" in user["scopes"]
    claims = client.claims
    assert claims.keys() == {"sub", "jti", "iat", "exp"}
    assert claims["exp"] - claims["iat"] == 36_000


async def test_tokens_of_every_length(world: World) -> None:
    """Their payloads need all the paddings there are."""
    lengths = set()
    for spec in ACCOUNTS:
        if spec.service == "ze_services":
            client = client_of(world, spec.username)
            await client.sign_in()
            lengths.add(len(client.token.split(".")[1]) % 4)
    assert lengths == {0, 2, 3}


@pytest.mark.parametrize("body", [{}, {"username": "zoe.tester@example.com"}, {"x": 1}])
async def test_wrong_credentials(client: ZeClient, body: dict[str, str]) -> None:
    """401, in the error body."""
    said = await client.call("POST", "/user/login", body)
    assert said.status == 401
    assert said.body.keys() == {"code", "message", "timestamp"}


async def test_a_login_that_is_no_json(client: ZeClient) -> None:
    """A form is not understood; JSON is, whatever it is called."""
    said = await client.call("POST", "/user/login", data="username=a&password=b")
    assert said.status == 400
    said = await client.call(
        "POST",
        "/user/login",
        data=f'{{"username": "{client.username}", "password": "{client.password}"}}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert said.status == 200


async def test_an_expired_token(signed_in: ZeClient) -> None:
    """It is refused, and renewed with the old pair, again and again."""
    first, claims = signed_in.token, signed_in.claims
    for _ in range(3):
        await signed_in.world.advance(36_000)
        said = await signed_in.car("GET", "/battery")
        assert (said.status, said.body["code"]) == (401, 403852)
        assert said.body["message"].endswith(".ExpiredToken")
        pair = {"token": first, "refresh_token": signed_in.login["refresh_token"]}
        said = await signed_in.call("POST", "/user/token/refresh", pair)
        assert said.body.keys() == {"token"}
        signed_in.token = said.body["token"]
        renewed = signed_in.claims
        assert (renewed["sub"], renewed["jti"]) == (claims["sub"], claims["jti"])
        assert renewed["exp"] > claims["exp"]
        assert (await signed_in.car("GET", "/battery")).status == 200


async def test_a_refresh_that_does_not_pair(signed_in: ZeClient) -> None:
    """Neither without the refresh token nor with a token of somebody's own."""
    good = {"token": signed_in.token, "refresh_token": signed_in.login["refresh_token"]}
    head, _, _ = signed_in.token.rpartition(".")
    for change in ({"refresh_token": "x"}, {"token": f"{head}.x"}, {"token": 1}):
        said = await signed_in.call("POST", "/user/token/refresh", good | change)
        assert said.status == 401


async def test_the_second_generation(client: ZeClient) -> None:
    """A quarter of an hour, a cookie, and a word to send along."""
    client.world.control.service("ze_services", generation=2)
    said = await client.sign_in()
    assert said.body.keys() == {"token", "xsrfToken", "user"}
    assert client.claims.keys() == {"sub", "userId", "iat", "exp"}
    await client.world.advance(900)
    assert (await client.car("GET", "/battery")).status == 401
    body, path = {"token": client.token}, "/user/token/refresh"
    word = {"X-XSRF-TOKEN": client.login["xsrfToken"]}
    cookie = {"Cookie": f"refreshToken={client.cookie}"}
    said = await client.call("POST", path, body, headers=word)
    assert (said.status, said.body["message"]) == (401, "Missing cookie 'refreshToken'")
    assert (await client.call("POST", path, body, headers=cookie)).status == 401
    said = await client.call("POST", path, body, headers=word | cookie)
    assert said.status == 200
    # The cookie only pairs with the token of the login.
    other = {"token": said.body["token"]}
    said = await client.call("POST", path, other, headers=word | cookie)
    assert said.status == 401


async def test_no_call_without_a_token(client: ZeClient) -> None:
    """Nor with one that says nothing."""
    for token in ("", "a.b.c"):
        client.token = token
        assert (await client.car("GET", "/battery")).status == 401


@pytest.mark.parametrize(
    ("setting", "value", "status"),
    [
        ("sign_in", "locked", 423),
        ("sign_in", "throttled", 429),
        ("sign_in", "refused", 403),
        ("sign_in", "outage", 503),
        ("migrated", True, 403),
    ],
)
async def test_bad_days(
    client: ZeClient, setting: str, value: str | bool, status: int
) -> None:
    """Each with its own status; a country that moved on has addresses."""
    client.world.control.account(client.username, **{setting: value})
    credentials = {"username": client.username, "password": client.password}
    said = await client.call("POST", "/user/login", credentials)
    assert said.status == status
    if setting == "migrated":
        assert said.body["code"] == 403900
        assert said.body["redirectURLs"].keys() == {"appstore", "playstore", "website"}


async def test_a_country_that_moves_on(signed_in: ZeClient) -> None:
    """Every call and every renewal says so."""
    signed_in.world.control.account(signed_in.username, migrated=True)
    pair = {
        "token": signed_in.token,
        "refresh_token": signed_in.login["refresh_token"],
    }
    said = await signed_in.call("POST", "/user/token/refresh", pair)
    assert said.body["code"] == 403900
    assert (await signed_in.car("GET", "/battery")).body["code"] == 403900


async def test_the_index_has_its_accounts(world: World) -> None:
    """For the set-up form's Server field."""
    world.control.reset()
    cloud = world.simulator.clouds["ze_services"]
    accounts = list(cloud.accounts())
    assert {"zoe.tester@example.com"} <= {one["username"] for one in accounts}
    assert all(one["vins"] for one in accounts)
