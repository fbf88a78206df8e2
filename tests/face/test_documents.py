"""The documents tell the truth: what they print runs, and what they name exists."""

from ast import literal_eval
from datetime import datetime
import re
from typing import Any, Final

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.carport import lock
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, slugify

from ..documents import ROOT, automations, pages
from ..world import World
from .demo_garage import ELECTRIC, DemoHome
from .owner import async_own
from .test_texts import ACTIONS, ROWS, TEXTS, text_key

PRINTED: Final = dict(automations())
_CAR: Final = "aurora"
_AURORA: Final = re.compile(r"\b[a-z_]+\.aurora(?:_[a-z0-9_]+)?\b")
_MONDAY: Final = datetime(2026, 11, 23, 6, 59, tzinfo=dt_util.UTC)
_COMMON: Final = {"device_id", "code"}
"""Fields that are explained once, for all actions."""
_OF_ACCOUNTS: Final = {"calls_left", "calls_left_runs_out_at", "throttled"}


def printed(alias: str, of: str = "aurora") -> dict[str, Any]:
    """Return an automation of the documents by its name and car."""
    (found,) = {
        str(written): written
        for written in PRINTED.values()
        if written.get("alias") == alias and f"{of}_" in str(written)
    }.values()
    return found


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let automations go on waiting for their time when a test ends."""
    return True


@pytest.fixture
async def monday(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> FrozenDateTimeFactory:
    """Make it a Monday morning in Home Assistant."""
    await hass.config.async_set_time_zone("UTC")
    freezer.move_to(_MONDAY)
    return freezer


async def _set_up(hass: HomeAssistant, *written: dict[str, Any]) -> list[ServiceCall]:
    told: list[ServiceCall] = async_mock_service(
        hass, "persistent_notification", "create"
    )
    config = {"automation": [*written]}
    assert await async_setup_component(hass, "automation", config)
    await hass.async_block_till_done()
    states = hass.states.async_all("automation")
    assert [state.state for state in states] == ["on"] * len(written)
    return told


async def _at(home: DemoHome, time: str) -> None:
    """Let Home Assistant's clock show a time, and the car do what it is told."""
    hour, minute = time.split(":")
    moment = _MONDAY.replace(hour=int(hour), minute=int(minute))
    async_fire_time_changed(home.hass, moment)
    for _ in range(300):
        await home.advance(1)
    await home.hass.async_block_till_done()


async def _look(home: DemoHome) -> None:
    """Let the car report what it is like, and somebody look."""
    home.service.twin(ELECTRIC).wake(home.clock.now(), latency=0)
    await home.advance(60)
    refresh = home.entity_id("button", "refresh")
    await home.call("button", "press", {"entity_id": refresh})


@pytest.mark.parametrize("name", PRINTED)
async def test_every_printed_automation_is_valid(
    hass: HomeAssistant, home: DemoHome, name: str
) -> None:
    """Home Assistant takes it, and every entity of the demo's car is there."""
    await home.start()
    await _set_up(hass, PRINTED[name])
    known = set(er.async_get(hass).entities)
    assert set(_AURORA.findall(str(PRINTED[name]))) <= known


@pytest.mark.parametrize("obeys", [True, False])
@pytest.mark.usefixtures("monday")
async def test_locking_at_night_tells_only_what_did_not_work(
    hass: HomeAssistant, home: DemoHome, obeys: bool
) -> None:
    """Once it obeys and nothing is said; once it does not."""
    await home.start()
    told = await _set_up(hass, printed("Lock the car at night"))
    twin = home.service.twin(ELECTRIC)
    twin.state.locked = False
    await _look(home)
    assert home.state("lock", "doors").state == "unlocked"
    twin.faults.deaf = not obeys
    await _at(home, "22:30")
    assert home.state("lock", "doors").state == ("locked" if obeys else "unlocked")
    messages = [call.data["message"] for call in told]
    assert messages == ([] if obeys else ["Locking: timed_out no_answer_from_car"])


@pytest.mark.parametrize("obeys", [True, False])
@pytest.mark.usefixtures("monday")
async def test_warming_on_workdays_tells_only_what_did_not_work(
    hass: HomeAssistant, home: DemoHome, obeys: bool
) -> None:
    """At the mains and in the cold; a car that does not answer is told of."""
    await home.start()
    told = await _set_up(hass, printed("Warm the car on workdays"))
    twin = home.service.twin(ELECTRIC)
    twin.state.plugged_in, twin.state.climate_active = True, False
    twin.state.outside_temperature = 1.0
    await _look(home)
    assert home.state("binary_sensor", "plugged_in").state == "on"
    assert float(home.state("sensor", "outside_temperature").state) < 5
    twin.faults.deaf = not obeys
    await _at(home, "07:00")
    assert twin.state.climate_active is obeys
    assert len(told) == (0 if obeys else 1)


