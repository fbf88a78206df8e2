"""What bad days look like to the owner: Car-Net over HTTP, inside Home Assistant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Any

import pytest

from custom_components.carport.account import async_account_store
from custom_components.carport.const import DOMAIN
from custom_components.carport.keeper import async_get_keeper
from custom_components.carport.listing import ListedCars
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.car_net.damages import DAMAGES
from tests.conftest import TESTER, account_of, async_add_account, async_poll
from tests.world import World

VIN, OTHER_VIN = account_of(TESTER).vins
STATUS = "/rvs/*"
DOORS = "*/status/exterior/doors"
SESSIONS = "/ss/*"
HOUR = 3600.0


def entity_id(hass: HomeAssistant, domain: str, key: str, vin: str = VIN) -> str:
    """Return the entity of a key of a car."""
    found = er.async_get(hass).async_get_entity_id(
        domain, DOMAIN, f"{vin}_{key}".lower()
    )
    assert found is not None, f"{domain} {key} was not created"
    return found


def state(hass: HomeAssistant, domain: str, key: str, vin: str = VIN) -> State:
    """Return the state of a key of a car."""
    found = hass.states.get(entity_id(hass, domain, key, vin))
    assert found is not None, f"{domain} {key} has no state"
    return found


async def call(
    hass: HomeAssistant, domain: str, action: str, key: str, **data: Any
) -> None:
    """Call an action on an entity and wait for its end."""
    target = {"entity_id": entity_id(hass, domain, key)}
    await hass.services.async_call(domain, action, {**target, **data}, blocking=True)


def receipt(hass: HomeAssistant) -> Mapping[str, Any]:
    """Return the attributes of the last receipt the car's event entity shows."""
    return state(hass, "event", "last_command").attributes


def values(hass: HomeAssistant, entry: ConfigEntry[Any]) -> dict[str, str]:
    """Return what every entity of the cars says, but for what is about the data."""
    about = ("channel", "captured_at", "data_age", "data_stale", "last_command")
    return {
        entity.entity_id: found.state
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if (found := hass.states.get(entity.entity_id)) is not None
        and not entity.unique_id.endswith(about)
        and entity.domain != "button"
        and entry.entry_id.lower() not in entity.unique_id
    }


async def test_a_pause_is_shown_and_waited_out(
    hass: HomeAssistant, hass_world: World
) -> None:
    """429 while polling: throttled, with its end; values stay; then all is well."""
    entry = await async_add_account(hass, hass_world)
    before = values(hass, entry)
    control = hass_world.control
    control.fault("status", path=STATUS, status=429, retry_after=2 * 3600)
    await async_poll(hass, hass_world, 2 * HOUR)
    channel = state(hass, "sensor", "channel")
    assert channel.state == "throttled"
    until = hass_world.clock.now() + timedelta(hours=2)
    shown = datetime.fromisoformat(channel.attributes["until"])
    assert abs((shown - until).total_seconds()) < 60
    assert values(hass, entry) == before
    control.clear_faults()
    control.forget_calls()
    await async_poll(hass, hass_world, HOUR)
    assert control.calls(STATUS) == []
    await async_poll(hass, hass_world, 1.2 * HOUR)
    assert control.calls(STATUS) != []
    assert state(hass, "sensor", "channel").state == "ok"


async def test_commands_still_go_while_reading_pauses(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A pause of the readings does not keep the owner from locking the car."""
    await async_add_account(hass, hass_world)
    control = hass_world.control
    control.fault("status", path=STATUS, status=429, retry_after=7200, count=2)
    await async_poll(hass, hass_world, 2 * HOUR)
    assert state(hass, "sensor", "channel").state == "throttled"
    await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert state(hass, "lock", "doors").state == "unlocked"
    assert receipt(hass)["event_type"] == "confirmed"


async def test_too_many_commands_say_when_to_try_again(
    hass: HomeAssistant, hass_world: World
) -> None:
    """429 at a command: refused as throttled, and not sent again within the pause."""
    await async_add_account(hass, hass_world)
    control = hass_world.control
    control.fault("status", path=DOORS, status=429, count=1)
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(call(hass, "lock", "unlock", "doors"))
        assert refusal.value.translation_key == "command_throttled"
    assert len(control.calls(DOORS)) == 1
    assert receipt(hass)["reason"] == "throttled"
    await async_poll(hass, hass_world, 0.3 * HOUR)
    await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert state(hass, "lock", "doors").state == "unlocked"


async def test_dead_tokens_ask_the_owner_and_keep_the_truth(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Refresh refused: a new sign-in is asked for, values stay with their age."""
    entry = await async_add_account(hass, hass_world)
    before = values(hass, entry)
    captured = state(hass, "sensor", "captured_at").state
    hass_world.control.account(TESTER, revoke="all")
    await async_poll(hass, hass_world, 3 * HOUR)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]
    assert values(hass, entry) == before
    assert state(hass, "sensor", "channel").state == "needs_owner"
    assert state(hass, "sensor", "captured_at").state == captured
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert refusal.value.translation_key == "command_needs_owner"


