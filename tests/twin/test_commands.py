"""What twins do when they are told to, and what they answer."""

from dataclasses import replace
from typing import Any

import pytest

from carport.car import commands as c
from carport.car.commands import Command
from carport.car.refusals import Reason
from carport.car.switches import (
    SetAutoUnlockPlug,
    SetAuxiliaryHeating,
    SetDefrost,
    SetVentilation,
    SetWindowHeating,
)
from carport.twin.twin import Twin

from .helpers import (
    COMBUSTION,
    ELECTRIC,
    MONDAY,
    OPPOSITES,
    PARKED,
    after,
    answer,
    lived,
    plugged,
    shows,
)


def test_an_order_takes_effect_after_its_latency() -> None:
    """The car hears late, and reports what it did at that moment."""
    twin = Twin(PARKED, MONDAY)
    accepted = twin.accept(c.Unlock(), after(hours=1), latency=20)
    twin.advance(after(hours=1, seconds=19))
    assert shows(twin, "locked")
    assert answer(accepted) is None
    twin.advance(after(hours=1, seconds=20))
    assert answer(accepted)
    assert not shows(twin, "locked")
    assert twin.report.captured_at == after(hours=1, seconds=20)


def test_a_car_wakes_on_request_and_pays_for_it() -> None:
    """A wake brings a report of the present, out of the 12 V battery."""
    twin = Twin(PARKED, MONDAY)
    twin.advance(after(hours=10))
    before = twin.state.battery_12v
    for minute in range(10):
        twin.wake(after(hours=10, minutes=minute))
    twin.advance(after(hours=11))
    assert twin.report.captured_at == after(hours=10, minutes=9, seconds=25)
    assert twin.state.battery_12v < before - 0.09
    assert twin.state.battery_12v_voltage < 12.7


def test_climate_conditions_the_cabin_and_stops_by_itself() -> None:
    """Thirty minutes, out of the battery without a plug, and a report at the end."""
    twin = Twin(PARKED, MONDAY)
    twin.accept(c.StartClimate(temperature=24), MONDAY, latency=20)
    twin.advance(after(minutes=30))
    assert twin.state.climate_active
    assert twin.state.climate_until == after(minutes=30, seconds=20)
    assert twin.state.inside_temperature == pytest.approx(24, abs=0.5)
    assert twin.state.battery_level < PARKED.battery_level
    # Starting it again does not make it longer.
    twin.accept(c.StartClimate(), after(minutes=30), latency=5)
    twin.advance(after(minutes=31))
    assert not twin.report.state.climate_active
    assert twin.report.captured_at == after(minutes=30, seconds=20)


def test_climate_on_the_mains_leaves_the_battery_alone() -> None:
    """A plugged car takes the heat from the wall."""
    twin = plugged(level=99.9)
    twin.accept(c.StartClimate(), MONDAY)
    twin.advance(after(minutes=29))
    assert twin.state.climate_active
    assert twin.state.battery_level >= 99.9


def test_climate_gives_up_when_the_battery_is_low() -> None:
    """Nobody wants to be stranded in a warm car."""
    twin = Twin(replace(PARKED, battery_level=15.3), MONDAY)
    twin.accept(c.StartClimate(), MONDAY)
    twin.advance(after(minutes=25))
    assert not twin.state.climate_active
    assert twin.state.battery_level == pytest.approx(15, abs=0.2)


@pytest.mark.parametrize(
    ("facts", "command", "reason"),
    [
        ({}, c.StartCharging(), Reason.NOT_PLUGGED),
        ({"plugged_in": True, "battery_level": 100}, c.StartCharging(), Reason.CAR_REFUSED),
        ({"climate_on_battery": False}, c.StartClimate(), Reason.NOT_PLUGGED),
        ({"climate_on_battery": False}, SetDefrost(on=True), Reason.NOT_PLUGGED),
        ({"climate_on_battery": False}, SetDefrost(on=False), None),
        ({"battery_level": 12}, c.StartClimate(), Reason.SOC_TOO_LOW),
        ({}, c.ScheduleClimate(), Reason.NOT_CAPABLE),
    ],
)  # fmt: skip
def test_a_car_says_why_not(
    facts: dict[str, Any], command: Command, reason: Reason | None
) -> None:
    """What cannot be done is answered with its reason, and changes nothing."""
    twin = Twin(replace(PARKED, **facts), MONDAY)
    accepted = twin.accept(command, MONDAY)
    twin.advance(after(minutes=1))
    assert accepted.reason is reason
    assert answer(accepted) is (reason is None)


