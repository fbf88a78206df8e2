"""Furnishing the demo's Home Assistant: accounts and the dashboard."""

from collections.abc import Mapping
from typing import Any, Final

from . import accounts
from .home import Home
from .registry import Device, devices
from .waiting import until

DASHBOARD: Final = "carport-demo"
_STRATEGY: Final = "custom:carport"
_LOADED_WITHIN: Final = 60


async def furnish(address: str, clouds: str, index: Mapping[str, Any]) -> None:
    """Set up what is missing; what an earlier start left stays as it is."""
    async with Home.enter(address) as home:
        await accounts.set_up(home, clouds, index)
        await until(
            "The accounts are loaded", lambda: _are_loaded(home), _LOADED_WITHIN
        )
        known = await home.ask("lovelace/dashboards/list")
        if not any(row["url_path"] == DASHBOARD for row in known):
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


async def _show(home: Home) -> None:
    """Add Carport's dashboard, as an owner would, as the first thing a visitor sees."""
    await home.ask(
        "lovelace/dashboards/create",
        url_path=DASHBOARD,
        title="Cars",
        icon="mdi:garage-variant",
        show_in_sidebar=True,
        require_admin=False,
        mode="storage",
    )
    await home.ask(
        "lovelace/config/save",
        url_path=DASHBOARD,
        config={"strategy": {"type": _STRATEGY}},
    )
    await home.ask(
        "frontend/set_system_data", key="core", value={"default_panel": DASHBOARD}
    )


async def _tidy(home: Home) -> None:
    """Take away the rooms that the welcome made: no car parks in the bedroom."""
    for area in await home.ask("config/area_registry/list"):
        await home.ask("config/area_registry/delete", area_id=area["area_id"])
