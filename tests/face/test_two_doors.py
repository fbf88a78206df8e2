"""One car through two of its maker's doors: one that commands, and the Data Act portal."""

from datetime import timedelta
from typing import Any

import pytest

from carport.car.commands import StopCharging
from custom_components.carport.accounts.data import async_get_store
from custom_components.carport.const import (
    CONF_BATTERY_CAPACITY,
    CONF_ENERGY,
    CONF_PIN_MODE,
    CONF_PRICE,
    CONF_SHARE_POSITION,
    PIN_ASKED,
)
from custom_components.carport.engine import ChannelState
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir

from ..conftest import async_poll
from ..world import World
from .owner import Owner, owner_of
from .test_accounts import places_kept

COMMANDS = "prueferin@example.com"
PORTAL = "datenprobe@example.com"
PASSAT = "WVWZZZ3CZME167891"
QUARTER = 900.0


@pytest.fixture
async def doors(hass: HomeAssistant, hass_world: World) -> tuple[Owner, Owner]:
    """Set both accounts of the same car up, the one with commands first."""
    first, second = (
        owner_of(hass, hass_world, name).about(PASSAT) for name in (COMMANDS, PORTAL)
    )
    await first.set_up()
    await second.set_up()
    return first, second


def _channel_of(owner: Owner, key: str) -> str:
    """Return through which account a value came."""
    return owner.car.snapshot.readings[key].channel


def _doors_of(owner: Owner) -> dict[str, dict[str, Any]]:
    """Return what the channel tells of each door, by the key of its service."""
    keys = {
        channel.service.info.name: channel.service.info.key
        for channel in owner.car.channels.values()
    }
    told = owner.state("sensor", "channel").attributes["channels"]
    return {keys[row["service"]]: row for row in told}


async def test_one_device_with_both_accounts(doors: tuple[Owner, Owner]) -> None:
    """The second door adds what only it says, and no entity twice."""
    commands, portal = doors
    car = commands.car
    assert car is portal.car
    assert {commands.entry.entry_id, portal.entry.entry_id} == car.channels.keys()
    assert _channel_of(commands, "data_delivery") == portal.entry.entry_id
    assert commands.state("sensor", "data_delivery").state == "current"
    assert not portal.devices() & {PASSAT}


