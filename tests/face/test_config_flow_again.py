"""Signing in again and changing an account, over HTTP."""

import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.carport.cloud.sign_in import SignInOutcome
from custom_components.carport.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulator.car_net.cloud import CarNet as CarNetCloud
from tests.conftest import (
    TESTER,
    account_of,
    async_add_account,
    async_add_demo,
    async_poll,
)
from tests.world import World

from .flow_pages import (
    E_GOLF,
    PASSAT,
    TEXTS,
    TOKEN_CALLS,
    assert_form,
    async_reauth,
    async_reconfigure,
    fields,
    kept,
    password_posts,
    placeholders,
    submit,
)

# Signing in again


async def test_dead_tokens_lead_to_a_new_sign_in(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """Only the password is asked; tokens are new, everything else stays."""
    entry = await async_add_account(hass, hass_world)
    before = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    tokens = kept(hass_storage)["tokens"]
    hass_world.control.account(TESTER, revoke="all")
    await async_poll(hass, hass_world, 4 * 3600)
    result = await async_reauth(hass, entry)
    assert_form(result, "reauth_confirm")
    assert set(fields(result)) == {"password"}
    assert placeholders(result)["name"] == entry.title

    result = await submit(hass, result, {"password": "not-the-password"})
    assert_form(result, "reauth_confirm", "wrong_password")
    result = await submit(hass, result, {"password": account_of(TESTER).password})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert kept(hass_storage)["tokens"] != tokens
    after = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    assert after >= before
    assert account_of(TESTER).password not in json.dumps(hass_storage)


@pytest.mark.parametrize("wrong_pin", [False, True])
async def test_what_runs_by_the_sign_in_before_keeps_no_tokens_any_more(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    wrong_pin: bool,
) -> None:
    """A renewal between the new sign-in and the reload leaves the new tokens alone.

    What was learnt of PINs in that time is kept.
    """
    entry = await async_add_account(hass, hass_world)
    result = await async_reauth(hass, entry)
    reloads: list[str] = []
    with monkeypatch.context() as slow:
        slow.setattr(
            hass.config_entries,
            "async_schedule_reload",
            reloads.append,
        )
        result = await submit(hass, result, {"password": account_of(TESTER).password})
        assert result["reason"] == "reauth_successful"
    assert reloads == [entry.entry_id]
    fresh = kept(hass_storage)["tokens"]
    if wrong_pin:
        hass_world.control.account(TESTER, pin="9999")
        await lock_badly(hass, hass_world)
    renewals = len(hass_world.control.calls(TOKEN_CALLS))
    await hass_world.advance(4 * 3600)
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    assert len(hass_world.control.calls(TOKEN_CALLS)) > renewals
    await hass_world.result(hass.config_entries.async_reload(entry.entry_id))
    after = kept(hass_storage)["tokens"]
    assert after["refresh_token"] == fresh["refresh_token"]
    assert entry.runtime_data.service.pin_refused is wrong_pin


async def test_the_calls_of_a_new_sign_in_are_counted(
    hass: HomeAssistant, hass_world: World
) -> None:
    """They come on top of what the account that still ran had counted."""
    entry = await async_add_account(hass, hass_world)
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    before = entry.runtime_data.ledger.counts_today()
    result = await async_reauth(hass, entry)
    await submit(hass, result, {"password": account_of(TESTER).password})
    await hass.async_block_till_done()
    after = entry.runtime_data.ledger.counts_today()
    assert after["sign_in"] == 2 * before["sign_in"]
    assert after["read"] >= before["read"]


async def lock_badly(hass: HomeAssistant, world: World) -> None:
    """Lock the e-Golf with a PIN that the maker refuses."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "lock", DOMAIN, f"{E_GOLF}_doors".lower()
    )
    call = hass.services.async_call(
        "lock", "lock", {"entity_id": entity_id}, blocking=True
    )
    with pytest.raises(HomeAssistantError):
        await world.result(call)


async def test_known_trouble_is_said_at_once(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Why the owner is needed stands on the page before anything is submitted."""
    entry = await async_add_account(hass, hass_world)
    entry.runtime_data.runner.trouble = SignInOutcome.NEW_TERMS
    entry.runtime_data.runner.trouble_page = "https://identity.na.vwgroup.io/terms"
    result = await async_reauth(hass, entry)
    assert_form(result, "reauth_confirm", "new_terms")
    assert placeholders(result)["page"] == "https://identity.na.vwgroup.io/terms"


async def test_another_account_is_refused(
    hass: HomeAssistant, hass_world: World, hass_storage: dict[str, Any]
) -> None:
    """A sign-in that leads to another account changes nothing."""
    entry = await async_add_account(hass, hass_world)
    tokens = kept(hass_storage)["tokens"]
    cloud = hass_world.simulator.clouds["car_net"]
    assert isinstance(cloud, CarNetCloud)
    account = cloud.register.by_name(TESTER)
    assert account is not None
    account.user_id = "5b6d3f6e-0000-4000-8000-000000000000"
    result = await async_reauth(hass, entry)
    assert_form(result, "reauth_confirm")
    result = await submit(hass, result, {"password": account_of(TESTER).password})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "wrong_account"
    assert kept(hass_storage)["tokens"] == tokens
    for texts in TEXTS.values():
        assert texts["config"]["abort"]["wrong_account"]


async def test_sign_in_again_while_not_loaded(
    hass: HomeAssistant, hass_world: World
) -> None:
    """An account that is down can be signed in to; nothing is known of its trouble."""
    entry = await async_add_account(hass, hass_world)
    await hass.config_entries.async_unload(entry.entry_id)
    result = await async_reauth(hass, entry)
    assert_form(result, "reauth_confirm")
    # The garage is not sold because the list is empty once.
    hass_world.control.account(TESTER, empty=True)
    result = await submit(hass, result, {"password": account_of(TESTER).password})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert entry.state is ConfigEntryState.LOADED
    assert set(entry.runtime_data.vehicle_list.cars) == {E_GOLF, PASSAT}


# Changing


async def test_another_pin(hass: HomeAssistant, hass_world: World) -> None:
    """A new PIN needs no sign-in; what is left empty stays."""
    entry = await async_add_account(hass, hass_world)
    calls = password_posts(hass_world)
    result = await async_reconfigure(hass, entry)
    assert_form(result, "reconfigure")
    assert set(fields(result)) == {"password", "pin", "own_server"}
    server = {"server": hass_world.simulator.address}
    result = await submit(hass, result, {"pin": "2468", "own_server": server})
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.runtime_data.stored_pin == "2468"
    assert entry.data["server"] == hass_world.simulator.address
    assert password_posts(hass_world) == calls
    assert entry.state is ConfigEntryState.LOADED

    result = await async_reconfigure(hass, entry)
    result = await submit(hass, result, {"own_server": server})
    await hass.async_block_till_done()
    assert entry.runtime_data.stored_pin == "2468"


async def test_another_password(hass: HomeAssistant, hass_world: World) -> None:
    """A new password is tried before anything is changed."""
    entry = await async_add_account(hass, hass_world)
    hass_world.control.account(TESTER, password="Changed-2026")
    server = {"server": hass_world.simulator.address}
    result = await async_reconfigure(hass, entry)
    result = await submit(
        hass, result, {"password": "Mistyped", "pin": "2468", "own_server": server}
    )
    assert_form(result, "reconfigure", "wrong_password")
    assert entry.runtime_data.stored_pin == "1357"
    result = await submit(
        hass, result, {"password": "Changed-2026", "own_server": server}
    )
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED


async def test_another_server(hass: HomeAssistant, hass_world: World) -> None:
    """A new server has to answer; the maker itself is asked nothing here."""
    entry = await async_add_demo(hass, hass_world)
    async with TestServer(web.Application()) as gone:
        address = str(gone.make_url("/"))
    result = await async_reconfigure(hass, entry)
    assert set(fields(result)) == {"own_server"}
    result = await hass_world.result(
        submit(hass, result, {"own_server": {"server": address}})
    )
    assert_form(result, "reconfigure", "server_unreachable")
    assert entry.data["server"] == hass_world.simulator.address
    plain = hass_world.simulator.address.removeprefix("http://")
    result = await submit(hass, result, {"own_server": {"server": plain}})
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["server"] == plain
    result = await async_reconfigure(hass, entry)
    result = await submit(hass, result, {"own_server": {"server": ""}})
    await hass.async_block_till_done()
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["server"] is None
    assert entry.state is ConfigEntryState.LOADED
