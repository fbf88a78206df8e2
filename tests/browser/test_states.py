"""Every state of a car on every width, light and dark: what is there, and that it fits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser
import pytest

from .stage import AXE, FOLDERS, Complaints, Stage
from .stub_page import new_page, open_states

WIDTHS: Final = {290: "strip", 340: "compact", 400: "full", 640: "wide", 1200: "panel"}
STATES: Final = 54

READ: Final = """() => [...document.querySelectorAll("carport-car-card")].map((card) => {
  const root = card.shadowRoot;
  const box = card.getBoundingClientRect();
  const face = root.querySelector(".face");
  const seen = (element) => element.getClientRects().length > 0;
  const outside = [...root.querySelectorAll(".face *")].filter((one) => {
    if (one.closest("svg, .spoken") || !seen(one)) return false;
    const { left, right } = one.getBoundingClientRect();
    const shown = getComputedStyle(one).overflow === "visible" || one.matches("button");
    return shown && (right > box.right + 1 || left < box.left - 1);
  }).map((one) => one.className + ": " + one.textContent.trim().slice(0, 40));
  const cut = [...root.querySelectorAll(".control, .line, .headline, .limit, .age")]
    .filter((one) => seen(one) && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.className + ": " + one.textContent.trim());
  const small = [...root.querySelectorAll(".control")].filter(seen)
    .filter((one) => one.offsetWidth < 44 || one.offsetHeight < 44).map((one) => one.title);
  const rows = new Set([...root.querySelectorAll(".face .control")].filter(seen)
    .map((one) => one.offsetTop)).size;
  const top = root.querySelector(".number, .headline")?.getBoundingClientRect();
  const picture = root.querySelector(".picture svg .body")?.getBoundingClientRect();
  const crossed = Boolean(top && picture && face.classList.contains("full")
    && top.bottom > picture.bottom);
  return {
    layout: face?.classList[1] ?? null,
    sentence: root.querySelector("#sentence")?.textContent.replace(/\\s+/g, " ").trim() ?? "",
    text: root.textContent.replace(/\\s+/g, " ").trim(),
    alarm: root.querySelector(".sentence")?.classList[1] ?? null,
    buttons: [...root.querySelectorAll(".control")].map((one) => one.dataset.action ?? "more"),
    resting: [...root.querySelectorAll(".control[aria-disabled=true]")].map((one) => one.dataset.action),
    lines: [...root.querySelectorAll(".line")].map((one) => one.dataset.line),
    meters: root.querySelectorAll("[role=meter]").length,
    unknown: root.querySelectorAll("svg .unknown").length,
    open: [...new Set([...root.querySelectorAll("svg .open")].map((one) => one.dataset.part))],
    height: box.height, outside, cut, small, rows, crossed,
  };
})"""
"""What a test looks at of each card."""

type Seen = dict[str, dict[str, Any]]


async def _read(browser: Browser, **query: Any) -> Seen:
    """Return what is seen of every state that is one card."""
    width = query["width"]
    page = await new_page(browser, viewport={"width": width + 24, "height": 800})
    complaints = Complaints(page)
    await open_states(page, **query)
    names = await page.evaluate("window.stubCards")
    seen = await page.evaluate(READ)
    await page.context.close()
    assert complaints.found == []
    assert len(names) == len(seen)
    return dict(zip(names, seen, strict=True))


@pytest.fixture(scope="module")
def full(stage: Stage, browser: Browser) -> Seen:
    """Return all states in the layout that most people see."""
    return stage.run(_read(browser, width=400))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_state_fits(
    stage: Stage, browser: Browser, width: int, theme: str
) -> None:
    """Nothing leaves the card, nothing is cut off, and every control can be hit."""
    seen = stage.run(_read(browser, width=width, **{theme: 1}))
    assert len({name.partition("#")[0] for name in seen}) == STATES
    for name, card in seen.items():
        wrong = {key: card[key] for key in ("outside", "cut", "small") if card[key]}
        assert not wrong, f"{name} at {width}: {wrong}"
        assert not card["crossed"], name
        if card["layout"] is not None:
            assert card["layout"] == WIDTHS[width], name
            assert card["sentence"], name


LANGUAGES: Final = sorted(
    path.stem for path in FOLDERS["translations"].glob("*.json") if path.stem != "en"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits(stage: Stage, browser: Browser, language: str) -> None:
    """No text leaves the card, and the buttons stand in one row as in English."""
    english = stage.run(_read(browser, width=400, state="away_three_open"))
    seen = stage.run(_read(browser, width=400, language=language))
    three = seen["away_three_open"]["sentence"]
    assert three != english["away_three_open"]["sentence"]
    for name, card in seen.items():
        wrong = {key: card[key] for key in ("outside", "cut") if card[key]}
        assert not wrong, f"{name} in {language}: {wrong}"
        assert card["rows"] <= 1, f"{name} in {language}"


@pytest.mark.parametrize("how", ["rtl", "large"])
@pytest.mark.parametrize("width", [340, 400, 640])
def test_states_from_right_to_left_and_at_twice_the_size(
    stage: Stage, browser: Browser, width: int, how: str
) -> None:
    """The card has no left or right of its own, and grows with its text."""
    seen = stage.run(_read(browser, width=width, special=1, **{how: 1}))
    assert len(seen) >= 9
    for name, card in seen.items():
        assert not card["outside"], f"{name} at {width}: {card['outside']}"
        assert not card["cut"], f"{name} at {width}: {card['cut']}"


SENTENCES: Final = {
    "parked_home": "Parked: Home, since 17:04",
    "parked_away": "Parked, 3 km away, since 17:04",
    "away_window_open": "Left rear window open",
    "away_three_open": "3 things open",
    "unlocked_home": "Parked: Home, since 17:04",
    "driving": "On the road",
    "charging_ac": "Charging 7.4 kW · 80% at Wed 07:10",
    "charging_dc": "Charging 118 kW · 100% at 18:54",
    "plugged_waits": "Plugged in · starts 23:00",
    "plugged_paused": "Plugged in · paused",
    "complete": "Charged to 80%",
    "charging_problem": "Charging problem: Fault",
    "was_charging": "Was charging at 03:10",
    "stale": "Parked: Home, since Mon 20:50 · as of 10:12",
    "closed_by_maker": "Closed by the maker. Last report March 3",
    "needs_owner": "The account needs you",
    "unlock_running": "Unlocking … taken by the cloud, waiting for the car · 0:12",
    "climate_running": "Warming to 21 °C · until 18:50",
    "defrost": "Defrosting",
    "health_stop": "Oil pressure: stop",
    "nothing_known": "No report yet",
    "capture_in_the_future": "Parked: Home, since 17:04",
    "long_name_german": "Lädt mit 7,4 kW · 80 % um Mi., 07:10",
    "miles": "Parked, 1.9 mi away, since 05:04 PM",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_what_is_said(full: Seen, name: str) -> None:
    """Each state has its sentence."""
    assert full[name]["sentence"].startswith(SENTENCES[name])


def _shows(*words: str) -> Callable[[dict[str, Any]], bool]:
    return lambda card: all(word in card["text"] for word in words)


SHOWN: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "away_window_open": lambda card: (
        card["alarm"] == "danger" and "window_rear_left" in card["open"]
    ),
    "unlocked_home": lambda card: (
        card["alarm"] == "neutral" and "Not locked" in card["text"]
    ),
    "unlock_running": lambda card: card["resting"] == ["lock", "climate"],
    "parked_home": lambda card: card["resting"] == [],
    "driving": lambda card: card["resting"] == ["lock", "climate"],
    "refused_not_plugged": _shows("Charging not started", "not plugged in"),
    "failed_car_refused": _shows("Not unlocked", "Try again", "Dismiss"),
    "timed_out": _shows("as far as is known", "not known"),
    "confirmed": _shows("Unlocked · proved by the car 18:29"),
    "throttled": _shows("next look 19:20"),
    "degraded": _shows("in part"),
    "hybrid": lambda card: card["meters"] == 2 and "62%" in card["text"],
    "diesel": lambda card: "charging" not in card["buttons"] and card["meters"] == 1,
    "city_ev_2013": lambda card: card["lines"] == ["climate"] and card["unknown"] > 0,
    "nothing_known": lambda card: card["lines"] == [] and card["meters"] == 0,
    "no_doors_reported": lambda card: (
        card["unknown"] > 0 and "all closed" not in card["text"]
    ),
    "doors_unknown": _shows("Lock: not reported", "doors: not reported"),
    "lock_state_only": lambda card: (
        "lock" not in card["buttons"] and "Locked" in card["text"]
    ),
    "display_only": lambda card: card["buttons"] == [],
    "closed_by_maker": lambda card: card["buttons"] == [] and "6 days" in card["text"],
    "flat_tyre": _shows("Tyre pressure: check"),
    "tyres_in_psi": _shows("36 · 36 · 36 · 36 psi"),
    "capture_in_the_future": _shows("20:05"),
    "device_gone": _shows("not there"),
    "device_disabled": _shows("disabled"),
    "coupe_doors_open": _shows("Left front door open", "Right front door open"),
    "before_formatters": _shows("312"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(full: Seen, name: str) -> None:
    """Each state shows what is special about it, and nothing that is not known."""
    assert SHOWN[name](full[name]), full[name]


def test_a_visitor_who_may_not_control(stage: Stage, browser: Browser) -> None:
    """Home Assistant's no takes the buttons away, and says so."""

    async def play() -> tuple[str, int]:
        page = await new_page(browser)
        await open_states(page, state="guest", width=400)
        await page.locator("[data-action=climate]").click()
        await page.locator(".problem").wait_for()
        text = await page.locator(".problem").inner_text()
        left = await page.locator(".control").count()
        await page.context.close()
        return text, left

    text, left = stage.run(play())
    assert text == "You may look at this car, but not control it."
    assert left == 0


