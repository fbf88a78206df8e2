"""Accounts, when something else happens at just the wrong moment."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.carport.accounts.data import (
    async_get_due_memory,
    async_get_store,
)
from custom_components.carport.accounts.private_store import PrivateStore
from custom_components.carport.car import signals as s
from custom_components.carport.car.schedule import Schedule, Slot, Weekday
from custom_components.carport.car.signals import Signal
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.const import (
    CONF_ENERGY,
    CONF_HIDDEN_CARS,
    CONF_PRICE,
    CONF_SHARE_POSITION,
    DOMAIN,
)
from custom_components.carport.engine.garage import PLACES
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .demo_garage import DemoHome
from .test_accounts import VIN, add_garage, entity_ids, owners, places_kept


async def test_all_who_ask_at_once_get_one_store(
    hass: HomeAssistant, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two engines would each believe that the cars and the budget are theirs."""
    load = PrivateStore.load

    async def load_in_turn(store: PrivateStore) -> object:
        await asyncio.sleep(0)
        return await load(store)

    monkeypatch.setattr(PrivateStore, "load", load_in_turn)
    first, second = await asyncio.gather(async_get_store(hass), async_get_store(hass))
    await home.start()
    garage = home.entry.runtime_data.garage
    assert garage is first.garage is second.garage


async def test_home_assistant_keeps_one_object(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """Whatever was asked for, and however many accounts there are."""
    await home.start()
    await add_garage(hass, "second")
    await async_get_due_memory(hass)
    assert [key for key in hass.data if str(key).startswith(DOMAIN)] == [DOMAIN]


async def test_a_car_whose_account_leaves_while_the_other_comes_up(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """It is the other's then, with the same entities, and not in a day or so."""
    first = await add_garage(hass, "first")
    before = entity_ids(hass, first)
    second = MockConfigEntry(
        domain=DOMAIN, unique_id="demo_second", data={**first.data, "username": "two"}
    )
    second.add_to_hass(hass)
    # The entities of a third account are added just now, so the second waits.
    async with (store := await async_get_store(hass)).adding_entities:
        coming = asyncio.ensure_future(hass.config_entries.async_setup(second.entry_id))
        for _ in range(10):
            await home.settle()
        assert second.entry_id in store.garage.cars[VIN].channels
        await hass.config_entries.async_set_disabled_by(
            first.entry_id, ConfigEntryDisabler.USER
        )
        assert second.state is ConfigEntryState.SETUP_IN_PROGRESS
    await coming
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [second.entry_id]
    assert entity_ids(hass, second) == before
    states = [hass.states.get(entity_id) for entity_id in before.values()]
    shown = [state for state in states if state is not None]
    assert shown
    assert all(state.state != "unavailable" for state in shown)


def _is_anywhere(hass: HomeAssistant) -> bool:
    """Return whether any tracker says where its car is."""
    trackers = hass.states.async_all("device_tracker")
    return any("latitude" in one.attributes for one in trackers)


@pytest.mark.parametrize("removed", [False, True])
async def test_the_account_that_shared_the_position_leaves(
    hass: HomeAssistant, home: DemoHome, removed: bool
) -> None:
    """What is left is an account that does not: nothing tells any more where it was."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second", **{CONF_SHARE_POSITION: False})
    assert _is_anywhere(hass)
    await hass.config_entries.async_reload(first.entry_id)
    await hass.async_block_till_done()
    assert _is_anywhere(hass)
    if removed:
        await hass.config_entries.async_remove(first.entry_id)
    else:
        await hass.config_entries.async_set_disabled_by(
            first.entry_id, ConfigEntryDisabler.USER
        )
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [second.entry_id]
    assert not _is_anywhere(hass)
    assert not PLACES & second.runtime_data.garage.cars[VIN].snapshot.readings.keys()


async def test_the_account_that_shared_the_position_hides_the_car(
    hass: HomeAssistant, home: DemoHome, hass_storage: dict[str, Any]
) -> None:
    """Where it was leaves the disk too, since the other account does not share that."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second", **{CONF_SHARE_POSITION: False})
    places = places_kept(await async_get_store(hass), hass_storage, VIN)
    assert await places()
    hass.config_entries.async_update_entry(first, options={CONF_HIDDEN_CARS: [VIN]})
    await hass.config_entries.async_reload(first.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [second.entry_id]
    assert not await places()


async def test_an_account_that_is_loaded_anew_keeps_its_cars(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """What its options say of them counts, though another account has them too."""
    first = await add_garage(hass, "first")
    await add_garage(hass, "second")
    before = entity_ids(hass, first)
    assert not any("charge_cost" in unique_id for unique_id in before)
    tariff = {CONF_ENERGY: {VIN: {CONF_PRICE: 0.3}}}
    hass.config_entries.async_update_entry(first, options=tariff)
    await hass.config_entries.async_reload(first.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [first.entry_id]
    after = entity_ids(hass, first)
    assert after.items() > before.items()
    assert any("charge_cost" in unique_id for unique_id in after)


async def test_a_car_of_another_account_that_is_not_loaded_is_not_forgotten(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """What is known of it comes back with that account."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    garage = first.runtime_data.garage
    car, readings = garage.cars[VIN], garage.cars[VIN].snapshot
    await hass.config_entries.async_unload(second.entry_id)
    await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done()
    assert garage.cars[VIN] is car
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [second.entry_id]
    assert garage.cars[VIN].snapshot == readings
    await hass.config_entries.async_remove(second.entry_id)
    await hass.async_block_till_done()
    assert VIN not in garage.cars


async def test_another_time_zone_counts_at_once(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """A car that waits for its timer is read when that is due by the new clock."""
    await home.start()
    # What it is read for because of the start lies behind.
    await home.advance(1)
    await hass.config.async_update(time_zone="Europe/Berlin")
    now = home.clock.now()
    zone = await dt_util.async_get_time_zone("Asia/Kolkata")
    there = (now - timedelta(minutes=1)).astimezone(zone)
    slot = Slot(
        number=1,
        enabled=True,
        days=frozenset(Weekday),
        charge=True,
        departure=time(there.hour, there.minute),
    )
    told: dict[Signal[Any], Any] = {
        s.PLUGGED_IN: True,
        s.CHARGING: False,
        s.CHARGING_STATE: s.ChargingState.CONNECTED,
        s.CHARGE_MODE: s.ChargeMode.TIMER,
        s.SCHEDULE: Schedule(slots=(slot,)),
    }
    readings = tuple(
        Reading(
            signal=signal,
            value=value,
            captured_at=now,
            received_at=now,
            channel="demo_garage",
        )
        for signal, value in told.items()
    )
    home.coordinator.garage.take(VIN, "demo_garage", ReadResult(readings=readings))
    report = now.replace(second=0) + timedelta(minutes=1, seconds=30)
    assert home.coordinator.next_read(VIN) != report
    await hass.config.async_update(time_zone="Asia/Kolkata")
    assert home.coordinator.next_read(VIN) == report
