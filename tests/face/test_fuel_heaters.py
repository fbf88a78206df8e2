"""Heaters that burn fuel: nobody starts one before the owner has confirmed it."""

from dataclasses import replace
from datetime import time
from typing import Any, Final

import pytest

from custom_components.carport.car.commands import (
    CommandKind,
    SetSchedule,
    StartClimate,
)
from custom_components.carport.car.receipts import Outcome, Receipt
from custom_components.carport.car.refusals import Reason
from custom_components.carport.car.schedule import Schedule, Slot, Weekday
from custom_components.carport.car.signals import SCHEDULE
from custom_components.carport.car.switches import SetAuxiliaryHeating
from custom_components.carport.const import CONF_FUEL_HEATERS
from homeassistant.components.homeassistant.exposed_entities import (
    KNOWN_ASSISTANTS,
    async_should_expose,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.face.flow_pages import schema
from tests.world import World

from .demo_garage import ELECTRIC, DemoHome
from .owner import Owner, owner_of

COMBUSTION: Final = "WVWZZZDEMLW000003"
HYBRID: Final = "TMBAB7NP7R7023456"
KEYS: Final = (
    ("switch", "auxiliary_heating"),
    ("number", "auxiliary_heating_duration"),
)


async def test_8_2_a_heater_is_off_until_it_is_confirmed(home: DemoHome) -> None:
    """There is no control, no action starts it, and the options offer to confirm."""
    await home.start()
    for platform, key in KEYS:
        assert not home.knows(platform, key, COMBUSTION)
    assert home.knows("switch", "ventilation", COMBUSTION)
    receipt = await home.send(SetAuxiliaryHeating(on=True), COMBUSTION)
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.FUEL_HEATER)
    # A car without one is simply not capable.
    receipt = await home.send(SetAuxiliaryHeating(on=True), ELECTRIC)
    assert receipt.reason is Reason.NOT_CAPABLE

    manager = home.hass.config_entries.options
    form = await manager.async_init(home.entry.entry_id)
    (marker,) = (one for one in schema(form) if one == CONF_FUEL_HEATERS)
    assert marker.default() == []
    offered = [one["value"] for one in schema(form)[marker].config["options"]]
    assert COMBUSTION in offered
    assert ELECTRIC not in offered
    answers = {str(one): one.default() for one in schema(form) if callable(one.default)}
    answers[CONF_FUEL_HEATERS] = [COMBUSTION]
    await manager.async_configure(form["flow_id"], answers)
    await home.hass.async_block_till_done()
    for platform, key in KEYS:
        assert home.knows(platform, key, COMBUSTION)
    entity_id = home.entity_id("switch", "auxiliary_heating", COMBUSTION)
    await home.call("switch", "turn_on", {"entity_id": entity_id})
    assert home.state("switch", "auxiliary_heating", COMBUSTION).state == "on"


async def test_8_2_no_assistant_gets_a_heater_by_itself(home: DemoHome) -> None:
    """Other switches are exposed by default where that is on; this one never is."""
    assert await async_setup_component(home.hass, "homeassistant", {})
    await home.start(**{CONF_FUEL_HEATERS: [COMBUSTION]})
    heater = home.entity_id("switch", "auxiliary_heating", COMBUSTION)
    other = home.entity_id("switch", "ventilation", COMBUSTION)
    for assistant in KNOWN_ASSISTANTS:
        assert not async_should_expose(home.hass, assistant, heater)
    assert async_should_expose(home.hass, "conversation", other)


@pytest.mark.parametrize("confirmed", [False, True])
async def test_8_2_a_climate_that_may_burn_fuel(
    hass: HomeAssistant, hass_world: World, *, confirmed: bool
) -> None:
    """We Connect's cars with the heater's climate have it only when that is confirmed."""
    owner = owner_of(hass, hass_world, "prueferin@example.com")
    await owner.set_up()
    if confirmed:
        await owner.confirm_heaters()
    service = owner.entry.runtime_data.service
    kinds = {
        vin: {
            kind: limits.burns_fuel
            for kind, limits in service.commands(
                owner.about(vin).car.description, frozenset()
            ).items()
        }
        for vin in owner.account.vins
    }
    burning = [vin for vin in kinds if kinds[vin].get(CommandKind.START_CLIMATE)]
    electric = [
        vin for vin in kinds if kinds[vin].get(CommandKind.START_CLIMATE) is False
    ]
    assert burning
    assert electric
    for vin in burning:
        one = owner.about(vin)
        assert (one.find("climate", "climate") is not None) is confirmed
        if not confirmed:
            receipt = await hass_world.result(
                owner.entry.runtime_data.dispatcher.send(vin, StartClimate())
            )
            assert receipt.reason is Reason.FUEL_HEATER
    for vin in electric:
        assert owner.about(vin).find("climate", "climate") is not None


