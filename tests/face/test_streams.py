"""A car that is followed by a stream, as its owner sees it in Home Assistant."""

from collections.abc import AsyncIterator
import json
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from carport.makers.car_data.service import CarData
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.const import (
    CONF_REGION,
    CONF_SERVER,
    CONF_SERVICE,
    DOMAIN,
)
from custom_components.carport.diagnostics import async_get_config_entry_diagnostics
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from tests.conftest import account_of
from tests.makers.car_data.account import TESTER, CarDataAccount
from tests.simulator.car_data.client import Client
from tests.simulator.car_data.wire import Wire
from tests.world import World

from .flow_pages import TEXTS
from .stream_follower import Follower

HEADER: Final = "vehicle.drivetrain.batteryManagement.header"


@pytest.fixture
async def entry(hass: HomeAssistant, hass_world: World) -> AsyncIterator[ConfigEntry]:
    """Give an account that was signed in to, loaded."""
    account = CarDataAccount(hass_world, account_of(TESTER))
    await account.enter()
    assert isinstance(account.service, CarData)
    unique_id = f"car_data_{account.gcid}"
    store = async_account_store(hass, unique_id)
    await store.async_load()
    await store.async_keep(tokens=json.loads(account.stored or ""))
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="BMW CarData",
        unique_id=unique_id,
        data={
            CONF_SERVICE: "car_data",
            CONF_REGION: "eu",
            CONF_USERNAME: account.spec.more["client_id"],
            CONF_SERVER: hass_world.simulator.address,
        },
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def follower(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry
) -> Follower:
    """Give an account whose stream is followed."""
    follower = Follower(hass, hass_world, entry)
    await hass_world.until(lambda: follower.service.streaming.is_alive, 600)
    return follower


def state_of(hass: HomeAssistant, platform: str, vin: str, key: str) -> Any:
    """Return the state of one of a car's entities."""
    name = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{vin}_{key}".lower()
    )
    assert name is not None
    return hass.states.get(name)


def advice_of(hass: HomeAssistant) -> set[str | None]:
    """Return which repairs are open."""
    return {
        issue.translation_key
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


async def test_an_entity_moves_without_a_poll(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """What the car sends is shown at once, and the channel says how it came."""
    vin = account_of(TESTER).vins[0]
    assert state_of(hass, "sensor", vin, "battery_level").state == "61.0"
    hass_world.control.forget_calls()
    await hass_world.advance(60)
    follower.push(vin, **{HEADER.replace(".", "__"): 58})
    await hass_world.settle()
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", vin, "battery_level").state == "58.0"
    assert not hass_world.control.calls("/customers/*")
    channel = state_of(hass, "sensor", vin, "channel")
    assert channel.state == "ok"
    assert channel.attributes["stream_alive_since"]
    assert channel.attributes["stream_last_message_at"]


async def test_a_car_that_is_not_the_owners(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """It is there, with the reason why it says nothing; the others are fine."""
    secondary = account_of(TESTER).vins[2]
    assert state_of(hass, "sensor", secondary, "channel").state == "degraded"
    issues = {
        issue.translation_key: issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }
    assert set(issues) == {"not_main_user"}
    placeholders = issues["not_main_user"].translation_placeholders
    assert placeholders is not None
    assert placeholders["car"]


async def test_unloading_says_goodbye(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """The broker is left, so that another program may come."""
    await hass.config_entries.async_unload(entry.entry_id)
    await hass_world.settle()
    await hass_world.until(
        lambda: follower.broker.connection(follower.gcid) is None, 60
    )


async def test_diagnostics_tell_of_the_stream_and_of_nobody(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """Since when it lives; no id of the account, no VIN, no token."""
    await hass_world.advance(60)
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told["stream"]["alive_since"]
    assert told["facts"]["container"] == "made"
    text = json.dumps(told, default=str)
    spec = account_of(TESTER)
    stored = json.loads(json.dumps(follower.service.context.tokens))
    for secret in (
        follower.gcid,
        spec.more["client_id"],
        *spec.vins,
        stored["access"],
        stored["refresh"],
        stored["id"],
        "48.1771",
    ):
        assert secret not in text


async def test_15_the_nightly_burst_is_nobodys_trouble(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """BMW cuts and refuses at night: the car is followed on, and nobody is told off."""
    vin = account_of(TESTER).vins[0]
    attempts = follower.broker.attempts
    before = len(attempts)
    hass_world.control.account(TESTER, night=True)
    await hass_world.advance(120)
    assert [attempt.code for attempt in attempts[before:]] == [5, 0]
    hass_world.control.account(TESTER, night=False)
    await hass_world.advance(60)
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", vin, "channel").state == "ok"
    assert not advice_of(hass) & {"stream_contested", "stream_refused"}
    assert entry.state is ConfigEntryState.LOADED
    assert not hass.config_entries.flow.async_progress()
    follower.push(vin, **{HEADER.replace(".", "__"): 57})
    await hass_world.settle()
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", vin, "battery_level").state == "57.0"


async def test_16_another_program_takes_the_stream(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry, follower: Follower
) -> None:
    """A repair says so; reading goes on, and the repair goes with the other program."""
    other = Client(hass_world, TESTER)
    kept = async_account_store(hass, entry.unique_id or "")

    def newest() -> dict[str, object]:
        """Return what a program knows that shares the client with Carport."""
        return {"gcid": follower.gcid, "id_token": dict(kept.tokens or {})["id"]}

    other.tokens = newest()
    rival = Wire(other)
    for _ in range(8):
        await hass_world.advance(15)
        await rival.connect(client_id="rival")
    await hass_world.settle()
    await hass.async_block_till_done()
    assert "stream_contested" in advice_of(hass)
    channel = state_of(hass, "sensor", account_of(TESTER).vins[0], "channel")
    assert channel.state == "ok"
    assert channel.attributes.get("stream_alive_since") is None
    hass_world.control.forget_calls()
    before = len([one for one in follower.broker.attempts if one.client_id != "rival"])
    for _ in range(8):
        await hass_world.advance(905)
        other.tokens = newest()
        await rival.connect(client_id="rival")
    ours = [one for one in follower.broker.attempts if one.client_id != "rival"]
    assert len(ours) - before <= 9
    assert "stream_contested" in advice_of(hass)
    assert hass_world.control.calls("/customers/vehicles/*/telematicData")
    rival.close()
    await hass_world.advance(2 * 3600)
    await hass.async_block_till_done()
    assert "stream_contested" not in advice_of(hass)


async def test_another_program_uses_this_account(
    hass: HomeAssistant, hass_world: World, entry: ConfigEntry
) -> None:
    """Calls that Carport has not made are said to be another program's."""
    hass_world.control.account(TESTER, calls_elsewhere=60)
    assert "calls_used_elsewhere" not in advice_of(hass)
    await hass_world.advance(7 * 3600)
    await hass.async_block_till_done()
    assert "calls_used_elsewhere" in advice_of(hass)
    for texts in TEXTS.values():
        assert texts["issues"]["calls_used_elsewhere"]["description"]
    words = TEXTS["en"]["issues"]["calls_used_elsewhere"]["description"]
    assert "Another program uses this account" in words
    hass_world.control.account(TESTER, calls_elsewhere=0)
    await hass_world.advance(86_400)
    await hass.async_block_till_done()
    assert "calls_used_elsewhere" not in advice_of(hass)