def test_what_is_risky_is_asked_first(stage: Stage, browser: Browser) -> None:
    """Escape sends nothing; only the button of the question does."""

    async def play() -> list[list[Any]]:
        page = await new_page(browser)
        await open_states(page, state="charging_ac", width=400)
        calls = "document.querySelector('carport-car-card').calls.map((one) => [one.service, one.notify])"
        sent = []
        await page.locator("[data-action=lock]").click()
        await page.keyboard.press("Escape")
        await page.locator("dialog").wait_for(state="detached")
        sent.append(await page.evaluate(calls))
        await page.locator("[data-action=lock]").click()
        await page.locator("[data-confirm]").click()
        sent.append(await page.evaluate(calls))
        await page.locator("[data-action=climate]").click()
        sent.append(await page.evaluate(calls))
        await page.context.close()
        return sent

    none, one, two = stage.run(play())
    assert none == []
    assert one == [["unlock", False]]
    assert two == [["unlock", False], ["set_hvac_mode", False]]


def test_what_was_closed_stays_closed(stage: Stage, browser: Browser) -> None:
    """A car's news between the tap on Close and the browser's word of it opens nothing."""

    async def play() -> None:
        page = await new_page(browser)
        await open_states(page, state="charging_ac", width=400)
        for _ in range(2):
            await page.locator(".dots").click()
            await page.locator("dialog .close").wait_for()
            await page.evaluate(
                """async () => {
                  const card = document.querySelector("carport-car-card");
                  card.shadowRoot.querySelector("dialog .close").click();
                  card.requestUpdate();
                  await card.updateComplete;
                }"""
            )
            await page.locator("dialog").wait_for(state="detached", timeout=5_000)
        await page.context.close()

    stage.run(play())


