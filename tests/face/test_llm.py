"""What language models get of cars: nothing unasked, and each thing by its own yes."""

import asyncio
from collections.abc import Mapping
import json
from typing import Any, Final

import pytest

from custom_components.carport.actions.exposed_cars import all_cars
from custom_components.carport.actions.orders import ORDERS
from custom_components.carport.car.commands import CommandKind
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.const import CONF_LANGUAGE_MODELS, Scope
from custom_components.carport.llm import async_get_tools
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
from tests.world import World

from .demo_garage import ELECTRIC, DemoHome
from .listening import live
from .owner import async_own
from .test_rights import user_with

TOOLS: Final = {
    Scope.STATE: {"get_state", "send_command"},
    Scope.POSITION: {"get_location"},
    Scope.ADDRESSES: {"get_location"},
    Scope.TRIPS: {"get_trips"},
    Scope.PLATE: {"get_identity"},
    Scope.VIN: {"get_identity"},
}


def context_of(context: Context | None = None) -> llm.LLMContext:
    """Return what a model's call comes with."""
    return llm.LLMContext(
        platform="test",
        context=context or Context(),
        language="en",
        assistant="conversation",
        device_id=None,
    )


async def api_of(
    hass: HomeAssistant, context: Context | None = None
) -> llm.APIInstance:
    """Return the interface that Home Assistant gives to models."""
    for domain in ("homeassistant", "conversation"):
        assert await async_setup_component(hass, domain, {})
    return await llm.async_get_api(hass, llm.LLM_API_ASSIST, context_of(context))


async def tools_of(hass: HomeAssistant) -> set[str]:
    """Return the names of the tools for cars."""
    return {
        tool.name.removeprefix("carport__")
        for tool in (await api_of(hass)).tools
        if tool.integration == "carport"
    }


async def use(
    home: DemoHome, tool: str, context: Context | None = None, **arguments: Any
) -> llm.ToolResult:
    """Let a model call a tool, and the car obey."""
    api = await api_of(home.hass, context)
    call = llm.ToolInput(
        tool_name=f"carport__{tool}", tool_args={"car": "Aurora"} | arguments
    )
    task = asyncio.ensure_future(api.async_call_tool(call))
    while not task.done():
        await home.advance(0.5)
        await asyncio.sleep(0.001)
    while home.car().running is not None:
        await home.advance(1)
    return task.result()


def expose(home: DemoHome, yes: bool = True) -> None:
    """Expose everything there is to the assistant, or nothing."""
    for state in home.hass.states.async_all():
        async_expose_entity(home.hass, "conversation", state.entity_id, yes)


async def start(home: DemoHome, *scopes: Scope, yes: bool = True) -> None:
    """Set the garage up, with what its owner allows."""
    assert await async_setup_component(home.hass, "homeassistant", {})
    await home.start(**({CONF_LANGUAGE_MODELS: list(scopes)} if scopes else {}))
    expose(home, yes)


async def test_a_model_gets_nothing_by_default(home: DemoHome) -> None:
    """However much is exposed."""
    await start(home)
    assert await tools_of(home.hass) == set()


@pytest.mark.parametrize("scope", Scope)
async def test_each_yes_is_for_its_own_thing(home: DemoHome, scope: Scope) -> None:
    """No tool comes with another, and all have Carport's prefix."""
    await start(home, scope)
    assert await tools_of(home.hass) == TOOLS[scope]
    for tool in (await api_of(home.hass)).tools:
        if tool.integration == "carport":
            assert tool.name.startswith("carport__")
            assert tool.description
            assert tool.title


async def test_another_interface_has_no_tools_of_cars(home: DemoHome) -> None:
    """That for administrators is about Home Assistant itself."""
    await start(home, *Scope)
    assert async_get_tools(home.hass, context_of(), llm.LLM_API_HOME_ASSISTANT) is None


async def test_the_state_is_what_is_exposed(home: DemoHome) -> None:
    """With its age; without places, trips and numbers of the car."""
    await start(home, Scope.STATE)
    await live(home, battery_level=64.0, locked=True)
    result = await use(home, "get_state")
    assert not result.error
    values = _values(result)
    assert values["sensor.battery_level"] == "64.0 %"
    assert values["lock.doors"] == "locked"
    assert result.data["captured_at"]
    told = json.dumps(result.data)
    assert ELECTRIC not in told
    assert not any("location" in key or "last_trip" in key for key in values)
    assert "52.4" not in told
    hidden = home.entity_id("sensor", "battery_level")
    async_expose_entity(home.hass, "conversation", hidden, False)
    assert "sensor.battery_level" not in _values(await use(home, "get_state"))


def _values(result: llm.ToolResult) -> Mapping[str, Any]:
    values = result.data["values"]
    assert isinstance(values, Mapping)
    return values


async def test_a_command_is_sent_by_the_cars_own_control(home: DemoHome) -> None:
    """Quick ones are done when it answers, slow ones are told."""
    await start(home, Scope.STATE)
    result = await use(home, "send_command", order="charge_to", percent=90)
    assert not result.error
    receipt = home.car().receipts[-1]
    assert receipt.command is CommandKind.SET_CHARGE_LIMIT
    assert receipt.outcome is Outcome.CONFIRMED
    result = await use(home, "send_command", order="warm")
    assert home.service.twin(ELECTRIC).state.climate_active