async def test_skoda_through_both_of_its_doors(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The brand's interface says where and what, the portal what else; one device."""
    own, portal = (
        owner_of(hass, hass_world, name).about("TMBJC7NY5SF112345")
        for name in ("skoda.tester@example.com", "skoda.daten@example.com")
    )
    await own.set_up()
    place = own.state("device_tracker", "location").state
    await portal.set_up()
    assert own.car is portal.car
    assert own.state("device_tracker", "location").state == place
    # The interface's time is exact, and no file has changed the level since.
    assert _channel_of(own, "battery_level") == own.entry.entry_id
    assert _channel_of(own, "battery_energy") == portal.entry.entry_id
    await own.do("button", "press", "refresh")
    assert own.state("sensor", "channel").state == "ok"


async def test_commands_take_the_door_that_has_them(
    hass_world: World, doors: tuple[Owner, Owner]
) -> None:
    """The lock is moved by the one; the portal is never asked for it."""
    commands, _ = doors
    await commands.do("lock", "unlock", "doors")
    assert commands.twin.state.locked is False
    assert commands.state("lock", "doors").state == "unlocked"
    assert not hass_world.control.calls("/proxy_api/*", method="POST")


async def test_whichever_reported_later(
    hass: HomeAssistant, hass_world: World, doors: tuple[Owner, Owner]
) -> None:
    """While one door is shut the other goes on telling; afterwards the younger counts."""
    commands, portal = doors
    control = hass_world.control
    control.fault("status", path="/fs-car/*", status=503, account=COMMANDS)
    before = commands.state("sensor", "battery_level").state
    commands.twin.accept(
        StopCharging(), hass_world.clock.now() + timedelta(seconds=2 * QUARTER)
    )
    for _ in range(5):
        await async_poll(hass, hass_world, QUARTER)
    assert commands.state("binary_sensor", "charging").state == "off"
    assert _channel_of(commands, "charging") == portal.entry.entry_id
    assert commands.state("sensor", "battery_level").state != before
    assert commands.state("sensor", "channel").state == "ok"
    control.clear_faults()
    control.account(PORTAL, outage=True)
    commands.twin.wake(hass_world.clock.now())
    for _ in range(4):
        await async_poll(hass, hass_world, QUARTER)
    assert _channel_of(commands, "charging") == commands.entry.entry_id
    assert commands.state("binary_sensor", "charging").state == "off"


@pytest.mark.parametrize("how", ["removed", "disabled", "not there"])
async def test_losing_a_door_keeps_entities_and_values(
    hass: HomeAssistant, doors: tuple[Owner, Owner], how: str
) -> None:
    """The car goes on with the door that is left, however the other one went."""
    commands, portal = doors
    entries = hass.config_entries
    values = commands.values()
    ids = {
        key: commands.entity_id("sensor", key)
        for key in ("battery_level", "odometer", "data_delivery")
    }
    if how == "removed":
        assert await entries.async_remove(commands.entry.entry_id)
    elif how == "disabled":
        await entries.async_set_disabled_by(
            commands.entry.entry_id, ConfigEntryDisabler.USER
        )
    else:
        await commands.reload(server="http://127.0.0.1:9")
        assert commands.entry.state is ConfigEntryState.SETUP_RETRY
    await hass.async_block_till_done()
    assert portal.devices() >= {PASSAT}
    for key, entity_id in ids.items():
        assert portal.entity_id("sensor", key) == entity_id
        assert portal.state("sensor", key).state == values[entity_id]


async def test_options_count_whichever_account_has_the_device(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The pad is there for the account that commands; the price is the car's."""
    portal, commands = (
        owner_of(hass, hass_world, name).about(PASSAT) for name in (PORTAL, COMMANDS)
    )
    await portal.set_up()
    await commands.set_up()
    said = {CONF_PRICE: 0.3, CONF_BATTERY_CAPACITY: 10}
    options = {CONF_PIN_MODE: PIN_ASKED, CONF_ENERGY: {PASSAT: said}}
    hass.config_entries.async_update_entry(commands.entry, options=options)
    await commands.keep_pin(None)
    assert portal.devices() >= {PASSAT}
    assert portal.state("lock", "doors").attributes["code_format"] == r"^\d+$"
    for _ in range(3):
        await async_poll(hass, hass_world, QUARTER)
    assert portal.find("sensor", "energy_charged") is not None
    assert portal.find("sensor", "charge_cost") is not None
    pin = commands.account.pin
    await commands.do("lock", "unlock", "doors", code=pin)
    assert commands.twin.state.locked is False


async def test_8_2_the_channel_is_the_best_door(
    hass: HomeAssistant, doors: tuple[Owner, Owner]
) -> None:
    """The worse one stands beside it, and its controls go, each with the reason."""
    commands, portal = doors
    garage = commands.entry.runtime_data.garage
    assert "other_channels" not in commands.state("sensor", "channel").attributes
    garage.set_state(PASSAT, commands.entry.entry_id, ChannelState.NEEDS_OWNER)
    await hass.async_block_till_done()
    channel = commands.state("sensor", "channel")
    assert channel.state == "ok"
    (worse,) = channel.attributes["other_channels"]
    assert worse["service"] == commands.entry.runtime_data.service.info.name
    assert (worse["state"], worse["next_step"]) == ("needs_owner", "sign_in")
    # The portal, which is well, takes no commands.
    assert channel.attributes["closed_commands"]["lock"] == "needs_owner"
    for platform, key in (("lock", "doors"), ("switch", "charge_control")):
        assert commands.state(platform, key).state == STATE_UNAVAILABLE
    assert commands.state("sensor", "battery_level").state != STATE_UNAVAILABLE
    garage.set_state(PASSAT, commands.entry.entry_id, ChannelState.THROTTLED)
    await hass.async_block_till_done()
    assert commands.state("lock", "doors").state == "locked"
    channel = commands.state("sensor", "channel")
    assert "closed_commands" not in channel.attributes
    assert channel.attributes["other_channels"][0]["state"] == "throttled"
    garage.set_state(PASSAT, portal.entry.entry_id, ChannelState.CLOSED_BY_MAKER)
    await hass.async_block_till_done()
    assert commands.state("sensor", "channel").state == "throttled"


async def test_each_door_says_what_is_by_it_and_when_it_was_last_good(
    hass: HomeAssistant, hass_world: World, doors: tuple[Owner, Owner]
) -> None:
    """While one is away its time stands still, and values go over to the other."""
    commands, _ = doors
    rows = _doors_of(commands)
    assert len(rows) == 2
    by_commands, by_portal = rows["we_connect"], rows["eu_data_act"]
    assert "location" in by_commands["values"]
    assert "data_delivery" in by_portal["values"]
    assert not {*by_commands["values"]} & {*by_portal["values"]}
    hass_world.control.fault("status", path="/fs-car/*", status=503, account=COMMANDS)
    commands.twin.accept(
        StopCharging(), hass_world.clock.now() + timedelta(seconds=2 * QUARTER)
    )
    for _ in range(5):
        await async_poll(hass, hass_world, QUARTER)
    after = _doors_of(commands)
    assert "charging" in after["eu_data_act"]["values"]
    assert after["we_connect"]["state"] != "ok"
    assert after["we_connect"]["last_good"] == by_commands["last_good"]
    assert after["eu_data_act"]["last_good"] > by_portal["last_good"]


async def test_pain_37_a_door_that_the_maker_closes_overnight(
    hass: HomeAssistant, hass_world: World, doors: tuple[Owner, Owner]
) -> None:
    """It is said what happened; nobody signs in again and again; the car goes on."""
    commands, portal = doors
    control = hass_world.control
    entities, odometer = portal.entities(), portal.state("sensor", "odometer").state
    control.service("we_connect", mbb_closed=True)
    control.account(COMMANDS, revoke="all")
    control.forget_calls()
    for _ in range(24):
        await async_poll(hass, hass_world, 4 * QUARTER)
    asked = [call for call in control.calls() if call.account == COMMANDS]
    assert not [call for call in asked if call.path.endswith("/login/authenticate")]
    # Later on only whether the door is open again is asked, a few times an hour.
    late = [call for call in asked if call.at > asked[0].at + timedelta(hours=2)]
    assert {call.path.rpartition("/")[2] for call in late} <= {"token", "refreshTokens"}
    assert len(late) <= 22 * 5
    (issue,) = (
        key
        for _, key in ir.async_get(hass).issues
        if key == f"closed_by_maker_{commands.entry.entry_id}"
    )
    assert issue
    assert not hass.config_entries.flow.async_progress()
    channel = portal.state("sensor", "channel")
    assert channel.state == "ok"
    (closed,) = channel.attributes["other_channels"]
    assert (closed["state"], closed["next_step"]) == (
        "closed_by_maker",
        "follow_repairs",
    )
    assert channel.attributes["closed_commands"]["lock"] == "channel_closed"
    assert portal.entities() == entities
    assert portal.state("sensor", "odometer").state >= odometer
    assert _channel_of(portal, "battery_level") == portal.entry.entry_id


async def test_8_2_a_lock_stays_without_a_door_that_takes_its_commands(
    hass: HomeAssistant, doors: tuple[Owner, Owner]
) -> None:
    """It tells what the other one says, and refuses with the reason, restarts or not."""
    commands, portal = doors
    lock = commands.entity_id("lock", "doors")
    assert await hass.config_entries.async_remove(commands.entry.entry_id)
    await hass.async_block_till_done()
    for _ in range(2):
        assert portal.entity_id("lock", "doors") == lock
        assert portal.state("lock", "doors").state == "locked"
        with pytest.raises(ServiceValidationError) as caught:
            await portal.do("lock", "unlock", "doors")
        assert caught.value.translation_key == "command_read_only"
        await portal.reload()


async def test_a_car_that_is_sold_at_the_door_that_told_where_it_is(
    hass: HomeAssistant,
    hass_world: World,
    hass_storage: dict[str, Any],
    doors: tuple[Owner, Owner],
) -> None:
    """Where it was leaves the disk, since the other account does not share that."""
    _, second = doors
    hass.config_entries.async_update_entry(
        second.entry, options={CONF_SHARE_POSITION: False}
    )
    await second.reload()
    places = places_kept(await async_get_store(hass), hass_storage, PASSAT)
    assert await places()
    hass_world.control.account(COMMANDS, sell=PASSAT)
    # The other account has no reason to look at the place by itself.
    hass_world.control.fault("status", status=503, path="*/consent/me/vehicles")
    # Missing for days it is gone, and not for an hour.
    for _ in range(8):
        await async_poll(hass, hass_world, 13 * 3600)
    assert set(second.car.channels) == {second.entry.entry_id}
    assert not await places()
