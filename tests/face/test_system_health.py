"""System health: counts of everything, and whether servers answer; no names."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
import json
from pathlib import Path
from typing import Any, Final

import pytest

from custom_components import carport
from custom_components.carport.cloud.call_limits import daily
from custom_components.carport.const import DOMAIN
from custom_components.carport.makers.car_net.service import CarNet
from homeassistant.components.system_health import (
    DATA_SYSTEM_HEALTH_PLATFORMS,
    DOMAIN as HEALTH,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.conftest import TESTER, account_of, async_add_account, async_add_demo
from tests.world import World

NAMED: Final = {
    "accounts",
    "cars",
    "channels",
    "calls_today",
    "calls_left",
    "last_success",
    "server",
}


async def unchecked(hass: HomeAssistant) -> dict[str, Any]:
    """Return what system health shows, with the checks of the servers to come."""
    assert await async_setup_component(hass, HEALTH, {})
    await hass.async_block_till_done()
    platforms = await hass.data[DATA_SYSTEM_HEALTH_PLATFORMS].async_get_platforms()
    tell = platforms[DOMAIN].info_callback
    assert tell is not None
    return await tell(hass)


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what system health shows, with the answers of the servers."""
    told = await unchecked(hass)
    for key, value in told.items():
        if isinstance(value, Awaitable):
            told[key] = await asyncio.ensure_future(value)
    return told


async def test_without_accounts(hass: HomeAssistant, hass_world: World) -> None:
    """Nothing set up is not an error."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert await health(hass) == {
        "accounts": 0,
        "cars": 0,
        "channels": "none",
        "calls_today": 0,
        "calls_left": "no limit",
        "last_success": "never",
    }


async def test_accounts(
    hass: HomeAssistant, hass_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts, cars, channels, calls and the server are shown, without a VIN."""
    # What Car-Net itself allows in a day is not known.
    info = replace(CarNet.info, call_limits=(daily(50),))
    monkeypatch.setattr(CarNet, "info", info)
    entry = await async_add_account(hass, hass_world)
    await async_add_demo(hass, hass_world)
    told = await health(hass)
    assert told.keys() == NAMED
    assert told["accounts"] == 2
    assert told["cars"] == 6
    assert told["channels"] == "ok 6"
    assert told["calls_today"] == sum(entry.runtime_data.ledger.counts_today().values())
    assert told["calls_left"] == str(50 - told["calls_today"])
    # A moment, which the page shows as people read it, in their own zone.
    assert told["last_success"].isoformat().startswith("2026-11-21T08:00")
    assert told["server"] == "ok"
    text = json.dumps(told, default=str)
    assert not any(vin in text for vin in account_of(TESTER).vins)
    for path in (Path(carport.__file__).parent / "translations").glob("*.json"):
        labels = json.loads(path.read_text())["system_health"]["info"]
        assert labels.keys() == NAMED


async def test_server_is_gone(hass: HomeAssistant, hass_world: World) -> None:
    """A server that is down shows as such."""
    await async_add_account(hass, hass_world)
    await hass_world.simulator.stop()
    assert (await health(hass))["server"] == {"type": "failed", "error": "unreachable"}


async def test_every_server_is_looked_at(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Two accounts may be at two servers, of which one may be gone."""
    await async_add_account(hass, hass_world)
    demo = await async_add_demo(hass, hass_world)
    data = {**demo.data, "server": "http://127.0.0.1:9"}
    hass.config_entries.async_update_entry(demo, data=data)
    told = await health(hass)
    assert told["server"] == "ok"
    assert told["server 2"] == {"type": "failed", "error": "unreachable"}


async def test_makers_hosts(hass: HomeAssistant, hass_world: World) -> None:
    """Without a server every host of the maker is looked at, by its own name."""
    entry = await async_add_account(hass, hass_world)
    address = hass_world.simulator.address.removeprefix("http://")
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "server": address}
    )
    assert (await health(hass))["server"] == "ok"
    hass.config_entries.async_update_entry(entry, data={**entry.data, "server": None})
    told = await unchecked(hass)
    checks = {key: value for key, value in told.items() if key not in NAMED}
    assert checks.keys() == CarNet.info.hosts["us"]
    for check in checks.values():
        # Nothing here reaches the internet, so nobody is asked.
        check.close()
