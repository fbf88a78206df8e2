"""Triggers and conditions for cars: Carport's own, and those Home Assistant has by class."""

from datetime import datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.carport import condition as conditions, trigger as triggers
from custom_components.carport.accounts.data import carport_data
from custom_components.carport.actions.car_entities import is_due
from custom_components.carport.car import signals as s
from custom_components.carport.car.commands import StartClimate, StopCharging
from custom_components.carport.car.signals import ChargingDetail, ChargingState, Signal
from custom_components.carport.car.snapshot import Reading
from custom_components.carport.cloud.contract import ReadResult
from custom_components.carport.const import DOMAIN
from custom_components.carport.engine import ChannelState
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.condition import async_get_all_descriptions as all_conditions
from homeassistant.helpers.trigger import async_get_all_descriptions as all_triggers
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .demo_garage import ELECTRIC, NIGHT, DemoHome
from .listening import CHARGES, Heard, heard, holds, live
from .test_texts import ICONS, LANGUAGES, TEXTS


async def test_a_charge_that_breaks_off_is_told(home: DemoHome) -> None:
    """The wallbox stops giving; nobody had said so."""
    await home.start()
    await live(home, **CHARGES)
    assert home.state("sensor", "charging_state").state == "charging"
    heard_of = await heard(home, "carport.charge_interrupted")
    assert not await holds(home, "carport.is_charge_interrupted")
    await live(home, charge_wish=False)
    assert home.state("sensor", "charging_state").state == "stopped"
    assert heard_of.calls == [home.entity_id("sensor", "charging_state")]
    assert await holds(home, "carport.is_charge_interrupted")


@pytest.mark.parametrize("end", ["asked", "unplugged", "at the limit"])
async def test_an_end_that_was_meant_is_no_interruption(
    home: DemoHome, end: str
) -> None:
    """Told to stop, unplugged, or full."""
    await home.start()
    await live(home, **CHARGES)
    heard_of = await heard(home, "carport.charge_interrupted")
    if end == "asked":
        await home.send(StopCharging())
    elif end == "unplugged":
        await live(home, plugged_in=False)
    else:
        await live(home, battery_level=80.0)
    await live(home)
    assert home.state("binary_sensor", "charging").state == "off"
    assert heard_of.calls == []


def say(home: DemoHome, signal: Signal[Any], value: Any) -> None:
    """Let the car's cloud say something that no demo's car would."""
    now = home.clock.now()
    reading = Reading(
        signal=signal,
        value=value,
        captured_at=now,
        received_at=now,
        channel=home.entry.entry_id,
    )
    result = ReadResult(readings=(reading,))
    home.coordinator.garage.take(ELECTRIC, home.entry.entry_id, result)


@pytest.mark.parametrize(
    ("signal", "value", "told"),
    [
        (s.BATTERY_LEVEL, 80.0, False),
        (s.CHARGING_DETAIL, ChargingDetail.WAITING_FOR_TIMER, False),
        (s.BATTERY_LEVEL, 79.0, True),
        (s.CHARGING_DETAIL, ChargingDetail.FAULT, True),
    ],
)
async def test_makers_that_only_say_connected(
    home: DemoHome, signal: Signal[Any], value: Any, told: bool
) -> None:
    """At its limit, or by its timer, the charge ended as it should."""
    await home.start()
    await live(home, **CHARGES)
    heard_of = await heard(home, "carport.charge_interrupted")
    await home.advance(1)
    say(home, signal, value)
    say(home, s.CHARGING_STATE, ChargingState.CONNECTED)
    await home.hass.async_block_till_done()
    assert bool(heard_of.calls) is told


@pytest.mark.parametrize(("minutes", "told"), [(10, False), (20, True)])
async def test_an_order_to_stop_is_remembered_for_a_while(
    home: DemoHome, minutes: int, told: bool
) -> None:
    """Some cars take minutes to show that they obeyed; later it is no effect of it."""
    await home.start()
    await live(home, **CHARGES)
    await home.send(StopCharging())
    say(home, s.CHARGING_STATE, ChargingState.CHARGING)
    await home.hass.async_block_till_done()
    heard_of = await heard(home, "carport.charge_interrupted")
    home.clock.step(minutes * 60)
    say(home, s.CHARGING_STATE, ChargingState.CONNECTED)
    await home.hass.async_block_till_done()
    assert bool(heard_of.calls) is told


