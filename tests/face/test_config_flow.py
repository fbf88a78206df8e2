"""A new account over HTTP: every way in, and every way in which it fails."""

from dataclasses import replace
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.carport.accounts.data import carport_data
from custom_components.carport.cloud.service_info import Openness
from custom_components.carport.cloud.sign_in import SignInOutcome
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.car_net.service import CarNet
from custom_components.carport.makers.registry import SERVICES
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from simulator.car_net.cloud import CarNet as CarNetCloud
from tests.conftest import (
    TESTER,
    account_of,
    async_add_account,
    async_add_demo,
    async_choose,
)
from tests.world import World

from .flow_pages import (
    LIST_CALLS,
    TEXTS,
    TOKEN_CALLS,
    assert_form,
    async_reauth,
    fields,
    kept,
    password_posts,
    placeholders,
    schema,
    submit,
    suggested,
    typed,
)


async def test_services_are_offered(hass: HomeAssistant, hass_world: World) -> None:
    """Every service is in the list, with a word on what works today."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert_form(result, "user")
    selector = schema(result)["service"]
    assert [option["value"] for option in selector.config["options"]] == list(SERVICES)
    for texts in TEXTS.values():
        assert texts["selector"]["service"]["options"].keys() == SERVICES.keys()


async def test_new_account(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """A sign-in makes an entry; the password is used once and kept nowhere."""
    result = await async_choose(hass, "car_net")
    assert_form(result, "account_closed")
    assert set(fields(result)) == {"username", "password", "pin", "own_server"}
    result = await submit(hass, result, typed(hass_world, pin=" 1357 "))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Volkswagen Car-Net (t***@example.com)"
    assert result["data"] == {
        "service": "car_net",
        "region": "us",
        "username": TESTER,
        "server": hass_world.simulator.address,
    }
    entry = result["result"]
    assert entry.runtime_data.stored_pin == "1357"
    cloud = hass_world.simulator.clouds["car_net"]
    assert isinstance(cloud, CarNetCloud)
    account = cloud.register.by_name(TESTER)
    assert account is not None
    assert entry.unique_id == f"car_net_{account.user_id}"
    assert entry.state is ConfigEntryState.LOADED
    assert kept(hass_storage)["tokens"]
    assert account_of(TESTER).password not in json.dumps(hass_storage)
    # The entry goes on with what the set-up brought: nothing is asked twice.
    assert password_posts(hass_world) == 1
    assert len(hass_world.control.calls(TOKEN_CALLS)) == 1
    assert len(hass_world.control.calls(LIST_CALLS)) == 1


async def test_browser_can_show_the_forms(
    hass: HomeAssistant, hass_world: World, hass_client: ClientSessionGenerator
) -> None:
    """The forms become JSON, each secret as a password field without a value."""
    assert await async_setup_component(hass, "config", {})
    client = await hass_client()
    flows = "/api/config/config_entries/flow"
    page = await (await client.post(flows, json={"handler": DOMAIN})).json()
    flow = f"{flows}/{page['flow_id']}"
    page = await (await client.post(flow, json={"service": "car_net"})).json()
    (server,) = (
        field for field in page["data_schema"] if field["name"] == "own_server"
    )
    assert server["type"] == "expandable"
    assert server["expanded"] is False
    answers = typed(hass_world, password="mistyped", pin="1357")
    page = await (await client.post(flow, json=answers)).json()
    assert page["errors"] == {"base": "wrong_password"}
    shown = {field["name"]: field for field in page["data_schema"]}
    assert shown["username"]["description"] == {"suggested_value": TESTER}
    for secret in ("password", "pin"):
        assert shown[secret]["selector"]["text"]["type"] == "password"
        assert "description" not in shown[secret]
    assert shown["password"]["required"] is True
    assert "mistyped" not in json.dumps(page)
    page = await (await client.post(flow, json=typed(hass_world))).json()
    assert page["type"] == "create_entry"
    assert page["description"] == "first_account"
    await hass.async_block_till_done()


async def test_without_pin(hass: HomeAssistant, hass_world: World) -> None:
    """The PIN is optional."""
    entry = await async_add_account(hass, hass_world, pin=False)
    assert entry.runtime_data.stored_pin is None


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("unknown", SignInOutcome.UNKNOWN_ACCOUNT),
        ("malformed_email", SignInOutcome.UNKNOWN_ACCOUNT),
        ("locked", SignInOutcome.ACCOUNT_LOCKED),
        ("blocked", SignInOutcome.ACCOUNT_LOCKED),
        ("throttled", SignInOutcome.ACCOUNT_THROTTLED),
        ("terms", SignInOutcome.NEW_TERMS),
        ("dataprivacy", SignInOutcome.NEW_TERMS),
        ("consent", SignInOutcome.CONSENT_MISSING),
        # The cloud's answer to an account of the other country is the same.
        ("outage", SignInOutcome.WRONG_REGION),
        ("page_changed", SignInOutcome.PAGE_NOT_UNDERSTOOD),
    ],
)
async def test_failed_sign_in(
    hass: HomeAssistant, hass_world: World, mode: str, error: str
) -> None:
    """Each end of a sign-in has its own message, and the same form goes on after it."""
    hass_world.control.account(TESTER, sign_in=mode)
    result = await async_choose(hass, "car_net")
    result = await hass_world.result(submit(hass, result, typed(hass_world)))
    assert_form(result, "account_closed", error)
    if error in {SignInOutcome.NEW_TERMS, SignInOutcome.CONSENT_MISSING}:
        page = placeholders(result)["page"]
        assert page.startswith("https://identity.na.vwgroup.io/")
        # An error has no links; what stands above the form has one.
        assert placeholders(result)["link"].endswith(f"[{page}]({page})")
        for texts in TEXTS.values():
            assert "{link}" in texts["config"]["step"]["account_closed"]["description"]
    else:
        assert placeholders(result)["page"] == ""
    # What is no secret is filled in again; passwords never are.
    assert suggested(result) == {"username": TESTER}
    hass_world.control.account(TESTER, sign_in="ok")
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


def test_only_two_outcomes_blame_the_credentials() -> None:
    """Every other message says that the password is all right, or says nothing."""
    for outcome in SignInOutcome:
        for texts in TEXTS.values():
            assert texts["config"]["error"][outcome]
    blaming = {
        key
        for key, text in TEXTS["en"]["config"]["error"].items()
        if "Check it in the maker's app" in text or "Check the spelling" in text
    }
    assert blaming == {SignInOutcome.WRONG_PASSWORD, SignInOutcome.UNKNOWN_ACCOUNT}


async def test_terms_without_a_page(hass: HomeAssistant, hass_world: World) -> None:
    """Where the maker's page is not known, the message sends to the maker's app."""
    for outcome in (SignInOutcome.NEW_TERMS, SignInOutcome.CONSENT_MISSING):
        entry = await async_add_demo(hass)
        entry.runtime_data.runner.trouble = outcome
        result = await async_reauth(hass, entry)
        assert_form(result, "reauth_confirm", f"{outcome}_no_page")
        await hass.config_entries.async_remove(entry.entry_id)


async def test_refused_password_is_never_sent_twice(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """Not in the same form, not in another one, not after a restart."""
    wrong = typed(hass_world, password="not-the-password")
    result = await async_choose(hass, "car_net", **wrong)
    assert_form(result, "account_closed", "wrong_password")
    assert password_posts(hass_world) == 1
    result = await submit(hass, result, wrong)
    assert_form(result, "account_closed", "wrong_password")
    other = await async_choose(hass, "car_net", **wrong)
    assert_form(other, "account_closed", "wrong_password")
    carport_data(hass).store = None
    assert "not-the-password" not in json.dumps(hass_storage)
    result = await submit(hass, result, wrong)
    assert_form(result, "account_closed", "wrong_password")
    assert password_posts(hass_world) == 1
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_sign_ins_are_rationed(hass: HomeAssistant, hass_world: World) -> None:
    """After many tries in one day the maker is left alone until the next."""
    hass_world.control.account(TESTER, sign_in="consent")
    result = await async_choose(hass, "car_net")
    for _ in range(CarNet.info.sign_ins_a_day):
        result = await submit(hass, result, typed(hass_world))
        assert_form(result, "account_closed", "consent_missing")
    calls = len(hass_world.control.calls())
    result = await submit(hass, result, typed(hass_world))
    assert_form(result, "account_closed", "quota")
    assert len(hass_world.control.calls()) == calls
    hass_world.control.account(TESTER, sign_in="ok")
    await hass_world.advance(24 * 3600)
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_maker_refuses_the_client(hass: HomeAssistant, hass_world: World) -> None:
    """A 401 at the token call after a good sign-in is not the owner's fault."""
    hass_world.control.service("car_net", attestation="enforced")
    result = await async_choose(hass, "car_net", **typed(hass_world))
    assert_form(result, "account_closed", "client_refused")
    hass_world.control.service("car_net", attestation="off")
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_wrong_region(hass: HomeAssistant, hass_world: World) -> None:
    """An account of the other country gets its own message."""
    pilot = account_of("pilote@example.com")
    result = await async_choose(
        hass,
        "car_net",
        **typed(hass_world, username=pilot.username, password=pilot.password),
    )
    assert_form(result, "account_closed", "wrong_region")
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 403}, "cloud_refused"),
        ({"kind": "status", "status": 401}, "client_refused"),
        ({"kind": "status", "status": 429}, "account_throttled"),
        ({"kind": "status", "status": 503}, "maker_outage"),
        ({"kind": "drop"}, "maker_outage"),
        ({"kind": "html"}, "page_not_understood"),
    ],
)
async def test_cars_cannot_be_listed(
    hass: HomeAssistant, hass_world: World, fault: dict[str, Any], error: str
) -> None:
    """No entry is made before the cars were listed."""
    hass_world.control.fault(path=LIST_CALLS, **fault)
    result = await async_choose(hass, "car_net")
    result = await hass_world.result(submit(hass, result, typed(hass_world)))
    assert_form(result, "account_closed", error)
    hass_world.control.clear_faults()
    result = await hass_world.result(submit(hass, result, typed(hass_world)))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_account_without_cars(hass: HomeAssistant, hass_world: World) -> None:
    """An account has to have a car."""
    hass_world.control.account(TESTER, empty=True)
    result = await async_choose(hass, "car_net", **typed(hass_world))
    assert_form(result, "account_closed", "no_cars")
    hass_world.control.account(TESTER, empty=False)
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_server_does_not_answer(hass: HomeAssistant, hass_world: World) -> None:
    """An address where nobody is gets its own message, and stays in the open section."""
    async with TestServer(web.Application()) as gone:
        address = str(gone.make_url("/"))
    result = await async_choose(hass, "car_net")
    result = await hass_world.result(
        submit(hass, result, typed(hass_world, own_server={"server": address}))
    )
    assert_form(result, "account_closed", "server_unreachable")
    section = schema(result)["own_server"]
    assert section.options == {"collapsed": False}
    (marker,) = section.schema.schema
    assert marker.description == {"suggested_value": address}
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_server_is_another_one(hass: HomeAssistant, hass_world: World) -> None:
    """What answers has to be an index of hosts."""
    (address, *_) = hass_world.simulator.hosts.values()
    result = await async_choose(
        hass, "car_net", **typed(hass_world, own_server={"server": address})
    )
    assert_form(result, "account_closed", "server_invalid")
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_duplicate_is_refused(hass: HomeAssistant, hass_world: World) -> None:
    """The same account is not set up twice, however it is spelt."""
    await async_add_account(hass, hass_world)
    calls = len(hass_world.control.calls())
    result = await async_choose(hass, "car_net", **typed(hass_world))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert len(hass_world.control.calls()) == calls
    result = await async_choose(
        hass, "car_net", **typed(hass_world, username=TESTER.title())
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    for texts in TEXTS.values():
        assert texts["config"]["abort"]["already_configured"]


async def test_region_is_asked_where_there_are_several(
    hass: HomeAssistant, hass_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One region needs no question."""
    hosts = CarNet.info.hosts["us"]
    monkeypatch.setattr(
        CarNet, "info", replace(CarNet.info, hosts={"ca": hosts, "us": hosts})
    )
    result = await async_choose(hass, "car_net")
    assert_form(result, "account_closed")
    assert "region" in fields(result)
    result = await submit(hass, result, typed(hass_world, region="us", password="no"))
    assert_form(result, "account_closed", "wrong_password")
    assert suggested(result) == {"username": TESTER, "region": "us"}
    result = await submit(hass, result, typed(hass_world, region="us"))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["region"] == "us"


async def test_demo_garage(hass: HomeAssistant, hass_world: World) -> None:
    """The Demo garage asks for nothing, calls nobody, and is there once."""
    result = await async_choose(hass, "demo")
    assert_form(result, "demo")
    assert set(fields(result)) == {"own_server"}
    result = await submit(hass, result, {})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Demo garage"
    assert result["data"] == {
        "service": "demo",
        "region": "demo",
        "username": "",
        "server": None,
    }
    assert hass_world.control.calls() == []
    result = await async_choose(hass, "demo", own_server={})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_open_service(
    hass: HomeAssistant, hass_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that its maker leaves open has a page without the warning."""
    monkeypatch.setattr(
        CarNet, "info", replace(CarNet.info, openness=Openness.OPEN, pin=False)
    )
    result = await async_choose(hass, "car_net")
    assert_form(result, "account")
    assert "pin" not in fields(result)
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_maker_outage(hass: HomeAssistant, hass_world: World) -> None:
    """An outage of the sign-in is nobody's fault."""
    hass_world.control.fault("status", status=503, path="/oidc/v1/authorize")
    result = await async_choose(hass, "car_net")
    result = await hass_world.result(submit(hass, result, typed(hass_world)))
    assert_form(result, "account_closed", "maker_outage")
    hass_world.control.clear_faults()
    result = await submit(hass, result, typed(hass_world))
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_sign_in_of_which_nothing_comes_leaves_no_session(
    hass: HomeAssistant, hass_world: World
) -> None:
    """However often somebody mistypes, there is nothing more to close at the end."""
    result = await async_choose(
        hass, "car_net", **typed(hass_world, password="wrong-1")
    )
    assert_form(result, "account_closed", "wrong_password")
    waiting = hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE]
    result = await submit(hass, result, typed(hass_world, password="wrong-2"))
    assert_form(result, "account_closed", "wrong_password")
    assert hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE] == waiting
