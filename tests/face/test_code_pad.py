"""The PIN at the lock and in the actions, against a cloud that wants one."""

import logging
import re
from typing import Any

import pytest

from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.signals import SIGNALS
from custom_components.carport.const import CONF_PIN_MODE, DOMAIN, PIN_ASKED
from custom_components.carport.services import ACTIONS
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from tests.conftest import TESTER, account_of, async_add_account
from tests.world import World

from .owner import async_own

ACCOUNT = account_of(TESTER)
VIN = ACCOUNT.vins[0]


def entity_id(hass: HomeAssistant, platform: str, key: str) -> str:
    """Return the entity id behind a key of the account's first car."""
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{VIN}_{key}".lower()
    )
    assert found is not None
    return found


def lock_of(hass: HomeAssistant) -> State:
    """Return the lock's state."""
    state = hass.states.get(entity_id(hass, "lock", "doors"))
    assert state is not None
    return state


def device_of(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the id of the car's device."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, VIN), entry.entry_id
    )
    assert device is not None
    return device.id


async def call(
    hass: HomeAssistant,
    world: World,
    domain: str,
    action: str,
    data: dict[str, Any],
    *,
    response: bool = False,
) -> Any:
    """Call an action, and let the clouds and the car obey."""
    return await world.result(
        hass.services.async_call(
            domain, action, data, blocking=True, return_response=response
        )
    )


async def test_a_stored_pin_is_not_asked_for(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The lock has no pad, and locks."""
    await async_add_account(hass, hass_world)
    assert "code_format" not in lock_of(hass).attributes
    target = {"entity_id": entity_id(hass, "lock", "doors")}
    await call(hass, hass_world, "lock", "unlock", target)
    assert lock_of(hass).state == "unlocked"


async def test_the_pad_passes_the_pin_on(
    hass: HomeAssistant, hass_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Without digits nothing is sent; with the right ones the car obeys."""
    # Home Assistant itself logs what an action is called with, at debug level.
    caplog.set_level(logging.DEBUG, logger="custom_components.carport")
    await async_add_account(hass, hass_world, pin=False, **{CONF_PIN_MODE: PIN_ASKED})
    assert lock_of(hass).attributes["code_format"] == r"^\d+$"
    target = {"entity_id": entity_id(hass, "lock", "doors")}
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call("lock", "unlock", target, blocking=True)
    await call(hass, hass_world, "lock", "unlock", {**target, "code": ACCOUNT.pin})
    assert lock_of(hass).state == "unlocked"
    event = hass.states.get(entity_id(hass, "event", "last_command"))
    assert event is not None
    assert ACCOUNT.pin is not None
    assert ACCOUNT.pin not in str(event.as_dict())
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components")
    ]
    assert ours
    assert not [line for line in ours if ACCOUNT.pin in line]


async def test_without_a_pin_a_command_says_where_to_give_one(
    hass: HomeAssistant, hass_world: World
) -> None:
    """A button has no pad; the action takes the code."""
    entry = await async_add_account(
        hass, hass_world, pin=False, **{CONF_PIN_MODE: PIN_ASKED}
    )
    with pytest.raises(ServiceValidationError) as caught:
        await call(
            hass,
            hass_world,
            "button",
            "press",
            {"entity_id": entity_id(hass, "button", "flash")},
        )
    assert caught.value.translation_key == "command_pin_missing"
    device = device_of(hass, entry)
    answer = await call(
        hass,
        hass_world,
        DOMAIN,
        "honk_and_flash",
        {"device_id": device, "mode": "flash", "code": ACCOUNT.pin},
        response=True,
    )
    assert answer[device]["outcome"] == "accepted"
    assert "code" not in answer[device]["parameters"]


