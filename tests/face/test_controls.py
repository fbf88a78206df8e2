"""What is shown while a car is told something, and what is said when it fails."""

from typing import Any
from unittest.mock import AsyncMock

import pytest

from custom_components.carport.car import signals as s
from custom_components.carport.car.commands import SetTemperature, StartClimate
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.car.refusals import Reason
from custom_components.carport.engine import ChannelState
from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.components.number import NumberExtraStoredData, RestoreNumber
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from ..world import World
from .demo_garage import ELECTRIC, HYBRID, DemoHome
from .listening import live
from .owner import async_own

COMBUSTION = "WVWZZZDEMLW000003"


def outcomes(receipts: list[dict[str, Any]]) -> list[str]:
    """Return how far each told step came."""
    return [receipt["event_type"] for receipt in receipts]


async def test_unlocking_is_shown_until_the_car_has_done_it(home: DemoHome) -> None:
    """Unlocking, then unlocked, with a receipt of each step."""
    await home.start()
    receipts = home.events()
    lock = home.entity_id("lock", "doors")
    assert home.state("lock", "doors").state == "locked"
    work = home.begin("lock", "unlock", {"entity_id": lock})
    await home.settle()
    assert home.state("lock", "doors").state == "unlocking"
    await home.finish(work)
    assert home.state("lock", "doors").state == "unlocked"
    assert outcomes(receipts) == ["accepted", "confirmed"]
    assert receipts[-1]["command"] == "unlock"
    assert receipts[-1]["before"] == {"doors_locked": True}
    assert receipts[-1]["after"] == {"doors_locked": False}


async def test_a_car_that_does_nothing_reverts_the_lock(home: DemoHome) -> None:
    """Nothing is pretended: the outcome is not known, and says so."""
    await home.start()
    receipts = home.events()
    home.service.twin(ELECTRIC).faults.deaf = True
    lock = home.entity_id("lock", "doors")
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("lock", "unlock", {"entity_id": lock})
    assert caught.value.translation_key == "command_timed_out"
    assert not isinstance(caught.value, ServiceValidationError)
    assert home.state("lock", "doors").state == "locked"
    assert outcomes(receipts) == ["accepted", "timed_out"]


async def test_an_equal_command_joins_and_another_is_refused(home: DemoHome) -> None:
    """Pressed twice is one command; the opposite names what is running."""
    await home.start()
    receipts = home.events()
    target = {"entity_id": home.entity_id("lock", "doors")}
    first = home.begin("lock", "unlock", target)
    second = home.begin("lock", "unlock", target)
    await home.settle()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("lock", "lock", target)
    assert caught.value.translation_key == "command_busy"
    assert caught.value.translation_placeholders == {"running": "Unlock"}
    await home.finish(first)
    await home.finish(second)
    assert outcomes(receipts) == ["accepted", "refused", "confirmed"]


async def test_charging_starts_by_way_of_starting(home: DemoHome) -> None:
    """The state says starting, the switch shows the wish, the sensor the fact."""
    await home.start()
    twin = home.service.twin(ELECTRIC)
    twin.state.plugged_in = True
    twin.state.battery_level = 40
    switch = home.entity_id("switch", "charge_control")
    # What the car has not told yet, Carport does not know.
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("switch", "turn_on", {"entity_id": switch})
    assert caught.value.translation_key == "command_not_plugged"
    await home.call("button", "press", {"entity_id": await home.wake_button()})
    assert home.state("binary_sensor", "plugged_in").state == "on"
    await home.call("switch", "turn_off", {"entity_id": switch})
    work = home.begin("switch", "turn_on", {"entity_id": switch})
    await home.settle()
    assert home.state("sensor", "charging_state").state == "starting"
    assert home.state("switch", "charge_control").state == "on"
    assert home.state("binary_sensor", "charging").state == "off"
    await home.finish(work)
    assert home.state("sensor", "charging_state").state == "charging"
    assert home.state("binary_sensor", "charging").state == "on"


