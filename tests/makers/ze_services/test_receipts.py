"""Commands to a Zoe through Home Assistant's garage, to a confirmed receipt."""

import asyncio
from datetime import time, timedelta
from typing import Any

import pytest

from custom_components.carport.car import commands as c
from custom_components.carport.car.commands import (
    Command,
    SetNotifications,
    SetSchedule,
)
from custom_components.carport.car.receipts import Outcome
from custom_components.carport.car.refusals import Reason
from custom_components.carport.car.schedule import Schedule, Slot, Weekday, Window
from custom_components.carport.car.signals import ChargeMode
from custom_components.carport.cloud.zones import zone
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from tests.conftest import account_of, async_add_account
from tests.world import START, World

from .conftest import ZOE_TESTER

VIN = account_of(ZOE_TESTER).vins[0]
NIGHTS = Schedule(
    slots=(
        Slot(
            number=1,
            enabled=True,
            days=frozenset(Weekday),
            charge_window=Window(start=time(1), end=time(6, 45)),
        ),
    )
)


async def _sent(entry: ConfigEntry[Any], world: World, command: Command) -> object:
    receipt = await world.result(entry.runtime_data.dispatcher.send(VIN, command))
    return receipt.outcome, receipt.reason


@pytest.mark.parametrize(
    "commands",
    [
        (c.StartCharging(),),
        (c.StartClimate(),),
        (c.ScheduleClimate(at=START + timedelta(hours=3)), c.ScheduleClimate()),
        (
            SetSchedule(schedule=NIGHTS),
            c.SetChargeMode(mode=ChargeMode.IMMEDIATE),
            c.SetChargeMode(mode=ChargeMode.SCHEDULED),
        ),
        (SetNotifications(events={"charge_ended": ("email",)}),),
        (c.Wake(),),
    ],
)
async def test_every_command_is_confirmed(
    hass: HomeAssistant, hass_world: World, commands: tuple[Command, ...]
) -> None:
    """With the car's own word, or the cloud's where the car never speaks."""
    await zone("Europe/London")
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    for command in commands:
        done = Outcome.CONFIRMED, None
        assert await _sent(entry, hass_world, command) == done


async def test_old_settings_read_in_passing_contradict_nothing(
    hass: HomeAssistant, hass_world: World
) -> None:
    """The car takes minutes to hear, and somebody asks for a fresh reading meanwhile."""
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    coordinator = entry.runtime_data
    await hass_world.advance(1900)
    hass_world.control.service("ze_services", latency_least=400, latency_most=400)
    command = asyncio.ensure_future(
        coordinator.dispatcher.send(VIN, SetSchedule(schedule=NIGHTS))
    )
    await hass_world.advance(200)
    await hass_world.result(coordinator.async_read(VIN))
    receipt = await hass_world.result(command)
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFIRMED, None)


async def test_8_4_a_car_that_acts_after_the_first_look_is_seen_soon(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Section 4: a car that acts at 22 s is confirmed by 30."""
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    hass_world.control.service("ze_services", latency_least=22, latency_most=22)
    dispatcher = entry.runtime_data.dispatcher
    receipt = await hass_world.result(dispatcher.send(VIN, c.StartClimate()))
    assert receipt.outcome is Outcome.CONFIRMED
    assert receipt.finished_at - receipt.accepted_at <= timedelta(seconds=30)


async def test_a_setting_of_the_cloud_is_confirmed_at_once(
    hass: HomeAssistant, hass_world: World
) -> None:
    """No car has to hear of it, so nobody waits for one."""
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    command = SetNotifications(events={"charge_ended": ("email",)})
    dispatcher = entry.runtime_data.dispatcher
    receipt = await hass_world.result(dispatcher.send(VIN, command))
    assert receipt.outcome is Outcome.CONFIRMED
    assert receipt.finished_at - receipt.requested_at < timedelta(seconds=5)


async def test_a_pause_is_that_of_one_command(
    hass: HomeAssistant, hass_world: World
) -> None:
    """Too soon again: the owner reads until when, and may send other commands."""
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    dispatcher = entry.runtime_data.dispatcher
    hass_world.control.service("ze_services", repeat_window=900)
    for again in (c.Wake(), c.StartClimate()):
        done = Outcome.CONFIRMED, None
        assert await _sent(entry, hass_world, again) == done
        receipt = await hass_world.result(dispatcher.send(VIN, again))
        refused = Outcome.REFUSED, Reason.THROTTLED
        assert (receipt.outcome, receipt.reason) == refused
        assert receipt.refusal is not None
        until = receipt.refusal.until
        assert until is not None
        assert until > hass_world.clock.now()
        hass_world.control.forget_calls()
        assert await _sent(entry, hass_world, again) == refused
        assert not hass_world.control.calls()
    assert await _sent(entry, hass_world, c.StartCharging()) == done


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (c.StopClimate(), Reason.NOT_CAPABLE),
        (c.StopCharging(), Reason.NOT_CAPABLE),
        (c.StartClimate(temperature=21), Reason.OUT_OF_LIMITS),
        (SetSchedule(schedule=Schedule()), Reason.OUT_OF_LIMITS),
        (c.SetChargeMode(mode=ChargeMode.SCHEDULED), Reason.OUT_OF_LIMITS),
        (c.ScheduleClimate(at=START), Reason.OUT_OF_LIMITS),
    ],
)
async def test_what_cannot_be_is_refused_before_it_is_sent(
    hass: HomeAssistant, hass_world: World, command: Command, reason: Reason
) -> None:
    """No call is made, and the reason is named."""
    await zone("Europe/London")
    entry = await async_add_account(hass, hass_world, ZOE_TESTER)
    hass_world.control.forget_calls()
    assert await _sent(entry, hass_world, command) == (Outcome.REFUSED, reason)
    assert not hass_world.control.calls()