async def test_a_complete_charge_is_told(home: DemoHome) -> None:
    """The trigger fires once, when the limit is reached."""
    await home.start()
    await live(home, **CHARGES)
    heard_of = await heard(home, "carport.charge_completed")
    await live(home, battery_level=79.0)
    assert heard_of.calls == []
    assert not await holds(home, "carport.is_charge_complete")
    await live(home, battery_level=80.0)
    assert heard_of.calls == [home.entity_id("sensor", "charging_state")]
    assert await holds(home, "carport.is_charge_complete")


async def test_the_cable_is_told_of(home: DemoHome) -> None:
    """Home Assistant has no trigger for plugs, so Carport has two."""
    await home.start()
    await live(home, plugged_in=False)
    heard_of = await heard(home, "carport.plugged_in")
    await live(home, plugged_in=True)
    plug = home.entity_id("binary_sensor", "plugged_in")
    assert heard_of.calls == [plug]
    assert await holds(home, "carport.is_plugged_in")
    assert not await holds(home, "carport.is_not_plugged_in")


async def test_taking_the_cable_out_is_told_of(home: DemoHome) -> None:
    """The trigger fires as it does for plugging in."""
    await home.start()
    await live(home, plugged_in=True)
    heard_of = await heard(home, "carport.unplugged")
    await live(home, plugged_in=False)
    assert heard_of.calls == [home.entity_id("binary_sensor", "plugged_in")]


async def test_a_car_at_home_without_its_cable_is_told_in_the_evening(
    hass: HomeAssistant, home: DemoHome, freezer: FrozenDateTimeFactory
) -> None:
    """At the time, where it stands unplugged; not away, and not with the cable in."""
    hass.config.latitude, hass.config.longitude = 52.4227, 10.7865
    assert await async_setup_component(hass, "zone", {})
    await home.start()
    await live(home, plugged_in=False)
    assert home.state("device_tracker", "location").state == "home"
    assert await holds(home, "carport.is_not_plugged_in")
    assert not await holds(home, "carport.is_plugged_in_at_home")
    heard_of = await heard(home, "carport.not_plugged_in", at="21:00:00")
    plug = home.entity_id("binary_sensor", "plugged_in")

    async def at(hour: int) -> None:
        moment = dt_util.now().replace(hour=hour, minute=0, second=0)
        if moment <= dt_util.now():
            moment += timedelta(days=1)
        freezer.move_to(moment)
        async_fire_time_changed(hass, moment)
        await hass.async_block_till_done()

    await at(20)
    assert heard_of.calls == []
    await at(21)
    assert heard_of.calls == [plug]
    tracker = home.state("device_tracker", "location")
    hass.states.async_set(tracker.entity_id, "not_home", tracker.attributes)
    assert not await holds(home, "carport.is_not_plugged_in")
    await at(21)
    assert heard_of.calls == [plug]
    hass.states.async_set(tracker.entity_id, "home", tracker.attributes)
    await live(home, plugged_in=True)
    assert await holds(home, "carport.is_plugged_in_at_home")
    await at(21)
    assert heard_of.calls == [plug]
    await heard_of.stop(hass)


async def test_a_car_whose_position_is_not_shared_is_taken_to_be_at_home(
    home: DemoHome,
) -> None:
    """Else its owner would never be reminded."""
    await home.start(share_position=False)
    await live(home, plugged_in=False)
    assert not home.knows("device_tracker", "location")
    assert await holds(home, "carport.is_not_plugged_in")


async def test_the_end_of_a_command_is_told_by_kind_and_outcome(
    home: DemoHome,
) -> None:
    """Once, at its end: that the cloud took it is not the end."""
    await home.start()
    heard_of = await heard(
        home,
        "carport.command_ended",
        command=["start_climate"],
        outcome=["confirmed", "failed"],
    )
    assert not await holds(home, "carport.last_command", outcome="confirmed")
    await home.send(StopCharging())
    await home.hass.async_block_till_done()
    assert heard_of.calls == []
    await home.send(StartClimate())
    await home.hass.async_block_till_done()
    assert heard_of.calls == [home.entity_id("event", "last_command")]
    assert await holds(home, "carport.last_command", outcome="confirmed")
    assert await holds(home, "carport.last_command", command=["start_climate"])
    assert not await holds(home, "carport.last_command", command=["lock"])
    assert not await holds(home, "carport.last_command", outcome="failed")


