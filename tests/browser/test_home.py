"""The card and the dashboards in a real Home Assistant, with simulated clouds and cars."""

from contextlib import suppress
from functools import partial
from typing import Any, Final

from playwright.async_api import Browser, Page, expect
import pytest
from pytest_socket import enable_socket

from scripts.demo_home import furnish
from scripts.demo_home.home import Home, HomeError
from scripts.demo_home.registry import Device
from scripts.demo_home.waiting import until

from .stage import AXE, Stage
from .visits import PHONE, device_of, ended, id_of, receipt, show_alone, visit

COUNT_RENDERS: Final = """() => {
  const card = customElements.get("carport-car-card");
  const render = card.prototype.render;
  window.renders = 0;
  card.prototype.render = function () { window.renders++; return render.call(this); };
}"""


def test_every_car_has_a_card(stage: Stage, browser: Browser, home: Home) -> None:
    """The demo's dashboard shows a car of every service, and each says something."""

    async def play() -> None:
        cars, _ = await furnish.look_around(home)
        assert len({car.entry_id for car in cars}) >= 8
        async with visit(browser, home) as page:
            cards = page.locator("carport-car-card")
            await expect(cards).to_have_count(len(cars))
            for car in cars:
                card = cards.filter(has=page.get_by_text(car.name, exact=True)).first
                await expect(card.locator("#sentence")).not_to_be_empty()
            text = await page.locator("hui-view").inner_text()
            assert "undefined" not in text
            assert "NaN" not in text

    stage.run(play())


@pytest.mark.parametrize(
    ("button", "command", "says"),
    [
        ("lock", "unlock", "Unlocked"),
        ("lock", "lock", "Locked"),
        ("climate", "start_climate", "Climate started"),
        ("climate", "stop_climate", "Climate stopped"),
        ("charging", "stop_charging", "Charging stopped"),
        ("charging", "start_charging", "Charging started"),
    ],
)
def test_a_command_is_followed_to_its_proof(
    stage: Stage,
    browser: Browser,
    home: Home,
    aurora: tuple[str, Device],
    button: str,
    command: str,
    says: str,
) -> None:
    """The card tells that the cloud took it, lets the others rest, and shows the proof."""
    path, car = aurora

    async def play() -> None:
        async with visit(browser, home, path) as page:
            control = page.locator(f".control[data-action={button}]")
            await control.click()
            if command == "unlock":
                await page.locator("[data-confirm]").click()
            await expect(page.locator(".progress")).to_be_visible()
            await expect(control).to_have_attribute("aria-disabled", "true")
            await expect(page.locator(".receipt")).to_contain_text(says)
            assert await ended(home, car, command, "confirmed")

    stage.run(play())


@pytest.fixture(scope="module")
def aurora(stage: Stage, home: Home) -> tuple[str, Device]:
    """Return the page and the device of a car that can do everything, plugged in."""

    async def prepare() -> tuple[str, Device]:
        car = await device_of(home, "Aurora")
        device_id = await id_of(home, "Aurora")
        path = await show_alone(
            home,
            "test-aurora",
            device_id=device_id,
            buttons=["lock", "climate", "charging"],
        )
        plug = car.entities["plugged_in"]

        async def plugged() -> bool:
            return bool((await home.states())[plug]["state"] == "on")

        await until("Aurora is plugged in", plugged, 60)
        return path, car

    enable_socket()
    return stage.run(prepare())


def test_the_limit_is_set_on_the_bar(
    stage: Stage, browser: Browser, home: Home, aurora: tuple[str, Device]
) -> None:
    """The slider sends when it is let go, and the car proves the new limit."""
    path, car = aurora

    async def play() -> None:
        async with visit(browser, home, path) as page:
            await page.locator(".bar .cover-all").first.click()
            slider = page.locator("dialog.sheet input[type=range]")
            await slider.focus()
            before = await slider.input_value()
            await page.keyboard.press("ArrowLeft")
            await until(
                "the limit is set",
                partial(ended, home, car, "set_charge_limit", "confirmed"),
                30,
            )
            state = (await home.states())[car.entities["charge_limit"]]["state"]
            assert float(state) == float(before) - 10

    stage.run(play())