async def test_what_else_the_car_is_told_says_nothing_of_an_order(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Its lights, which no car reports, are accepted while it is read: that is done."""
    owner = await async_own(hass, hass_world, "my_renault")
    options = {**owner.entry.options, CONF_LANGUAGE_MODELS: ["state"]}
    hass.config_entries.async_update_entry(owner.entry, options=options)
    await owner.reload()
    api = await api_of(hass)
    async_expose_entity(
        hass, "conversation", owner.entity_id("button", "refresh"), True
    )
    (car,) = (car for car in all_cars(hass, "conversation") if car.car.vin == owner.vin)
    arguments = {"order": "refresh", "car": car.name}
    call = llm.ToolInput(tool_name="carport__send_command", tool_args=arguments)
    flash = asyncio.ensure_future(owner.call("button", "press", "flash"))
    await asyncio.sleep(0)
    result = await hass_world.result(api.async_call_tool(call))
    assert flash.done()
    assert owner.car.receipts[-1].outcome is Outcome.ACCEPTED
    assert result.data == {"car": car.name, "outcome": "done"}


async def test_an_order_without_its_number_is_an_answer(home: DemoHome) -> None:
    """Models forget arguments; that is said, and nothing is sent."""
    await start(home, Scope.STATE)
    result = await use(home, "send_command", order="charge_to")
    assert result.error
    assert "charge limit" in str(result.data["error"])
    result = await use(home, "send_command", order="charge_to", percent=3)
    assert result.error
    assert not home.car().receipts
    assert (await use(home, "get_state", car="Mustang")).error


async def test_a_command_needs_exposure_and_right(home: DemoHome) -> None:
    """The owner's yes to models makes nobody mightier."""
    await start(home, Scope.STATE, yes=False)
    result = await use(home, "send_command", order="warm")
    assert result.error
    assert "not exposed" in str(result.data["error"])
    expose(home)
    nobody = user_with(home.hass, {})
    assert (await use(home, "send_command", nobody, order="warm")).error
    assert (await use(home, "get_state", nobody)).error
    assert not home.car().receipts


async def test_a_model_cannot_unlock(home: DemoHome) -> None:
    """There is no such order, and no word for it."""
    await start(home, *Scope)
    await live(home, locked=True)
    assert (await use(home, "send_command", order="unlock")).error
    assert home.service.twin(ELECTRIC).state.locked
    assert not any("unlock" in name for name in ORDERS)


async def test_a_model_starts_no_heater_that_burns_fuel(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Even where the owner confirmed it for people and automations."""
    owner = await async_own(hass, hass_world, "we_connect")
    options = {**owner.entry.options, CONF_LANGUAGE_MODELS: ["state"]}
    hass.config_entries.async_update_entry(owner.entry, options=options)
    await owner.confirm_heaters()
    burning = [
        about
        for vin in owner.account.vins
        if (about := owner.about(vin)).car.commands.get(CommandKind.START_CLIMATE)
        and about.car.commands[CommandKind.START_CLIMATE].burns_fuel
    ]
    assert burning, "no car of the tester may burn fuel for its climate"
    api = await api_of(hass)
    for about in burning:
        async_expose_entity(
            hass, "conversation", about.entity_id("climate", "climate"), True
        )
        name = next(
            car.name
            for car in all_cars(hass, "conversation")
            if car.car.vin == about.vin
        )
        result = await hass_world.result(
            api.async_call_tool(
                llm.ToolInput(
                    tool_name="carport__send_command",
                    tool_args={"car": name, "order": "warm"},
                )
            )
        )
        assert result.error
        assert "burns fuel" in str(result.data["error"])
        assert not about.twin.state.climate_active


async def test_position_and_address_are_two_things(home: DemoHome) -> None:
    """Coordinates by one yes, an address by another."""
    await start(home, Scope.POSITION, yes=False)
    place = (await use(home, "get_location")).data
    assert place["latitude"] == pytest.approx(52.42, abs=0.5)
    assert "address" not in place
    home.hass.config_entries.async_update_entry(
        home.entry, options={CONF_LANGUAGE_MODELS: ["addresses"]}
    )
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    place = (await use(home, "get_location")).data
    assert "latitude" not in place
    assert "address" in place


async def test_trips_come_without_places(home: DemoHome) -> None:
    """Unless those are allowed besides."""
    await start(home, Scope.TRIPS)
    result = await use(home, "get_trips", days=31)
    assert not result.error, result.data
    assert result.data["trips"]
    assert "latitude" not in json.dumps(result.data)
    assert (await use(home, "get_trips", days=400)).error


async def test_plate_and_vin_are_two_things(home: DemoHome) -> None:
    """The VIN needs a yes, and the plate another."""
    await start(home, Scope.VIN)
    identity = (await use(home, "get_identity")).data
    assert identity == {"car": "Aurora", "vin": ELECTRIC}
    home.hass.config_entries.async_update_entry(
        home.entry, options={CONF_LANGUAGE_MODELS: ["plate"]}
    )
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    assert (await use(home, "get_identity")).data == {"car": "Aurora", "plate": None}


async def test_a_yes_that_was_taken_back_counts_at_once(home: DemoHome) -> None:
    """A conversation that still has the tool gets nothing by it."""
    await start(home, Scope.VIN)
    api = await api_of(home.hass)
    home.hass.config_entries.async_update_entry(
        home.entry, options={CONF_LANGUAGE_MODELS: []}
    )
    result = await api.async_call_tool(
        llm.ToolInput(tool_name="carport__get_identity", tool_args={"car": "Aurora"})
    )
    assert result.error
    assert ELECTRIC not in json.dumps(result.data)
