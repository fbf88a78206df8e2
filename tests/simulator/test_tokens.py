"""Codes, tokens and their refresh."""

import pytest

from tests.world import World

from .seed_client import CA, CA_CLIENT, US, US_CLIENT, SeedClient


async def _code(client: SeedClient) -> str:
    await client.open_email_page()
    await client.give_email()
    return client.code(await client.follow(await client.give_password()))


async def test_code_is_hexadecimal_and_good_once(client: SeedClient) -> None:
    """A code is 96 characters and can be traded once."""
    code = await _code(client)
    assert len(code) == 96
    assert (await client.exchange(code)).status == 200
    assert (await client.exchange(code)).status == 400


async def test_code_gets_old(world: World, client: SeedClient) -> None:
    """A code that was not used in time is worth nothing."""
    code = await _code(client)
    await world.advance(301)
    assert (await client.exchange(code)).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "0" * 64},
        {"code_verifier": ""},
        {"redirect_uri": "kombi:///login"},
        {"client_id": CA_CLIENT},
        {"grant_type": "password"},
        {"code": "0" * 96},
    ],
)
async def test_code_is_bound(client: SeedClient, change: dict[str, str]) -> None:
    """Verifier, redirect and client have to be those of the beginning."""
    page = await client.exchange(**{"code": await _code(client), **change})
    assert page.status == 400
    assert page.json()["error"]["errorCode"] == "INVALID_REQUEST"


async def test_code_is_bound_to_the_host(client: SeedClient) -> None:
    """The other country's token endpoint does not take it."""
    code = await _code(client)
    client.base = CA
    assert (await client.exchange(code)).status == 400


async def test_fields_in_the_query(client: SeedClient) -> None:
    """One client sends the fields as a query with an empty body."""
    fields = {
        "grant_type": "authorization_code",
        "code": await _code(client),
        "client_id": US_CLIENT,
        "redirect_uri": "car-net:///oauth-callback",
        "code_verifier": client.verifier,
    }
    page = await client.call("POST", client.url("/oidc/v1/token"), params=fields)
    assert page.status == 200


async def test_json_is_not_a_form(client: SeedClient) -> None:
    """The token endpoint takes forms only."""
    body = {"grant_type": "authorization_code", "code": await _code(client)}
    page = await client.call("POST", client.url("/oidc/v1/token"), json=body)
    assert page.status == 400


async def test_access_token_lives_half_an_hour(
    world: World, signed_in: SeedClient
) -> None:
    """After 1800 s the token is refused, and a refresh helps."""
    await world.advance(1790)
    assert (await signed_in.enroll()).status == 200
    await world.advance(11)
    assert (await signed_in.enroll()).status == 401
    page = await signed_in.refresh()
    assert page.status == 200
    signed_in.tokens = page.json()
    assert (await signed_in.enroll()).status == 200


@pytest.mark.parametrize("verifier", [None, "1" * 64])
async def test_refresh_needs_the_verifier(
    signed_in: SeedClient, verifier: str | None
) -> None:
    """A refresh without the first sign-in's verifier fails, obscurely."""
    page = await signed_in.refresh(code_verifier=verifier)
    assert page.status == 400
    assert "Internal Service validation failure" in page.text


async def test_refresh_is_bound(signed_in: SeedClient) -> None:
    """Another client's, an access token, or nonsense is no refresh token."""
    assert (await signed_in.refresh(client_id=CA_CLIENT)).status == 400
    access = signed_in.tokens["access_token"]
    assert (await signed_in.refresh(refresh_token=access)).status == 401
    assert (await signed_in.refresh(refresh_token="häßlich")).status == 401


async def test_refresh_token_dies_in_a_year(
    world: World, signed_in: SeedClient
) -> None:
    """Its own lifetime is told, and kept."""
    assert signed_in.tokens["refresh_expires_in"] == 31_536_000
    await world.advance(31_536_001)
    assert (await signed_in.refresh()).status == 401