async def test_a_command_finds_the_tokens_dead(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The channel says so at once, and the owner is asked to sign in again."""
    await async_add_account(hass, hass_world)
    hass_world.control.account(TESTER, revoke="all")
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert refusal.value.translation_key == "command_needs_owner"
    assert state(hass, "sensor", "channel").state == "needs_owner"
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_dead_tokens_at_a_restart_keep_the_truth_too(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Started with dead tokens, the cars are there with what was known."""
    entry = await async_add_account(hass, hass_world)
    before = values(hass, entry)
    hass_world.control.account(TESTER, revoke="all")
    await async_poll(hass, hass_world, 0.5 * HOUR)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass_world.advance(5 * HOUR)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert values(hass, entry) == before
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_a_wrong_pin_is_sent_once(hass: HomeAssistant, hass_world: World) -> None:
    """Refused: blocked until the PIN is another one; reading goes on meanwhile."""
    entry = await async_add_account(hass, hass_world)
    control = hass_world.control
    right = entry.data["pin"]
    hass.config_entries.async_update_entry(entry, data={**entry.data, "pin": "9999"})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as refusal:
            await hass_world.result(call(hass, "lock", "unlock", "doors"))
        assert refusal.value.translation_key == "command_pin_blocked"
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    with pytest.raises(HomeAssistantError):
        await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert len(control.calls(SESSIONS)) == 1
    assert control.calls(DOORS) == []
    control.forget_calls()
    await async_poll(hass, hass_world, 3 * HOUR)
    assert control.calls(STATUS) != []
    assert state(hass, "sensor", "channel").state == "ok"
    hass.config_entries.async_update_entry(entry, data={**entry.data, "pin": right})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert state(hass, "lock", "doors").state == "unlocked"


async def test_a_deaf_car_times_out_and_shows_what_is(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Accepted and never done: unlocking is shown, then locked again."""
    await async_add_account(hass, hass_world)
    await async_poll(hass, hass_world, 12 * HOUR)
    hass_world.control.twin(VIN, deaf=True)
    unlocking = hass.async_create_task(call(hass, "lock", "unlock", "doors"))
    await hass_world.advance(15)
    assert state(hass, "lock", "doors").state == "unlocking"
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(unlocking)
    assert refusal.value.translation_key == "command_timed_out"
    assert state(hass, "lock", "doors").state == "locked"
    assert receipt(hass)["event_type"] == "timed_out"


async def test_a_contrary_car_has_the_last_word(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The car reports otherwise: the command failed, and the car's word is shown."""
    await async_add_account(hass, hass_world)
    hass_world.control.twin(VIN, contrary=True)
    with pytest.raises(HomeAssistantError) as refusal:
        await hass_world.result(call(hass, "lock", "unlock", "doors"))
    assert refusal.value.translation_key == "command_car_disagrees"
    assert state(hass, "lock", "doors").state == "locked"
    assert receipt(hass)["event_type"] == "failed"


async def test_pressed_twice_is_sent_once(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The second press joins; the opposite is refused and hears what runs."""
    await async_add_account(hass, hass_world)
    first = hass.async_create_task(call(hass, "lock", "unlock", "doors"))
    second = hass.async_create_task(call(hass, "lock", "unlock", "doors"))
    await hass_world.settle()
    with pytest.raises(ServiceValidationError) as refusal:
        await call(hass, "lock", "lock", "doors")
    assert refusal.value.translation_key == "command_busy"
    await hass_world.result(first)
    await hass_world.result(second)
    assert len(hass_world.control.calls(DOORS)) == 1
    assert state(hass, "lock", "doors").state == "unlocked"


@pytest.mark.parametrize("damage", sorted(DAMAGES.keys() - {"miles"}))
async def test_odd_payloads_change_nothing_for_the_worse(
    hass: HomeAssistant,
    hass_world: World,
    caplog: pytest.LogCaptureFixture,
    damage: str,
) -> None:
    """No exception, no false value, and nothing disappears."""
    entry = await async_add_account(hass, hass_world)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = values(hass, entry)
    hass_world.control.fault("damage", damage=damage)
    await async_poll(hass, hass_world, 30 * HOUR)
    assert values(hass, entry) == before
    assert not [
        record for record in caplog.records if record.levelno > logging.WARNING
    ] or damage in {"nulls", "wrong_types", "no_envelope"}
    hass_world.control.clear_faults()
    await async_poll(hass, hass_world, 5 * HOUR)
    assert state(hass, "sensor", "channel").state == "ok"
    assert values(hass, entry) == before


@pytest.mark.parametrize("kind", ["html", "empty", "truncated", "drop", "status"])
async def test_an_outage_keeps_everything(
    hass: HomeAssistant, hass_world: World, kind: str
) -> None:
    """No sense or no answer: degraded, old values stay, and it mends itself."""
    entry = await async_add_account(hass, hass_world)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = values(hass, entry)
    hass_world.control.fault(kind)
    await async_poll(hass, hass_world, 3 * HOUR)
    assert state(hass, "sensor", "channel").state == "degraded"
    assert values(hass, entry) == before
    hass_world.control.clear_faults()
    await async_poll(hass, hass_world, HOUR)
    assert state(hass, "sensor", "channel").state == "ok"


async def test_an_empty_list_sells_no_car(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Listed empty for a while: nothing is removed; gone for days: the device goes."""
    entry = await async_add_account(hass, hass_world)
    before = values(hass, entry)
    hass_world.control.fault("damage", damage="empty_garage")
    await async_poll(hass, hass_world, 13 * HOUR)
    assert values(hass, entry).keys() == before.keys()
    hass_world.control.clear_faults()
    hass_world.control.account(TESTER, sell=OTHER_VIN)
    for _ in range(8):
        await async_poll(hass, hass_world, 13 * HOUR)
    vins = {
        identifier
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        for _, identifier in device.identifiers
    }
    assert VIN in vins
    assert OTHER_VIN not in vins
    assert OTHER_VIN not in (await async_get_keeper(hass)).garage.cars


async def test_a_restart_asks_the_cloud_nothing_while_data_is_young(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Values are back at once with their capture times, and no call was made."""
    entry = await async_add_account(hass, hass_world)
    await async_poll(hass, hass_world, 12 * HOUR)
    before = values(hass, entry)
    captured = state(hass, "sensor", "captured_at").state
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass_world.control.forget_calls()
    await hass_world.advance(600)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass_world.control.calls() == []
    assert values(hass, entry) == before
    assert state(hass, "sensor", "captured_at").state == captured


async def test_one_car_down_leaves_the_other_alone(
    hass: HomeAssistant, hass_world: World
) -> None:
    """An outage of one car is shown at that car, and is tried again soon."""
    await async_add_account(hass, hass_world)
    await async_poll(hass, hass_world, 12 * HOUR)
    control = hass_world.control
    path = control.calls(STATUS)[0].path
    control.fault("status", path=path, status=503)
    await async_poll(hass, hass_world, 3 * HOUR)
    states = [state(hass, "sensor", "channel", vin).state for vin in (VIN, OTHER_VIN)]
    assert sorted(states) == ["degraded", "ok"]
    control.clear_faults()
    await async_poll(hass, hass_world, 0.1 * HOUR)
    states = [state(hass, "sensor", "channel", vin).state for vin in (VIN, OTHER_VIN)]
    assert states == ["ok", "ok"]


async def test_a_button_in_an_outage_says_so(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Refresh raises what is the matter; dead tokens ask for the owner at once."""
    await async_add_account(hass, hass_world)
    control = hass_world.control
    control.fault("status", status=503)
    with pytest.raises(HomeAssistantError) as failure:
        await hass_world.result(call(hass, "button", "press", "refresh"))
    assert failure.value.translation_key == "read_cloud_unreachable"
    control.clear_faults()
    control.account(TESTER, revoke="all")
    with pytest.raises(HomeAssistantError) as failure:
        await hass_world.result(call(hass, "button", "press", "refresh"))
    assert failure.value.translation_key == "read_needs_owner"
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_without_its_server_an_account_waits(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A server that cannot be reached is tried again later; nothing is lost."""
    entry = await async_add_account(hass, hass_world)
    server, states = entry.data["server"], []
    for address in ("http://127.0.0.1:9", server):
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, "server": address}
        )
        await hass_world.result(hass.config_entries.async_reload(entry.entry_id))
        states.append(entry.state)
    assert states == [ConfigEntryState.SETUP_RETRY, ConfigEntryState.LOADED]


async def test_a_new_car_appears_by_itself(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A car that joins the account later gets its device without a restart."""
    entry = await async_add_account(hass, hass_world)
    await hass.config_entries.async_unload(entry.entry_id)
    hass_world.control.account(TESTER, empty=True)
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier((DOMAIN, VIN), entry.entry_id)
    assert device is not None
    keeper = await async_get_keeper(hass)
    store = async_account_store(hass, entry.unique_id or "")
    listed = ListedCars.from_json(store.data["cars"])
    store.data["cars"] = replace(
        listed,
        cars={vin: car for vin, car in listed.cars.items() if vin != OTHER_VIN},
    ).to_json()
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert OTHER_VIN not in keeper.garage.cars
    hass_world.control.account(TESTER, empty=False)
    await async_poll(hass, hass_world, 13 * HOUR)
    assert state(hass, "lock", "doors", OTHER_VIN).state == "locked"
