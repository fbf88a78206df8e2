"""Where each maker's energy is known from, as its cloud really tells it."""

import pytest

from homeassistant.core import HomeAssistant
from tests.conftest import async_poll
from tests.world import World

from .owner import async_own

HOUR = 3600.0


async def test_renault_tells_its_charges(
    hass: HomeAssistant, hass_world: World
) -> None:
    """They are logged by the way, and the sensor says so; its trips are derived."""
    owner = await async_own(hass, hass_world, "my_renault")
    # Until its charge is over, and then until the list has it.
    for _ in range(4):
        await async_poll(hass, hass_world, 4 * HOUR)
    energy = owner.state("sensor", "energy_charged")
    assert energy.attributes["source"] == "maker"
    told = (await owner.ask("get_charge_sessions"))["charge_sessions"]
    logged = owner.car.logbook.charges.charges
    assert {charge.started_at.isoformat() for charge in logged} <= {
        session["started_at"] for session in told
    }
    assert len(logged) == len({charge.started_at for charge in logged}) > 0
    assert logged[-1].energy == pytest.approx(told[0]["energy"])
    assert (await owner.ask("get_trips"))["derived"] is True


async def test_skoda_is_counted_by_its_battery(
    hass: HomeAssistant, hass_world: World
) -> None:
    """It tells no energy and no capacity, so it has levels until the owner says one."""
    owner = await async_own(hass, hass_world, "skoda")
    await hass_world.advance(1800)
    await hass_world.result(owner.entry.runtime_data.async_read(owner.vin))
    await hass_world.advance(3600)
    await hass_world.result(owner.entry.runtime_data.async_read(owner.vin))
    assert owner.find("sensor", "energy_charged") is None
    answer = await owner.ask("get_charge_sessions")
    assert answer["derived"] is True
    (charge,) = answer["charge_sessions"]
    assert charge["level_start"] < charge["level_end"]
    assert (charge["energy"], charge["source"]) == (None, "battery")
