"""The portal of the EU Data Act in Home Assistant: a car that is read and never told."""

from datetime import timedelta
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from carport.car.commands import StopCharging
from custom_components.carport.accounts.left_behind import async_tell_left_behind
from custom_components.carport.cloud.contract import LeftBehind
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from ..conftest import async_poll
from ..world import World
from .owner import Owner, owner_of

TESTER = "datenprobe@example.com"
LISTS = "*/list"
PORTAL = "eu-data-act.drivesomethinggreater.com"
QUARTER = 900.0
HOUR = 3600.0


def _left_behind(hass: HomeAssistant) -> list[str]:
    """Return the ids of the repairs that tell what goes on at a maker."""
    return [one for one in _issues(hass) if one.startswith("left_behind_")]


@pytest.fixture
async def owner(hass: HomeAssistant, hass_world: World) -> Owner:
    """Set the tester's account up by the form."""
    found = owner_of(hass, hass_world, TESTER)
    await found.set_up()
    return found


async def test_form_asks_for_the_brand(hass: HomeAssistant, hass_world: World) -> None:
    """It is chosen from a list that begins with the largest, and kept."""
    found = owner_of(hass, hass_world, "nacida@example.com")
    form = await found.begin()
    schema = form["data_schema"]
    assert schema is not None
    (marker,) = (key for key in schema.schema if key == "brand")
    assert marker.description == {"suggested_value": "volkswagen"}
    assert "cupra" in schema.schema[marker].config["options"]
    await found.finish(await found.submit(form))
    await hass.async_block_till_done()
    assert found.state("sensor", "battery_level").state == "62.0"


async def test_cars_are_there(owner: Owner) -> None:
    """Both formats make entities, and none of them commands anything."""
    assert owner.state("sensor", "battery_level").state == "62.0"
    assert owner.state("sensor", "odometer").state == "31870.0"
    assert owner.state("sensor", "data_delivery").state == "current"
    assert owner.state("binary_sensor", "charging").state == "on"
    hybrid = owner.about(owner.account.vins[1])
    assert hybrid.state("sensor", "fuel_level").state == "58.0"
    assert hybrid.state("sensor", "range_fuel").state != "unknown"
    commanding = {"lock", "switch", "number", "climate", "time"}
    assert not {domain for domain, _ in owner.entities()} & commanding
    # Whether it is locked is told; a lock would promise what no command can do.
    assert owner.find("lock", "doors") is None
    assert owner.state("binary_sensor", "locked").state == "off"


async def test_rough_times_are_shown_as_such(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, owner: Owner
) -> None:
    """One format has exact times; in the other one it was some time between two files."""
    shown = owner.state("sensor", "captured_at")
    assert shown.attributes["not_before"] < shown.state
    hybrid = owner.about(owner.account.vins[1])
    assert "not_before" not in hybrid.state("sensor", "captured_at").attributes
    text = json.dumps(
        await get_diagnostics_for_config_entry(hass, hass_client, owner.entry)
    )
    assert '"not_before"' in text
    assert '"contradictions": null' in text