async def test_a_level_between_the_steps_is_refused(home: DemoHome) -> None:
    """The message names the field and what is allowed; nothing is sent."""
    await home.start()
    receipts = home.events()
    number = home.entity_id("number", "charge_limit")
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("number", "set_value", {"entity_id": number, "value": 85})
    assert caught.value.translation_key == "command_out_of_limits"
    assert caught.value.translation_placeholders == {
        "field": "charge limit in per cent",
        "allowed": "50, 60 … 100",
    }
    assert outcomes(receipts) == ["refused"]
    await home.call("number", "set_value", {"entity_id": number, "value": 80})
    assert home.state("number", "charge_limit").state == "80.0"


async def test_the_charge_current_is_a_number_and_a_word(home: DemoHome) -> None:
    """Only the car's own numbers are taken; its maximum is no number."""
    await home.start()
    number = home.entity_id("number", "max_charge_current", HYBRID)
    select = home.entity_id("select", "max_charge_current", HYBRID)
    options = home.state("select", "max_charge_current", HYBRID).attributes["options"]
    assert options == ["5", "10", "13", "max"]
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("number", "set_value", {"entity_id": number, "value": 7})
    assert caught.value.translation_placeholders == {
        "field": "charge current",
        "allowed": "5, 10, 13, max",
    }
    await home.call("number", "set_value", {"entity_id": number, "value": 10})
    assert home.state("number", "max_charge_current", HYBRID).state == "10.0"
    assert home.state("select", "max_charge_current", HYBRID).state == "10"
    await home.call("select", "select_option", {"entity_id": select, "option": "max"})
    assert home.state("select", "max_charge_current", HYBRID).state == "max"
    assert home.state("number", "max_charge_current", HYBRID).state == STATE_UNKNOWN
    await home.call("select", "select_option", {"entity_id": select, "option": "13"})
    assert home.state("number", "max_charge_current", HYBRID).state == "13.0"


async def test_a_charge_mode_is_chosen(home: DemoHome) -> None:
    """In the words that the car offers."""
    await home.start()
    select = home.entity_id("select", "charge_mode")
    assert home.state("select", "charge_mode").attributes["options"] == [
        "immediate",
        "timer",
    ]
    await home.call("select", "select_option", {"entity_id": select, "option": "timer"})
    assert home.state("select", "charge_mode").state == "timer"


async def test_a_target_set_while_off_waits_for_the_start(home: DemoHome) -> None:
    """It is shown and kept, not sent; the start takes it along."""
    await home.start()
    receipts = home.events()
    climate = {"entity_id": home.entity_id("climate", "climate")}
    await home.call("climate", "set_temperature", {**climate, "temperature": 23.5})
    assert home.state("climate", "climate").attributes["temperature"] == 23.5
    assert receipts == []
    work = home.begin("climate", "turn_on", climate)
    await home.settle()
    assert home.state("climate", "climate").state == "heat_cool"
    await home.finish(work)
    assert receipts[-1]["parameters"] == {"temperature": 23.5}
    assert home.car().reported(s.TARGET_TEMPERATURE) == 23.5
    await home.call("climate", "set_temperature", {**climate, "temperature": 20})
    assert receipts[-1]["command"] == "set_temperature"
    assert home.state("climate", "climate").attributes["temperature"] == 20
    await home.call("climate", "set_hvac_mode", {**climate, "hvac_mode": "off"})
    assert home.state("climate", "climate").state == "off"


async def test_the_target_of_the_next_start_outlives_a_reload(home: DemoHome) -> None:
    """No car knows of it, so nobody else could say it again."""
    await home.start()
    climate = {"entity_id": home.entity_id("climate", "climate")}
    await home.call("climate", "set_temperature", {**climate, "temperature": 23.5})
    await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done()
    assert home.state("climate", "climate").attributes["temperature"] == 23.5
    await home.call("climate", "turn_on", climate)
    assert home.car().receipts[-1].parameters == {"temperature": 23.5}


