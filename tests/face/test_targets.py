"""Actions find their cars by device, entity, area, floor or label, and each once."""

from typing import Any, Final

import pytest

from custom_components.carport.car.commands import CommandKind, Lock
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component

from .demo_garage import ELECTRIC, HYBRID, DemoHome
from .test_rights import user_with

COMBUSTION: Final = "WVWZZZDEMLW000003"


class Places:
    """A floor with an area with two cars, and a label on one of them."""

    def __init__(self, home: DemoHome) -> None:
        """Put the cars there."""
        hass = home.hass
        floor = fr.async_get(hass).async_create("Cellar")
        area = ar.async_get(hass).async_create("Garage", floor_id=floor.floor_id)
        label = lr.async_get(hass).async_create("Electric")
        devices = dr.async_get(hass)
        for vin in (ELECTRIC, HYBRID):
            devices.async_update_device(home.device_id(vin), area_id=area.id)
        devices.async_update_device(home.device_id(), labels={label.label_id})
        # What belongs to nobody's car stands in garages too.
        er.async_get(hass).async_get_or_create("light", "other", "1")
        er.async_get(hass).async_update_entity("light.other_1", area_id=area.id)
        self.floor, self.area, self.label = floor.floor_id, area.id, label.label_id


async def receipts(
    home: DemoHome, target: dict[str, Any], action: str = "stop_climate", **data: Any
) -> dict[str, Any]:
    """Call an action about a target, and return the answers by car."""
    answers = await home.call(DOMAIN, action, {**target, **data}, response=True)
    vins = {home.device_id(vin): vin for vin in (ELECTRIC, HYBRID, COMBUSTION)}
    return {vins[device]: answer for device, answer in answers.items()}


async def test_every_kind_of_target_finds_its_cars(home: DemoHome) -> None:
    """A label has one, an area two, its floor the same."""
    await home.start()
    places = Places(home)
    lock = home.entity_id("lock", "doors")
    for target, cars in (
        ({"entity_id": lock}, [ELECTRIC]),
        ({"device_id": home.device_id(HYBRID)}, [HYBRID]),
        ({"label_id": places.label}, [ELECTRIC]),
        ({"area_id": places.area}, [ELECTRIC, HYBRID]),
        ({"floor_id": [places.floor]}, [ELECTRIC, HYBRID]),
        (
            {
                "area_id": places.area,
                "exclude": {"device_id": [home.device_id(HYBRID)]},
            },
            [ELECTRIC],
        ),
    ):
        assert sorted(await receipts(home, target)) == sorted(cars), target


async def test_all_entities_of_a_car_are_one_command(home: DemoHome) -> None:
    """The editor may name every single one, and the device and its label besides."""
    await home.start()
    places = Places(home)
    entities = er.async_entries_for_device(er.async_get(home.hass), home.device_id())
    assert len(entities) > 50
    target = {
        "entity_id": [entry.entity_id for entry in entities],
        "device_id": home.device_id(),
        "label_id": places.label,
    }
    await receipts(home, target, "wake")
    assert [one.command for one in home.car().receipts] == [CommandKind.WAKE]


async def test_a_group_stands_for_its_members(home: DemoHome) -> None:
    """As in every other action of Home Assistant."""
    await home.start()
    members = [home.entity_id("lock", "doors", vin) for vin in (ELECTRIC, HYBRID)]
    group = {"group": {"cars": {"name": "Cars", "entities": members}}}
    assert await async_setup_component(home.hass, "group", group)
    await home.hass.async_block_till_done()
    answers = await receipts(home, {"entity_id": "group.cars"})
    assert answers.keys() == {ELECTRIC, HYBRID}


