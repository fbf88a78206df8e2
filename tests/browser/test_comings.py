"""Cards that are moved, taken away and brought back, and what they wait for that never comes."""

from typing import Final

from playwright.async_api import Browser, Route, expect
import pytest

from .stage import Stage
from .stub_page import new_page, open_states, shown

CARD: Final = "document.querySelector('carport-car-card')"
MOVE: Final = f"""() => {{
  const card = {CARD};
  const place = card.parentElement;
  place.remove();
  document.getElementById("stage").append(place);
}}"""
MAPS: Final = """() => {
  window.loadCardHelpers = async () => ({createCardElement: ({entities}) => {
    const map = document.createElement("div");
    map.className = "their-map";
    map.textContent = entities.join();
    return map;
  }});
}"""


def test_a_card_that_is_moved_leaves_no_sheet_behind(
    stage: Stage, browser: Browser
) -> None:
    """Home Assistant takes pages off that nobody looks at, and puts them back."""

    async def play() -> None:
        async with shown(browser, "charging_ac") as page:
            await page.locator(".dots").click()
            await page.evaluate(MOVE)
            await expect(page.locator("dialog")).to_have_count(0)
            await page.locator(".dots").click()
            await expect(page.locator("dialog:modal")).to_have_count(1)

    stage.run(play())


@pytest.mark.parametrize("opens", [".dots", "[data-action=lock]"])
def test_a_car_that_comes_back_opens_nothing(
    stage: Stage, browser: Browser, opens: str
) -> None:
    """Its sheet, or the question about it, went with it."""

    async def play() -> None:
        async with shown(browser, "charging_ac") as page:
            await page.locator(opens).click()
            await expect(page.locator("dialog")).to_have_count(1)
            await page.evaluate(
                f"""async () => {{
                  const card = {CARD};
                  const {{hass}} = card;
                  card.hass = {{...hass, devices: {{}}}};
                  await card.updateComplete;
                  card.hass = {{...hass}};
                  await card.updateComplete;
                }}"""
            )
            await expect(page.locator("#sentence")).to_contain_text("Charging")
            await expect(page.locator("dialog")).to_have_count(0)

    stage.run(play())


