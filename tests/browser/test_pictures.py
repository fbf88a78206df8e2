"""What the card looks like: 24 states as small pictures, compared with a tolerance.

Pictures are compared at a quarter of their size and softened, so that another machine's
fonts pass, and a colour, a part or a line that is missing does not. To take them anew:
`CARPORT_TAKE_PICTURES=1 scripts/test tests/browser/test_pictures.py`.
"""

from io import BytesIO
import os
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.async_api import Browser
import pytest

from .stage import NOW, STUB, Stage, serve_stub

PICTURES: Final = Path(__file__).parent / "pictures"
TAKE: Final = bool(os.environ.get("CARPORT_TAKE_PICTURES"))
WIDTH: Final = 400
SCALE: Final = 4
TALLER: Final = 0.06
"""How much higher or lower a card may be: another font wraps elsewhere."""
DIFFERENT: Final = 7.0
"""Of 255, over the whole picture."""
SHOWN: Final = {
    "light": (
        "parked_home",
        "away_window_open",
        "away_three_open",
        "charging_ac",
        "charging_dc",
        "was_charging",
        "closed_by_maker",
        "needs_owner",
        "unlock_running",
        "failed_car_refused",
        "confirmed",
        "hybrid",
        "diesel",
        "nothing_known",
        "no_doors_reported",
        "coupe_doors_open",
        "van_gate_open",
        "right_hand_drive",
    ),
    "dark": (
        "charging_ac",
        "stale",
        "flat_tyre",
        "lights_left_on",
        "driving",
        "long_name_german",
    ),
}
CASES: Final = [(theme, name) for theme, names in SHOWN.items() for name in names]

type Taken = dict[tuple[str, str], Image.Image]


@pytest.fixture(scope="module")
def taken(stage: Stage, browser: Browser) -> Taken:
    """Return a picture of every state that is compared."""

    async def take() -> Taken:
        pictures: Taken = {}
        for theme, names in SHOWN.items():
            context = await browser.new_context(
                timezone_id="Europe/Berlin",
                viewport={"width": WIDTH + 24, "height": 900},
                reduced_motion="reduce",
            )
            await serve_stub(context)
            page = await context.new_page()
            await page.clock.set_fixed_time(NOW)
            wanted = f"state={','.join(names)}&width={WIDTH}&{theme}"
            await page.goto(f"{STUB}/stub/index.html?{wanted}")
            await page.wait_for_function("document.title === 'ready'")
            cards = page.locator("carport-car-card")
            # The page shows them in the order of its own table.
            for at, name in enumerate(await page.evaluate("window.stubCards")):
                shot = await cards.nth(at).screenshot()
                pictures[theme, name] = Image.open(BytesIO(shot)).convert("RGB")
            await context.close()
        return pictures

    return stage.run(take())


@pytest.mark.parametrize(("theme", "name"), CASES)
def test_it_looks_as_it_did(taken: Taken, theme: str, name: str) -> None:
    """A card differs from its picture by no more than another font makes of it."""
    now = _small(taken[theme, name])
    kept = PICTURES / f"{name}-{theme}.png"
    if TAKE:
        PICTURES.mkdir(exist_ok=True)
        now.save(kept, optimize=True)
    with Image.open(kept) as picture:
        then = picture.convert("RGB")
    assert abs(now.height - then.height) <= TALLER * then.height
    assert _difference(now, then) <= DIFFERENT


def test_a_missing_part_is_noticed(taken: Taken) -> None:
    """The tolerance is small enough: other states are not taken for each other."""
    for one, other in (
        ("parked_home", "away_window_open"),
        ("charging_ac", "was_charging"),
        ("coupe_doors_open", "van_gate_open"),
    ):
        seen = _small(taken["light", one]), _small(taken["light", other])
        assert _difference(*seen) > DIFFERENT


def _small(picture: Image.Image) -> Image.Image:
    size = picture.width // SCALE, picture.height // SCALE
    return picture.resize(size, Image.Resampling.BOX)


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart where both are, of 255."""
    size = one.width, min(one.height, other.height)
    soft = [
        picture.crop((0, 0, *size)).filter(ImageFilter.GaussianBlur(1.5))
        for picture in (one, other)
    ]
    # Most of a card is ground: the root of the mean square weighs what stands out.
    return max(ImageStat.Stat(ImageChops.difference(*soft)).rms)
