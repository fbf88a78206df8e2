"""The card, chosen by click: from any entity of a car, and from the list of cards."""

from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Browser, Page, expect
import pytest

from scripts.demo_home.home import Home
from scripts.demo_home.waiting import until

from .stage import Stage
from .visits import id_of, show_alone, visit

URL: Final = "test-picker"


async def _choose_by_entity(page: Page) -> None:
    """Find the car among the devices, and one of its entities under it."""
    dialog = page.locator("hui-dialog-create-card")
    await dialog.get_by_text("Devices", exact=True).click()
    await dialog.get_by_text("Aurora", exact=True).first.click()
    await dialog.get_by_text("Odometer", exact=True).click()
    offered = dialog.locator("hui-suggestion-card").filter(has_text="Carport: Car")
    await expect(offered).to_have_count(2)
    await expect(offered.first).to_contain_text("Aurora")
    await expect(offered.first.locator("#sentence")).not_to_be_empty()
    await offered.first.click()


async def _choose_by_card(page: Page) -> None:
    """Look for the card by its name; it shows the home's first car until told."""
    dialog = page.locator("hui-dialog-create-card")
    await dialog.get_by_text("By card", exact=True).click()
    await dialog.locator("hui-card-picker input").first.fill("Carport")
    offered = dialog.locator("hui-card-picker .card").filter(has_text="Carport: Car")
    await expect(offered.locator("carport-car-card #sentence")).not_to_be_empty()
    await offered.locator(".overlay").click()
    editor = page.locator("hui-dialog-edit-card")
    await expect(editor.get_by_text("Number plate")).to_be_visible()
    await editor.get_by_text("Save", exact=True).click()


@pytest.mark.parametrize(
    "choose", [_choose_by_entity, _choose_by_card], ids=["by entity", "by card"]
)
def test_a_card_is_added(
    stage: Stage,
    browser: Browser,
    home: Home,
    choose: Callable[[Page], Awaitable[None]],
) -> None:
    """Edit the dashboard, add to it, choose, and the card is there and stays."""

    async def cards() -> list[dict[str, str]]:
        config = await home.ask("lovelace/config", url_path=URL)
        found: list[dict[str, str]] = config["views"][0]["sections"][0]["cards"]
        return found

    async def play() -> None:
        path = await show_alone(home, URL)
        empty = {"type": "sections", "sections": [{"type": "grid", "cards": []}]}
        await home.ask("lovelace/config/save", url_path=URL, config={"views": [empty]})
        async with visit(browser, home, f"{path}?edit=1") as page:
            await page.locator("hui-grid-section button.add").click()
            await choose(page)
            await until("it is kept", cards, 30)
            (card,) = await cards()
            assert card["type"] == "custom:carport-car-card"
            if choose is _choose_by_entity:
                assert card["device_id"] == await id_of(home, "Aurora")
            await page.goto(f"{home.address}{path}")
            await expect(page.locator("carport-car-card #sentence")).not_to_be_empty()

    stage.run(play())
