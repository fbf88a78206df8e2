"""A Škoda that is reached by its maker's interface and by the Data Act's portal."""

import pytest

from custom_components.carport.accounts.data import async_get_store
from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..conftest import async_poll
from ..world import World
from .clouds import HOUR
from .owner import Owner, owner_of

BY_KEY = "skoda.tester@example.com"
BY_PORTAL = "skoda.daten@example.com"
QUARTER = HOUR / 4


@pytest.fixture
def by_key(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of the maker's account, not set up."""
    return owner_of(hass, hass_world, BY_KEY)


@pytest.fixture
def by_portal(hass: HomeAssistant, hass_world: World) -> Owner:
    """Return the owner of the portal's account, not set up."""
    return owner_of(hass, hass_world, BY_PORTAL)


def entity_ids(hass: HomeAssistant, vin: str) -> dict[str, str]:
    """Return the entity ids of a car by unique id, of either account."""
    return {
        f"{entity.domain}.{entity.unique_id}": entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.unique_id.startswith(vin.lower())
    }


def devices(hass: HomeAssistant, vin: str) -> list[str]:
    """Return the devices of a car."""
    return [
        device.id
        for device in dr.async_get(hass).devices
        if (DOMAIN, vin) in device.identifiers
    ]


async def test_one_car_whichever_comes_first(
    hass: HomeAssistant, hass_world: World, by_key: Owner, by_portal: Owner
) -> None:
    """The second door adds what only it knows, and takes nothing away."""
    vin = by_portal.vin
    assert vin == by_key.vin
    await by_portal.set_up()
    (device,), before = devices(hass, vin), entity_ids(hass, vin)
    await by_key.set_up()
    assert devices(hass, vin) == [device]
    after = entity_ids(hass, vin)
    assert before.items() <= after.items()
    assert {
        f"climate.{vin}_climate".lower(),
        f"sensor.{vin}_service_expires_at".lower(),
    }
    assert f"climate.{vin}_climate".lower() in after
    car = (await async_get_store(hass)).garage.cars[vin]
    assert set(car.channels) == {by_key.entry.entry_id, by_portal.entry.entry_id}


async def test_commands_go_by_the_door_that_takes_them(
    hass: HomeAssistant, hass_world: World, by_key: Owner, by_portal: Owner
) -> None:
    """Although the device belongs to the other one, which only reads."""
    await by_portal.set_up()
    await by_key.set_up()
    await by_portal.do("climate", "set_hvac_mode", "climate", hvac_mode="heat_cool")
    assert by_portal.state("climate", "climate").state == "heat_cool"
    assert hass_world.control.calls("*/air-conditioning/start")
    assert by_key.twin.state.climate_active


async def test_each_door_goes_on_where_the_other_is_silent(
    hass: HomeAssistant, hass_world: World, by_key: Owner, by_portal: Owner
) -> None:
    """The level rises by whichever told last; a span never passes for exact."""
    await by_key.set_up()
    await by_portal.set_up()
    first = float(by_key.state("sensor", "battery_level").state)
    for _ in range(3):
        await async_poll(hass, hass_world, QUARTER)
    second = float(by_key.state("sensor", "battery_level").state)
    assert second > first
    hass_world.control.account(BY_KEY, parts={"charging": "UNAVAILABLE"})
    for _ in range(4):
        await async_poll(hass, hass_world, QUARTER)
    third = float(by_key.state("sensor", "battery_level").state)
    assert third > second
    truth = by_key.twin.state.battery_level
    assert third == pytest.approx(truth, abs=6)
    car = (await async_get_store(hass)).garage.cars[by_key.vin]
    assert car.snapshot.readings["battery_level"].channel == by_portal.entry.entry_id
    assert car.snapshot.readings["odometer"].channel == by_key.entry.entry_id


async def test_a_door_that_is_closed_costs_nothing(
    hass: HomeAssistant, hass_world: World, by_key: Owner, by_portal: Owner
) -> None:
    """Without the key the car is still there, with all its entities and values."""
    await by_key.set_up()
    await by_portal.set_up()
    vin = by_portal.vin
    (device,), before = devices(hass, vin), entity_ids(hass, vin)
    odometer = by_key.state("sensor", "odometer").state
    assert await hass.config_entries.async_remove(by_key.entry.entry_id)
    await hass.async_block_till_done()
    assert devices(hass, vin) == [device]
    assert entity_ids(hass, vin).keys() == before.keys()
    assert by_portal.state("sensor", "odometer").state == odometer


async def test_what_ends_first_is_told(
    hass: HomeAssistant, hass_world: World, by_key: Owner, by_portal: Owner
) -> None:
    """The key ends before the data request: that day stays, whichever was read last."""
    await by_portal.set_up()
    request = by_portal.state("sensor", "service_expires_at").state
    await by_key.set_up()
    key = by_portal.state("sensor", "service_expires_at").state
    assert key < request
    for _ in range(4):
        await async_poll(hass, hass_world, QUARTER)
        assert by_portal.state("sensor", "service_expires_at").state == key
    assert await hass.config_entries.async_remove(by_key.entry.entry_id)
    for _ in range(2):
        await async_poll(hass, hass_world, QUARTER)
    assert by_portal.state("sensor", "service_expires_at").state == request