@pytest.mark.parametrize(
    ("state", "options", "told"),
    [
        (ChannelState.CLOSED_BY_MAKER, {}, True),
        (ChannelState.NEEDS_OWNER, {}, True),
        (ChannelState.THROTTLED, {}, False),
        (ChannelState.NEEDS_OWNER, {"state": ["closed_by_maker"]}, False),
        (ChannelState.CLOSED_BY_MAKER, {"state": "closed_by_maker"}, True),
    ],
)
async def test_a_closed_door_is_told(
    home: DemoHome, state: ChannelState, options: dict[str, Any], told: bool
) -> None:
    """The sensor is housekeeping, and is found by its car all the same."""
    await home.start()
    heard_of = await heard(home, "carport.access_lost", **options)
    assert not await holds(home, "carport.is_access_lost", **options)
    home.coordinator.garage.set_state(ELECTRIC, home.entry.entry_id, state)
    await home.hass.async_block_till_done()
    channel = home.entity_id("sensor", "channel")
    assert heard_of.calls == ([channel] if told else [])
    assert await holds(home, "carport.is_access_lost", **options) is told


async def test_a_service_is_told_once_when_it_falls_due(
    hass: HomeAssistant, home: DemoHome, freezer: FrozenDateTimeFactory
) -> None:
    """By the odometer with the reading, by the calendar when the day comes."""
    freezer.move_to(NIGHT)
    await home.start()
    twin = home.service.twin(ELECTRIC)
    far = twin.state.odometer + 5000
    due = datetime(2027, 3, 1, 12, tzinfo=dt_util.UTC)
    await live(home, service_at_odometer=far, service_due_at=due, inspection_due_at=due)
    heard_of = await heard(home, "carport.service_due", days=10, distance=800)
    assert not await holds(home, "carport.is_service_due", days=10, distance=800)
    await live(home, service_at_odometer=twin.state.odometer + 700)
    await live(home, service_at_odometer=twin.state.odometer + 600)
    assert heard_of.calls == [home.entity_id("sensor", "service_due_distance")]
    assert await holds(home, "carport.is_service_due", days=10, distance=800)
    heard_of.calls.clear()
    for day in (18, 19, 20):
        moment = datetime(2027, 2, day, 9, tzinfo=dt_util.get_default_time_zone())
        freezer.move_to(moment)
        async_fire_time_changed(hass, moment)
        await hass.async_block_till_done()
        assert len(heard_of.calls) == (0 if day == 18 else 2), day
    await heard_of.stop(hass)


async def test_a_service_is_told_once_by_whichever_notices(
    hass: HomeAssistant, home: DemoHome, freezer: FrozenDateTimeFactory
) -> None:
    """A day that a reading brings near is not told again when it is looked for."""
    freezer.move_to(NIGHT)
    await home.start()
    far = datetime(2027, 3, 1, 12, tzinfo=dt_util.UTC)
    await live(home, service_due_at=far, inspection_due_at=far)
    heard_of = await heard(home, "carport.service_due", days=10, distance=800)

    async def look(day: int) -> None:
        moment = datetime(2027, 2, day, 9, tzinfo=dt_util.get_default_time_zone())
        freezer.move_to(moment)
        async_fire_time_changed(hass, moment)
        await hass.async_block_till_done()

    await look(16)
    assert not heard_of.calls
    freezer.move_to(datetime(2027, 2, 17, 3, tzinfo=dt_util.get_default_time_zone()))
    near = datetime(2027, 2, 27, 12, tzinfo=dt_util.UTC)
    await live(home, service_due_at=near)
    assert heard_of.calls == [home.entity_id("sensor", "service_due_on")]
    await look(17)
    assert len(heard_of.calls) == 1
    # Night comes, and the next reading, before anybody looks at the calendar.
    await look(18)
    freezer.move_to(datetime(2027, 2, 19, 3, tzinfo=dt_util.get_default_time_zone()))
    await live(home, inspection_due_at=far - timedelta(days=1))
    await look(19)
    assert heard_of.calls[1:] == [home.entity_id("sensor", "inspection_due_on")]
    await heard_of.stop(hass)