def test_what_makes_a_noise_is_asked_first(
    stage: Stage, browser: Browser, home: Home, aurora: tuple[str, Device]
) -> None:
    """All else is behind the dots: flashing goes at once, honking asks."""
    path, car = aurora

    async def play() -> None:
        async with visit(browser, home, path) as page:
            await page.locator(".dots").click()
            await page.locator("dialog.sheet [data-action=flash]").click()
            await until(
                "it has flashed",
                partial(ended, home, car, "honk_and_flash", "confirmed"),
                30,
            )
            told = await receipt(home, car)
            await page.locator("dialog.sheet [data-action=honk]").click()
            await expect(page.locator("dialog.sheet")).to_contain_text("will be heard")
            await page.keyboard.press("Escape")
            assert (await receipt(home, car))["id"] == told["id"]

    stage.run(play())


def test_a_refusal_says_why_and_what_helps(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """The reason is on the card, from the receipt, also after the page was loaded anew."""

    async def play() -> None:
        device_id = await id_of(home, "Old lady")
        path = await show_alone(
            home, "test-refused", device_id=device_id, buttons=["climate"]
        )
        async with visit(browser, home, path) as page:
            await page.locator(".control[data-action=climate]").click()
            sentence = page.locator(".sentence")
            await expect(sentence).to_contain_text("Climate not started")
            await expect(sentence).to_contain_text("not plugged in")
            await page.reload()
            await expect(sentence).to_contain_text("not plugged in")
            await expect(page.get_by_text("Try again")).to_be_visible()
            await page.get_by_text("Dismiss").click()
            await expect(sentence).not_to_contain_text("not plugged in")

    stage.run(play())


def test_the_dashboard_is_offered_and_made(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """Add dashboard has it; what it makes leads to a page for each car."""

    async def play() -> None:
        before = await _dashboards(home)
        async with visit(browser, home, "/config/lovelace/dashboards") as page:
            await page.get_by_text("Add dashboard").first.click()
            await page.get_by_text("Carport: Cars").click()
            await page.get_by_role("button", name="Create").click()
            url = await until("it is made", partial(_made, home, before), 20)
            await page.goto(f"{home.address}/{url}/cars")
            card = page.locator("carport-car-card").filter(has_text="Aurora").first
            await card.locator("#name a").click()
            await expect(page.locator("carport-car-card .panel")).to_be_visible()
            for title in ("Controls", "Charging", "Doors, windows and lids"):
                await expect(page.get_by_text(title, exact=True).first).to_be_visible()

    stage.run(play())


async def _dashboards(home: Home) -> set[str]:
    return {row["url_path"] for row in await home.ask("lovelace/dashboards/list")}


async def _made(home: Home, before: set[str]) -> str | None:
    """Return where the new dashboard is, once it has what it shows.

    Home Assistant's page saves that after the dashboard; who leaves the page in between
    has an empty one.
    """
    for url in await _dashboards(home) - before:
        with suppress(HomeError):
            if "strategy" in await home.ask("lovelace/config", url_path=url):
                return url
    return None


def test_the_picker_offers_the_card_and_the_editor_changes_it(
    stage: Stage, browser: Browser, home: Home, aurora: tuple[str, Device]
) -> None:
    """Any entity of a car leads to its card, and a form says how it looks."""
    path, car = aurora

    async def play() -> None:
        async with visit(browser, home, f"{path}?edit=1") as page:
            offered = await page.evaluate(
                """([entity]) => {
                  const hass = document.querySelector("home-assistant").hass;
                  return window.customCards.find(({type}) => type === "carport-car-card")
                    .getEntitySuggestion(hass, entity);
                }""",
                [car.entities["battery_level"]],
            )
            assert [one["config"]["type"] for one in offered] == [
                "custom:carport-car-card"
            ] * 2
            await page.locator("hui-card-edit-mode").first.hover()
            await page.locator(
                "hui-card-edit-mode .edit, hui-card-edit-mode"
            ).first.click()
            dialog = page.locator("hui-dialog-edit-card")
            await expect(dialog.get_by_text("Number plate")).to_be_visible()
            await dialog.locator("ha-selector-text input").nth(1).fill("WOB-AU 26")
            await expect(dialog.locator("carport-car-card")).to_contain_text(
                "WOB-AU 26"
            )
            await dialog.get_by_text("Save", exact=True).click()
            await expect(dialog.get_by_text("Number plate")).to_have_count(0)
            await expect(page.locator("carport-car-card").first).to_contain_text(
                "WOB-AU 26"
            )

    stage.run(play())


def test_on_a_phone_in_german(stage: Stage, browser: Browser, home: Home) -> None:
    """The card fits the screen, and speaks the language of its reader."""

    async def play() -> None:
        async with visit(
            browser, home, viewport=PHONE, locale="de-DE", color_scheme="dark"
        ) as page:
            card = page.locator("carport-car-card").filter(has_text="Aurora").first
            await expect(card).to_contain_text("Verriegelt")
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"]
            await card.locator(".dots").click()
            await expect(page.locator("dialog.sheet")).to_contain_text("Aktualisieren")

    stage.run(play())


def test_other_entities_cost_nothing(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """Ten changes of a lamp render no card; one of a car renders its own."""

    async def play() -> None:
        async with visit(browser, home) as page:
            cards = page.locator("carport-car-card #sentence")
            await expect(cards.first).to_be_visible()
            await _settled(page)
            # The cars live on meanwhile: only what is due to the lamp counts.
            seen = "document.querySelector('home-assistant').hass.states['light.lamp']?.state"
            for number in range(10):
                before = await page.evaluate("[window.renders, window.changes]")
                await home.post("/api/states/light.lamp", {"state": str(number)})
                await page.wait_for_function(f"{seen} === '{number}'")
                after = await page.evaluate("[window.renders, window.changes]")
                if before[1] == after[1]:
                    assert after[0] == before[0]
            before = await page.evaluate("window.renders")
            battery = (await device_of(home, "Aurora")).entities["battery_level"]
            state = (await home.states())[battery]
            changed = {"state": "42", "attributes": state["attributes"]}
            await home.post(f"/api/states/{battery}", changed)
            await page.wait_for_function(f"window.renders > {before}")
            await home.post(f"/api/states/{battery}", state)

    stage.run(play())


async def _settled(page: Page) -> None:
    """Count renders, and changes of Carport's own entities, once the page is at rest."""
    await page.wait_for_function("window.loadCardHelpers !== undefined")
    await page.evaluate(COUNT_RENDERS)
    await page.evaluate(
        """async () => {
          window.changes = 0;
          const hass = document.querySelector("home-assistant").hass;
          const ours = (id) => hass.entities[id]?.platform === "carport";
          await hass.connection.subscribeEvents(({data}) => {
            if (ours(data.entity_id)) window.changes++;
          }, "state_changed");
        }"""
    )


def test_axe_finds_nothing_serious_in_home_assistant(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """The real theme's colours are legible, and everything has a name."""

    async def play() -> list[Any]:
        async with visit(browser, home, color_scheme="light") as page:
            await expect(page.locator("carport-car-card .face").first).to_be_visible()
            await page.add_script_tag(path=AXE)
            found: list[Any] = await page.evaluate(
                """async () => (await axe.run({include: [["home-assistant", "carport-car-card"]]},
                  {resultTypes: ["violations"]}).catch(() => axe.run("body", {resultTypes: ["violations"]}))).violations
                  .filter(({impact}) => impact === "serious" || impact === "critical")
                  .flatMap(({id, nodes}) => nodes.map(({target, html}) => [id, JSON.stringify(target), html.slice(0, 120)]))
                  .filter(([, target]) => target.includes("carport-car-card"))"""
            )
            return found

    if not AXE.exists():
        pytest.skip("scripts/frontend fetches axe-core")
    assert stage.run(play()) == []


def test_what_the_maker_remembers_is_asked_for_at_a_tap(
    stage: Stage, browser: Browser, home: Home
) -> None:
    """The page of a car costs no call; its trips do, and come with their figures."""

    async def play() -> None:
        path = f"/{furnish.DASHBOARD}/car-{await id_of(home, 'Aurora')}"
        async with visit(browser, home, path) as page:
            history = page.locator("carport-history-card")
            await expect(history).to_be_visible()
            await expect(history.locator("table")).to_have_count(0)
            await history.locator("[data-list=trips]").click()
            await expect(history.locator("tr").first).to_contain_text("km")
            await history.locator("[data-list=charges]").click()
            # A charge that still goes on has no figures yet; those before it have.
            await expect(history.locator("table")).to_contain_text("kWh")

    stage.run(play())


def test_everything_about_a_car_is_a_section_too(
    stage: Stage, browser: Browser, home: Home, aurora: tuple[str, Device]
) -> None:
    """A page that somebody puts together takes it as one of its sections."""

    async def play() -> None:
        device_id = await id_of(home, "Aurora")
        strategy = {"type": "custom:carport-car", "device_id": device_id}
        view = {"type": "sections", "sections": [{"strategy": strategy}]}
        await show_alone(home, "test-section", device_id=device_id)
        await home.ask(
            "lovelace/config/save", url_path="test-section", config={"views": [view]}
        )
        async with visit(browser, home, "/test-section/0") as page:
            await expect(page.locator("carport-car-card")).to_be_visible()
            await expect(page.get_by_text("Doors, windows and lids")).to_be_visible()

    stage.run(play())
