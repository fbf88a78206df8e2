"""Signing in to Car-Net, and every way in which that is refused."""

import re
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.world import World

from .seed_client import CA, CA_CLIENT, IDENTITY, US, US_CLIENT, SeedClient


@pytest.mark.parametrize("variant", ["A", "B"])
@pytest.mark.parametrize("email_page", ["A", "B"])
@pytest.mark.parametrize("method", [None, "S256"])
async def test_signs_in(
    world: World, client: SeedClient, variant: str, email_page: str, method: str | None
) -> None:
    """Every variant of the pages and of the challenge leads to tokens."""
    world.control.service("car_net", email_page=email_page, password_page=variant)
    client.challenge_method = method
    client.padded = method is None
    await client.sign_in()
    assert client.tokens["expires_in"] == 1800
    assert client.tokens["token_type"] == "Bearer"
    assert client.tokens["access_token"].startswith("eyJraWQi")
    assert [urlsplit(hop).path.split("/")[-1] for hop in client.hops][-4:] == [
        "sso",
        client.hops[-3].split("?")[0].rsplit("/", 1)[1],
        "success",
        "callback",
    ]
    assert "userId=" in next(hop for hop in client.hops if "/oauth/sso" in hop)


async def test_keeping_the_first_fields_is_enough(
    world: World, client: SeedClient
) -> None:
    """Only the hmac of the password page has to be new."""
    world.control.service("car_net", password_page="B")
    await client.open_email_page()
    csrf = client.fields["_csrf"]
    await client.give_email()
    assert client.fields["_csrf"] != csrf
    page = await client.follow(await client.give_password(_csrf=csrf))
    assert client.code(page)


async def test_code_in_the_fragment(world: World, client: SeedClient) -> None:
    """The app's address may carry its answer behind a hash."""
    world.control.service("car_net", code_in_fragment=True)
    await client.open_email_page()
    await client.give_email()
    page = await client.follow(await client.give_password())
    assert page.location is not None
    answer = urlsplit(page.location)
    assert answer.query == ""
    assert parse_qs(answer.fragment).keys() == {"state", "code"}
    assert (await client.exchange(client.code(page))).status == 200


async def test_localhost_suits_the_default_jar(world: World) -> None:
    """Asked by name, the simulator answers with names, for jars that need them."""
    port = world.simulator.address.rpartition(":")[2]
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            world.simulator.address, headers={"Host": f"localhost:{port}"}
        ) as answer,
    ):
        index = await answer.json()
    assert index["hosts"][US].startswith("http://localhost:")
    assert index["control"] == f"http://localhost:{port}/control"


async def test_canada(world: World) -> None:
    """A Canadian account signs in at the Canadian base."""
    client = SeedClient(
        world.simulator.hosts, "pilote@example.com", base=CA, client_id=CA_CLIENT
    )
    await client.sign_in()
    await client.enroll()
    assert (await client.status())["powerStatus"]["cruiseRangeUnits"] == "KM"
    await client.close()


@pytest.mark.parametrize(
    ("base", "client_id"), [(US, CA_CLIENT), (CA, US_CLIENT), (US, "nobody")]
)
async def test_client_of_the_other_country(
    client: SeedClient, base: str, client_id: str
) -> None:
    """Host and client have to belong together."""
    client.base, client.client_id = base, client_id
    assert (await client.authorize()).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "car-net:///elsewhere"},
        {"redirect_uri": "kombi:///login"},
        {"scope": "profile"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": None},
    ],
)
async def test_authorize_is_exact(
    client: SeedClient, change: dict[str, str | None]
) -> None:
    """Nothing but the documented call is understood."""
    assert (await client.authorize(**change)).status == 400


async def test_account_of_the_other_country(world: World, client: SeedClient) -> None:
    """A Canadian at the US sign-in gets a server error for the password."""
    client.username, client.password = "pilote@example.com", "Grand-Nord-2016"
    await client.open_email_page()
    await client.give_email()
    assert (await client.give_password()).status == 500


async def test_cookies_are_needed(world: World, client: SeedClient) -> None:
    """Without the session's cookie the first page is shown, and nothing behind it."""
    await client.session.close()
    client.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    page = await client.follow(await client.authorize())
    assert page.status == 200
    client.read_page(page)
    page = await client.give_email()
    assert page.status == 400
    assert "hmac" not in page.text


async def test_cookies_are_needed_to_the_end(client: SeedClient) -> None:
    """A client that loses them on the way is not let in."""
    await client.open_email_page()
    client.session.cookie_jar.clear()
    assert (await client.give_email()).status == 400