async def test_7_5_a_kept_target_is_good_for_one_start(home: DemoHome) -> None:
    """The next start without a target sends none: the car takes its own."""
    await home.start()
    receipts = home.events()
    climate = {"entity_id": home.entity_id("climate", "climate")}
    await home.call("climate", "set_temperature", {**climate, "temperature": 23.5})
    await home.call("climate", "turn_on", climate)
    assert receipts[-1]["parameters"] == {"temperature": 23.5}
    await home.call("climate", "turn_off", climate)
    assert home.state("climate", "climate").attributes["temperature"] == 23.5
    await home.call("climate", "turn_on", climate)
    assert receipts[-1]["command"] == "start_climate"
    assert not receipts[-1]["parameters"].get("temperature")


async def test_a_mode_may_come_with_the_target(home: DemoHome) -> None:
    """Both in one call start or stop the climate."""
    await home.start()
    receipts = home.events()
    climate = {"entity_id": home.entity_id("climate", "climate")}
    await home.call(
        "climate",
        "set_temperature",
        {**climate, "temperature": 22, "hvac_mode": "heat_cool"},
    )
    assert receipts[-1]["command"] == "start_climate"
    await home.call(
        "climate", "set_temperature", {**climate, "temperature": 19, "hvac_mode": "off"}
    )
    assert receipts[-1]["command"] == "stop_climate"
    assert home.state("climate", "climate").attributes["temperature"] == 19


