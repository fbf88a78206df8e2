"""What the card costs a browser: its size, and the first look at ten cars."""

import gzip
from statistics import median
from typing import Final

from playwright.async_api import Browser

from tests.browser.stage import CARPORT, STUB, chromium, serve_stub

from .table import Table

_CARS: Final = (1, 10)
_ROUNDS: Final = 15
_MEASURE: Final = """async (count) => {
  await window.makeGarage(count);
  const card = customElements.get("carport-car-card").prototype;
  let spent = 0;
  for (const name of ["setConfig", "performUpdate"]) {
    const original = card[name];
    card[name] = function (...all) {
      const began = performance.now();
      try { return original.apply(this, all); } finally { spent += performance.now() - began; }
    };
  }
  if ((await window.showGarage()) !== count) throw new Error("a card is missing");
  return spent;
}"""


async def tables() -> list[Table]:
    """Return what is loaded, and how long scripts run until the cards are there."""
    module = (CARPORT / "frontend" / "carport.js").read_bytes()
    async with chromium() as browser:
        rows = [await _row(browser, count) for count in _CARS]
    size, packed = (len(one) / 1000 for one in (module, gzip.compress(module)))
    note = (
        "What the cards take to make and to render for the first time, by the browser's "
        "clock: other programs on the machine count as well, least in the least. Each on a "
        f"fresh page, {_ROUNDS} times, with a `hass` of our own. The module, drawing included, is {size:.0f} kB, "
        f"{packed:.0f} kB compressed; a language other than English is a file of its own."
    )
    return [
        Table(
            title="The card: the first look at it",
            head=("On the page", "scripts, the middle one", "the least"),
            rows=rows,
            notes=(note,),
        )
    ]


async def _row(browser: Browser, count: int) -> tuple[str, str, str]:
    took = [await _shown(browser, count) for _ in range(_ROUNDS)]
    cars = f"{count} car{'s' * (count > 1)}"
    return cars, f"{median(took):.0f} ms", f"{min(took):.0f} ms"


async def _shown(browser: Browser, count: int) -> float:
    """Return the milliseconds that some cards take on a fresh page."""
    context = await browser.new_context(viewport={"width": 424, "height": 800})
    await serve_stub(context)
    page = await context.new_page()
    await page.goto(f"{STUB}/stub/index.html?state=none")
    await page.wait_for_function("document.title === 'ready'")
    took: float = await page.evaluate(_MEASURE, count)
    await context.close()
    return took
