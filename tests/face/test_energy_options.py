"""Tariff and battery of a car, as its owner enters them."""

from typing import Any

import pytest

from custom_components.carport.car import signals as s
from custom_components.carport.const import (
    CONF_BATTERY_CAPACITY,
    CONF_ENERGY,
    CONF_HIDDEN_CARS,
    CONF_PIN_MODE,
    CONF_POLL_PROFILE,
    CONF_PRICE,
    CONF_PRICE_AWAY,
    CONF_PRICE_ENTITY,
    CONF_SHARE_POSITION,
)
from custom_components.carport.statistics.tariff import Tariff, per_kwh
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.conftest import async_add_account
from tests.world import World

from .flow_pages import E_GOLF, TEXTS, fields, schema

ANSWERS: dict[str, Any] = {
    CONF_POLL_PROFILE: "normal",
    CONF_PIN_MODE: "stored",
    CONF_HIDDEN_CARS: [],
    CONF_SHARE_POSITION: True,
}
SAID = {
    CONF_PRICE_ENTITY: "sensor.price",
    CONF_PRICE: 0.31,
    CONF_PRICE_AWAY: 0.59,
    CONF_BATTERY_CAPACITY: 32.0,
}


async def answer(hass: HomeAssistant, entry_id: str, **said: Any) -> dict[str, Any]:
    """Walk through both pages, and return the second one."""
    options = hass.config_entries.options
    first = await options.async_init(entry_id)
    page = await options.async_configure(
        first["flow_id"], {**ANSWERS, "energy_car": E_GOLF}
    )
    assert page["type"] is FlowResultType.FORM
    assert page["step_id"] == "energy"
    done = await options.async_configure(page["flow_id"], said)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return dict(page)


async def test_tariff_and_battery_of_a_car(
    hass: HomeAssistant, hass_world: World
) -> None:
    """They are kept with the car, shown again, and can be taken back."""
    entry = await async_add_account(hass, hass_world)
    page = await answer(hass, entry.entry_id, **SAID)
    for texts in TEXTS.values():
        words = texts["options"]["step"]["energy"]
        assert words["data"].keys() == words["data_description"].keys()
        assert words["data"].keys() == set(fields(page))
    assert page["description_placeholders"]["car"].endswith(f"(…{E_GOLF[-4:]})")
    assert entry.options.items() >= ANSWERS.items()
    assert entry.options[CONF_ENERGY] == {E_GOLF: SAID}
    assert entry.runtime_data.tariff(E_GOLF) == Tariff(
        entity_id="sensor.price", price=0.31, price_away=0.59
    )
    page = await answer(hass, entry.entry_id)
    shown = {
        str(marker): marker.description["suggested_value"] for marker in schema(page)
    }
    assert shown == SAID
    assert entry.options.items() >= ANSWERS.items()
    assert entry.options[CONF_ENERGY] == {}
    assert entry.runtime_data.tariff(E_GOLF) is None


async def test_other_options_leave_it_as_it_is(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Whoever changes how often cars are read does not lose a tariff."""
    entry = await async_add_account(hass, hass_world)
    await answer(hass, entry.entry_id, **SAID)
    options = hass.config_entries.options
    first = await options.async_init(entry.entry_id)
    await options.async_configure(
        first["flow_id"], {**ANSWERS, CONF_POLL_PROFILE: "saver"}
    )
    await hass.async_block_till_done()
    assert entry.options[CONF_ENERGY] == {E_GOLF: SAID}
    assert entry.options[CONF_POLL_PROFILE] == "saver"


async def test_a_battery_makes_energy_of_a_level(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A maker that never says a capacity needs the owner's word, and no more."""
    entry = await async_add_account(hass, hass_world)
    car = entry.runtime_data.garage.cars[E_GOLF]
    assert car.reported(s.ENERGY_CHARGED) is None
    await answer(hass, entry.entry_id, **{CONF_BATTERY_CAPACITY: 40.0})
    twin = hass_world.simulator.twin(E_GOLF)
    twin.state.battery_level = 40
    twin.state.plugged_in = True
    await hass_world.advance(1800)
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    before = (car.reported(s.BATTERY_LEVEL), car.reported(s.ENERGY_CHARGED))
    await hass_world.advance(3600)
    await hass_world.result(entry.runtime_data.async_read(E_GOLF))
    after = (car.reported(s.BATTERY_LEVEL), car.reported(s.ENERGY_CHARGED))
    assert None not in (*before, *after)
    rise, energy = (new - old for new, old in zip(after, before, strict=True))
    assert rise > 0
    assert energy == pytest.approx(rise * 0.4)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("EUR/kWh", 1),
        ("€/kWh", 1),
        ("ct/kWh", 0.01),
        ("Cent/kWh", 0.01),
        ("øre/kWh", 0.01),
        ("EUR/MWh", 0.001),
        ("$/Wh", 1000),
        ("GBP", 1),
        (None, 1),
    ],
)
def test_units_of_prices(unit: str | None, factor: float) -> None:
    """Whatever a tariff's entity counts in, a kWh costs what it costs."""
    assert per_kwh(unit) == factor
