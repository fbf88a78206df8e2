"""What else in Home Assistant knows of a car makes Carport look (8.4)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest

from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.const import (
    CONF_CHARGERS,
    CONF_DRIVERS,
    CONF_HIDDEN_CARS,
    CONF_HINTED_CARS,
    CONF_HINTS,
    CONF_POLL_PROFILE,
    CONF_SHARE_POSITION,
    CONF_ZONES,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er

from .demo_garage import HYBRID, DemoHome
from .flow_pages import TEXTS, fields, schema

ANNA: Final = "person.anna"
POWER: Final = "sensor.wallbox_power"
PLUG: Final = "binary_sensor.wallbox_plug"
STATE: Final = "sensor.wallbox_state"
KILOWATTS: Final = {"unit_of_measurement": "kW"}

HINTS: Final = {
    HYBRID: {CONF_DRIVERS: [ANNA], CONF_CHARGERS: [POWER, PLUG, STATE]},
}


@pytest.fixture
async def parked(hass: HomeAssistant, home: DemoHome) -> DemoHome:
    """Have a car asleep, Anna at home, and a wallbox without a car."""
    hass.states.async_set(ANNA, "home")
    hass.states.async_set(POWER, "0.02", KILOWATTS)
    hass.states.async_set(PLUG, "off")
    hass.states.async_set(STATE, "available")
    await home.start(hints=HINTS)
    # What it was looked at for because of the start lies behind.
    await home.advance(1)
    return home


def look_in(home: DemoHome, vin: str = HYBRID) -> float:
    """Return the seconds until the car is read."""
    due = home.coordinator.next_read(vin)
    assert due is not None
    return (due - home.clock.now()).total_seconds()


async def tell(home: DemoHome, entity_id: str, state: str, **more: Any) -> None:
    """Let an entity say something."""
    home.hass.states.async_set(entity_id, state, more or None)
    await home.settle()


async def test_8_4_a_driver_who_leaves(parked: DemoHome) -> None:
    """The car is read two minutes later; the others stay as they were."""
    before = look_in(parked)
    assert before > 150
    others = {
        vin: parked.coordinator.next_read(vin)
        for vin in parked.coordinator.shown_cars - {HYBRID}
    }
    await tell(parked, ANNA, "not_home")
    assert look_in(parked) == 120
    assert others == {vin: parked.coordinator.next_read(vin) for vin in others}
    attempted = parked.car(HYBRID).channels["demo_garage"].attempted_at
    await parked.advance(121)
    channel = parked.car(HYBRID).channels["demo_garage"]
    assert channel.attempted_at is not None
    assert attempted is not None
    assert channel.attempted_at - attempted >= timedelta(seconds=120)
    # Once, and not again and again.
    assert look_in(parked) > 150


async def test_who_is_renamed_is_still_meant(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """By the new id, and also where the account was not there at that moment."""
    registry = er.async_get(hass)
    anna = registry.async_get_or_create("person", "person", "anna").entity_id
    await home.start(hints={HYBRID: {CONF_DRIVERS: [anna]}})
    registry.async_update_entity(anna, new_entity_id="person.anna_maria")
    await hass.async_block_till_done()
    hass.states.async_set("person.anna_maria", "home")
    await home.advance(1)
    await tell(home, "person.anna_maria", "not_home")
    assert look_in(home) == 120
    assert await hass.config_entries.async_unload(home.entry.entry_id)
    hass.states.async_remove("person.anna_maria")
    registry.async_update_entity("person.anna_maria", new_entity_id="person.annika")
    hass.states.async_set("person.annika", "home")
    await hass.config_entries.async_setup(home.entry.entry_id)
    await home.advance(200)
    await tell(home, "person.annika", "not_home")
    assert look_in(home) == 120


@pytest.mark.parametrize(
    ("entity_id", "state", "more"),
    [
        (POWER, "3.7", KILOWATTS),
        (PLUG, "on", {}),
        (STATE, "charging", {}),
    ],
)
async def test_8_4_a_wallbox_that_begins(
    parked: DemoHome, entity_id: str, state: str, more: dict[str, Any]
) -> None:
    """The car is read a minute later."""
    await tell(parked, entity_id, state, **more)
    assert look_in(parked) == 60


@pytest.mark.parametrize(
    ("entity_id", "state", "more"),
    [
        (ANNA, "home", {}),
        (ANNA, "unavailable", {}),
        (POWER, "0.05", KILOWATTS),
        (POWER, "unknown", {}),
        (PLUG, "unavailable", {}),
        (STATE, "available", {"news": 1}),
    ],
)
async def test_8_4_what_tells_nothing(
    parked: DemoHome, entity_id: str, state: str, more: dict[str, Any]
) -> None:
    """No outage of another integration, and no flicker of a meter."""
    before = look_in(parked)
    await tell(parked, entity_id, state, **more)
    await tell(parked, ANNA, "home")
    await tell(parked, PLUG, "off")
    assert look_in(parked) == before


async def test_8_4_only_zones_that_count(hass: HomeAssistant, home: DemoHome) -> None:
    """Where some are named, the others do not."""
    hass.states.async_set("zone.work", "0", {"friendly_name": "Work"})
    hass.states.async_set(ANNA, "not_home")
    hints = {HYBRID: {CONF_DRIVERS: [ANNA], CONF_ZONES: ["zone.work", "zone.home"]}}
    await home.start(hints=hints)
    before = look_in(home)
    await tell(home, ANNA, "Sports ground")
    assert look_in(home) == before
    await tell(home, ANNA, "Work")
    assert look_in(home) == 120
    await home.advance(121)
    assert look_in(home) > 120
    await tell(home, ANNA, "not_home")
    assert look_in(home) == 120


async def test_8_4_a_restless_wallbox_is_not_followed_for_ever(
    parked: DemoHome,
) -> None:
    """Twelve times an hour, and again after that."""
    read = []
    for number in range(30):
        await tell(parked, PLUG, ("on", "off")[number % 2])
        read.append(look_in(parked))
        await parked.advance(61)
    assert read[:12] == [60] * 12
    assert all(wait != 60 for wait in read[12:])
    await parked.advance(3600)
    await tell(parked, PLUG, "unknown")
    await tell(parked, PLUG, "on")
    assert look_in(parked) == 60


async def test_8_4_who_reads_by_hand_is_not_read(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """And nothing is left after the account is unloaded."""
    hass.states.async_set(ANNA, "home")
    await home.start(hints=HINTS, poll_profile="manual")
    await tell(home, ANNA, "not_home")
    assert home.coordinator.next_read(HYBRID) is None
    coordinator = home.coordinator
    assert await hass.config_entries.async_unload(home.entry.entry_id)
    await tell(home, ANNA, "home")
    assert coordinator.runner.closed


async def test_8_4_the_owner_names_them(hass: HomeAssistant, home: DemoHome) -> None:
    """A page for each car that was ticked; what was named is there again."""
    await home.start()
    options = hass.config_entries.options
    account = {
        CONF_POLL_PROFILE: "normal",
        CONF_HIDDEN_CARS: [],
        CONF_SHARE_POSITION: True,
        CONF_HINTED_CARS: [HYBRID],
    }
    result: Mapping[str, Any] = await options.async_init(home.entry.entry_id)
    result = await options.async_configure(result["flow_id"], account)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "hints")
    assert HYBRID[-4:] in (result["description_placeholders"] or {})["car"]
    for texts in TEXTS.values():
        page = texts["options"]["step"]["hints"]
        assert "{car}" in page["title"]
        assert page["data"].keys() == set(fields(result))
        assert page["data_description"].keys() == set(fields(result))
    named = {CONF_DRIVERS: [ANNA], CONF_ZONES: [], CONF_CHARGERS: [POWER]}
    result = await options.async_configure(result["flow_id"], named)
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    kept = {CONF_DRIVERS: [ANNA], CONF_CHARGERS: [POWER]}
    assert home.entry.options[CONF_HINTS] == {HYBRID: kept}
    result = await options.async_init(home.entry.entry_id)
    (ticked,) = (one for one in schema(result) if str(one) == CONF_HINTED_CARS)
    assert ticked.default() == [HYBRID]
    result = await options.async_configure(result["flow_id"], account)
    assert {str(one): one.default() for one in schema(result)} == named
    # Unticked, nothing is left of it.
    result = await options.async_init(home.entry.entry_id)
    await options.async_configure(result["flow_id"], account | {CONF_HINTED_CARS: []})
    await hass.async_block_till_done()
    assert CONF_HINTS not in home.entry.options


async def test_a_car_that_left_while_the_page_was_open(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """The pages go on; what is said of it does no harm."""
    await home.start()
    options = hass.config_entries.options
    result: Mapping[str, Any] = await options.async_init(home.entry.entry_id)
    await async_account_store(hass, "demo_demo").async_keep(cars={})
    account = {
        CONF_POLL_PROFILE: "normal",
        CONF_HIDDEN_CARS: [],
        CONF_SHARE_POSITION: True,
        CONF_HINTED_CARS: [HYBRID],
    }
    result = await options.async_configure(result["flow_id"], account)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "hints")
    result = await options.async_configure(
        result["flow_id"], {CONF_DRIVERS: [ANNA], CONF_ZONES: [], CONF_CHARGERS: []}
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