def test_a_card_that_comes_back_is_up_to_date(stage: Stage, browser: Browser) -> None:
    """A report has aged meanwhile, without any news of the car."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            age = page.locator(".age time")
            await expect(age).to_contain_text("2 min")
            await page.clock.set_fixed_time("2026-03-10T18:30:00Z")
            await page.evaluate(MOVE)
            await expect(age).to_contain_text("1 hr", timeout=5_000)

    stage.run(play())


def test_a_card_that_is_gone_counts_no_seconds(stage: Stage, browser: Browser) -> None:
    """What it waited for may come later, and starts no clock any more."""
    counted = """() => {
      window.counting = new Set();
      const [set, clear] = [window.setInterval, window.clearInterval];
      window.setInterval = (...all) => {
        const id = set(...all);
        window.counting.add(id);
        return id;
      };
      window.clearInterval = (id) => {
        window.counting.delete(id);
        clear(id);
      };
    }"""

    async def play() -> None:
        async with shown(browser, "unlock_running") as page:
            await page.evaluate(counted)
            # The clock that runs already was set before anybody counted.
            await page.evaluate(MOVE)
            await page.wait_for_function("window.counting.size === 2")
            await page.evaluate(
                f"""async () => {{
                  const card = {CARD};
                  card.remove();
                  card.requestUpdate();
                  await card.updateComplete;
                }}"""
            )
            assert await page.evaluate("window.counting.size") == 0

    stage.run(play())


def test_a_question_for_a_card_that_is_gone_is_dropped(
    stage: Stage, browser: Browser
) -> None:
    """The form for a code comes late, and there is no page left to put it on."""

    async def play() -> None:
        async with shown(browser, "code_asked") as page:
            await page.evaluate(
                """() => {
                  window.loadCardHelpers = () => new Promise((done) => { window.helped = done; });
                }"""
            )
            await page.locator("[data-action=lock]").click()
            await page.locator("[data-confirm]").click()
            await page.evaluate(
                f"""async () => {{
                  const card = {CARD};
                  card.remove();
                  window.helped({{}});
                  await card.updateComplete;
                  await new Promise(requestAnimationFrame);
                }}"""
            )

    stage.run(play())


def test_an_update_is_not_lost_in_news_of_others(
    stage: Stage, browser: Browser
) -> None:
    """What the card asked of itself is drawn, also if a lamp went on at the same moment."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""() => {{
                  const card = {CARD};
                  card.open("more");
                  card.hass = {{...card.hass, states: {{...card.hass.states, "light.lamp": {{}}}}}};
                }}"""
            )
            await expect(page.locator("dialog.sheet")).to_be_visible()

    stage.run(play())


def test_trips_are_not_lost_in_news_of_others(stage: Stage, browser: Browser) -> None:
    """Nor shown for another car than the one that was asked about."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""() => {{
                  const history = document.createElement("carport-history-card");
                  history.setConfig({{device_id: "car1"}});
                  history.hass = {{...{CARD}.hass, callService: (domain, service, data) =>
                    new Promise((done) => {{ history.reply = (rows) => done({{response: {{[data.device_id[0]]: {{trips: rows}}}}}}); }})}};
                  document.getElementById("stage").append(history);
                }}"""
            )
            history = page.locator("carport-history-card")
            await history.locator("[data-list=trips]").click()
            await expect(history).to_contain_text("Asking")
            await page.evaluate(
                """async () => {
                  const history = document.querySelector("carport-history-card");
                  history.reply([{ended_at: "2026-03-10T08:00:00Z", distance: 41}]);
                  // Every turn at which the answer may be on its way to the page.
                  for (let turn = 0; turn < 20; turn++) {
                    history.hass = {...history.hass};
                    await null;
                  }
                }"""
            )
            await expect(history.locator("tr")).to_contain_text("41 km")
            await history.locator("[data-list=trips]").click()
            await page.evaluate(
                """() => {
                  const history = document.querySelector("carport-history-card");
                  history.setConfig({device_id: "car2"});
                  history.reply([{ended_at: "2026-03-10T08:00:00Z", distance: 42}]);
                }"""
            )
            await expect(history).not_to_contain_text("Asking")
            await expect(history.locator("tr")).to_have_count(0)

    stage.run(play())


def test_the_map_of_a_page_outlives_its_sheet(stage: Stage, browser: Browser) -> None:
    """It is one element, and cannot be in two places."""

    async def play() -> None:
        async with shown(browser, "parked_away", width=1200) as page:
            await page.evaluate(MAPS)
            await page.evaluate(
                """async () => {
                  const old = document.querySelector("carport-car-card");
                  const card = document.createElement("carport-car-card");
                  card.setConfig({...old.config});
                  card.hass = old.hass;
                  old.replaceWith(card);
                  await card.updateComplete;
                }"""
            )
            face = page.locator(".face .their-map")
            await expect(face).to_have_count(1)
            await page.locator("#sentence button").click()
            await expect(page.locator("dialog.sheet")).to_be_visible()
            await page.locator("dialog .close").click()
            await expect(page.locator("dialog")).to_have_count(0)
            await expect(face).to_have_count(1)

    stage.run(play())


def test_a_card_that_gets_another_car_forgets_the_first(
    stage: Stage, browser: Browser
) -> None:
    """Neither its question nor its map, its receipt or its news stay."""

    async def play() -> None:
        async with shown(browser, "parked_away") as page:
            await page.evaluate(MAPS)
            await page.evaluate(
                f"""() => {{
                  const card = {CARD};
                  const {{hass}} = card;
                  const [states, entities] = [{{...hass.states}}, {{...hass.entities}}];
                  for (const entity of Object.values(hass.entities)) {{
                    const id = `${{entity.entity_id}}_2`;
                    entities[id] = {{...entity, entity_id: id, device_id: "car2"}};
                    states[id] = {{...states[entity.entity_id], entity_id: id}};
                  }}
                  const other = {{...hass.devices.car1, id: "car2", name: "Borealis"}};
                  card.hass = {{...hass, states, entities, devices: {{...hass.devices, car2: other}}}};
                }}"""
            )
            await page.locator("[data-line=place], #sentence button").first.click()
            await expect(page.locator(".their-map")).to_have_text(
                "device_tracker.car_location"
            )
            await page.evaluate(
                f"{CARD}.setConfig({{...{CARD}.config, device_id: 'car2'}})"
            )
            await expect(page.locator("#name")).to_have_text("Borealis")
            await expect(page.locator("dialog")).to_have_count(0)
            await page.locator("[data-line=place], #sentence button").first.click()
            await expect(page.locator(".their-map")).to_have_text(
                "device_tracker.car_location_2"
            )

    stage.run(play())


def test_words_that_do_not_come_are_not_asked_for_without_end(
    stage: Stage, browser: Browser
) -> None:
    """English stays; the card looks again when it has something else to draw."""
    asked: list[str] = []

    async def fail(route: Route) -> None:
        asked.append(route.request.url)
        await route.abort()

    async def play() -> None:
        page = await new_page(browser, viewport={"width": 424, "height": 800})
        await page.context.route("**/built/de*.js", fail)
        await open_states(page, state="long_name_german", width=400)
        await expect(page.locator("#sentence")).to_contain_text("Charging")
        await page.evaluate(
            """async () => {
              for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
            }"""
        )
        assert len(asked) <= 2
        await page.context.unroute("**/built/de*.js")
        await page.context.close()

    stage.run(play())


def test_a_reason_is_in_the_language_that_was_chosen_last(
    stage: Stage, browser: Browser
) -> None:
    """Home Assistant changes it without loading the page anew."""

    async def play() -> None:
        async with shown(browser, "refused_not_plugged") as page:
            await expect(page.locator(".why")).to_contain_text("not plugged in")
            await page.evaluate(
                f"""() => {{
                  const card = {CARD};
                  const locale = {{...card.hass.locale, language: "de"}};
                  const loadBackendTranslation = async () => () => "nicht angesteckt";
                  card.hass = {{...card.hass, locale, language: "de", loadBackendTranslation}};
                }}"""
            )
            await expect(page.locator(".why")).to_contain_text("nicht angesteckt")

    stage.run(play())


def test_a_reason_that_did_not_come_is_asked_for_again(
    stage: Stage, browser: Browser
) -> None:
    """A connection that was lost for a moment costs no text for good."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""() => {{
                  const {{hass}} = {CARD};
                  const load = hass.loadBackendTranslation;
                  window.failed = 0;
                  hass.loadBackendTranslation = (...all) =>
                    window.failed++ ? load(...all) : Promise.reject(3);
                }}"""
            )
            refusal = """{"event.last_command": receipt("start_charging", "refused", 1,
                {reason: "not_plugged"})}"""
            await page.evaluate(f"{CARD}.tell({refusal})")
            await expect(page.locator("#sentence")).to_contain_text("not started")
            await page.evaluate(f"{CARD}.tell({{'sensor.outside_temperature': 5}})")
            await expect(page.locator(".why")).to_contain_text("not plugged in")

    stage.run(play())