async def test_fahrenheit_is_brought_to_the_cars_steps(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """Whole degrees Fahrenheit are no half degrees Celsius, and still go through."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    await home.start()
    climate = {"entity_id": home.entity_id("climate", "climate")}
    state = home.state("climate", "climate")
    assert state.attributes["target_temp_step"] == 1
    assert state.attributes["min_temp"] == 61
    await home.call("climate", "turn_on", climate)
    await home.call("climate", "set_temperature", {**climate, "temperature": 72})
    assert home.car().reported(s.TARGET_TEMPERATURE) == 22
    assert home.state("climate", "climate").attributes["temperature"] == 72


async def test_lights_and_horn_leave_an_event(home: DemoHome) -> None:
    """A button shows nothing but has a receipt."""
    await home.start()
    receipts = home.events()
    for key, mode in (
        ("flash", "flash"),
        ("honk", "honk"),
        ("honk_flash", "honk_and_flash"),
    ):
        await home.call("button", "press", {"entity_id": home.entity_id("button", key)})
        assert receipts[-1]["event_type"] == "confirmed"
        assert receipts[-1]["parameters"]["mode"] == mode


async def test_refresh_reads_the_cloud_only(home: DemoHome) -> None:
    """The car is not asked: no receipt, and what it never told stays unknown."""
    await home.start()
    receipts = home.events()
    home.service.twin(ELECTRIC).state.battery_level = 12
    before = home.car().channels[home.entry.entry_id].attempted_at
    await home.advance(10)
    await home.call(
        "button", "press", {"entity_id": home.entity_id("button", "refresh")}
    )
    after = home.car().channels[home.entry.entry_id].attempted_at
    assert before is not None
    assert after is not None
    assert after > before
    assert receipts == []
    assert home.state("sensor", "battery_level").state != "12.0"


async def test_a_duration_goes_with_the_next_start(home: DemoHome) -> None:
    """The number itself sends nothing, and takes only the car's steps."""
    await home.start()
    receipts = home.events()
    number = home.entity_id("number", "ventilation_duration", COMBUSTION)
    switch = home.entity_id("switch", "ventilation", COMBUSTION)
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("number", "set_value", {"entity_id": number, "value": 15})
    assert caught.value.translation_placeholders == {
        "field": "duration",
        "allowed": "10, 20 … 60",
    }
    await home.call("number", "set_value", {"entity_id": number, "value": 20})
    assert receipts == []
    await home.call("switch", "turn_on", {"entity_id": switch})
    assert receipts[-1]["parameters"] == {"on": True, "duration": 20}
    assert home.state("switch", "ventilation", COMBUSTION).state == "on"


async def test_the_poll_profile_is_the_cars_own(home: DemoHome) -> None:
    """It begins as the account's and is kept by the garage, at no cost."""
    await home.start(poll_profile="saver")
    assert home.state("select", "poll_profile").state == "saver"
    await home.call(
        "select",
        "select_option",
        {
            "entity_id": home.entity_id("select", "poll_profile"),
            "option": "lively",
        },
    )
    assert home.state("select", "poll_profile").state == "lively"
    assert home.state("select", "poll_profile", HYBRID).state == "saver"
    kept = {
        row["vin"]: row["profile"] for row in home.coordinator.garage.to_json()["cars"]
    }
    assert kept[ELECTRIC] == "lively"
    assert kept[HYBRID] is None


async def test_what_a_car_cannot_do_is_refused(home: DemoHome) -> None:
    """Nothing is sent, and the receipt says why."""
    await home.start()
    receipt = await home.send(SetTemperature(temperature=20), COMBUSTION)
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.reason is Reason.NOT_CAPABLE


async def test_a_command_that_needs_the_owner_asks_for_a_new_sign_in(
    home: DemoHome,
) -> None:
    """Nothing is sent, and Home Assistant asks at once instead of at the next poll."""
    await home.start()
    home.coordinator.garage.set_state(
        ELECTRIC, home.entry.entry_id, ChannelState.NEEDS_OWNER
    )
    # The controls are gone meanwhile; an action can still be called, and says why.
    assert home.state("lock", "doors").state == STATE_UNAVAILABLE
    target = {"device_id": home.device_id()}
    with pytest.raises(HomeAssistantError) as caught:
        await home.call("carport", "start_charging", target, response=True)
    assert caught.value.translation_key == "command_needs_owner"
    await home.hass.async_block_till_done()
    assert [
        flow["context"]["source"]
        for flow in home.hass.config_entries.flow.async_progress_by_handler("carport")
    ] == ["reauth"]


@pytest.mark.parametrize(
    ("service", "modes"),
    [
        ("we_connect", ["off", "heat_cool"]),
        # A start cannot be taken back there: that is said before it is made.
        ("i_remote", ["heat_cool"]),
        ("ze_services", ["heat_cool"]),
    ],
)
async def test_only_what_can_be_stopped_offers_it(
    hass: HomeAssistant, hass_world: World, service: str, modes: list[str]
) -> None:
    """The cabin's control shows what the maker takes, and nothing else."""
    owner = await async_own(hass, hass_world, service)
    state = owner.state("climate", "climate")
    assert state.attributes["hvac_modes"] == modes
    can_stop = bool(
        state.attributes["supported_features"] & ClimateEntityFeature.TURN_OFF
    )
    assert can_stop is ("off" in modes)


async def test_climate_that_is_over_has_no_end_to_come(home: DemoHome) -> None:
    """A moment in the past would say until when it runs, as if it did."""
    await home.start()
    await home.send(StartClimate())
    until = home.car().reported(s.CLIMATE_UNTIL)
    assert until is not None
    assert until > home.clock.now()
    await home.advance(40 * 60)
    await live(home)
    assert home.state("climate", "climate").state == "off"
    assert home.knows("sensor", "climate_until")
    assert home.car().reported(s.CLIMATE_UNTIL) is None


@pytest.mark.parametrize(("kept", "shown"), [(20.0, "20.0"), (500.0, STATE_UNKNOWN)])
async def test_a_duration_comes_back_if_the_car_still_takes_it(
    home: DemoHome, monkeypatch: pytest.MonkeyPatch, kept: float, shown: str
) -> None:
    """Else every start would be refused for what was chosen before the car was updated."""
    stored = NumberExtraStoredData(
        native_max_value=500,
        native_min_value=10,
        native_step=10,
        native_unit_of_measurement="min",
        native_value=kept,
    )
    restored = AsyncMock(return_value=stored)
    monkeypatch.setattr(RestoreNumber, "async_get_last_number_data", restored)
    await home.start()
    assert home.state("number", "ventilation_duration", COMBUSTION).state == shown
    switch = {"entity_id": home.entity_id("switch", "ventilation", COMBUSTION)}
    await home.call("switch", "turn_on", switch)
    assert home.car(COMBUSTION).receipts[-1].outcome is Outcome.CONFIRMED