async def test_rotation(world: World, signed_in: SeedClient) -> None:
    """Old refresh tokens may stay good, be used up, or never be replaced."""
    assert (await signed_in.refresh()).status == 200
    assert (await signed_in.refresh()).status == 200
    world.control.service("car_net", rotation="keep")
    assert "refresh_token" not in (await signed_in.refresh()).json()
    world.control.service("car_net", rotation="single_use")
    assert (await signed_in.refresh()).status == 401


async def test_single_use(world: World, client: SeedClient) -> None:
    """With rotation each refresh token works once."""
    world.control.service("car_net", rotation="single_use")
    await client.sign_in()
    page = await client.refresh()
    assert page.status == 200
    assert (await client.refresh()).status == 401
    client.tokens = page.json()
    assert (await client.refresh()).status == 200


async def test_revoked(world: World, signed_in: SeedClient) -> None:
    """Tokens can be taken away at any moment."""
    world.control.account(signed_in.username, revoke="access")
    assert (await signed_in.enroll()).status == 401
    signed_in.tokens = (await signed_in.refresh()).json()
    assert (await signed_in.enroll()).status == 200
    world.control.account(signed_in.username, revoke="refresh")
    assert (await signed_in.enroll()).status == 200
    assert (await signed_in.refresh()).status == 401
    await signed_in.sign_in()
    assert (await signed_in.refresh()).status == 200


async def test_attestation(world: World, signed_in: SeedClient) -> None:
    """The lock-out of foreign apps: sign-in goes well, the token call does not."""
    world.control.service("car_net", attestation="presence")
    assert (await signed_in.refresh()).status == 401
    page = await signed_in.exchange(await _code(signed_in), play_integrity_token="x")
    assert page.status == 200
    world.control.service("car_net", attestation="enforced")
    page = await signed_in.exchange(await _code(signed_in), play_integrity_token="x")
    assert page.status == 401
    assert page.json()["error"]["origin"] == "CarnetSPAuthorizationServer"
    assert page.json()["error"]["errorCode"] == "INVALID_REQUEST"
    for form, status in (("attestation", 401), ("integrity", 403)):
        world.control.service("car_net", attestation_refusal=form)
        page = await signed_in.refresh()
        assert page.status == status
        assert form in page.text


async def test_short_lifetime_and_camel_case(world: World, client: SeedClient) -> None:
    """Lifetimes and spellings can be set."""
    world.control.service("car_net", access_lifetime=60, camel_case=True)
    page = await client.exchange(await _code(client))
    assert page.json()["expires_in"] == 60
    assert {"accessToken", "idToken", "refreshToken"} <= page.json().keys()


async def test_id_token_is_no_bearer(signed_in: SeedClient) -> None:
    """The id token as bearer is told apart."""
    signed_in.tokens["access_token"] = signed_in.tokens["id_token"]
    page = await signed_in.enroll()
    assert page.status == 401
    assert "jtt must be 'access_token'" in page.text


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_no_bearer(signed_in: SeedClient, token: str) -> None:
    """Without a token of ours nothing is said."""
    signed_in.tokens["access_token"] = token
    assert (await signed_in.enroll()).status == 401


async def test_data_of_the_other_country(signed_in: SeedClient) -> None:
    """A token used at the other base is an error of the server."""
    signed_in.base = CA
    assert (await signed_in.enroll()).status == 500
    signed_in.base = US
    assert (await signed_in.enroll()).status == 200


async def test_tokens_outlive_the_simulator(signed_in: SeedClient) -> None:
    """After a restart the owner need not sign in again."""
    async with World().opened() as later:
        signed_in.hosts = later.simulator.hosts
        assert (await signed_in.enroll()).status == 200
        assert (await signed_in.refresh()).status == 200


async def test_documents(client: SeedClient) -> None:
    """The discovery document points at this base."""
    url = client.url("/oidc/v1/.well-known/openid-configuration")
    document = (await client.call("GET", url)).json()
    assert document["token_endpoint"] == client.url("/oidc/v1/token")
    (key,) = (await client.call("GET", document["jwks_uri"])).json()["keys"]
    assert key["alg"] == "RS256"