@pytest.mark.parametrize(
    "command",
    [
        c.Lock(),
        c.Unlock(),
        c.StartClimate(),
        SetWindowHeating(on=True),
        SetVentilation(on=True),
        c.HonkAndFlash(mode=c.HornMode.HONK),
    ],
    ids=lambda command: command.kind,
)
def test_a_driving_car_takes_no_such_orders(command: Command) -> None:
    """Nothing is unlocked, honked or heated from afar while somebody drives."""
    twin = lived(ELECTRIC, hours=6.7)
    assert twin.state.moving
    accepted = twin.accept(command, after(hours=6.7))
    twin.advance(after(hours=6.71))
    assert accepted.reason is Reason.CAR_REFUSED


def test_an_open_door_keeps_the_car_from_locking() -> None:
    """A car with an open boot is not locked, whatever it is told."""
    twin = Twin(PARKED, MONDAY)
    twin.state.boot, twin.state.locked = True, False
    accepted = twin.accept(c.Lock(), MONDAY)
    twin.advance(after(minutes=1))
    assert accepted.reason is Reason.CAR_REFUSED
    assert not twin.report.state.locked


def test_timed_things_run_out() -> None:
    """Heated glass, heater, fan and flashing lights end by themselves."""
    spec = replace(COMBUSTION, routine=None)
    twin = Twin(spec, MONDAY)
    fuel = twin.state.fuel_level
    for command in (
        SetAuxiliaryHeating(on=True, duration=20),
        SetVentilation(on=True),
        c.HonkAndFlash(mode=c.HornMode.FLASH),
        SetDefrost(on=True),
    ):
        twin.accept(command, MONDAY, latency=0)
    twin.advance(after(seconds=5))
    assert shows(twin, "lights")
    assert shows(twin, "auxiliary_heating")
    twin.advance(after(minutes=5))
    assert not shows(twin, "lights")
    assert shows(twin, "defrost")
    twin.advance(after(minutes=25))
    assert twin.state.fuel_level < fuel
    assert not shows(twin, "auxiliary_heating")
    assert not shows(twin, "defrost")
    assert shows(twin, "ventilation")
    twin.accept(SetVentilation(on=False), after(minutes=26), latency=0)
    twin.advance(after(minutes=26))
    assert not shows(twin, "ventilation")


def test_a_plug_is_released_when_the_owner_wants_that() -> None:
    """Full and allowed to go: the plug is free."""
    twin = plugged(level=99)
    twin.advance(after(hours=3))
    assert twin.report.state.plug_locked
    twin.accept(SetAutoUnlockPlug(on=True), after(hours=3))
    twin.advance(after(hours=4))
    assert not twin.report.state.plug_locked


def test_a_deaf_car_never_answers() -> None:
    """The command was accepted and nothing comes of it."""
    twin = Twin(PARKED, MONDAY)
    twin.faults.deaf = True
    accepted = twin.accept(c.Unlock(), MONDAY)
    twin.advance(after(hours=1))
    assert answer(accepted) is None
    assert twin.state.locked
    assert twin.report.captured_at == MONDAY


@pytest.mark.parametrize("command", OPPOSITES, ids=lambda command: command.kind)
def test_a_contrary_car_ends_in_the_opposite_state(command: Command) -> None:
    """It does the contrary and reports so."""
    twin = plugged()
    twin.accept(c.StartClimate(), MONDAY)
    twin.advance(after(minutes=1))
    twin.faults.contrary = True
    accepted = twin.accept(command, after(minutes=1))
    twin.advance(after(minutes=2))
    assert answer(accepted) is False
    assert accepted.reason is Reason.CAR_DISAGREES
    assert twin.report.captured_at == after(minutes=1, seconds=20)
    state = twin.report.state
    wrong = {
        "lock": not state.locked,
        "unlock": state.locked,
        "start_charging": not state.charging,
        "stop_charging": state.charging,
        "set_defrost": not state.defrost,
        "start_climate": not state.climate_active,
        "stop_climate": state.climate_active,
    }
    assert wrong[command.kind]


def test_a_contrary_car_without_an_opposite_does_nothing() -> None:
    """There is no opposite of a charge limit."""
    twin = Twin(PARKED, MONDAY)
    twin.faults.contrary = True
    accepted = twin.accept(c.SetChargeLimit(percent=50), MONDAY)
    twin.advance(after(hours=1))
    assert answer(accepted) is None
    assert twin.state.charge_limit == 100


def test_an_unreachable_car_lives_on_unheard() -> None:
    """Out of reach, it drives and nobody knows."""
    twin = Twin(ELECTRIC, MONDAY)
    twin.faults.unreachable = True
    accepted = twin.accept(c.Lock(), MONDAY)
    twin.advance(after(hours=20))
    assert twin.report.captured_at == MONDAY
    assert answer(accepted) is None
    assert twin.state.odometer > ELECTRIC.odometer


def test_only_so_many_orders_are_remembered() -> None:
    """Old commands are forgotten, those on their way are not."""
    twin = Twin(PARKED, MONDAY)
    for minute in range(200):
        twin.advance(after(minutes=minute))
        twin.accept(c.Wake(), after(minutes=minute))
    assert len(twin.commands) <= 52
    assert 200 in twin.commands
