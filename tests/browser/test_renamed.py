"""A car all of whose entities were given other ids by their owner: its card is the same."""

from typing import Any

from playwright.async_api import Browser, Page, expect

from scripts.demo_home.clouds import control
from scripts.demo_home.home import Home

from .stage import Stage
from .visitor import Visitor
from .visits import device_of, id_of, show_alone, visit


async def _rows(home: Home, device_id: str) -> list[dict[str, Any]]:
    rows = await home.ask("config/entity_registry/list")
    return [row for row in rows if row["device_id"] == device_id]


async def _rename(home: Home, before: str, after: str) -> None:
    await home.ask(
        "config/entity_registry/update", entity_id=before, new_entity_id=after
    )


async def _seen(page: Page) -> list[str]:
    """Return which lines and parts the card has, and whether they are known."""
    found: list[str] = await page.locator("carport-car-card").evaluate(
        """(card) => [
          ...[...card.shadowRoot.querySelectorAll(".line")].map((one) =>
            `${one.dataset.line} ${one.classList.contains("muted")}`),
          ...[...card.shadowRoot.querySelectorAll("svg [data-part]")].map((one) =>
            `${one.dataset.part} ${one.classList.contains("unknown")}`),
          card.shadowRoot.querySelector(".headline").getAttribute("aria-label"),
        ]"""
    )
    return found


def test_other_ids_change_nothing(
    stage: Stage, browser: Browser, home: Home, clouds: str
) -> None:
    """The car is all that the card is told; what it shows and does hangs on no id."""

    async def play() -> None:
        car, device_id = await device_of(home, "Passat"), await id_of(home, "Passat")
        await control(clouds, f"home/{car.identifier}", plugged_in=False)
        path = await show_alone(
            home,
            "test-renamed",
            device_id=device_id,
            lines=["security", "timers", "tyres", "service", "trip", "account"],
        )
        ids = [row["entity_id"] for row in await _rows(home, device_id)]
        others = [
            f"{one.partition('.')[0]}.other_{number}" for number, one in enumerate(ids)
        ]
        async with visit(browser, home, path) as page:
            offered = await Visitor(home, car, page).offered()
            before = await _seen(page)
            assert len(before) > 10
            for one, other in zip(ids, others, strict=True):
                await _rename(home, one, other)
            try:
                renamed = Visitor(home, await device_of(home, "Passat"), page)
                assert set(renamed.car.entities.values()) <= set(others)
                # The page learns of it by itself, and so does one that is opened later.
                for _ in range(2):
                    await page.wait_for_function(
                        """([old, last]) => {
                          const {states, entities} = document.querySelector("home-assistant").hass;
                          return old.every((id) => !entities[id] && !states[id]) && states[last];
                        }""",
                        arg=[ids, renamed.car.entities["last_command"]],
                    )
                    assert await renamed.offered() == offered
                    assert await _seen(page) == before
                    await page.reload()
                    await expect(
                        page.locator("carport-car-card #sentence")
                    ).not_to_be_empty()
                await renamed.press("flash", "honk_and_flash")
            finally:
                for one, other in zip(ids, others, strict=True):
                    await _rename(home, other, one)

    stage.run(play())