def _departure(*, climate: bool, enabled: bool = True) -> SetSchedule:
    slot = Slot(
        number=1,
        enabled=enabled,
        departure=time(7, 30),
        days=frozenset({Weekday.MONDAY}),
        charge=True,
        climate=climate,
    )
    return SetSchedule(schedule=Schedule(slots=(slot,)))


def _timers_heat(owner: Owner, source: str) -> None:
    """Let the car's own settings say by which heater its timers warm it."""
    place = "timer.timersAndProfiles.timerBasicSetting.heaterSource"
    owner.control.fault("change", path="*/timer", set={place: source})


@pytest.mark.parametrize("source", ["auxiliary", "automatic"])
async def test_8_2_a_timer_that_may_burn_fuel(
    hass: HomeAssistant, hass_world: World, source: str
) -> None:
    """It is withheld like the heater that it may start; charging by it is not."""
    owner = owner_of(hass, hass_world, "prueferin@example.com")
    _timers_heat(owner, source)
    await owner.set_up()

    async def send(command: SetSchedule) -> Receipt:
        return await hass_world.result(
            owner.entry.runtime_data.dispatcher.send(owner.vin, command)
        )

    owner.control.forget_calls()
    receipt = await send(_departure(climate=True))
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.FUEL_HEATER)
    assert owner.control.calls() == []
    for harmless in (
        _departure(climate=True, enabled=False),
        _departure(climate=False),
    ):
        receipt = await send(harmless)
        assert receipt.outcome is Outcome.CONFIRMED, receipt.refusal
    await owner.confirm_heaters()
    receipt = await send(_departure(climate=True))
    assert receipt.outcome is Outcome.CONFIRMED, receipt.refusal


async def test_8_2_a_timer_of_an_electric_car(home: DemoHome) -> None:
    """It burns nothing, so that nobody has to confirm it."""
    await home.start()
    receipt = await home.send(_departure(climate=True), ELECTRIC)
    assert receipt.outcome is not Outcome.REFUSED, receipt.refusal


async def test_8_2_a_timer_set_in_the_car(
    hass: HomeAssistant, hass_world: World
) -> None:
    """One that conditions the cabin already does not keep others from being changed."""
    owner = owner_of(hass, hass_world, "prueferin@example.com")
    in_car: Any = _departure(climate=True)
    owner.twin.accept(in_car, hass_world.clock.now())
    await hass_world.advance(120)
    _timers_heat(owner, "automatic")
    await owner.set_up()
    dispatcher = owner.entry.runtime_data.dispatcher
    known = owner.car.snapshot.value(SCHEDULE)
    assert known is not None
    (warming,) = (slot for slot in known.slots if slot.enabled and slot.climate)
    later = Slot(
        number=warming.number + 1,
        enabled=True,
        departure=time(9),
        days=frozenset({Weekday.FRIDAY}),
        charge=True,
    )
    wish = SetSchedule(schedule=replace(known, slots=(warming, later)))
    receipt = await hass_world.result(dispatcher.send(owner.vin, wish))
    assert receipt.outcome is Outcome.CONFIRMED, receipt.refusal
    earlier = replace(warming, departure=time(5))
    wish = SetSchedule(schedule=replace(known, slots=(earlier,)))
    receipt = await hass_world.result(dispatcher.send(owner.vin, wish))
    assert receipt.reason is Reason.FUEL_HEATER


async def test_8_2_a_heater_of_skodas_interface(
    hass: HomeAssistant, hass_world: World
) -> None:
    """It is neither shown nor started unconfirmed, nor does climate choose it."""
    owner = owner_of(hass, hass_world, "skoda.tester@example.com").about(HYBRID)
    await owner.set_up()
    assert owner.find("switch", "auxiliary_heating") is None
    assert owner.find("switch", "ventilation") is not None
    owner.control.forget_calls()
    dispatcher = owner.entry.runtime_data.dispatcher
    receipt = await hass_world.result(
        dispatcher.send(HYBRID, SetAuxiliaryHeating(on=True), pin=owner.account.pin)
    )
    assert receipt.reason is Reason.FUEL_HEATER
    assert owner.control.calls() == []
    owner.twin.state.outside_temperature = -5
    await hass_world.result(dispatcher.send(HYBRID, StartClimate()))
    assert owner.twin.state.climate_active
    assert not owner.twin.state.auxiliary_heating
    await owner.confirm_heaters()
    assert owner.find("switch", "auxiliary_heating") is not None
    receipt = await hass_world.result(
        owner.entry.runtime_data.dispatcher.send(
            HYBRID, SetAuxiliaryHeating(on=True), pin=owner.account.pin
        )
    )
    assert receipt.outcome is not Outcome.REFUSED
    assert owner.twin.state.auxiliary_heating
