"""Every action that a car's card offers, pressed until it is proved: a car of every service."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from playwright.async_api import Browser, expect
import pytest

from carport.makers.registry import SERVICES
from scripts.demo_home import accounts
from scripts.demo_home.clouds import calls, control
from scripts.demo_home.home import Home
from scripts.demo_home.waiting import until

from .stage import Stage
from .visitor import LIMIT, PROVED_WITHIN, Visitor
from .visits import device_of, id_of, show_alone, visit

ENTITIES: Final = {
    "lock.doors": "lock",
    "climate.climate": "climate",
    "switch.charge_control": "charging",
    "switch.defrost": "defrost",
    "button.flash": "flash",
    "button.honk": "honk",
    "button.refresh": "refresh",
    "button.wake": "wake",
    "number.charge_limit": LIMIT,
}
"""What the card makes of a car's entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A car, and what its card offers when it stands at home, locked and plugged in."""

    car: str
    actions: tuple[str, ...]
    level: int = 60
    """How full it is. A full one does not charge."""
    untold: tuple[str, ...] = ()
    """The commands of which the maker's cloud tells no more than that it took them."""


OFFERS: Final[Mapping[str, Offer]] = {
    "car_net": Offer(
        car="2016 e-Golf",
        actions=(
            *("lock", "climate", "charging", "defrost"),
            *("leave", "flash", "honk", "refresh"),
        ),
        untold=("honk_and_flash",),
    ),
    "we_connect": Offer(
        car="Passat",
        actions=("lock", "climate", "charging", "leave", "flash", "refresh"),
    ),
    "ze_services": Offer(car="Renault", actions=("climate", "refresh")),
    "my_renault": Offer(
        car="2021 Megane E-Tech",
        actions=("climate", "flash", "honk", "refresh", LIMIT),
        untold=("honk_and_flash",),
    ),
    # Its charge cannot be stopped: leaving is offered when it is over.
    "i_remote": Offer(
        car="M EX 301E",
        actions=("lock", "climate", "leave", "flash", "refresh"),
        level=100,
    ),
    "skoda": Offer(car="Eda", actions=("climate", "charging", "refresh", LIMIT)),
    "eu_data_act": Offer(car="ID.3", actions=("refresh",)),
    "car_data": Offer(car="2023 i4 eDrive40", actions=("refresh",)),
}
GENEROUS: Final[Mapping[str, Mapping[str, Any]]] = {
    "car_net": {"bucket_size": None},
    "skoda": {"limit": 1_000},
}
"""Clouds that take few calls, ten commands in a quarter of an hour and 20 calls in one: there
is more to press, and on a slow machine more to read meanwhile."""
OTHERS: Final = {
    "demo": "test_home.py presses its car's",
    "car_data_broker": "the same cars as CarData's, read from the owner's own broker",
}


def test_no_service_is_left_out() -> None:
    """A new maker's card is pressed as well, or it is said why not."""
    assert set(SERVICES) == {*OFFERS, *OTHERS}


@pytest.mark.parametrize("service", OFFERS)
def test_every_action_comes_to_its_proof(
    stage: Stage, browser: Browser, home: Home, clouds: str, service: str
) -> None:
    """All that a service's car can do is done from its card, and nothing else is offered."""
    offer = OFFERS[service]

    async def play() -> None:
        entries = {row["entry_id"]: row for row in await accounts.entries(home)}
        car = await device_of(home, offer.car)
        assert SERVICES[service].info.name in entries[car.entry_id]["title"]
        wish = {"plugged_in": True, "battery_level": offer.level}
        await control(clouds, f"home/{car.identifier}", **wish)
        if service == "car_net":
            # It takes ten commands in a quarter of an hour, and there are more to press.
            await control(clouds, "services/car_net", bucket_size=None)
        path = await show_alone(
            home,
            f"test-{service.replace('_', '-')}",
            device_id=await id_of(home, offer.car),
            buttons=[],
        )
        async with visit(browser, home, path) as page:
            visitor = Visitor(home, car, page, offer.untold)
            await _refresh(visitor, clouds)
            found: tuple[str, ...] = ()

            async def is_offered() -> bool:
                nonlocal found
                found = await visitor.offered()
                return found == offer.actions

            # What was read comes to the page a little later than to who asks for it.
            with suppress(TimeoutError):
                await until("all is offered", is_offered, PROVED_WITHIN)
            assert found == offer.actions
            shown = {name for key, name in ENTITIES.items() if key in car.entities}
            assert set(found) - {"leave"} == shown
            for name in (name for name in PRESSED if name in found):
                await PRESSED[name](visitor)

    stage.run(play())


async def _refresh(visitor: Visitor, clouds: str) -> None:
    """Read the car, and see on the card what the cloud knows, or why it asks later."""
    await visitor.open_all()
    before = len(await calls(clouds))
    await visitor.sheet.locator("[data-action=refresh]").click()

    async def was_asked() -> bool:
        return len(await calls(clouds)) > before

    await until("the cloud is asked", was_asked, PROVED_WITHIN)
    await visitor.close()
    await expect(visitor.page.locator(".problem")).to_have_count(0)
    if "last_command" in visitor.car.entities:

        async def is_plugged() -> bool:
            return await visitor.state("plugged_in") == "on"

        await until("the reading is there", is_plugged, PROVED_WITHIN)


async def _lock(visitor: Visitor) -> None:
    await visitor.press("lock", "unlock", asks=True)
    assert await visitor.state("lock.doors") == "unlocked"
    await visitor.press("lock", "lock")
    assert await visitor.state("lock.doors") == "locked"


async def _climate(visitor: Visitor) -> None:
    await visitor.press("climate", "start_climate")
    if await visitor.can_stop_climate():
        await visitor.press("climate", "stop_climate")


async def _charging(visitor: Visitor) -> None:
    await visitor.press("charging", "stop_charging")
    assert await visitor.state("charge_control") == "off"
    await visitor.press("charging", "start_charging")
    assert await visitor.state("charge_control") == "on"


async def _defrost(visitor: Visitor) -> None:
    for wanted in ("on", "off"):
        await visitor.press("defrost", "set_defrost")
        assert await visitor.state("defrost") == wanted


async def _limit(visitor: Visitor) -> None:
    before, limit = await visitor.last(), float(await visitor.state("charge_limit"))
    await visitor.open_limit()
    await visitor.sheet.locator("input[type=range]").focus()
    await visitor.page.keyboard.press("ArrowLeft")
    await visitor.ends("set_charge_limit", before)
    assert float(await visitor.state("charge_limit")) < limit


async def _leave(visitor: Visitor) -> None:
    await visitor.press("leave", "unlock", asks=True)
    assert await visitor.state("lock.doors") == "unlocked"
    assert await visitor.state("charging_state") != "charging"


PRESSED: Final[Mapping[str, Callable[[Visitor], Awaitable[None]]]] = {
    "lock": _lock,
    "climate": _climate,
    "charging": _charging,
    "defrost": _defrost,
    "flash": partial(Visitor.press, name="flash", command="honk_and_flash"),
    "honk": partial(Visitor.press, name="honk", command="honk_and_flash", asks=True),
    LIMIT: _limit,
    "leave": _leave,
}
"""How each is pressed, and what has become of the car then; leaving is the last."""
