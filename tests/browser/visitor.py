"""Somebody who presses what a car's card offers, and waits for what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import Locator, Page, expect

from scripts.demo_home.home import Home
from scripts.demo_home.registry import Device
from scripts.demo_home.waiting import until

from .visits import receipt

LIMIT: Final = "limit"
"""The slider behind the bar, which is no button."""
PROVED_WITHIN: Final = 60
"""Seconds, on a busy machine; the cars' time runs faster than ours."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody before a car's card, who also looks at what Home Assistant says."""

    home: Home
    car: Device
    page: Page
    untold: tuple[str, ...] = ()
    """The commands of which the cloud tells no more than that it took them."""

    @property
    def sheet(self) -> Locator:
        """What is open before the card."""
        return self.page.locator("dialog.sheet")

    async def offered(self) -> tuple[str, ...]:
        """Return everything that the card offers now."""
        await self.open_all()
        names: list[str] = await self.sheet.locator("[data-action]").evaluate_all(
            "all => all.map(({dataset}) => dataset.action)"
        )
        if "number.charge_limit" in self.car.entities:
            await self.open_limit()
            names.append(LIMIT)
        await self.close()
        return tuple(names)

    async def open_all(self) -> None:
        """Open all controls, which are behind the dots."""
        await self.close()
        await self.page.locator("carport-car-card .dots").click()
        await expect(self.sheet.locator("[data-action]").first).to_be_visible()

    async def open_limit(self) -> None:
        """Open the slider behind the bar."""
        await self.close()
        await self.page.locator(".bar.battery .cover-all").click()
        await expect(self.sheet.locator("input[type=range]")).to_be_enabled()

    async def close(self) -> None:
        """Close what is open."""
        if await self.sheet.count():
            await self.sheet.locator(".close").click()
        await expect(self.sheet).to_have_count(0)

    async def press(self, name: str, command: str, *, asks: bool = False) -> None:
        """Press a control, say yes where it has to ask, and see the end of it."""
        before = await self.last()
        await self.open_all()
        control = self.sheet.locator(f"[data-action={name}]")
        await expect(control).to_have_attribute("aria-disabled", "false")
        await control.click()
        if asks:
            await self.sheet.locator("[data-confirm]").click()
        await self.ends(command, before)

    async def last(self) -> str | None:
        """Return which command was the last."""
        told: str | None = (await receipt(self.home, self.car)).get("id")
        return told

    async def ends(self, command: str, before: str | None) -> None:
        """Wait for the end of a command, and see on the card how it ended."""

        async def over() -> Mapping[str, Any] | None:
            told = await receipt(self.home, self.car)
            if told.get("id") == before or told.get("finished_at") is None:
                return None
            # Of several commands the last counts, unless one before it fails.
            goes_on = told["command"] != command and told["outcome"] == "confirmed"
            return None if goes_on else told

        told = await until(f"{command} ends", over, PROVED_WITHIN)
        assert told is not None
        untold = command in self.untold
        ended = (told["command"], told["outcome"], told["reason"])
        assert ended == (command, "accepted" if untold else "confirmed", None)
        await self.close()
        mark = ".receipt.taken" if untold else ".receipt.confirmed"
        await expect(self.page.locator(mark)).to_be_visible()
        await expect(self.page.locator(".problem")).to_have_count(0)

    async def state(self, key: str) -> str:
        """Return the state of one of the car's entities."""
        return str((await self.home.states())[self.car.entities[key]]["state"])

    async def can_stop_climate(self) -> bool:
        """Return whether the maker lets a start of the climate be taken back."""
        entity = self.car.entities["climate.climate"]
        return "off" in (await self.home.states())[entity]["attributes"]["hvac_modes"]
