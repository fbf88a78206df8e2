"""Visits to the real Home Assistant: a page of its own for each, in a language and on a screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from typing import Any, Final, cast

from playwright.async_api import Browser, Error as PlaywrightError, Page, expect

from scripts.demo_home import furnish
from scripts.demo_home.home import Home
from scripts.demo_home.registry import Device

from .stage import Complaints

CARS: Final = f"/{furnish.DASHBOARD}/cars"
DESKTOP: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
_SHOWN: Final = 4_000
"""Characters of a page that a failing test prints."""
PATIENCE: Final = 60_000
"""Milliseconds for what a busy machine does; nothing waits that long."""
READY: Final = """() => {
  const hass = document.querySelector("home-assistant")?.hass;
  return hass?.states && hass.entities && hass.devices
    && customElements.get("carport-car-card") && window.customCards;
}"""
"""States and registries come one after the other, each when Home Assistant sends it."""
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def visit(
    browser: Browser, home: Home, path: str = CARS, **options: Any
) -> AsyncIterator[Page]:
    """Open a page of Home Assistant; nothing of ours may complain on it."""
    wish = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Berlin"}
    context = await browser.new_context(**{**wish, **options})
    tokens = json.dumps(json.dumps(home.tokens()))
    await context.add_init_script(f"localStorage.hassTokens = {tokens}")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints = Complaints(page)
    try:
        await page.goto(f"{home.address}{path}")
        await page.wait_for_function(READY)
        yield page
    except BaseException as error:
        # The log is all that is left of a run elsewhere: it shows what was on the page.
        error.add_note(f"{page.url} shows:\n{await _shown(page)}")
        raise
    finally:
        await context.close()
    assert complaints.found == []


async def _shown(page: Page) -> str:
    """Return what a page says, as far as it can still tell."""
    try:
        return (await page.locator("body").aria_snapshot(timeout=5_000))[:_SHOWN]
    except PlaywrightError as error:
        return f"nothing: {error.message}"


async def device_of(home: Home, name: str) -> Device:
    """Return a car by its name."""
    cars, _ = await furnish.look_around(home)
    return next(car for car in cars if car.name == name)


async def show_alone(home: Home, url: str, **config: Any) -> str:
    """Put one card on a dashboard of its own; return where that is."""
    known = await home.ask("lovelace/dashboards/list")
    if not any(row["url_path"] == url for row in known):
        await home.ask(
            "lovelace/dashboards/create",
            url_path=url,
            title="One",
            show_in_sidebar=False,
            require_admin=False,
            mode="storage",
        )
    card = {"type": "custom:carport-car-card", **config}
    view = {"type": "sections", "sections": [{"type": "grid", "cards": [card]}]}
    await home.ask("lovelace/config/save", url_path=url, config={"views": [view]})
    return f"/{url}/0"


async def id_of(home: Home, name: str) -> str:
    """Return the id of a car's device, by its name."""
    rows = await home.ask("config/device_registry/list")
    return next(str(row["id"]) for row in rows if row["name"] == name)


async def receipt(home: Home, car: Device) -> dict[str, Any]:
    """Return the receipt of a car's last command."""
    states = await home.states()
    return cast(dict[str, Any], states[car.entities["last_command"]]["attributes"])


async def ended(home: Home, car: Device, command: str, outcome: str) -> bool:
    """Return whether the last command is this one, and ended so."""
    told = await receipt(home, car)
    return (told.get("command"), told.get("outcome")) == (command, outcome)
