"""Accounts and cars: one device a VIN, however many accounts report it, and what survives."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
import json
from typing import Any, cast

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from carport.twin.fleet import GARAGE
from custom_components.carport.accounts.account_store import account_file
from custom_components.carport.accounts.car_files import car_file
from custom_components.carport.accounts.data import async_get_store, carport_data
from custom_components.carport.accounts.opening import async_account_store
from custom_components.carport.accounts.store import CarportStore
from custom_components.carport.car import signals as s
from custom_components.carport.const import (
    CONF_HIDDEN_CARS,
    CONF_SHARE_POSITION,
    DOMAIN,
)
from custom_components.carport.engine import ChannelState
from custom_components.carport.makers.demo.service import DemoGarage
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulator.clock import ManualClock
from tests.world import World

from .demo_garage import DemoHome
from .owner import async_own

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
VIN = GARAGE[0].vin


@pytest.fixture
def clock(hass: HomeAssistant) -> ManualClock:
    """Let all of Carport run by one manual clock; no timer may be left over."""
    clock = ManualClock(NOON)
    carport_data(hass).clock = cast(Any, clock)
    return clock


async def add_garage(hass: HomeAssistant, name: str, **options: Any) -> MockConfigEntry:
    """Set up an account of the Demo garage; every account has the same cars."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=name,
        unique_id=f"demo_{name}",
        data={"service": "demo", "region": "demo", "username": name},
        options=options,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    return entry


def places_kept(
    store: CarportStore, hass_storage: Mapping[str, Any], vin: str
) -> Callable[[], Awaitable[list[str]]]:
    """Return what looks on the disk for the place at which a car is known to be now."""
    car = store.garage.cars[vin]
    position = car.reported(s.PARKED_LOCATION) or car.reported(s.LOCATION)
    assert position is not None
    known = (str(position.latitude), str(position.longitude))

    async def kept() -> list[str]:
        await store.async_save()
        text = json.dumps(hass_storage[f"carport.{car_file(vin)}"]["data"])
        return [one for one in known if one in text]

    return kept


def owners(hass: HomeAssistant, vin: str) -> list[str]:
    """Return the entries that have a device for this car."""
    return [
        device.config_entry_id
        for device in dr.async_get(hass).devices
        if (DOMAIN, vin) in device.identifiers
    ]


def entity_ids(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the entity ids of an entry's cars by unique id."""
    return {
        f"{entity.domain}.{entity.unique_id}": entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.unique_id.startswith(VIN.lower())
    }


async def test_a_car_in_two_accounts_is_one_device(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """The second account adds a channel, no second device and no second entity."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    assert owners(hass, VIN) == [first.entry_id]
    assert entity_ids(hass, second) == {}
    car = (await async_get_store(hass)).garage.cars[VIN]
    assert set(car.channels) == {first.entry_id, second.entry_id}


async def test_the_other_account_inherits_the_car(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """When the first account is removed, device, entity ids and values go on."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    before = entity_ids(hass, first)
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, VIN), first.entry_id
    )
    assert before
    assert device is not None
    assert await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done()
    assert entity_ids(hass, second) == before
    moved = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, VIN), second.entry_id
    )
    assert moved is not None
    assert moved.id == device.id
    states = [hass.states.get(entity_id) for entity_id in before.values()]
    enabled = [state for state in states if state is not None]
    assert enabled
    assert all(state.state != "unavailable" for state in enabled)


