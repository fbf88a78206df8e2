"""Signing in at the portal: what it wants of a client, and what stands in the way."""

import pytest

from simulator.data_act_cars import DATA_ACT_CARS
from tests.simulator.we_connect.conftest import PASSAT as WE_PASSAT
from tests.world import World

from .client import AUDI, IDENTITY, PORTAL
from .conftest import ID3, PASSAT, TESTER, Open

OWNERS = {
    "VOLKSWAGEN_PASSENGER_CARS": TESTER,
    "VOLKSWAGEN_COMMERCIAL_VEHICLES": "lieferung@example.com",
    "AUDI": "vier.ringe@example.com",
    "SKODA": "skoda.daten@example.com",
    "SEAT": "leonera@example.com",
    "CUPRA": "nacida@example.com",
    "BENTLEY": "crewe@example.com",
}


async def test_password_leads_to_the_session_cookie(opened: Open, world: World) -> None:
    """The chain ends at the portal's call that sets the cookie; its page is nowhere."""
    client = opened()
    end = await client.sign_in()
    assert end.url.startswith(f"{world.simulator.hosts[PORTAL]}/services/callbacklogin")
    assert end.status == 302
    assert client.signed_in
    assert end.location is not None
    assert (await client.call("GET", end.location)).status == 404
    assert await client.vins() == [ID3, PASSAT]
    assert not world.control.calls("/", host=PORTAL)


def test_every_car_is_called_by_its_own_model() -> None:
    """What is made like another car does not have its name too."""
    models = {car.model: car.nickname for car in DATA_ACT_CARS if car.nickname}
    assert models["Q4 40 e-tron"] == "Q4 e-tron"
    assert len(set(models.values())) == len(models)


@pytest.mark.parametrize("brand", OWNERS)
async def test_every_brand(brand: str, opened: Open) -> None:
    """Each brand has a client of its own, and its owners see their cars."""
    client = opened(OWNERS[brand])
    await client.sign_in()
    assert len(await client.vins()) >= 1


async def test_brand_that_is_not_the_owners(opened: Open) -> None:
    """The password is good for every brand, but there are no cars."""
    client = opened(TESTER, brand="AUDI")
    await client.sign_in()
    assert client.signed_in
    assert await client.vins() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": AUDI},
        {"client_id": "nobody@apps_vw-dilab_com"},
        {"state": "de__de"},
        {"state": "de__de__PORSCHE"},
        {"redirect_uri": "https://example.com/login"},
        {"scope": "openid"},
        {"response_type": "code id_token"},
    ],
    ids=lambda changes: next(iter(changes.values())),
)
async def test_authorization_is_exact(opened: Open, changes: dict[str, str]) -> None:
    """Client, state, scope and redirect belong together."""
    assert (await opened().authorize(**changes)).status == 400


async def test_password_with_the_pages_query(opened: Open) -> None:
    """A query beside the form brings the relay state twice, which is refused."""
    client = opened()
    page = await client.give_email()
    end = await client.give_password(page, query="?relayState=again")
    assert end.status == 400
    assert not client.signed_in


@pytest.mark.parametrize(
    "header", ["User-Agent", "Accept-Language", "Upgrade-Insecure-Requests"]
)
async def test_client_without_headers_is_led_astray(opened: Open, header: str) -> None:
    """What looks like no browser ends at a legal page instead of the portal."""
    client = opened()
    del client.headers[header]
    end = await client.sign_in()
    assert end.status == 200
    assert "/consent/legal/" in end.url
    assert not client.signed_in


async def test_browser_that_does_not_name_itself(opened: Open) -> None:
    """A browser's own name is no product token, and no page before is no way here."""
    client = opened()
    client.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"
    assert "/consent/legal/" in (await client.sign_in()).url
    other = opened()
    other.referers = False
    assert "/consent/legal/" in (await other.sign_in()).url


async def test_wrong_password(opened: Open) -> None:
    """The reason stands in the address."""
    client = opened()
    client.password = "wrong"
    end = await client.sign_in()
    assert "error=login.errors.password_invalid" in end.url


async def test_marketing_can_be_passed_without_consent(
    opened: Open, world: World
) -> None:
    """The page names where it goes on, whatever is answered."""
    world.control.account(TESTER, sign_in="marketing")
    client = opened()
    end = await client.sign_in()
    assert "/consent/marketing/" in end.url
    await client.pass_marketing(end)
    assert client.signed_in


async def test_consents_and_terms_stop(opened: Open, world: World) -> None:
    """What only the owner can decide is a page, and no session."""
    world.control.account(TESTER, consent_kind="dataprivacy")
    client = opened()
    assert "/consent/dataprivacy/users/" in (await client.sign_in()).url
    world.control.account(TESTER, consent_kind="", sign_in="terms")
    assert "terms-and-conditions" in (await client.sign_in()).url
    assert not client.signed_in


async def test_code_by_email(opened: Open, world: World) -> None:
    """A code is mailed once, a wrong one can be mended, and the right one goes on."""
    world.control.account(TESTER, email_code=True)
    client = opened()
    page = await client.sign_in()
    assert "/u/email-challenge" in page.url
    (listed,) = [
        one
        for one in world.simulator.clouds["eu_data_act"].accounts()
        if one["username"] == TESTER
    ]
    wrong = await client.give_code(page, "not it")
    assert wrong.status == 400
    assert "error-element-code" in wrong.text
    await client.give_code(page, listed["mailed_code"])
    assert client.signed_in


async def test_account_that_is_refused_for_ever(opened: Open, world: World) -> None:
    """For some accounts the sign-in works, and nothing after it."""
    world.control.account(TESTER, unauthorised=True)
    client = opened()
    await client.sign_in()
    said = await client.api("/consent/me/vehicles?viewPosition=FRONT_LEFT")
    assert said.status == 401


async def test_session_ends(opened: Open, world: World) -> None:
    """A cookie is good for a while; a client can sign in again."""
    world.control.service("eu_data_act", session_lifetime=600, opaque_session=True)
    client = opened()
    await client.sign_in()
    assert await client.vins()
    await world.advance(601)
    said = await client.api("/consent/me/vehicles?viewPosition=FRONT_LEFT")
    assert said.status == 401
    await client.sign_in()
    assert await client.vins()


async def test_identity_host_is_shared(opened: Open, world: World) -> None:
    """The host tells by the client whose sign-in it is, with a car known to both."""
    assert PASSAT == WE_PASSAT
    client = opened()
    await client.sign_in()
    app = "9496332b-ea03-4091-a224-8c746b885068@apps_vw-dilab_com"
    strange = await client.authorize(client_id=app)
    # We Connect's own app asks in another way.
    assert strange.status == 400
    kept = {call.account for call in world.control.calls(host=IDENTITY)}
    assert kept == {None, TESTER}
