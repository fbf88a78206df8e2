"""Pages of the built card before a fake Home Assistant, in the states that it knows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from .stage import NOW, STUB, Complaints, serve_stub


async def new_page(browser: Browser, **options: Any) -> Page:
    """Return a page in a context of its own, which has nothing on it yet."""
    context = await browser.new_context(timezone_id="Europe/Berlin", **options)
    await serve_stub(context)
    return await context.new_page()


async def open_states(page: Page, **query: Any) -> None:
    """Show one state, several, or all, at the time of the pictures."""
    await page.clock.set_fixed_time(NOW)
    said = "&".join(f"{key}={value}" for key, value in query.items())
    await page.goto(f"{STUB}/stub/index.html?{said}")
    await page.wait_for_function("document.title === 'ready'")


@asynccontextmanager
async def shown(
    browser: Browser, state: str, width: int = 400, height: int = 800, **query: Any
) -> AsyncIterator[Page]:
    """Show one state; nothing of ours may complain on its page."""
    page = await new_page(browser, viewport={"width": width + 24, "height": height})
    page.set_default_timeout(30_000)
    complaints = Complaints(page)
    await open_states(page, state=state, width=width, **query)
    yield page
    await page.context.close()
    assert complaints.found == []