async def test_read_when_the_next_file_is_there(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """The portal's own rhythm decides, not a cadence of ours."""
    control = hass_world.control
    control.forget_calls()
    for _ in range(8):
        await async_poll(hass, hass_world, QUARTER)
    lists = len(control.calls(LISTS, account=TESTER))
    # Two cars, one file every 15 minutes; one file in 29 never comes.
    assert 12 <= lists <= 30


async def test_pain_30_stale_is_only_what_the_maker_owes(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """While it charges a file or two may be late; a car that stands is not stale."""
    for _ in range(6):
        await async_poll(hass, hass_world, QUARTER)
        assert owner.state("binary_sensor", "data_stale").state == "off"
    owner.twin.accept(StopCharging(), hass_world.clock.now())
    for _ in range(60):
        await async_poll(hass, hass_world, HOUR)
        assert owner.state("binary_sensor", "data_stale").state == "off"


async def test_outage_is_told(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Values stay while the maker delivers nothing, and nobody is asked to sign in."""
    hass_world.control.account(TESTER, outage=True)
    level = owner.state("sensor", "battery_level").state
    for _ in range(30):
        await async_poll(hass, hass_world, QUARTER)
    assert owner.state("sensor", "data_delivery").state == "outage"
    assert any(issue.startswith("deliveries_empty") for issue in _issues(hass))
    assert owner.state("sensor", "battery_level").state == level
    assert owner.state("sensor", "channel").state == "ok"
    assert not hass.config_entries.flow.async_progress()


async def test_pain_32_request_that_ends_is_told_a_week_before(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The day is shown all the time, and a repair comes seven days before."""
    hass_world.control.account(TESTER, ends_in=9)
    owner = owner_of(hass, hass_world, TESTER)
    await owner.set_up()
    assert owner.state("sensor", "service_expires_at").state == "2026-11-30"
    issue = f"service_expires_{owner.entry.entry_id}"
    assert issue not in _issues(hass)
    await async_poll(hass, hass_world, 49 * HOUR)
    assert issue in _issues(hass)
    await async_poll(hass, hass_world, 7 * 24 * HOUR)
    assert owner.state("sensor", "data_delivery").state == "request_ended"
    assert float(owner.state("sensor", "battery_level").state) >= 62


def _issues(hass: HomeAssistant) -> set[str]:
    return {issue for domain, issue in ir.async_get(hass).issues if domain == "carport"}


async def test_pain_32_request_is_created_from_the_repair(
    hass: HomeAssistant, hass_world: World
) -> None:
    """What nobody agreed to at the set-up can be agreed to later, by its own click."""
    control = hass_world.control
    control.account(TESTER, requests="delete")
    owner = owner_of(hass, hass_world, TESTER)
    page = await owner.submit(await owner.begin())
    for _ in owner.account.vins:
        page = await hass.config_entries.flow.async_configure(
            page["flow_id"], {"next_step_id": "decline"}
        )
    await owner.finish(page)
    await hass.async_block_till_done()
    issue = f"no_data_request_{owner.entry.entry_id}"
    assert issue in _issues(hass)
    advice = owner.state("sensor", "channel").attributes["advice"]
    assert advice == ["no_data_request"]
    assert not control.calls("*/requests/partial")
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    flow = await manager.async_init("carport", context={"issue_id": issue})
    assert flow["step_id"] == "confirm"
    assert not control.calls("*/requests/partial")
    await hass_world.result(manager.async_configure(flow["flow_id"], {}))
    assert len(control.calls("*/requests/partial")) == 2
    assert issue not in _issues(hass)
    assert "advice" not in owner.state("sensor", "channel").attributes


async def test_sign_ins_that_are_spread_are_told_by_the_channel(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Who wonders why the car is seldom looked at reads it there, not only in Repairs."""
    for _ in range(2):
        assert "advice" not in owner.state("sensor", "channel").attributes
        await async_poll(hass, hass_world, 2 * HOUR)
        hass_world.control.account(TESTER, revoke="session")
    await async_poll(hass, hass_world, QUARTER)
    assert f"sign_ins_spread_{owner.entry.entry_id}" in _issues(hass)
    hybrid = owner.about(owner.account.vins[1])
    for car in (owner, hybrid):
        attributes = car.state("sensor", "channel").attributes
        assert attributes["advice"] == ["sign_ins_spread"]


async def test_removal_tells_of_the_request(
    hass: HomeAssistant, owner: Owner, hass_storage: dict[str, Any]
) -> None:
    """What was delivered is deleted; the request goes on, and where is told."""
    assert await hass.config_entries.async_remove(owner.entry.entry_id)
    await hass.async_block_till_done()
    issue = ir.async_get(hass).async_get_issue(
        "carport", f"left_behind_{owner.entry.entry_id}"
    )
    assert issue is not None
    assert issue.learn_more_url == f"https://{PORTAL}"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["names"] == "My data"
    assert not [key for key in hass_storage if key.startswith("carport.account.")]


@pytest.mark.parametrize(("days", "last"), [(None, "2027-10-22"), (30, "2026-12-21")])
async def test_the_end_of_a_request_ends_the_repair(
    hass: HomeAssistant, hass_world: World, days: int | None, last: str
) -> None:
    """The last day of all requests is kept with it, over restarts."""
    if days is not None:
        hass_world.control.account(TESTER, ends_in=days)
    owner = owner_of(hass, hass_world, TESTER)
    await owner.set_up()
    await hass.config_entries.async_remove(owner.entry.entry_id)
    (issue_id,) = _left_behind(hass)
    issue = ir.async_get(hass).async_get_issue("carport", issue_id)
    assert issue is not None
    assert issue.is_persistent
    assert str((issue.data or {})["until"]).startswith(last)
    # Without an account nobody would look that day: the owner has to know it.
    assert issue.translation_key == "left_behind_until"
    assert (issue.translation_placeholders or {})["until"] == last


async def test_the_owner_says_that_it_is_ended(
    hass: HomeAssistant, owner: Owner
) -> None:
    """Carport cannot look any more, so the owner's word ends the repair."""
    await hass.config_entries.async_remove(owner.entry.entry_id)
    (issue_id,) = _left_behind(hass)
    assert await async_setup_component(hass, "repairs", {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    form = await manager.async_init("carport", context={"issue_id": issue_id})
    assert form["step_id"] == "confirm"
    assert (form["description_placeholders"] or {})["names"] == "My data"
    await manager.async_configure(form["flow_id"], {})
    assert not _left_behind(hass)


async def test_what_went_on_is_used_again(hass: HomeAssistant, owner: Owner) -> None:
    """Who adds the account again needs no message that the request goes on."""
    await hass.config_entries.async_remove(owner.entry.entry_id)
    assert _left_behind(hass)
    await owner.set_up()
    assert not _left_behind(hass)


async def test_what_ends_by_itself_is_told_until_then(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """Whichever account comes up after that, as all do when Home Assistant starts."""
    now = hass_world.clock.now()
    left = LeftBehind(names=("My data",), url=PORTAL, until=now + timedelta(days=1))
    gone = MockConfigEntry(domain="carport", unique_id="eu_data_act_gone")
    async_tell_left_behind(hass, gone, left)
    await owner.reload()
    assert _left_behind(hass)
    await hass_world.advance(25 * HOUR)
    await owner.reload()
    assert not _left_behind(hass)


async def test_changed_password(
    hass: HomeAssistant, hass_world: World, owner: Owner
) -> None:
    """The owner is asked for it, and the brand stays as it is."""
    control = hass_world.control
    control.account(TESTER, password="Another-2027", revoke="session")
    await async_poll(hass, hass_world, HOUR)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"password": "Another-2027"}
    )
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await async_poll(hass, hass_world, QUARTER)
    assert owner.state("sensor", "channel").state == "ok"
    assert owner.state("sensor", "battery_level").state != "unavailable"


async def test_restart(hass: HomeAssistant, hass_world: World, owner: Owner) -> None:
    """Values are there at once, and nobody signs in for that."""
    before = owner.values()
    hass_world.control.forget_calls()
    await owner.reload()
    assert owner.values() == before
    assert not hass_world.control.calls("*/login/authenticate")
    assert not hass_world.control.calls("*/download")


async def test_secrets_stay_secret(
    hass: HomeAssistant,
    hass_world: World,
    hass_client: ClientSessionGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither logs nor diagnostics nor repairs tell how to get in, or who it is."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "custom_components.carport")
    owner = owner_of(hass, hass_world, TESTER)
    await owner.set_up()
    for fault in (
        {"kind": "html"},
        {"kind": "truncated"},
        {"kind": "status", "status": 403},
    ):
        hass_world.control.fault(path="/proxy_api/*", **fault)
        await async_poll(hass, hass_world, 2 * HOUR)
        hass_world.control.clear_faults()
        await async_poll(hass, hass_world, 2 * HOUR)
    (key,) = (key for key in hass_storage if key.startswith("carport.account."))
    tokens = hass_storage[key]["data"]["tokens"]
    told = "\n".join(
        (
            caplog.text,
            json.dumps(
                await get_diagnostics_for_config_entry(hass, hass_client, owner.entry)
            ),
            repr(list(ir.async_get(hass).issues.values())),
        )
    ).lower()
    secrets = {
        TESTER,
        owner.account.password,
        *json.loads(tokens["cookies"]).values(),
        tokens["password"],
        *(vin[:-4] for vin in owner.account.vins),
        *json.loads(tokens["remembered"]).values(),
    }
    assert not [secret for secret in secrets if secret.lower() in told]


async def test_an_action_says_that_the_service_only_reads(owner: Owner) -> None:
    """It is no fault of the car's, nor of a subscription."""
    with pytest.raises(ServiceValidationError) as caught:
        await owner.ask("start_charging")
    assert caught.value.translation_key == "command_read_only"