def test_leaving_stops_the_charge_and_then_unlocks(
    stage: Stage, browser: Browser
) -> None:
    """The second step waits for the first, and is not taken after a refusal."""

    async def play(refuse: bool) -> list[str]:
        page = await new_page(browser)
        await open_states(page, state="charging_ac", width=400)
        card = "document.querySelector('carport-car-card')"
        if refuse:
            await page.evaluate(
                f"{card}.hass.callService = async (domain, service) => {{"
                f"{card}.calls.push({{service}}); throw {{code: 'x', message: 'no'}}; }}; null"
            )
        await page.locator(".dots").click()
        await page.locator("dialog [data-action=leave]").click()
        await page.locator("[data-confirm]").click()
        await page.wait_for_function(f"{card}.calls.length >= {1 if refuse else 2}")
        if refuse:
            await page.locator(".problem").wait_for()
        found: list[str] = await page.evaluate(
            f"{card}.calls.map((one) => one.service)"
        )
        await page.context.close()
        return found

    assert stage.run(play(refuse=False)) == ["turn_off", "unlock"]
    assert stage.run(play(refuse=True)) == ["turn_off"]


def test_a_pin_is_typed_where_the_lock_wants_one(
    stage: Stage, browser: Browser
) -> None:
    """The code goes with the call, and nowhere else."""

    async def play() -> list[Any]:
        page = await new_page(browser)
        await open_states(page, state="code_asked", width=400)
        await page.locator("[data-action=lock]").click()
        await page.locator("[data-confirm]").click()
        await page.locator("input[name=code]").fill("2468")
        await page.locator("dialog button[type=submit]").click()
        calls: list[Any] = await page.evaluate(
            "document.querySelector('carport-car-card').calls"
        )
        await page.context.close()
        return calls

    (call,) = stage.run(play())
    assert (call["service"], call["data"]) == ("unlock", {"code": "2468"})