async def test_8_2_every_command_can_be_given_the_pin(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Whatever a car wants the PIN for, there is a pad or an action with a field."""
    by_pad = {CommandKind.LOCK, CommandKind.UNLOCK}
    # A new health report is asked for by the action that fetches it.
    by_action = {action.kind for action in ACTIONS} | {CommandKind.REFRESH_HEALTH}
    for action in ACTIONS:
        assert "code" in {str(key) for key in action.schema.schema}
    for service in ("car_net", "we_connect", "skoda"):
        owner = await async_own(hass, hass_world, service)
        for vin in owner.account.vins:
            limits = owner.entry.runtime_data.service.commands(
                owner.about(vin).car.channels[owner.entry.entry_id].car,
                SIGNALS.keys(),
            )
            wanted = {kind for kind, one in limits.items() if one.needs_pin}
            # A running climate takes a new target by being started with it.
            wanted.discard(CommandKind.SET_TEMPERATURE)
            assert wanted <= by_pad | by_action, service


async def test_8_2_an_answer_in_words_is_typed_at_the_pad(
    hass: HomeAssistant, hass_world: World
) -> None:
    """I Remote asks some accounts a question, whose answer has letters."""
    owner = await async_own(hass, hass_world, "i_remote")
    assert "code_format" not in owner.state("lock", "doors").attributes
    hass.config_entries.async_update_entry(
        owner.entry, options={CONF_PIN_MODE: PIN_ASKED}
    )
    await owner.reload()
    pad = re.compile(owner.state("lock", "doors").attributes["code_format"])
    for typed in ("Rosinante", "1357", ""):
        assert pad.match(typed)


async def test_8_2_a_command_without_a_pin_is_no_refused_pin(
    hass: HomeAssistant, hass_world: World
) -> None:
    """No repair speaks of a PIN that was refused where none was ever sent."""
    await async_add_account(hass, hass_world, pin=False)
    target = {"entity_id": entity_id(hass, "lock", "doors")}
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, hass_world, "lock", "unlock", target)
    assert caught.value.translation_key == "command_pin_missing"
    assert not [key for key in ir.async_get(hass).issues if "pin" in key[1]]


async def test_a_wrong_pin_is_refused_once_and_named(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The second try with the same one is not sent; reading goes on."""
    await async_add_account(hass, hass_world, pin=False, **{CONF_PIN_MODE: PIN_ASKED})
    target = {"entity_id": entity_id(hass, "lock", "doors"), "code": "0000"}
    for _ in range(2):
        with pytest.raises(HomeAssistantError) as caught:
            await call(hass, hass_world, "lock", "unlock", target)
        assert caught.value.translation_key == "command_pin_blocked"
    assert lock_of(hass).state == "locked"


async def test_a_current_that_no_car_tells_is_assumed(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Car-Net never says what is set: the last accepted word stands, marked so."""
    await async_add_account(hass, hass_world)
    number = entity_id(hass, "number", "max_charge_current")
    select = entity_id(hass, "select", "max_charge_current")
    for value, word in ((10, "10"), (5, "5")):
        await call(
            hass,
            hass_world,
            "number",
            "set_value",
            {"entity_id": number, "value": value},
        )
        state = hass.states.get(select)
        assert state is not None
        assert state.state == word
        assert state.attributes["assumed_state"] is True
    await call(
        hass,
        hass_world,
        "select",
        "select_option",
        {"entity_id": select, "option": "max"},
    )
    state = hass.states.get(number)
    assert state is not None
    assert state.state == "unknown"


async def test_rationed_parts_are_read_on_demand_only(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Nothing is known of Car-Net's climate until somebody asks for it."""
    entry = await async_add_account(hass, hass_world)
    climate = entity_id(hass, "climate", "climate")
    state = hass.states.get(climate)
    assert state is not None
    assert state.state == "unknown"
    device = device_of(hass, entry)
    for rationed, shown in ((False, "unknown"), (True, "off")):
        await call(
            hass,
            hass_world,
            DOMAIN,
            "refresh",
            {"device_id": device, "rationed": rationed},
        )
        state = hass.states.get(climate)
        assert state is not None
        assert state.state == shown


async def test_a_rationed_part_wants_the_pin(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Without one the reading says so."""
    entry = await async_add_account(hass, hass_world, pin=False)
    with pytest.raises(HomeAssistantError) as caught:
        await call(
            hass,
            hass_world,
            DOMAIN,
            "refresh",
            {"device_id": device_of(hass, entry), "rationed": True},
        )
    assert caught.value.translation_key == "read_pin_missing"