async def test_a_restart_neither_repeats_nor_forgets_a_service_that_is_due(
    hass: HomeAssistant,
    home: DemoHome,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """What was told before is not told again; what fell due meanwhile is told then."""
    zone = dt_util.get_default_time_zone()
    freezer.move_to(datetime(2027, 2, 17, 3, tzinfo=zone))
    await home.start()
    far = datetime(2027, 3, 1, 12, tzinfo=dt_util.UTC)
    await live(home, service_due_at=far, inspection_due_at=far)

    async def look(day: int) -> None:
        moment = datetime(2027, 2, day, 9, tzinfo=zone)
        freezer.move_to(moment)
        async_fire_time_changed(hass, moment)
        await hass.async_block_till_done()

    async def restart() -> None:
        await heard_of.stop(hass)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=2))
        await hass.async_block_till_done()
        carport_data(hass).due_memory = None

    heard_of = await heard(home, "carport.service_due", days=10, distance=800)
    await live(home, service_due_at=datetime(2027, 2, 27, 12, tzinfo=dt_util.UTC))
    assert heard_of.calls == [home.entity_id("sensor", "service_due_on")]
    await restart()
    assert ELECTRIC.lower() not in json.dumps(hass_storage["carport.services_due"])
    await heard_of.begin_again(hass)
    await look(17)
    assert len(heard_of.calls) == 1
    # On the day on which the inspection falls due, Home Assistant is down.
    await look(18)
    await restart()
    freezer.move_to(datetime(2027, 2, 20, 8, tzinfo=zone))
    await heard_of.begin_again(hass)
    await look(20)
    assert heard_of.calls[1:] == [home.entity_id("sensor", "inspection_due_on")]
    await heard_of.stop(hass)


def test_due_in_the_units_of_the_house(hass: HomeAssistant) -> None:
    """Miles where Home Assistant has miles; nothing is due that is not known."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    attributes = {"unit_of_measurement": "km"}
    assert is_due(hass, State("sensor.x", "1600", attributes), None, 1000)
    assert not is_due(hass, State("sensor.x", "1700", attributes), None, 1000)
    assert not is_due(hass, State("sensor.x", "unknown", attributes), 9, 1000)
    assert not is_due(hass, State("sensor.x", "nonsense"), 9, 1000)
    assert is_due(hass, State("sensor.x", str(dt_util.now().date())), 0, 0)


async def test_other_integrations_entities_are_left_alone(home: DemoHome) -> None:
    """A target by area may hold anything; other sensors with these words too."""
    await home.start()
    home.hass.states.async_set("sensor.wallbox", "charging")
    heard_of = Heard()
    await heard_of.listen(
        home.hass, "carport.charge_completed", {"entity_id": "sensor.wallbox"}
    )
    home.hass.states.async_set("sensor.wallbox", "complete")
    await home.hass.async_block_till_done()
    assert heard_of.calls == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("section", "own"),
    [("triggers", triggers.TRIGGERS), ("conditions", conditions.CONDITIONS)],
)
async def test_home_assistant_understands_them(
    hass: HomeAssistant, language: str, section: str, own: Any
) -> None:
    """Each has a description, fields with texts, words for choices, and an icon."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert await async_setup_component(hass, "automation", {})
    get = all_triggers if section == "triggers" else all_conditions
    described = {
        key.removeprefix("carport."): value
        for key, value in (await get(hass)).items()
        if key.startswith("carport.")
    }
    assert described.keys() == own.keys() == ICONS[section].keys()
    texts = TEXTS[language]
    assert texts[section].keys() == own.keys()
    for key, description in described.items():
        assert description is not None, key
        assert texts[section][key]["name"]
        fields = texts[section][key]["fields"]
        assert fields.keys() == description["fields"].keys()
        for field in description["fields"].values():
            choice = field["selector"].get("select") if "selector" in field else None
            if choice:
                words = texts["selector"][choice["translation_key"]]["options"]
                assert set(choice["options"]) == words.keys()
