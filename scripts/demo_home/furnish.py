"""Furnishing the demo's Home Assistant: accounts, entities worth a look, dashboard."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from . import accounts, dashboard
from .home import Home
from .registry import Device, devices
from .waiting import until

_LOADED_WITHIN: Final = 60

_SHOWN: Final = ("_data_age", "_wake", "_picture")
"""What is off by default and on in the demo, by the end of its unique id."""


async def furnish(address: str, clouds: str, index: Mapping[str, Any]) -> None:
    """Set up what is missing; what an earlier start left stays as it is."""
    async with Home.enter(address) as home:
        added = await accounts.set_up(home, clouds, index)
        if added:
            await _switch_on(home)
        await until(
            "The accounts are loaded", lambda: _are_loaded(home), _LOADED_WITHIN
        )
        known = await home.ask("lovelace/dashboards/list")
        if not any(row["url_path"] == dashboard.URL for row in known):
            await _tidy(home)
            await _show(home)


async def look_around(home: Home) -> tuple[list[Device], list[Device]]:
    """Return the cars and the accounts that Home Assistant has."""
    return devices(
        await home.ask("config/device_registry/list"),
        await home.ask("config/entity_registry/list"),
    )


async def _are_loaded(home: Home) -> bool:
    entries = await accounts.entries(home)
    return all(entry["state"] == "loaded" for entry in entries)


async def _switch_on(home: Home) -> None:
    """Switch some entities on, and load the accounts again, which take notice."""
    update = "config/entity_registry/update"
    for row in await home.ask("config/entity_registry/list"):
        if row["platform"] == "carport" and row["unique_id"].endswith(_SHOWN):
            await home.ask(update, entity_id=row["entity_id"], disabled_by=None)
    pages = [
        f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
        for entry in await accounts.entries(home)
    ]
    await asyncio.gather(*(home.post(page, {}) for page in pages))


async def _show(home: Home) -> None:
    """Make the dashboard, and make it the first thing a visitor sees."""
    await home.ask(
        "lovelace/dashboards/create",
        url_path=dashboard.URL,
        title=dashboard.TITLE,
        icon="mdi:garage-variant",
        show_in_sidebar=True,
        require_admin=False,
        mode="storage",
    )
    cars, owned = await look_around(home)
    await home.ask(
        "lovelace/config/save",
        url_path=dashboard.URL,
        config=dashboard.config(cars, owned),
    )
    await home.ask(
        "frontend/set_system_data", key="core", value={"default_panel": dashboard.URL}
    )


async def _tidy(home: Home) -> None:
    """Take away the rooms that the welcome made: no car parks in the bedroom."""
    for area in await home.ask("config/area_registry/list"):
        await home.ask("config/area_registry/delete", area_id=area["area_id"])
