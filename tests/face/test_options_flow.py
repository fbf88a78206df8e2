"""The options of an account, and what they do."""

from collections.abc import Mapping
from typing import Any

from custom_components.carport.const import (
    CONF_FUEL_HEATERS,
    CONF_HIDDEN_CARS,
    CONF_HINTED_CARS,
    CONF_LANGUAGE_MODELS,
    CONF_PIN_MODE,
    CONF_POLL_PROFILE,
    CONF_SHARE_POSITION,
    DOMAIN,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from tests.conftest import async_add_account, async_add_demo
from tests.world import World

from .flow_pages import E_GOLF, PASSAT, TEXTS, async_reconfigure, fields, schema


async def test_options(hass: HomeAssistant, hass_world: World) -> None:
    """Profile, PIN, hidden cars and positions can be chosen, and take effect."""
    entry = await async_add_account(hass, hass_world)
    devices = dr.async_get(hass)
    assert devices.async_get_device_by_identifier((DOMAIN, PASSAT), entry.entry_id)
    result: Mapping[str, Any] = await hass.config_entries.options.async_init(
        entry.entry_id
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "init"
    for texts in TEXTS.values():
        page = texts["options"]["step"]["init"]
        assert page["title"]
        known = {*fields(result), CONF_FUEL_HEATERS}
        assert page["data"].keys() == known
        assert page["data_description"].keys() == known
    cars = schema(result)[CONF_HIDDEN_CARS].config["options"]
    assert {car["value"]: car["label"][-7:] for car in cars} == {
        E_GOLF: f"(…{E_GOLF[-4:]})",
        PASSAT: f"(…{PASSAT[-4:]})",
    }
    answers = {
        CONF_POLL_PROFILE: "saver",
        CONF_PIN_MODE: "ask",
        CONF_HIDDEN_CARS: [PASSAT],
        CONF_SHARE_POSITION: False,
        CONF_LANGUAGE_MODELS: ["state"],
    }
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], answers
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == answers
    assert entry.runtime_data.stored_pin is None
    assert entry.state is ConfigEntryState.LOADED
    assert not devices.async_get_device_by_identifier((DOMAIN, PASSAT), entry.entry_id)
    assert entry.runtime_data.shown_cars == {E_GOLF}

    # In this mode no PIN is stored, so none is asked for.
    assert "pin" not in fields(await async_reconfigure(hass, entry))

    result = await hass.config_entries.options.async_init(entry.entry_id)
    defaults = {
        str(marker): marker.default()
        for marker in schema(result)
        if callable(marker.default)
    }
    assert defaults == answers | {CONF_HINTED_CARS: []}
    answers |= {CONF_PIN_MODE: "stored", CONF_HIDDEN_CARS: []}
    await hass.config_entries.options.async_configure(result["flow_id"], answers)
    await hass.async_block_till_done()
    assert entry.runtime_data.shown_cars == {E_GOLF, PASSAT}
    assert "pin" in fields(await async_reconfigure(hass, entry))


async def test_options_of_the_demo_garage(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Where no PIN is needed, nothing is asked about it."""
    entry = await async_add_demo(hass)
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert CONF_PIN_MODE not in fields(result)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"],
        {
            CONF_POLL_PROFILE: "manual",
            CONF_HIDDEN_CARS: [],
            CONF_SHARE_POSITION: True,
        },
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options[CONF_POLL_PROFILE] == "manual"