async def test_a_target_without_a_car_is_refused(home: DemoHome) -> None:
    """Said with what to do; nothing is done to the cars that are there besides."""
    await home.start()
    empty = ar.async_get(home.hass).async_create("Attic").id
    lock = home.entity_id("lock", "doors")
    for target, key in (
        ({}, "no_car_in_target"),
        ({"area_id": empty}, "no_car_in_target"),
        ({"label_id": "unknown"}, "no_car_in_target"),
        ({"entity_id": "none"}, "no_car_in_target"),
        ({"entity_id": ["light.hall", lock]}, "entity_not_of_a_car"),
        (
            {"device_id": [home.device_id(), home.device_id("demo_garage")]},
            "not_a_car",
        ),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await receipts(home, target)
        assert caught.value.translation_key == key, target
        assert "{" not in str(caught.value)
    assert not home.car().receipts


async def test_an_area_leaves_out_what_is_not_loaded(home: DemoHome) -> None:
    """By area nobody named that car; with none left there is something to say."""
    await home.start()
    places = Places(home)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    with pytest.raises(ServiceValidationError) as caught:
        await home.call(DOMAIN, "wake", {"area_id": places.area})
    assert caught.value.translation_key == "no_car_in_target"


async def test_the_callers_right_is_asked_for_each_car(home: DemoHome) -> None:
    """An area with a car that is not the caller's is refused before anything is done."""
    await home.start()
    places = Places(home)
    policy = {"entities": {"device_ids": {home.device_id(): True}}}
    context = user_with(home.hass, policy)
    own: dict[str, Any] = {"label_id": places.label}
    for target, may in ((own, True), (the_area(places), False)):
        call = home.hass.services.async_call(
            DOMAIN, "wake", target, blocking=True, context=context
        )
        if may:
            await home.finish(call)
            continue
        with pytest.raises(Unauthorized):
            await home.finish(call)
    assert len(home.car().receipts) == 1
    assert not home.car(HYBRID).receipts


def the_area(places: Places) -> dict[str, Any]:
    """Return the target that is the whole area."""
    return {"area_id": [places.area]}


async def test_horn_and_lights_are_for_one_car_at_a_place(home: DemoHome) -> None:
    """Several are only meant where each is named."""
    await home.start()
    places = Places(home)
    for target in ({"area_id": places.area}, {"floor_id": places.floor}):
        with pytest.raises(ServiceValidationError) as caught:
            await receipts(home, target, "honk_and_flash", mode="flash")
        assert caught.value.translation_key == "one_car_by_place"
    assert not home.car().receipts
    one: dict[str, Any] = {"label_id": places.label}
    named = {"device_id": [home.device_id(vin) for vin in (ELECTRIC, HYBRID)]}
    for meant, cars in ((one, {ELECTRIC}), (named, {ELECTRIC, HYBRID})):
        answers = await receipts(home, meant, "honk_and_flash", mode="flash")
        assert answers.keys() == cars


async def test_an_action_waits_where_it_is_told_to(home: DemoHome) -> None:
    """Refused unless asked to wait; the words are checked before anything."""
    await home.start()
    locking = home.hass.async_create_task(
        home.coordinator.dispatcher.send(ELECTRIC, Lock())
    )
    await home.settle()
    device = {"device_id": home.device_id()}
    with pytest.raises(ServiceValidationError) as caught:
        await receipts(home, device, "set_charge_limit", percent=80)
    assert caught.value.translation_key == "command_busy"
    with pytest.raises(ServiceValidationError) as caught:
        await receipts(home, device, "set_charge_limit", percent=80, mode="hurry")
    assert caught.value.translation_placeholders == {
        "field": "mode",
        "allowed": "refuse, wait, replace",
    }
    assert not locking.done()
    answers = await receipts(home, device, "set_charge_limit", percent=80, mode="wait")
    assert answers[ELECTRIC]["outcome"] == "confirmed"
    assert (await locking).outcome is Outcome.CONFIRMED


async def test_controls_of_charging_and_climate_wait(home: DemoHome) -> None:
    """Whoever locks and then warms the car gets both; unlocking is refused."""
    await home.start()
    entity = {"entity_id": home.entity_id("lock", "doors")}
    lock = home.begin("lock", "lock", entity)
    await home.settle()
    climate = home.begin(
        "climate", "turn_on", {"entity_id": home.entity_id("climate", "climate")}
    )
    limit = home.begin(
        "number",
        "set_value",
        {"entity_id": home.entity_id("number", "charge_limit"), "value": 90},
    )
    await home.settle()
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("lock", "unlock", entity)
    assert caught.value.translation_key == "command_busy"
    for task in (lock, climate, limit):
        await home.finish(task)
    assert [one.command for one in home.car().receipts if one.reason is None] == [
        CommandKind.LOCK,
        CommandKind.START_CLIMATE,
        CommandKind.SET_CHARGE_LIMIT,
    ]


async def test_a_car_that_left_is_refused_not_an_error(
    hass: HomeAssistant, home: DemoHome
) -> None:
    """An entity may be called a moment after its car was forgotten."""
    await home.start()
    entity = home.entity_id("climate", "climate")
    home.coordinator.garage.forget(ELECTRIC)
    with pytest.raises(ServiceValidationError) as caught:
        await home.call("climate", "turn_on", {"entity_id": entity})
    assert caught.value.translation_key == "not_a_car"