def test_nothing_moves_for_who_does_not_want_it(stage: Stage, browser: Browser) -> None:
    """Reduced motion ends animations, and colours forced by the system stay legible."""

    async def play() -> list[Any]:
        moving = "getComputedStyle(document.querySelector('carport-car-card').shadowRoot.querySelector('.cable')).animationName"
        found = []
        for options in ({}, {"reduced_motion": "reduce"}, {"forced_colors": "active"}):
            page = await new_page(browser, **options)
            state = (
                "charging_ac" if "forced_colors" not in options else "forced_colours"
            )
            await open_states(page, state=state, width=400)
            found.append(await page.evaluate(moving))
            await page.context.close()
        return found

    moves, still, _ = stage.run(play())
    assert moves == "flow"
    assert still == "none"


@pytest.mark.skipif(not AXE.exists(), reason="scripts/frontend fetches axe-core")
@pytest.mark.parametrize(
    "query",
    [
        {"width": 340, "special": 1},
        {"width": 400, "dark": 1},
        {"width": 1200, "special": 1},
    ],
    ids=["compact", "full-dark", "panel"],
)
def test_axe_finds_nothing_serious(
    stage: Stage, browser: Browser, query: dict[str, int]
) -> None:
    """Names, roles and contrast hold in every state."""

    async def play() -> list[dict[str, Any]]:
        page = await new_page(
            browser, viewport={"width": query["width"] + 24, "height": 800}
        )
        await open_states(page, **query)
        await page.add_script_tag(path=Path(AXE))
        found: list[dict[str, Any]] = await page.evaluate(
            """async () => (await axe.run("carport-car-card", {resultTypes: ["violations"]})).violations
              .filter(({impact}) => impact === "serious" || impact === "critical")
              .map(({id, nodes}) => ({id, nodes: nodes.slice(0, 3).map((node) => [node.html.slice(0, 160), node.failureSummary])}))"""
        )
        await page.context.close()
        return found

    assert stage.run(play()) == []