async def test_the_last_account_takes_its_cars_along(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """Removing the only account removes devices, entities and what was known."""
    entry = await add_garage(hass, "only")
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == []
    assert entity_ids(hass, entry) == {}
    assert (await async_get_store(hass)).garage.cars == {}
    assert clock.next_due() is None


async def test_the_owning_account_gets_its_car_back_after_a_restart(
    hass: HomeAssistant, clock: ManualClock, hass_storage: dict[str, Any]
) -> None:
    """Which account loads first does not decide whose car it is."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    carport_store = await async_get_store(hass)
    for entry in (second, first):
        # Home Assistant stops without unloading; the kept owner is the first account.
        owner = carport_store.garage.cars[VIN].owner
        assert owner == first.entry_id
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    carport_store.garage.set_owner(VIN, first.entry_id)
    assert await hass.config_entries.async_reload(second.entry_id)
    assert carport_store.garage.cars[VIN].owner == first.entry_id
    await hass.config_entries.async_setup(first.entry_id)
    await hass.async_block_till_done()
    assert carport_store.garage.cars[VIN].owner == first.entry_id


async def test_unloading_leaves_nothing_running(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """No timer, no listener, no channel stays; loading again brings all back."""
    entry = await add_garage(hass, "only")
    states = len(hass.states.async_all())
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert clock.next_due() is None
    car = (await async_get_store(hass)).garage.cars[VIN]
    assert car.channels == {}
    assert car.listeners == {}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert len(hass.states.async_all()) == states


async def test_a_hidden_car_has_no_device(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """Hiding removes the device; showing again brings it back."""
    entry = await add_garage(hass, "only")
    hass.config_entries.async_update_entry(entry, options={CONF_HIDDEN_CARS: [VIN]})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == []
    assert owners(hass, GARAGE[1].vin) == [entry.entry_id]
    hass.config_entries.async_update_entry(entry, options={})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert owners(hass, VIN) == [entry.entry_id]


async def test_a_position_that_is_not_shared_leaves_no_trace(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """Switching it off forgets the places that were known before."""
    entry = await add_garage(hass, "only")
    carport_store = await async_get_store(hass)
    assert carport_store.garage.cars[VIN].reported(s.LOCATION) is not None
    hass.config_entries.async_update_entry(entry, options={CONF_SHARE_POSITION: False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    car = carport_store.garage.cars[VIN]
    assert car.reported(s.LOCATION) is None
    assert car.reported(s.PARKED_LOCATION) is None
    trackers = [
        state
        for state in hass.states.async_all("device_tracker")
        if state.attributes.get("latitude") is not None
    ]
    assert trackers == []


async def test_5_8_no_place_by_any_way_once_position_is_off(
    hass: HomeAssistant, clock: ManualClock, hass_storage: dict[str, Any]
) -> None:
    """Neither habits nor lists nor the event of a destination tell where."""
    entry = await add_garage(hass, "only")
    coordinator = entry.runtime_data
    car = coordinator.garage.cars[VIN]
    coordinator.runner.habits.learn(VIN, car.snapshot, car.snapshot, clock.now())
    digest = coordinator.runner.habits.to_json()[VIN]["place"]
    place = car.reported(s.LOCATION)
    assert place is not None
    await (await async_get_store(hass)).async_save()
    coordinator.runner.store.changed()
    await coordinator.runner.store.keep()
    account = f"{DOMAIN}.{account_file(entry.unique_id or '')}"
    known = f"{DOMAIN}.{car_file(VIN)}"
    assert digest in json.dumps(hass_storage[account])
    assert str(place.latitude) in json.dumps(hass_storage[known])
    hass.config_entries.async_update_entry(entry, options={CONF_SHARE_POSITION: False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.runtime_data.runner.habits.to_json()[VIN]["place"] == ""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert digest not in json.dumps(hass_storage[account])
    kept = json.dumps(hass_storage[known])
    assert "odometer" in kept
    assert str(place.latitude) not in kept
    device = next(
        device
        for device in dr.async_get(hass).devices
        if (DOMAIN, VIN) in device.identifiers
    )

    async def ask(action: str, **data: Any) -> Any:
        target = {"device_id": device.id, **data}
        return await hass.services.async_call(
            DOMAIN, action, target, blocking=True, return_response=True
        )

    for action in ("get_range_map", "get_destinations"):
        with pytest.raises(HomeAssistantError) as caught:
            await ask(action)
        assert caught.value.translation_key == "read_switched_off"
    with pytest.raises(HomeAssistantError):
        await ask("look_up", list="range_map")
    trips = repr(await ask("get_trips"))
    assert "distance" in trips
    assert "latitude" not in trips
    work = asyncio.ensure_future(
        ask(
            "send_destination",
            name="Zz mark",
            location={"latitude": 38.123456, "longitude": -77.654321},
        )
    )
    for _ in range(60):
        await asyncio.sleep(0)
        clock.step(1)
    await work
    states = repr([state.as_dict() for state in hass.states.async_all()])
    assert "send_destination" in states
    for told in ("38.12345", "77.65432", "Zz mark"):
        assert told not in states


async def test_the_data_of_the_coordinator_is_equal_while_nothing_changes(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """An unchanged poll gives equal data, so that nobody is told."""
    entry = await add_garage(hass, "only")
    coordinator = entry.runtime_data
    before = coordinator.data
    clock.step(timedelta(seconds=1).total_seconds())
    await coordinator.async_refresh()
    assert coordinator.data == before


@pytest.mark.parametrize("part", ["cars", "habits", "ledger", "attempted"])
async def test_a_damaged_memory_costs_only_what_is_damaged(
    hass: HomeAssistant, clock: ManualClock, part: str
) -> None:
    """Whatever shape the kept file has, the account loads with all its cars."""
    entry = await add_garage(hass, "only")
    assert await hass.config_entries.async_unload(entry.entry_id)
    store = async_account_store(hass, entry.unique_id or "")
    store.data[part] = {"shape": ["of", "another", "version"]}
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert owners(hass, VIN) == [entry.entry_id]


async def test_a_damaged_garage_begins_anew(
    hass: HomeAssistant, clock: ManualClock, hass_storage: dict[str, Any]
) -> None:
    """An unreadable file of readings and refusals keeps nobody from starting."""
    hass_storage["carport.garage"] = {
        "version": 1,
        "minor_version": 1,
        "key": "carport.garage",
        "data": {"garage": {"cars": [{}]}, "guard": {"tries": 5}},
    }
    entry = await add_garage(hass, "only")
    assert owners(hass, VIN) == [entry.entry_id]


@pytest.mark.parametrize("runs", [True, False])
async def test_only_a_car_that_is_gone_can_be_deleted(
    hass: HomeAssistant,
    clock: ManualClock,
    hass_ws_client: WebSocketGenerator,
    runs: bool,
) -> None:
    """The owner can delete a left-over device, but none that would come back."""
    assert await async_setup_component(hass, "config", {})
    entry = await add_garage(hass, "only")
    left_over = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "WVWZZZSOLDLONGAGO")}
    )
    present = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, VIN), entry.entry_id
    )
    assert present is not None
    if not runs:
        await hass.config_entries.async_unload(entry.entry_id)
    socket = await hass_ws_client(hass)
    answers = [await socket.remove_device(device.id) for device in (left_over, present)]
    assert [answer["success"] for answer in answers] == [True, False]


async def test_a_spent_budget_pauses_reading_until_tomorrow(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """Calls that the maker allows a day are not overdrawn; the channel says so."""
    entry = await add_garage(hass, "only")
    coordinator = entry.runtime_data
    coordinator.ledger.throttle(clock.now() + timedelta(hours=6))
    with pytest.raises(HomeAssistantError) as refusal:
        await coordinator.async_read(VIN)
    assert refusal.value.translation_key == "read_throttled"
    channel = coordinator.garage.cars[VIN].channels[entry.entry_id]
    assert channel.state is ChannelState.THROTTLED
    assert channel.until == clock.now() + timedelta(hours=6)


async def test_a_shut_account_leaves_the_word_to_the_other(home: DemoHome) -> None:
    """What is sent, read and asked for goes through whichever account is open."""
    await home.start()
    second = await add_garage(home.hass, "second")
    garage, target = home.coordinator.garage, {"device_id": home.device_id()}
    garage.set_state(VIN, home.entry.entry_id, ChannelState.CLOSED_BY_MAKER)
    place = {"name": "Harbour", "location": {"latitude": 53.54, "longitude": 9.97}}
    await home.call(DOMAIN, "send_destination", {**target, **place})
    answers = await home.call(DOMAIN, "get_destinations", target, response=True)
    (answer,) = answers.values()
    assert "Harbour" in {row["name"] for row in answer["destinations"]}
    assert home.service.twin(VIN).state.destinations == ()
    tries = {name: way.attempted_at for name, way in garage.cars[VIN].channels.items()}
    await home.advance(60)
    await home.call(DOMAIN, "refresh", target)
    assert {
        name
        for name, way in garage.cars[VIN].channels.items()
        if way.attempted_at != tries[name]
    } == {second.entry_id}


@pytest.mark.parametrize("away", [False, True])
async def test_a_removed_account_gives_its_tokens_back(
    hass: HomeAssistant, hass_world: World, away: bool
) -> None:
    """As far as the cloud is there; if it is not, the account goes all the same."""
    owner = await async_own(hass, hass_world, "we_connect")
    if away:
        owner.control.fault("status", path="*evoke*", status=503)
    owner.control.forget_calls()
    entry = owner.entry
    await hass_world.result(
        hass.async_create_task(hass.config_entries.async_remove(entry.entry_id))
    )
    calls = [call.path for call in owner.control.calls("*evoke*")]
    assert "/mbbcoauth/mobile/oauth2/v1/revoke" in calls
    assert ("/revokeToken" in calls) is not away
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_a_removed_account_is_forgotten_whatever_its_sign_out_does(
    hass: HomeAssistant,
    clock: ManualClock,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither its private file nor its cars outlive it because of a fault."""

    async def fail(service: DemoGarage) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    entry = await add_garage(hass, "only")
    store = async_account_store(hass, entry.unique_id or "")
    await store.async_keep(pin="2468")
    file = f"{DOMAIN}.{account_file(entry.unique_id or '')}"
    assert file in hass_storage
    monkeypatch.setattr(DemoGarage, "sign_out", fail)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert file not in hass_storage
    assert store.pin is None
    assert VIN not in (await async_get_store(hass)).garage.cars


async def test_7_5_a_disabled_account_gives_its_cars_away(
    hass: HomeAssistant, clock: ManualClock
) -> None:
    """Another account that loads meanwhile makes the car's entities its own."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    assert owners(hass, VIN) == [first.entry_id]
    await hass.config_entries.async_unload(second.entry_id)
    await hass.config_entries.async_set_disabled_by(
        first.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    await hass.config_entries.async_setup(second.entry_id)
    await hass.async_block_till_done()
    garage = (await async_get_store(hass)).garage
    assert garage.cars[VIN].owner == second.entry_id
    assert owners(hass, VIN) == [second.entry_id]
    states = [hass.states.get(one) for one in entity_ids(hass, second).values()]
    shown = [state for state in states if state is not None]
    assert shown
    assert all(state.state != "unavailable" for state in shown)


async def test_a_car_that_one_account_loses_goes_on_with_the_other(
    hass: HomeAssistant, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """While both run, too: its entities are the other's then, whatever the first does."""
    first = await add_garage(hass, "first")
    second = await add_garage(hass, "second")
    before = entity_ids(hass, first)
    garage = first.runtime_data.garage
    first.runtime_data.connect(
        car.channels[first.entry_id] for vin, car in garage.cars.items() if vin != VIN
    )
    await hass.async_block_till_done()
    assert garage.cars[VIN].owner == second.entry_id
    assert entity_ids(hass, second) == before
    assert "already exists - ignoring" not in caplog.text
    await hass.config_entries.async_unload(first.entry_id)
    await hass.async_block_till_done()
    states = [hass.states.get(one) for one in before.values()]
    shown = [state for state in states if state is not None]
    assert shown
    assert all(state.state != "unavailable" for state in shown)
