"""What becomes of taps, when they come twice or news of the car comes between them."""

from typing import Any, Final

from playwright.async_api import Browser, expect
import pytest

from .stage import Stage
from .stub_page import shown

CARD: Final = "document.querySelector('carport-car-card')"
CALLS: Final = f"{CARD}.calls.map(({{service}}) => service)"


@pytest.mark.parametrize(
    ("control", "sent"),
    [("[data-action=lock]", []), ("[data-action=climate]", ["set_hvac_mode"])],
)
@pytest.mark.parametrize("height", [480, 660, 840])
def test_a_double_click_is_one_click(
    stage: Stage, browser: Browser, control: str, sent: list[str], height: int
) -> None:
    """The second falls on whatever has come under the pointer, and does nothing there."""

    async def play() -> None:
        async with shown(browser, "charging_ac", height=height) as page:
            await page.locator(control).dblclick()
            assert await page.evaluate(CALLS) == sent
            await expect(page.locator("dialog")).to_have_count(0 if sent else 1)

    stage.run(play())


def test_the_dots_open_for_who_clicks_twice(stage: Stage, browser: Browser) -> None:
    """The second click neither closes what the first opened nor presses what is in it."""

    async def play() -> None:
        async with shown(browser, "charging_ac") as page:
            await page.locator(".dots").dblclick()
            await expect(page.locator("dialog.sheet")).to_be_visible()
            assert await page.evaluate(CALLS) == []
            await page.locator("dialog [data-action=refresh]").dblclick()
            assert await page.evaluate(CALLS) == ["press"]

    stage.run(play())


def test_a_reading_that_is_awaited_is_not_asked_for_again(
    stage: Stage, browser: Browser
) -> None:
    """A key that is held down presses many times; each reading costs one of few calls."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(f"{CARD}.holdCalls()")
            await page.locator(".dots").click()
            refresh = page.locator("dialog [data-action=refresh]")
            for _ in range(3):
                await refresh.press("Enter")
            assert await page.evaluate(CALLS) == ["press"]
            await expect(refresh).to_have_attribute("aria-disabled", "true")
            await page.evaluate(f"{CARD}.waiting.pop().done({{}})")
            await expect(refresh).to_have_attribute("aria-disabled", "false")

    stage.run(play())


def test_a_reading_lets_no_second_command_go(stage: Stage, browser: Browser) -> None:
    """It goes beside a command of which nothing was heard yet; the others rest on."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(f"{CARD}.holdCalls()")
            await page.locator(".control[data-action=climate]").click()
            lock = page.locator(".face [data-action=lock]")
            await expect(lock).to_have_attribute("aria-disabled", "true")
            await page.locator(".dots").click()
            await page.locator("dialog [data-action=refresh]").click()
            await page.evaluate(f"{CARD}.waiting.pop().done({{}})")
            await page.evaluate(f"{CARD}.tell({{}})")
            await expect(lock).to_have_attribute("aria-disabled", "true")

    stage.run(play())


def test_a_reading_hides_no_failure(stage: Stage, browser: Browser) -> None:
    """What becomes of the command that it went beside is told all the same."""

    async def play() -> None:
        async with shown(browser, "unlock_running") as page:
            await page.locator(".dots").click()
            await page.locator("dialog [data-action=refresh]").click()
            await page.locator("dialog .close").click()
            await page.evaluate(
                f"""{CARD}.tell({{"lock.doors": "locked", "event.last_command":
                receipt("unlock", "failed", 1, {{id: "unlock-accepted", reason: "car_refused"}})}})"""
            )
            await expect(page.locator("#sentence")).to_contain_text("Not unlocked")

    stage.run(play())


@pytest.mark.parametrize(
    ("news", "why"),
    [
        (
            '"event.last_command": receipt("start_climate", "accepted", 1)',
            "Rests until this is done",
        ),
        ('"binary_sensor.moving": "on"', "Rests while the car drives"),
    ],
    ids=["a command from elsewhere", "off it goes"],
)
def test_a_question_rests_with_the_controls(
    stage: Stage, browser: Browser, news: str, why: str
) -> None:
    """What a tap could not ask for any more, a yes to an earlier question cannot either."""

    async def play() -> None:
        async with shown(browser, "parked_away") as page:
            await page.locator(".control[data-action=lock]").click()
            confirm = page.locator("[data-confirm]")
            await expect(confirm).to_have_attribute("aria-disabled", "false")
            await page.evaluate(f"{CARD}.tell({{{news}}})")
            await confirm.click(force=True)
            await expect(page.locator("dialog")).to_contain_text(why)
            assert await page.evaluate(CALLS) == []

    stage.run(play())


def test_nothing_is_tried_again_while_the_car_drives(
    stage: Stage, browser: Browser
) -> None:
    """A refusal of a moment ago is still told, and its way out rests."""

    async def play() -> None:
        async with shown(browser, "failed_car_refused") as page:
            await expect(page.get_by_role("button", name="Try again")).to_be_visible()
            await page.evaluate(f"{CARD}.tell({{'binary_sensor.moving': 'on'}})")
            await expect(page.locator("#sentence")).to_contain_text("Not unlocked")
            await expect(page.get_by_role("button", name="Try again")).to_have_count(0)
            lock = page.locator(".control[data-action=lock]")
            await expect(lock).to_have_attribute("aria-disabled", "true")

    stage.run(play())


