"""What Home Assistant's own triggers and conditions find of a car, by its device alone."""

from pathlib import Path
import re
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import StartClimate
from custom_components.carport.car.signals import Position
from homeassistant.components.zone import ENTITY_ID_HOME
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .demo_garage import DemoHome
from .listening import CHARGES, heard, holds, live

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "blueprints.md"

type State = dict[str, Any] | StartClimate
"""How a car is, or what it is told to do."""

AT_HOME: Final = Position(latitude=52.4227, longitude=10.7865)
AWAY: Final = Position(latitude=52.52, longitude=13.405)
LOCKED: Final[State] = {"locked": True}
UNLOCKED: Final[State] = {"locked": False}
DOORS: Final[State] = {"doors": (False,) * 4}
A_DOOR: Final[State] = {"doors": (True, False, False, False)}
WINDOWS: Final[State] = {"windows": (False,) * 4}
A_WINDOW: Final[State] = {"windows": (True, False, False, False)}
HALF: Final[State] = {"battery_level": 40.0}
LOW: Final[State] = {"battery_level": 15.0}
RESTS: Final[State] = {**CHARGES, "charge_wish": False}
OFF: Final[State] = {"climate_active": False}
BELOW: Final = {"threshold": {"type": "below", "value": {"number": 20}}}
HERE: Final[State] = {"position": AT_HOME, "parked_position": AT_HOME}
GONE: Final[State] = {"position": AWAY, "parked_position": AWAY}
HOME: Final = {"zone": ENTITY_ID_HOME}

TRIGGERS: Final[list[tuple[str, State, State, dict[str, Any]]]] = [
    ("lock.unlocked", LOCKED, UNLOCKED, {}),
    ("lock.locked", UNLOCKED, LOCKED, {}),
    ("door.opened", DOORS, A_DOOR, {}),
    ("window.opened", WINDOWS, A_WINDOW, {}),
    ("battery.level_crossed_threshold", HALF, LOW, BELOW),
    ("battery.started_charging", RESTS, CHARGES, {}),
    ("battery.stopped_charging", CHARGES, RESTS, {}),
    ("climate.turned_on", OFF, StartClimate(), {}),
    ("climate.turned_off", StartClimate(), OFF, {}),
    ("zone.entered", GONE, HERE, HOME),
    ("zone.left", HERE, GONE, HOME),
    ("event.received", {}, StartClimate(), {"event_type": ["confirmed"]}),
]
CONDITIONS: Final[list[tuple[str, State, State, dict[str, Any]]]] = [
    ("lock.is_unlocked", LOCKED, UNLOCKED, {}),
    ("lock.is_locked", UNLOCKED, LOCKED, {}),
    ("door.is_open", DOORS, A_DOOR, {}),
    ("window.is_open", WINDOWS, A_WINDOW, {}),
    ("battery.is_level", HALF, LOW, BELOW),
    ("battery.is_charging", RESTS, CHARGES, {}),
    ("battery.is_not_charging", CHARGES, RESTS, {}),
    ("climate.is_on", OFF, StartClimate(), {}),
    ("climate.is_off", StartClimate(), OFF, {}),
    ("zone.in_zone", GONE, HERE, HOME),
]
"""The second state makes each happen, or hold."""
SMALL_BATTERY: Final = {"battery.became_low", "battery.is_low"}


async def _is(home: DemoHome, state: State) -> None:
    """Bring a car into a state."""
    if isinstance(state, StartClimate):
        await home.send(state)
    else:
        await live(home, **state)
    await home.hass.async_block_till_done()


@pytest.fixture(autouse=True)
async def _zones(hass: HomeAssistant) -> None:
    hass.config.latitude, hass.config.longitude = AT_HOME.latitude, AT_HOME.longitude
    assert await async_setup_component(hass, "zone", {})


@pytest.mark.parametrize(("trigger", "before", "after", "options"), TRIGGERS)
async def test_triggers(
    home: DemoHome, trigger: str, before: State, after: State, options: dict[str, Any]
) -> None:
    """Nothing is heard before it happens."""
    await home.start()
    await _is(home, before)
    heard_of = await heard(home, trigger, **options)
    assert not heard_of.calls
    await _is(home, after)
    assert heard_of.calls


@pytest.mark.parametrize(("condition", "before", "after", "options"), CONDITIONS)
async def test_conditions(
    home: DemoHome, condition: str, before: State, after: State, options: dict[str, Any]
) -> None:
    """None holds before it is so."""
    await home.start()
    await _is(home, before)
    assert not await holds(home, condition, **options)
    await _is(home, after)
    assert await holds(home, condition, **options)


async def test_the_small_battery_is_found_by_its_class(home: DemoHome) -> None:
    """Home Assistant looks among diagnostics too."""
    await home.start()
    small = home.state("binary_sensor", "battery_12v_low")
    home.hass.states.async_set(small.entity_id, "off", small.attributes)
    assert not await holds(home, "battery.is_low")
    heard_of = await heard(home, "battery.became_low")
    home.hass.states.async_set(small.entity_id, "on", small.attributes)
    await home.hass.async_block_till_done()
    assert heard_of.calls == [small.entity_id]
    assert await holds(home, "battery.is_low")


def test_whatever_the_document_promises_is_tried() -> None:
    """Each trigger and condition of the table, by its name."""
    text = DOCUMENT.read_text(encoding="utf-8")
    table = text.partition("## Home Assistant's own")[2].partition("\n## ")[0]
    promised = set(re.findall(r"`([a-z]+\.[a-z_]+)`", table))
    tried = {name for name, *_ in (*TRIGGERS, *CONDITIONS)} | SMALL_BATTERY
    assert len(promised) > 15
    assert promised <= tried
