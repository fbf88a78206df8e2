"""Signing in to Car-Net, and every way in which that is refused."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.world import World

from .seed_client import (
    CA,
    CA_CLIENT,
    IDENTITY,
    US,
    US_CLIENT,
    Halted,
    SeedClient,
    model_of,
)

_SIGN_IN_PAGE = "/signin-service/v1/signin/"


def _error(location: str | None) -> str:
    assert location is not None
    return parse_qs(urlsplit(location).query)["error"][0]


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
    await client.sign_in()


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
        {"scope": "openid profile"},
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
    """Without the session's cookie no page is shown."""
    await client.session.close()
    client.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    page = await client.follow(await client.authorize())
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


@pytest.mark.parametrize("variant", ["A", "B"])
async def test_wrong_password(world: World, client: SeedClient, variant: str) -> None:
    """A wrong password leads to the page again; the right one then still works."""
    world.control.service("car_net", password_page=variant)
    await client.open_email_page()
    await client.give_email()
    page = await client.give_password(password="wrong")
    assert page.status == 302
    assert _error(page.location) == "login.errors.password_invalid"
    assert "userId" not in (page.location or "")
    page = await client.follow(page)
    assert "login.errors.password_invalid" in page.text
    client.read_page(page)
    assert client.code(await client.follow(await client.give_password()))


async def test_unknown_e_mail(client: SeedClient) -> None:
    """An unknown address is offered to register."""
    client.username = "nobody@example.com"
    await client.open_email_page()
    page = await client.give_email()
    assert model_of(page)["registerCredentialsPath"] == "register"
    assert "credentialsForm" not in page.text


@pytest.mark.parametrize("email", ["", "nonsense", "a b@example.com", "a@b"])
async def test_malformed_e_mail(client: SeedClient, email: str) -> None:
    """What is no address is said to be none."""
    await client.open_email_page()
    page = await client.give_email(email=email)
    assert model_of(page)["error"] == "validator.email.invalid"


async def test_too_many_sign_ins(world: World, client: SeedClient) -> None:
    """The ninth password in quick succession is not looked at, for a while."""
    for _ in range(8):
        await client.sign_in()
    await client.open_email_page()
    await client.give_email()
    page = await client.give_password()
    assert _error(page.location) == "login.error.throttled"
    query = parse_qs(urlsplit(page.location or "").query)
    assert query["nextButtonDisabled"] == ["true"]
    assert query["enableNextButtonAfterSeconds"] == ["300"]
    await world.advance(301)
    await client.sign_in()


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("throttled", "login.error.throttled"),
        ("locked", "login.error.locked"),
        ("blocked", "login.error.blocked"),
    ],
)
async def test_refused_account(
    world: World, client: SeedClient, mode: str, error: str
) -> None:
    """A locked account says so in the redirect, whatever the password."""
    world.control.account(client.username, sign_in=mode, sign_in_count=1)
    await client.open_email_page()
    await client.give_email()
    page = await client.give_password()
    assert _error(page.location) == error
    await client.sign_in()


@pytest.mark.parametrize(
    ("mode", "sign"),
    [
        ("malformed_email", '"error":"validator.email.invalid"'),
        ("unknown", '"registerCredentialsPath":"register"'),
        ("unknown_error_code", '"errorCode":'),
        ("page_changed", "<vw-form"),
    ],
)
async def test_instead_of_the_password_page(
    world: World, client: SeedClient, mode: str, sign: str
) -> None:
    """What can stand where the password page is expected."""
    world.control.account(client.username, sign_in=mode)
    await client.open_email_page()
    page = await client.give_email()
    assert page.status == 200
    assert sign in page.text
    assert "credentialsForm" not in page.text


async def test_changed_email_page(world: World, client: SeedClient) -> None:
    """A page that nobody knows holds nothing that anybody looks for."""
    world.control.service("car_net", email_page="changed")
    page = await client.follow(await client.authorize())
    assert page.status == 200
    assert "emailPasswordForm" not in page.text
    assert "templateModel" not in page.text