async def test_charging_from_the_sun(
    hass: HomeAssistant, home: DemoHome, freezer: FrozenDateTimeFactory
) -> None:
    """It begins ten minutes after there is surplus, and stops ten after it has gone."""
    await home.start()
    twin = home.service.twin(ELECTRIC)
    twin.state.plugged_in, twin.state.battery_level = True, 60
    await _look(home)
    await home.call(
        "switch", "turn_off", {"entity_id": home.entity_id("switch", "charge_control")}
    )
    await _set_up(hass, printed("Charge from the sun"))
    for surplus, charges in ((100, False), (2000, True), (100, False)):
        hass.states.async_set("sensor.solar_surplus", str(surplus))
        await hass.async_block_till_done()
        freezer.tick(601)
        async_fire_time_changed(hass)
        for _ in range(200):
            await home.advance(1)
        assert twin.state.charging is charges, surplus


async def test_the_automation_of_another_makers_car(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Only the entities differ: here those of the car that the tester has."""
    owner = await async_own(hass, hass_world, "ze_services")
    own, _, _ = (
        owner.entity_id("climate", "climate")
        .removeprefix("climate.")
        .partition("_climate")
    )
    text = str(printed("Warm the car on workdays", of="zoe"))
    written = literal_eval(text.replace("zoe_", f"{own}_"))
    told = await _set_up(hass, written)
    owner.twin.state.plugged_in = True
    owner.twin.state.battery_level = 80
    owner.twin.wake(hass_world.clock.now(), latency=0)
    await hass_world.advance(60)
    await owner.do("button", "press", "refresh")
    assert owner.state("binary_sensor", "plugged_in").state == "on"
    (automation,) = hass.states.async_entity_ids("automation")
    # Its clock stands still for nobody here, so its actions run as if it were seven.
    call = hass.services.async_call(
        "automation", "trigger", {"entity_id": automation}, blocking=True
    )
    await hass_world.result(call)
    assert owner.twin.state.climate_active
    assert told == []


def test_every_entity_is_in_its_document_as_it_is() -> None:
    """With its key, its English name and the id that it gets."""
    text = (ROOT / "docs/entities.md").read_text(encoding="utf-8")
    for platform, rows in ROWS.items():
        for row in rows:
            name = TEXTS["en"]["entity"][platform][text_key(row)]["name"]
            name = name.format(number=1)
            assert f"| `{row.key}` | {name} |" in text, row.key
            if row.key not in _OF_ACCOUNTS:
                # The lock has the car's own name.
                of_car = "" if row is lock.DOORS else f"_{slugify(name)}"
                assert f"`{platform}.aurora{of_car}`" in text, row.key


def test_every_entity_id_that_is_printed_is_one_that_a_car_gets() -> None:
    """In all pages, not only in automations."""
    known = {f"lock.{_CAR}"}
    for platform, rows in ROWS.items():
        for row in rows:
            name = TEXTS["en"]["entity"][platform][text_key(row)]["name"]
            known |= {
                f"{platform}.{_CAR}_{slugify(name.format(number=number))}"
                for number in range(1, 8)
            }
    found = {
        (page.name, entity_id)
        for page in pages()
        for entity_id in _AURORA.findall(page.read_text(encoding="utf-8"))
        if entity_id.partition(".")[0] in ROWS
    }
    assert found
    assert {(page, one) for page, one in found if one not in known} == set()


def test_every_action_is_documented_with_what_it_requires() -> None:
    """Required and optional fields stand in their columns; some are common to all."""
    text = (ROOT / "docs/actions.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if "|" in line]
    for name, action in ACTIONS.items():
        (row,) = [row for row in rows if f"`carport.{name}`" in row[0]]
        for field, about in (action.get("fields") or {}).items():
            if field in _COMMON or "when_busy" in str(about):
                continue
            required = bool((about or {}).get("required"))
            assert f"`{field}`" in row[1 if required else 2], (name, field)


def test_the_readme_is_short() -> None:
    """An owner reads it whole."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1200