@pytest.mark.parametrize("field", ["_csrf", "relayState", "hmac"])
async def test_hidden_fields_are_checked(client: SeedClient, field: str) -> None:
    """Each hidden field of each form matters, and nothing says which was wrong."""
    await client.open_email_page()
    wrong = "0" * len(client.fields[field])
    page = await client.give_email(**{field: wrong})
    assert page.status == 400
    assert field not in page.text

    await client.open_email_page()
    await client.give_email()
    assert (await client.give_password(**{field: wrong})).status == 400


async def test_hmac_rotates(client: SeedClient) -> None:
    """The e-mail page's hmac is no good for the password, nor a second time."""
    await client.open_email_page()
    old = client.fields["hmac"]
    await client.give_email()
    assert client.fields["hmac"] != old
    assert (await client.give_password(hmac=old)).status == 400
    first = await client.give_password()
    assert first.status == 302
    assert (await client.give_password()).status == 400


async def test_relay_state_is_used_once(client: SeedClient) -> None:
    """A flow that has led to a code is over."""
    await client.sign_in()
    assert (await client.give_password()).status == 400
    page = await client.call("GET", next(hop for hop in client.hops if "sso" in hop))
    assert page.status == 400


async def test_multipart_is_not_understood(client: SeedClient) -> None:
    """Forms are form-encoded, or they are nothing."""
    await client.open_email_page()
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in {**client.fields, "email": client.username}.items():
        form.add_field(name, value)
    assert (await client.call("POST", client.action, data=form)).status == 400


async def test_e_mail_has_to_stay_the_same(client: SeedClient) -> None:
    """The password belongs to the e-mail address of the page before."""
    await client.open_email_page()
    await client.give_email()
    page = await client.give_password(email="driver@example.com")
    assert page.status == 400


async def test_chain_is_signed(client: SeedClient) -> None:
    """Nobody walks the way back without the hmac of each step."""
    await client.open_email_page()
    await client.give_email()
    first = await client.give_password()
    assert first.location is not None
    forged = re.sub("HMAC=[0-9a-f]+", f"HMAC={'0' * 64}", first.location)
    assert (await client.call("GET", forged)).status == 400
    assert client.code(await client.follow(first))


@pytest.mark.parametrize(
    "change",
    [{"client_id": US_CLIENT}, {"redirect_uri": "https://example.com/"}, {"state": ""}],
)
async def test_the_base_is_a_client_of_its_own(
    client: SeedClient, change: dict[str, str]
) -> None:
    """The identity host serves the bases, each with its own callback."""
    first = await client.authorize()
    parts = urlsplit(first.location or "")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    sent = {name: value for name, value in {**query, **change}.items() if value}
    address = client.url(parts.path, IDENTITY)
    assert (await client.call("GET", address, params=sent)).status == 400


async def test_forged_callback(client: SeedClient) -> None:
    """The base takes each code of the identity host once, with its own state."""
    await client.sign_in()
    used = client.hops[-1]
    assert used.startswith(client.url("/oidc/v1/callback"))
    assert (await client.call("GET", used)).status == 400


async def test_sessions_end(world: World, client: SeedClient) -> None:
    """Who leaves the page open for half an hour begins anew."""
    await client.open_email_page()
    await world.advance(1801)
    assert (await client.give_email()).status == 400
    await client.sign_in()


async def test_other_peoples_pages(client: SeedClient) -> None:
    """A page's address is worth nothing without its own flow."""
    page = await client.open_email_page()
    other = page.url.replace(client.fields["relayState"], "0" * 40)
    assert (await client.call("GET", other)).status == 400
    assert (
        await client.call("GET", page.url.replace("b680e751", "b43c9f82"))
    ).status == 400
    early = client.action.replace("identifier", "authenticate")
    early += f"?relayState={client.fields['relayState']}"
    assert (await client.call("GET", early)).status == 400


@pytest.mark.parametrize(
    ("name", "kind"), [("runtime.js", "text/javascript"), ("main.css", "text/css")]
)
async def test_a_person_with_a_browser_can_sign_in(
    world: World, name: str, kind: str
) -> None:
    """What the pages load is there: without the script nothing could be filled in."""
    address = world.address(IDENTITY, f"/signin-service/v1/static/{name}")
    async with world.session.get(address) as answer:
        assert (answer.status, answer.content_type) == (200, kind)
        assert await answer.text()