async def test_outage_at_the_password(world: World, client: SeedClient) -> None:
    """The identity host has its bad moments."""
    world.control.account(client.username, sign_in="outage", sign_in_count=1)
    await client.open_email_page()
    await client.give_email()
    assert (await client.give_password()).status == 500
    await client.sign_in()


async def test_newer_refusal(world: World, client: SeedClient) -> None:
    """The newer software refuses credentials with 400 and a marked span."""
    world.control.account(client.username, sign_in="new_style")
    await client.open_email_page()
    await client.give_email()
    page = await client.give_password()
    assert page.status == 400
    assert 'data-error-code="wrong-email-credentials"' in page.text


@pytest.mark.parametrize("mode", ["terms", "dataprivacy"])
async def test_new_terms(world: World, client: SeedClient, mode: str) -> None:
    """New terms stand in the way until they are accepted, field by field."""
    world.control.account(client.username, sign_in=mode)
    await client.open_email_page()
    await client.give_email()
    first = await client.give_password()
    assert ("userId" in (first.location or "")) is (mode == "terms")
    assert ("updated=dataprivacy" in (first.location or "")) is (mode != "terms")
    page = await client.follow(first)
    assert "/terms-and-conditions" in page.url
    assert "termsAndConditions" in page.text

    model = model_of(page)
    csrf = re.findall(r"csrf_token: '(.*)'", page.text)[0]
    form = _acceptance(model, csrf)
    address = page.url.partition("?")[0]
    incomplete = {**form}
    del incomplete["legalDocuments[0].version"]
    assert (await client.call("POST", address, data=incomplete)).status == 400
    lower = {**form, "countryOfResidence": "us"}
    assert (await client.call("POST", address, data=lower)).status == 400
    accepted = await client.call("POST", address, data=form)
    assert client.code(await client.follow(accepted))
    await client.sign_in()


def _acceptance(model: dict[str, Any], csrf: str) -> dict[str, str]:
    left_out = {
        "skipLink",
        "declineLink",
        "majorVersion",
        "minorVersion",
        "changeSummary",
    }
    words = {True: "yes", False: "no"}
    document = {
        f"legalDocuments[0].{key}": words[value]
        if isinstance(value, bool)
        else str(value)
        for key, value in model["legalDocuments"][0].items()
        if key not in left_out
    }
    return {
        "_csrf": csrf,
        "relayState": model["relayState"],
        "hmac": model["hmac"],
        "countryOfResidence": model["countryOfResidence"].upper(),
        **document,
    }


async def test_missing_consent(world: World, client: SeedClient) -> None:
    """The consent page answers 200 and leads nowhere."""
    world.control.account(client.username, sign_in="consent")
    with pytest.raises(Halted) as halted:
        await client.sign_in()
    assert halted.value.page.status == 200
    assert "/consent/" in halted.value.page.url


async def test_marketing_can_be_passed(world: World, client: SeedClient) -> None:
    """The marketing page is passed without consent, by its callback."""
    world.control.account(client.username, sign_in="marketing", sign_in_count=1)
    with pytest.raises(Halted) as halted:
        await client.sign_in()
    page = halted.value.page
    assert "/consent/marketing/" in page.url
    callback = parse_qs(urlsplit(page.url).query)["callback"][0]
    assert " " in callback
    onward = await client.call("GET", callback.replace(" ", "%20"))
    assert client.code(await client.follow(onward))


async def test_end_without_a_code(world: World, client: SeedClient) -> None:
    """A flow may end on a page of the identity host."""
    world.control.account(client.username, sign_in="no_code")
    with pytest.raises(Halted) as halted:
        await client.sign_in()
    assert halted.value.page.status == 200
    assert halted.value.page.url.startswith(client.hosts[IDENTITY])


async def test_chain_is_signed(client: SeedClient) -> None:
    """Nobody walks the way back without the hmac of each step."""
    await client.open_email_page()
    await client.give_email()
    first = await client.give_password()
    assert first.location is not None
    forged = re.sub("HMAC=[0-9a-f]+", f"HMAC={'0' * 64}", first.location)
    assert (await client.call("GET", forged)).status == 400
    assert client.code(await client.follow(first))
