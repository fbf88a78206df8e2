"""Where browser tests play: one loop in a thread of its own, one browser, one Home Assistant.

Tests stay plain functions, and the loop outlives them: starting a Home Assistant for
each of them would take minutes.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import json
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    async_playwright,
)

from scripts.demo_home import clouds, config_dir, processes
from scripts.demo_home.furnish import furnish
from scripts.demo_home.home import Home
from tests.programs import program

from .evening import evening

STUB: Final = "http://carport.test"
CARPORT: Final = config_dir.REPOSITORY / "custom_components" / "carport"
FOLDERS: Final = {
    "stub": Path(__file__).parent / "stub",
    "built": CARPORT / "frontend",
    "translations": CARPORT / "translations",
}
AXE: Final = config_dir.REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"
NOW: Final = "2026-03-10T17:30:00Z"
"""The time of the pictures, as the page of states has it."""
SPEED: Final = 20
"""The cars' time: a command is proved after a second or two."""
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


class Stage:
    """A thread that runs what is asynchronous for tests that are not."""

    def __init__(self) -> None:
        """Start the thread."""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="browser tests")
        self._thread.start()

    def run[T](self, work: Coroutine[Any, Any, T], limit: float = 240) -> T:
        """Return what some work comes to.

        Its steps have limits of their own, which say what was waited for; this one, far
        longer, ends what hangs with a traceback of where it stood.
        """

        async def limited() -> T:
            async with asyncio.timeout(limit):
                return await work

        return asyncio.run_coroutine_threadsafe(limited(), self._loop).result(
            limit + 30
        )

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run the system's browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program("chromium"), args=list(_FLAGS)
        )
        yield browser
        await browser.close()


async def serve_stub(context: BrowserContext) -> None:
    """Answer for the page of states and the built card, without any server."""

    async def answer(route: Route) -> None:
        _, folder, name = urlsplit(route.request.url).path.split("/", 2)
        path = FOLDERS[folder] / name if folder in FOLDERS else None
        if path is None or not path.is_file():
            await route.fulfill(status=404)
        else:
            await route.fulfill(path=path)

    await context.route(f"{STUB}/**", answer)


@dataclass(frozen=True, slots=True)
class Demo:
    """A Home Assistant, and where the simulator of its makers' clouds is."""

    home: Home
    clouds: str


@asynccontextmanager
async def demo(folder: Path, now: datetime | None = None) -> AsyncIterator[Demo]:
    """Run the demo: the clouds, and a Home Assistant with a car of every service.

    The cars' time begins at a moment that lies ahead; without one, at an hour at which
    they are where tests need them.
    """
    port = processes.free_ports(23_123, 1, 1)
    clouds_port = processes.free_ports(23_700, 50, 50)
    address, server = processes.address(port), processes.address(clouds_port)
    kept = folder / "clouds.json"
    kept.write_text(json.dumps({"now": (now or evening()).isoformat()}))
    config_dir.prepare(folder / "hass", port)
    async with processes.simulator(clouds_port, SPEED, kept):
        index = await clouds.read_index(server)
        # In the cars' fast time a code would be over before a busy machine approves it.
        await clouds.control(server, "services/car_data", code_lifetime=3600)
        async with processes.hass(folder / "hass"):
            await furnish(address, server, index)
            async with Home.enter(address) as home:
                yield Demo(home, server)


class Complaints:
    """What the console says of Carport: errors, and what nobody caught."""

    def __init__(self, page: Page) -> None:
        """Listen to a page."""
        self.found: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"{error.stack}"))

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and "carport" in f"{where} {message.text}".lower():
            self.found.append(f"{message.text} ({where})")
