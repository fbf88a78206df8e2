"""A real Home Assistant core for measurements: registries and storage, no pages."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
import json
import logging
import os
from pathlib import Path
import socket
from types import MappingProxyType
from typing import Any, Final, cast

from aiohttp import ThreadedResolver

from carport.cloud.clock import Clock
from custom_components.carport.accounts.data import carport_data
from custom_components.carport.const import DOMAIN, PLATFORMS
from custom_components.carport.coordinator import AccountCoordinator
from custom_components.carport.makers.registry import SERVICES
from homeassistant import bootstrap, loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.config_entries import (
    ConfigEntries,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.aiohttp_client import DATA_RESOLVER, HassAsyncDNSResolver
from homeassistant.setup import async_setup_component
from scripts.demo_home.visit import approve
from simulator.accounts import Account
from simulator.clock import ManualClock

_APPROVED_WITHIN: Final = 60


def keep_quiet() -> None:
    """Leave out the warnings that Home Assistant gives whatever is measured."""
    # Of integrations that are not Home Assistant's own, and of faster libraries.
    for warns in ("homeassistant.loader", "aiohttp_fast_zlib"):
        logging.getLogger(warns).setLevel(logging.ERROR)


@asynccontextmanager
async def opened_home(
    folder: Path, clock: Clock | None = None, zone: str = "UTC"
) -> AsyncIterator[HomeAssistant]:
    """Start a core in a folder, as at a real start but for the default integrations.

    All of Carport runs by the clock, where one is given.
    """
    hass = HomeAssistant(str(folder))
    loader.async_setup(hass)
    hass.config.skip_pip = True
    await hass.config.async_set_time_zone(zone)
    if clock is not None:
        carport_data(hass).clock = cast(Any, clock)
    # Home Assistant's own resolver listens on the network; here is nothing to resolve.
    hass.data[DATA_RESOLVER] = cast(HassAsyncDNSResolver, ThreadedResolver())
    hass.config_entries = ConfigEntries(hass, {})
    await hass.async_add_executor_job(_keep_to_this_machine, folder)
    await loader.async_get_custom_components(hass)
    await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    for domain in sorted(bootstrap.CORE_INTEGRATIONS):
        await async_setup_component(hass, domain, {})
    try:
        yield hass
    finally:
        if hass.state is not CoreState.stopped:
            await hass.async_stop(force=True)


def _keep_to_this_machine(folder: Path) -> None:
    """Have Home Assistant serve on loopback only; some platforms need its server."""
    host = _own_address()
    stable = {
        "server_host": [host],
        "server_port": _free_port(host),
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-11-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    content = {
        "version": 3,
        "minor_version": 1,
        "key": "http",
        "data": {"stable": stable, "pending": None, "yaml_migration_done": True},
    }
    path = folder / ".storage" / "http"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _own_address() -> str:
    """Return a loopback address that no other process uses: a port that is free stays so."""
    number = os.getpid()
    return f"127.{1 + (number >> 16) % 128}.{(number >> 8) % 256}.{number % 256}"


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as server:
        port: int = server.getsockname()[1]
    return port


async def start(hass: HomeAssistant) -> None:
    """Set Carport up with the accounts that the folder holds, and start the core."""
    await async_setup_component(hass, DOMAIN, {})
    await hass.async_start()
    await hass.async_block_till_done()


async def add_account(
    hass: HomeAssistant, data: Mapping[str, Any], options: Mapping[str, Any] | None
) -> AccountCoordinator:
    """Set up an account that needs no sign-in."""
    entry: ConfigEntry[AccountCoordinator] = ConfigEntry(
        version=1,
        minor_version=1,
        domain=DOMAIN,
        title=data["username"],
        data=data,
        options=options or {},
        source="user",
        unique_id=f"{data['service']}_{data['username']}",
        discovery_keys=MappingProxyType({}),
        subentries_data=(),
    )
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    return loaded(hass, entry)


async def login(
    hass: HomeAssistant, account: Account, address: str
) -> AccountCoordinator:
    """Go through the pages of the set-up form, as an owner does."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": "user"})
    for page in ({"service": account.service}, _typed(account, address)):
        result = await flow.async_configure(result["flow_id"], page)
    if result["type"] == "menu":
        agreed = {"next_step_id": "agree"}
        result = await flow.async_configure(result["flow_id"], agreed)
    if result["type"] == "progress":
        result = await _visited(hass, account, result)
    if result["type"] != "create_entry":
        why = [result.get(name) for name in ("type", "step_id", "errors", "reason")]
        raise RuntimeError(f"no entry was made: {why}")
    await hass.async_block_till_done()
    return loaded(hass, result["result"])


def loaded(
    hass: HomeAssistant, entry: ConfigEntry[AccountCoordinator]
) -> AccountCoordinator:
    """Return an account's coordinator; raise if not all of it was set up.

    Home Assistant only logs a platform that failed, and what is left is quicker.
    """
    known = hass.config.components
    failed = [one for one in PLATFORMS if f"{DOMAIN}.{one}" not in known]
    if entry.state is not ConfigEntryState.LOADED or failed:
        raise RuntimeError(f"not set up: {entry.state}, {', '.join(failed)}")
    return entry.runtime_data


async def _visited(
    hass: HomeAssistant, account: Account, result: ConfigFlowResult
) -> ConfigFlowResult:
    """Approve at the maker's page, and see the sign-in go on."""
    flow = hass.config_entries.flow
    link = (result["description_placeholders"] or {})["url"]
    typed = {"username": account.username, "password": account.password}
    await approve(link, typed)
    async with asyncio.timeout(_APPROVED_WITHIN):
        while result["type"] in {"progress", "progress_done"}:
            await asyncio.sleep(0.05)
            clock = cast(object, carport_data(hass).clock)
            if isinstance(clock, ManualClock):
                # Nobody else moves it while the maker is asked again and again.
                clock.step(1)
            result = await flow.async_configure(result["flow_id"])
    return result


def _typed(account: Account, address: str) -> dict[str, Any]:
    """Return what an owner types who has an account at a server."""
    info = SERVICES[account.service].info
    return {
        **({"region": account.region} if len(info.hosts) > 1 else {}),
        **account.typed(info.sign_in_fields),
        "own_server": {"server": address},
    }
