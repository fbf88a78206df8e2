"""CarData set up as its owner would: a client id, a link, an approval in the browser."""

import asyncio
from typing import Any, Final

import pytest

from custom_components.carport.const import DOMAIN
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from scripts.demo_home.visit import approve
from tests.conftest import account_of, async_choose
from tests.makers.car_data.account import TESTER
from tests.makers.car_data.home_broker import HomeBroker
from tests.patience import PATIENCE
from tests.simulator.car_data.client import Client
from tests.world import World

from .flow_pages import TEXTS, assert_form, placeholders, submit
from .stream_follower import Follower

OTHER: Final = "33333333-0000-4000-8000-000000000000"


def account() -> dict[str, Any]:
    """Return what the owner types at BMW."""
    spec = account_of(TESTER)
    return {"username": spec.username, "password": spec.password}


async def begin(
    hass: HomeAssistant, world: World, client_id: str | None = None
) -> ConfigFlowResult:
    """Fill in the form."""
    return await async_choose(
        hass,
        "car_data",
        client_id=client_id or account_of(TESTER).more["client_id"],
        own_server={"server": world.simulator.address},
    )


async def approved(
    hass: HomeAssistant, world: World, page: ConfigFlowResult
) -> ConfigFlowResult:
    """Approve in a browser, and look at the dialog again."""
    assert page["type"] is FlowResultType.SHOW_PROGRESS, page
    await world.result(approve(placeholders(page)["url"], account()))
    await world.advance(6)
    await hass.async_block_till_done()
    return await look(hass, page)


async def look(hass: HomeAssistant, page: ConfigFlowResult) -> ConfigFlowResult:
    """Look at the page again, as a browser does when something has changed."""
    return await hass.config_entries.flow.async_configure(page["flow_id"])


async def finish(hass: HomeAssistant, result: ConfigFlowResult) -> Any:
    """Expect an entry that is loaded."""
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def test_from_the_portal_to_the_stream(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The link opens BMW's page; the account is the GCID, which stands nowhere to read."""
    page = await begin(hass, hass_world)
    assert page["type"] is FlowResultType.SHOW_PROGRESS
    shown = placeholders(page)
    assert shown["code"] in shown["url"]
    for texts in TEXTS.values():
        assert texts["config"]["progress"][page["progress_action"]]
    entry = await finish(hass, await approved(hass, hass_world, page))
    service = entry.runtime_data.service
    cloud: Any = hass_world.simulator.clouds["car_data"]
    gcid = cloud.register.by_name(TESTER).gcid
    assert entry.unique_id == f"car_data_{gcid}"
    assert gcid not in entry.title
    Follower(hass, hass_world, entry)
    await hass_world.until(lambda: service.streaming.is_alive, 600)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_what_is_no_client_id(hass: HomeAssistant, hass_world: World) -> None:
    """The form comes again with the way through the portal."""
    form = await begin(hass, hass_world, "driver@example.com")
    assert_form(form, "account", "client_unknown")
    assert "CarData Stream" in TEXTS["en"]["config"]["error"]["client_unknown"]


async def test_another_code_is_one_click(
    hass: HomeAssistant, hass_world: World
) -> None:
    """And the checklist comes with the second failure."""
    hass_world.control.service("car_data", gateway_fault=True)
    page = await begin(hass, hass_world)
    typed = {
        "client_id": account_of(TESTER).more["client_id"],
        "own_server": {"server": hass_world.simulator.address},
    }
    for error in ("device_refused", "device_refused_again"):
        form = await approved(hass, hass_world, page)
        assert_form(form, "account", error)
        page = await submit(hass, form, typed)
    hass_world.control.service("car_data", gateway_fault=False)
    entry = await finish(hass, await approved(hass, hass_world, page))
    await hass.config_entries.async_unload(entry.entry_id)


async def test_sign_in_again_with_another_client(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The client vanished from the portal: another one keeps the entry and its cars."""
    entry = await finish(
        hass, await approved(hass, hass_world, await begin(hass, hass_world))
    )
    hass_world.control.account(TESTER, client_id=OTHER)
    await hass_world.advance(4 * 3600)
    await hass_world.result(entry.runtime_data.async_refresh())
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    form = await look(hass, flow)
    page = await submit(hass, form, {"client_id": OTHER})
    result = await approved(hass, hass_world, page)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert len(entry.runtime_data.shown_cars) == 3
    await hass.config_entries.async_unload(entry.entry_id)


async def test_old_containers_go_at_a_click(
    hass: HomeAssistant,
    hass_world: World,
) -> None:
    """Ten are there already; a repair offers to delete those of other Carports."""
    other = Client(hass_world, TESTER)
    await other.sign_in()
    for number in range(10):
        name = "evcc.io" if number else "Carport 0badc0de"
        assert await other.container("vehicle.isMoving", name=name)
    entry = await finish(
        hass, await approved(hass, hass_world, await begin(hass, hass_world))
    )
    issue = f"containers_full_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None
    assert await async_setup_component(hass, "repairs", {})
    fixing = repairs_flow_manager(hass)
    assert fixing is not None
    form = await fixing.async_init(DOMAIN, data={"issue_id": issue})
    assert form["step_id"] == "confirm"
    result = await hass_world.result(fixing.async_configure(form["flow_id"], {}))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None
    cloud: Any = hass_world.simulator.clouds["car_data"]
    boxes = cloud.register.by_name(TESTER).containers
    kept = [box.name for box in boxes if box.deleted is None]
    assert kept[:9] == ["evcc.io"] * 9
    assert len(kept) == 10
    await hass.config_entries.async_unload(entry.entry_id)


async def test_ones_own_broker(hass: HomeAssistant, hass_world: World) -> None:
    """The second source is set up by a form of its own."""
    async with HomeBroker() as broker:
        choosing = asyncio.ensure_future(
            async_choose(
                hass,
                "car_data_broker",
                host="127.0.0.1",
                port=str(broker.port),
                tls=False,
                broker_user="carport",
                password="at home",
                topic="bmw/+",
                vins=account_of(TESTER).vins[0],
                own_server={},
            )
        )
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({choosing})
        entry = await finish(hass, await choosing)
        assert "127.0.0.1" not in (entry.unique_id or "")
        async with asyncio.timeout(PATIENCE):
            while not broker.subscribers:
                await hass_world.advance(1)
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let these tests open sockets on loopback."""
