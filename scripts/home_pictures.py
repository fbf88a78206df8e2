"""Take pictures of Carport's pages in the demo's Home Assistant.

Run it as `.venv/bin/python -m scripts.home_pictures`; they go to docs/screenshots.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
import tempfile
from typing import Final

from playwright.async_api import Browser, FloatRect, expect

from scripts.demo_home import furnish
from scripts.demo_home.home import Home
from tests.browser.stage import chromium, demo
from tests.browser.visits import device_of, ended, id_of, visit

FOLDER: Final = Path(__file__).parents[1] / "docs" / "screenshots"
SHOWN: Final = "Aurora"


async def main() -> None:
    """Take all pictures."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder), now) as running, chromium() as browser:
            await set_up(browser, running.home)
            await car_page(browser, running.home)


async def set_up(browser: Browser, home: Home) -> None:
    """Show the first page of the set-up, which asks for the service."""
    path = "/config/integrations/integration/carport"
    size = {"width": 1000, "height": 1000}
    async with visit(browser, home, path, viewport=size) as page:
        await page.get_by_role("button", name="Add hub").first.click()
        dialog = page.locator("dialog-data-entry-flow")
        await expect(dialog.get_by_text("Demo garage")).to_be_visible()
        await expect(dialog.get_by_role("button", name="Submit")).to_be_enabled()
        await page.mouse.move(0, 0)
        await page.screenshot(path=FOLDER / "set-up.png", animations="disabled")


async def car_page(browser: Browser, home: Home) -> None:
    """Show everything that one car says, after a command that was proved."""
    path = f"/{furnish.DASHBOARD}/car-{await id_of(home, SHOWN)}"
    car = await device_of(home, SHOWN)
    size = {"width": 1536, "height": 1300}
    async with visit(browser, home, path, viewport=size) as page:
        await page.locator("carport-car-card [data-action=lock]").click()
        await page.locator("[data-confirm]").click()
        await expect(page.locator("carport-car-card .receipt")).to_be_visible()
        assert await ended(home, car, "unlock", "confirmed")
        await expect(page.locator("hui-logbook-card")).to_contain_text("nlock")
        await page.mouse.move(0, 0)
        view = page.locator("hui-view")
        box = await view.bounding_box()
        assert box is not None
        clip = FloatRect(x=box["x"], y=box["y"], width=1280, height=1104)
        await page.screenshot(
            path=FOLDER / "car-page.png", animations="disabled", clip=clip
        )


if __name__ == "__main__":
    asyncio.run(main())
