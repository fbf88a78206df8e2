"""Configurations by hand, values that no car has, and screens with little room."""

from typing import Any, Final

from playwright.async_api import Browser, expect
import pytest

from .stage import Stage
from .stub_page import shown

CARD: Final = "document.querySelector('carport-car-card')"


@pytest.mark.parametrize(
    ("config", "seen"),
    [
        ({"name": 208}, "208"),
        ({"plate": 1234}, "1234"),
        ({"lines": "auto"}, "all closed"),
        ({"layout": "huge"}, "Aurora"),
        ({"body": "constructor"}, "Aurora"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_configuration_by_hand(
    stage: Stage, browser: Browser, config: dict[str, Any], seen: str
) -> None:
    """Numbers that are names, and words that are none of ours, make a card all the same."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"(more) => {CARD}.setConfig({{...{CARD}.config, ...more}})", config
            )
            await page.evaluate(f"{CARD}.updateComplete")
            await expect(page.locator(".face.full")).to_contain_text(seen)
            assert "NaN" not in await page.evaluate(f"{CARD}.shadowRoot.innerHTML")

    stage.run(play())


@pytest.mark.parametrize("width", [290, 340, 400, 640, 1200])
def test_values_that_no_car_has_stay_on_the_card(
    stage: Stage, browser: Browser, width: int
) -> None:
    """A level of 250 per cent, one below nothing, and names without an end."""
    out = f"""() => {{
      const root = {CARD}.shadowRoot;
      const box = {CARD}.getBoundingClientRect();
      return [...root.querySelectorAll(".face *, dialog")].filter((one) => {{
        if (one.closest("svg, .spoken") || one.getClientRects().length === 0) return false;
        if (one.closest("dialog")) return one.scrollWidth > one.clientWidth + 1;
        const clipped = getComputedStyle(one.parentElement).overflow !== "visible";
        const {{left, right}} = one.getBoundingClientRect();
        return !clipped && (right > box.right + 1 || left < box.left - 1);
      }}).map((one) => one.className);
    }}"""

    async def play() -> None:
        async with shown(browser, "charging_ac", width=width) as page:
            for level, limit in ((250, 300), (-40, -20), (1e21, 1e21)):
                await page.evaluate(
                    f"""{CARD}.tell({{
                    "sensor.battery_level": [{level}, {{unit_of_measurement: "%"}}],
                    "sensor.range_total": [{level}123456789, {{unit_of_measurement: "km"}}],
                    "number.charge_limit": [{limit}, {{unit_of_measurement: "%"}}]}})"""
                )
                assert await page.evaluate(out) == []
            await page.evaluate(
                f"""(name) => {CARD}.setConfig({{...{CARD}.config, name, plate: name}})""",
                "Donaudampfschifffahrtsgesellschaft" * 6,
            )
            await page.evaluate(f"{CARD}.updateComplete")
            assert await page.evaluate(out) == []
            await page.evaluate(f"{CARD}.open('more')")
            await expect(page.locator("dialog")).to_be_visible()
            assert await page.evaluate(out) == []

    stage.run(play())


@pytest.mark.parametrize("how", [{}, {"rtl": 1}], ids=["ltr", "rtl"])
def test_sheets_fit_a_small_screen_at_twice_the_size(
    stage: Stage, browser: Browser, how: dict[str, int]
) -> None:
    """Nothing in them has to be scrolled for sideways."""

    async def play() -> None:
        async with shown(
            browser, "failed_car_refused", width=276, large=1, **how
        ) as page:
            for kind in ("more", "age", "limit", "parts", "place", "receipt"):
                await page.evaluate(f"{CARD}.open('{kind}')")
                sheet = page.locator(f"dialog[data-sheet={kind}]")
                await expect(sheet).to_be_visible()
                over = await sheet.evaluate("one => one.scrollWidth - one.clientWidth")
                assert over <= 1, kind

    stage.run(play())


def test_what_says_nothing_takes_no_room(stage: Stage, browser: Browser) -> None:
    """The line for what becomes of a command leaves no gap before the controls."""

    async def play() -> None:
        async with shown(browser, "charging_ac", width=400) as page:
            await page.locator(".dots").click()
            sheet = page.locator("dialog .sheet-body")
            await expect(sheet.locator("[role=status]")).to_have_text("")
            gap = await sheet.evaluate(
                """(one) => one.querySelector(".buttons").getBoundingClientRect().top
                  - one.querySelector("header").getBoundingClientRect().bottom"""
            )
            assert 0 < gap < 20

    stage.run(play())
