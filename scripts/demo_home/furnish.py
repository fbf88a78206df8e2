"""Furnishing the demo's Home Assistant: accounts, entities worth a look, dashboard."""

from collections.abc import Mapping
from typing import Any, Final

from . import accounts, dashboard
from .home import Home
from .registry import Device, devices

_AGE: Final = "_data_age"
"""The end of the unique ids of what is off by default, and on in the demo."""


async def furnish(address: str, clouds: str, index: Mapping[str, Any]) -> None:
    """Set up what is missing; what an earlier start left stays as it is."""
    async with Home.enter(address) as home:
        added = await accounts.set_up(home, clouds, index)
        if added:
            await _show_ages(home)
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


async def _show_ages(home: Home) -> None:
    """Switch the ages of the data on, in hours; the loaded accounts take notice."""
    for row in await home.ask("config/entity_registry/list"):
        if row["platform"] == "carport" and row["unique_id"].endswith(_AGE):
            await home.ask(
                "config/entity_registry/update",
                entity_id=row["entity_id"],
                disabled_by=None,
            )
            await home.ask(
                "config/entity_registry/update",
                entity_id=row["entity_id"],
                options_domain="sensor",
                options={"unit_of_measurement": "h"},
            )
    for entry in await accounts.entries(home):
        page = f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
        await home.post(page, {})


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
