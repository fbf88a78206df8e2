"""Setting up an account at the Data Act portal in the dialog: codes, steps, requests."""

from typing import Any

import pytest

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant

from ..conftest import async_poll
from ..world import World
from .flow_pages import TEXTS, assert_form, decision, placeholders
from .owner import Owner, owner_of

TESTER = "datenprobe@example.com"
PORTAL = "https://eu-data-act.drivesomethinggreater.com"
CREATIONS = "*/requests/partial"
QUARTER = 900.0


class Pages:
    """The tester at the pages."""

    def __init__(self, hass: HomeAssistant, world: World) -> None:
        """Know who it is; nothing is open yet."""
        self.hass, self.world = hass, world
        self.owner: Owner = owner_of(hass, world, TESTER)
        self.page: ConfigFlowResult

    async def begin(self, **typed: str) -> ConfigFlowResult:
        """Fill in the form of a new account, some of it otherwise."""
        self.page = await self.owner.submit(await self.owner.begin(), **typed)
        return self.page

    async def submit(self, **typed: Any) -> ConfigFlowResult:
        """Submit the page that is open."""
        self.page = await self.hass.config_entries.flow.async_configure(
            self.page["flow_id"], typed
        )
        return self.page

    async def choose(self, answer: str) -> ConfigFlowResult:
        """Choose an answer to a question."""
        return await self.submit(next_step_id=answer)

    def asks(self, key: str, **told: str) -> bool:
        """Return whether the page asks this, in every language, with the portal's link."""
        told = {"kind": "", **told, "link": placeholders(self.page)["link"]}
        text = TEXTS["en"]["config"]["step"][f"confirm_{key}"]["description"]
        asked = decision(self.page)
        return text.format_map(told) == asked and PORTAL in asked


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Sign in to EU Data Act portal"),
        ("de", "Anmelden: EU-Data-Act-Portal"),
    ],
)
async def test_form_names_the_portal(
    hass: HomeAssistant, hass_world: World, language: str, title: str
) -> None:
    """Nobody signs in to a law; the page says where, in the owner's language."""
    hass.config.language = language
    form = await owner_of(hass, hass_world, TESTER).begin()
    told = TEXTS[language]["config"]["step"][form["step_id"]]["title"]
    assert told.format_map(placeholders(form)) == title


async def test_account_has_the_brand_as_its_maker_spells_it(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The key of the brand is not its name."""
    owner = owner_of(hass, hass_world, "skoda.daten@example.com")
    await owner.set_up()
    assert owner.entry.title == "EU Data Act (s***@example.com, Škoda)"
    assert owner.entry.data["brand"] == "skoda"


async def test_data_request_is_created_by_the_dialog(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Each car is asked about; what was agreed to is made, and brings data."""
    control = hass_world.control
    control.account(TESTER, requests="delete")
    pages = Pages(hass, hass_world)
    await pages.begin()
    assert pages.asks("create_data_request", car="ID.3")
    assert not control.calls(CREATIONS)
    await pages.choose("agree")
    assert len(control.calls(CREATIONS)) == 1
    assert pages.asks("create_data_request", car="Passat")
    await pages.owner.finish(await pages.choose("decline"))
    await hass.async_block_till_done()
    assert len(control.calls(CREATIONS)) == 1
    owner = pages.owner
    assert owner.state("sensor", "data_delivery").state == "waiting"
    other = owner.about(owner.account.vins[1])
    assert other.state("sensor", "data_delivery").state == "no_request"
    for _ in range(4):
        await async_poll(hass, hass_world, QUARTER)
    assert owner.state("sensor", "battery_level").state != "unknown"
    assert owner.state("sensor", "data_delivery").state in {"current", "nothing_new"}


async def test_cars_are_linked_while_the_dialog_waits(
    hass: HomeAssistant, hass_world: World
) -> None:
    """What is to be done at the portal is told; a click looks again, and it goes on."""
    control = hass_world.control
    control.account(TESTER, empty=True)
    pages = Pages(hass, hass_world)
    await pages.begin()
    assert pages.asks("link_cars", brand="Volkswagen")
    control.account(TESTER, empty=False)
    await pages.owner.finish(await pages.choose("agree"))
    await hass.async_block_till_done()
    assert pages.owner.state("sensor", "battery_level").state != "unknown"
    assert len(control.calls("*/login/authenticate", method="POST")) == 1


async def test_wrong_brand_has_no_cars(hass: HomeAssistant, hass_world: World) -> None:
    """A no brings the form back, which says that there are none, and can be mended."""
    pages = Pages(hass, hass_world)
    await pages.begin(brand="audi")
    assert pages.asks("link_cars", brand="Audi")
    form = await pages.choose("decline")
    assert form["errors"] == {"base": "no_cars"}
    await pages.owner.finish(await pages.owner.submit(form))


async def test_refused_creation_sends_the_owner_to_the_portal(
    hass: HomeAssistant, hass_world: World
) -> None:
    """All data is asked about, then the portal is named; the account is set up."""
    hass_world.control.account(
        TESTER, requests="delete", creation="refused", sell="WVWZZZ3CZME167891"
    )
    pages = Pages(hass, hass_world)
    await pages.begin()
    await pages.choose("agree")
    assert pages.asks("create_data_request_all", car="ID.3")
    await pages.choose("agree")
    assert pages.asks("data_request_refused", car="ID.3")
    await pages.owner.finish(await pages.choose("agree"))


async def test_mailed_code(hass: HomeAssistant, hass_world: World) -> None:
    """It is asked for on a page of its own; the address on it is masked."""
    hass_world.control.account(TESTER, email_code=True)
    pages = Pages(hass, hass_world)
    page = await pages.begin()
    assert_form(page, "code")
    assert placeholders(page) == {"sent_to": "d…@e…"}
    assert_form(await pages.submit(code="000000"), "code", "code_wrong")
    (code,) = (
        one["mailed_code"]
        for one in hass_world.simulator.clouds["eu_data_act"].accounts()
        if "mailed_code" in one
    )
    await pages.owner.finish(await pages.submit(code=code))


async def test_consent_is_given_in_the_browser(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The kind of the consent is named, and the sign-in goes on when it is given."""
    control = hass_world.control
    control.account(TESTER, consent_kind="dataprivacy")
    pages = Pages(hass, hass_world)
    await pages.begin()
    assert pages.asks("consent", kind="dataprivacy")
    control.account(TESTER, consent_kind="")
    await pages.owner.finish(await pages.choose("agree"))


async def test_step_that_is_declined(hass: HomeAssistant, hass_world: World) -> None:
    """The form says what is missing, and nothing is sent again by itself."""
    control = hass_world.control
    control.account(TESTER, sign_in="terms")
    pages = Pages(hass, hass_world)
    await pages.begin()
    assert pages.asks("new_terms")
    control.forget_calls()
    page = await pages.choose("decline")
    assert page["errors"] == {"base": "new_terms"}
    assert not control.calls("*/login/authenticate")