def test_the_horn_is_tried_again_not_the_lights(stage: Stage, browser: Browser) -> None:
    """Both are one kind of command, and a page that was loaded anew knows only its receipt."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""{CARD}.tell({{"event.last_command":
                receipt("honk_and_flash", "failed", 1, {{parameters: {{mode: "honk"}}}})}})"""
            )
            await page.get_by_role("button", name="Try again").click()
            await expect(page.locator("dialog")).to_contain_text("will be heard")
            assert await page.evaluate(CALLS) == []

    stage.run(play())


def test_a_lost_connection_is_said_in_words(stage: Stage, browser: Browser) -> None:
    """Until the car's next receipt, which says more."""
    lost = (
        "{type: 'result', success: false, error: {code: 3, message: 'Connection lost'}}"
    )

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            for error in (lost, "3"):
                await page.evaluate(f"{CARD}.holdCalls()")
                await page.locator(".control[data-action=climate]").click()
                await page.evaluate(f"{CARD}.waiting.pop().fail({error})")
                problem = page.locator(".problem")
                await expect(problem).to_contain_text("connection to Home Assistant")
            await page.evaluate(
                f"""{CARD}.tell({{"event.last_command":
                receipt("start_climate", "confirmed", 1)}})"""
            )
            await expect(problem).to_have_count(0)

    stage.run(play())


def test_a_limit_that_was_not_taken_is_not_shown(
    stage: Stage, browser: Browser
) -> None:
    """The slider goes back to what the car has, and why is said where it was moved."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(f"{CARD}.holdCalls()")
            await page.locator(".bar .cover-all").click()
            slider = page.locator("dialog input[type=range]")
            await slider.fill("60")
            await page.wait_for_function(f"{CARD}.waiting.length === 1")
            await page.evaluate(f"{CARD}.waiting.pop().fail({{message: 'no'}})")
            await expect(slider).to_be_enabled()
            assert await slider.input_value() == "80"
            await expect(page.locator("dialog [role=status]")).to_have_text("no")

    stage.run(play())


def test_arrow_keys_send_where_they_come_to_rest(
    stage: Stage, browser: Browser
) -> None:
    """Each step of its own would be a command, and the slider rests after the first."""

    async def play() -> list[Any]:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(f"{CARD}.holdCalls()")
            await page.locator(".bar .cover-all").click()
            slider = page.locator("dialog input[type=range]")
            await slider.focus()
            for _ in range(3):
                await page.keyboard.press("ArrowLeft")
            await page.wait_for_function(f"{CARD}.waiting.length > 0")
            sent: list[Any] = await page.evaluate(f"{CARD}.calls")
            return sent

    (call,) = stage.run(play())
    assert call["data"] == {"value": 50}


def test_a_press_that_was_held_swallows_no_later_tap(
    stage: Stage, browser: Browser
) -> None:
    """What a hold opens lies under the finger, so that the card never sees it lifted."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""() => {{
                  const card = {CARD};
                  card.setConfig({{...card.config, hold_action: {{action: "more-info"}}}});
                  card.addEventListener("hass-action", () => {{ window.heard = true; }});
                }}"""
            )
            await page.locator(".headline").hover()
            await page.mouse.down()
            await page.wait_for_function("window.heard")
            await page.mouse.move(5, 790)
            await page.mouse.up()
            await page.locator(".headline").click()
            await expect(page.locator("dialog.sheet")).to_be_visible()

    stage.run(play())


def test_a_double_tap_is_no_tap(stage: Stage, browser: Browser) -> None:
    """Where two taps do something of their own, one waits for the other."""

    async def play() -> None:
        async with shown(browser, "parked_home") as page:
            await page.evaluate(
                f"""() => {{
                  const card = {CARD};
                  const [tap_action, double_tap_action] = [{{action: "more"}}, {{action: "more-info"}}];
                  card.setConfig({{...card.config, tap_action, double_tap_action}});
                  window.heard = [];
                  card.addEventListener("hass-action", ({{detail}}) => window.heard.push(detail.action));
                }}"""
            )
            await page.locator(".headline").dblclick()
            await page.wait_for_function("window.heard.length > 0")
            assert await page.evaluate("window.heard") == ["double_tap"]
            await expect(page.locator("dialog")).to_have_count(0)
            await page.locator(".headline").click()
            await expect(page.locator("dialog.sheet")).to_be_visible()
            assert await page.evaluate("window.heard") == ["double_tap"]

    stage.run(play())


def test_a_pointer_that_slips_off_closes_nothing(
    stage: Stage, browser: Browser
) -> None:
    """A code marked with the mouse, and let go beside the sheet, stays typed."""

    async def play() -> None:
        async with shown(browser, "code_asked") as page:
            await page.locator(".control[data-action=lock]").click()
            await page.locator("[data-confirm]").click()
            field = page.locator("input[name=code]")
            await field.fill("2468")
            await field.hover()
            await page.mouse.down()
            await page.mouse.move(2, 2)
            await page.mouse.up()
            await expect(field).to_have_value("2468")
            await page.mouse.click(2, 2)
            await expect(page.locator("dialog")).to_have_count(0)

    stage.run(play())


def test_a_key_stays_with_its_control(stage: Stage, browser: Browser) -> None:
    """What goes away before it moves the others, not the focus from one to the next."""

    async def play() -> None:
        async with shown(browser, "charging_ac") as page:
            await page.locator(".control[data-action=climate]").focus()
            await page.evaluate(f"{CARD}.tell({{'lock.doors': 'unavailable'}})")
            await page.keyboard.press("Enter")
            assert await page.evaluate(CALLS) == ["set_hvac_mode"]

    stage.run(play())
