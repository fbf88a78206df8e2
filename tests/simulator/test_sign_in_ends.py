"""How a sign-in to Car-Net can end without tokens."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.world import World

from .seed_client import IDENTITY, Halted, SeedClient, model_of


def _error(location: str | None) -> str:
    assert location is not None
    return parse_qs(urlsplit(location).query)["error"][0]


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
