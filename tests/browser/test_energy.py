"""What a car charged, chosen in the Energy dashboard by somebody who looks for it."""

from typing import Final

from playwright.async_api import Browser, expect

from scripts.demo_home import furnish
from scripts.demo_home.home import Home, HomeError
from scripts.demo_home.waiting import until

from .stage import Stage
from .visits import visit

NAME: Final = "Aurora energy charged"


async def _statistic(home: Home) -> str | None:
    """Return the id of the one to choose, once the recorder has it."""
    rows = await home.ask("recorder/list_statistic_ids", statistic_type="sum")
    return next((str(row["statistic_id"]) for row in rows if row["name"] == NAME), None)


async def _is_chosen(home: Home) -> bool:
    try:
        prefs = await home.ask("energy/get_prefs")
    except HomeError:  # Nothing was ever chosen.
        return False
    chosen = [row["stat_consumption"] for row in prefs["device_consumption"]]
    return chosen == [await _statistic(home)]


def test_it_is_chosen_in_the_energy_dashboard(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """As an individual device, found by the name of Carport; then it is drawn."""

    async def play() -> None:
        cars, _ = await furnish.look_around(home)
        aurora = next(car for car in cars if car.name == "Aurora")
        await home.post(
            "/api/services/carport/import_charges",
            {"entity_id": aurora.entities["energy_charged"]},
        )
        statistic = await until(NAME, lambda: _statistic(home), 60)
        assert statistic is not None
        assert statistic.startswith("carport:")
        async with visit(browser, home, "/config/energy") as page:
            await page.get_by_role("button", name="Add device").first.click()
            picker = page.locator("ha-statistic-picker").first
            await picker.wait_for()
            # Opened before it knows the statistics, its list stays without them.
            await page.wait_for_function(
                "picker => picker.statisticIds", arg=await picker.element_handle()
            )
            await picker.click()
            search = page.get_by_placeholder("Search", exact=True).last
            await search.press_sequentially("Carport")
            await page.get_by_text(NAME, exact=True).last.click()
            await page.get_by_role("button", name="Save").click()
            await until("chosen", lambda: _is_chosen(home), 30)
            await page.goto(f"{home.address}/energy")
            await expect(page.get_by_text(NAME).first).to_be_visible()

    stage.run(play())
