"""What the independent client sends, and what it makes of the twin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from renault_api.exceptions import EndpointNotAvailableError
from renault_api.kamereon.exceptions import (
    ChargeModeInProgressException,
    ForbiddenException,
    InvalidInputException,
    KamereonResponseException,
)
from renault_api.kamereon.models import (
    ChargeDaySchedule,
    ChargeSchedule,
    HvacDaySchedule,
    HvacSchedule,
)
from renault_api.renault_vehicle import RenaultVehicle

from carport.twin.state import TwinState
from tests.world import World

from .conftest import Owner
from .test_cars import FIRST_ZOE, MEGANE, R5, SPRING, ZOE

type OwnerOf = Callable[[str], Owner]

_A_WHILE = 3 * 60.0
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def truth(world: World, vin: str) -> TwinState:
    """Return how a car really is, now."""
    return world.simulator.twin(vin).state


def empty_battery(world: World, vin: str) -> None:
    """Leave a car so much room that it charges for hours."""
    truth(world, vin).battery_level = 30


async def test_climate_on_the_zoe(tester: Owner, world: World) -> None:
    """It starts at the temperature; cancelling is taken, and nothing comes of it."""
    car = await tester.car(ZOE)
    await car.set_ac_start(19.5)
    assert not truth(world, ZOE).climate_active
    await world.advance(60)
    assert truth(world, ZOE).climate_active
    assert truth(world, ZOE).target_temperature == 19.5
    assert (await car.get_hvac_status()).hvacStatus == "on"
    await car.set_ac_stop()
    await world.advance(60)
    assert truth(world, ZOE).climate_active


async def test_climate_on_the_megane(tester: Owner, world: World) -> None:
    """It stops at its own word, and starts later when asked to."""
    car = await tester.car(MEGANE)
    await car.set_ac_start(21)
    await world.advance(60)
    assert truth(world, MEGANE).climate_active
    await car.set_ac_stop()
    await world.advance(60)
    assert not truth(world, MEGANE).climate_active
    due = (world.clock.now() + timedelta(hours=1)).replace(microsecond=0)
    await car.set_ac_start(22, due)
    shown = (await car.get_hvac_status()).nextHvacStartDate
    assert shown == due.strftime("%Y-%m-%dT%H:%M:%SZ")
    await world.advance(3601)
    assert truth(world, MEGANE).climate_active
    with pytest.raises(InvalidInputException, match="startDateTime must be a future"):
        await car.set_ac_start(22, world.clock.now() - timedelta(minutes=1))


@pytest.mark.parametrize("vin", [ZOE, MEGANE, SPRING, FIRST_ZOE])
async def test_charging_starts(owner_of: OwnerOf, world: World, vin: str) -> None:
    """Each model along its own way."""
    names = {SPRING: "four.brands", FIRST_ZOE: "other.models"}
    owner = owner_of(names.get(vin, "my.renault.tester"))
    await owner.sign_in()
    empty_battery(world, vin)
    truth(world, vin).charge_wish = False
    car = await owner.car(vin)
    await world.advance(900)
    assert not truth(world, vin).charging
    await car.set_charge_start()
    await world.advance(60)
    assert truth(world, vin).charging
    assert (await car.get_battery_status()).chargingStatus == 1.0


@pytest.mark.parametrize("vin", [ZOE, SPRING])
async def test_charging_pauses(owner_of: OwnerOf, world: World, vin: str) -> None:
    """Where the model has a way to."""
    owner = owner_of("my.renault.tester" if vin == ZOE else "four.brands")
    await owner.sign_in()
    empty_battery(world, vin)
    await world.advance(600)
    assert truth(world, vin).charging
    car = await owner.car(vin)
    await car.set_charge_stop()
    await world.advance(60)
    assert not truth(world, vin).charging


async def test_a_zoe_that_takes_everything_and_does_nothing(
    tester: Owner, world: World
) -> None:
    """As several owners report."""
    world.control.service("my_renault", zoe_ignores=True)
    empty_battery(world, ZOE)
    await world.advance(600)
    await (await tester.car(ZOE)).set_charge_stop()
    await world.advance(600)
    assert truth(world, ZOE).charging


async def test_charging_that_cannot_be_stopped(tester: Owner) -> None:
    """The client does not even try; whoever does, is refused."""
    car = await tester.car(MEGANE)
    with pytest.raises(EndpointNotAvailableError):
        await car.set_charge_stop()
    with pytest.raises(ForbiddenException):
        await car.session.set_vehicle_action(
            car.account_id,
            MEGANE,
            "charge/pause-resume",
            {"action": "pause"},
            adapter_type="kcm",
        )


async def test_charging_later(tester: Owner, world: World) -> None:
    """Charging stops until the hour has come."""
    empty_battery(world, MEGANE)
    await world.advance(900)
    car = await tester.car(MEGANE)
    await car.set_charge_start(world.clock.now() + timedelta(hours=2))
    await world.advance(300)
    assert not truth(world, MEGANE).charging
    settings = await car.get_charging_settings()
    assert settings.mode == "delayed"
    await world.advance(7200)
    assert truth(world, MEGANE).charging


async def test_limits(tester: Owner, world: World) -> None:
    """They are shown late: not before the car has told of them."""
    car = await tester.car(MEGANE)
    await car.set_battery_soc(min=25, target=75)
    assert (await car.get_battery_soc()).socTarget == 100
    await world.advance(_A_WHILE)
    told = await car.get_battery_soc()
    assert (told.socMin, told.socTarget) == (25, 75)
    state = truth(world, MEGANE)
    assert (state.charge_limit_min, state.charge_limit) == (25, 75)


def _every_night(start: str, minutes: int) -> list[ChargeSchedule]:
    window: Any = ChargeDaySchedule({}, start, minutes)
    return [ChargeSchedule({}, 1, True, *(window for _ in _DAYS))]


@pytest.mark.parametrize("vin", [ZOE, MEGANE])
async def test_charging_programmes(tester: Owner, world: World, vin: str) -> None:
    """All five at once; they come back as they were sent, and the car keeps to them."""
    empty_battery(world, vin)
    car = await tester.car(vin)
    later = world.clock.now() + timedelta(hours=3)
    start = f"T{later:%H}:00Z"
    await car.set_charge_schedules(_every_night(start, 120))
    assert not (await car.get_charging_settings()).schedules[0].activated  # type: ignore[index]
    await world.advance(_A_WHILE)
    told = await car.get_charging_settings()
    assert told.mode == "scheduled"
    assert len(told.schedules or ()) == 5
    shown = told.schedules[0].monday  # type: ignore[index]
    assert shown is not None
    assert (shown.startTime, shown.duration) == (start, 120)
    assert not truth(world, vin).charging
    begins = later.replace(minute=0, second=0)
    await world.advance((begins - world.clock.now()).total_seconds() - 60)
    assert not truth(world, vin).charging
    await world.advance(20 * 60)
    assert truth(world, vin).charging
    await world.advance(2 * 3600)
    assert not truth(world, vin).charging


async def test_programmes_that_cannot_be(tester: Owner) -> None:
    """Quarters of an hour only; on the Zoe the same time on all days of a programme."""
    car = await tester.car(MEGANE)
    for start, minutes in (("T23:10Z", 60), ("T23:15Z", 50), ("23:15", 60)):
        with pytest.raises(InvalidInputException):
            await car.set_charge_schedules(_every_night(start, minutes))
    zoe = await tester.car(ZOE)
    (programme,) = _every_night("T23:15Z", 60)
    programme.tuesday = ChargeDaySchedule({}, "T22:15Z", 60)
    with pytest.raises(InvalidInputException, match="the same time"):
        await zoe.set_charge_schedules([programme])
    await car.set_charge_schedules([programme])


async def test_climate_programmes(tester: Owner, world: World) -> None:
    """The cabin is warm when the hour comes."""
    car = await tester.car(ZOE)
    ready = world.clock.now() + timedelta(hours=2)
    programme = HvacSchedule({}, 2, True, *(None for _ in _DAYS))
    for name in _DAYS:
        setattr(programme, name, HvacDaySchedule({}, f"T{ready:%H:%M}Z"))
    await car.set_hvac_schedules([programme])
    await world.advance(_A_WHILE)
    told = await car.get_hvac_settings()
    assert told.mode == "scheduled"
    assert told.schedules[1].activated  # type: ignore[index]
    await world.advance(2 * 3600 - _A_WHILE - 600)
    assert truth(world, ZOE).climate_active


async def test_the_first_zoe_has_a_mode(owner_of: OwnerOf, world: World) -> None:
    """A second change while the first is on its way is refused."""
    owner = owner_of("other.models")
    await owner.sign_in()
    car = await owner.car(FIRST_ZOE)
    await car.set_charge_mode("schedule_mode")
    with pytest.raises(ChargeModeInProgressException):
        await car.set_charge_mode("always_charging")
    await world.advance(_A_WHILE)
    assert (await car.get_charge_mode()).chargeMode == "schedule_mode"
    await car.set_charge_mode("always_charging")
    await world.advance(_A_WHILE)
    assert (await car.get_charge_mode()).chargeMode == "always_charging"
    await car.set_charge_schedules(_every_night("T01:00Z", 240))
    await world.advance(_A_WHILE)
    calendar = (await car.get_charge_schedule())["calendar"]
    assert calendar["friday"] == [
        {"startTime": "0100", "duration": 240, "activationState": True}
    ]


async def test_a_renault_5_by_its_settings(owner_of: OwnerOf, world: World) -> None:
    """Programmes are written as one object; with all of them off it charges at once."""
    owner = owner_of("four.brands")
    await owner.sign_in()
    empty_battery(world, R5)
    car = await owner.car(R5)
    settings = dict(await car.get_charge_schedule())
    settings["programs"] = [
        {
            "programActivationStatus": True,
            "programType": "CHARGE",
            "programDepartureTime": "07:30",
            **{f"programActivation{day.capitalize()}": True for day in _DAYS},
        }
    ]
    await car.http_post(await owner.path(car, "charge-schedule"), settings)
    await world.advance(_A_WHILE)
    (programme,) = (await car.get_charge_schedule())["programs"]
    assert programme["programDepartureTime"] == "07:30"
    assert len(truth(world, R5).schedule.slots) == 7
    await car.set_charge_start()
    await world.advance(_A_WHILE)
    assert truth(world, R5).charging
    (programme,) = (await car.get_charge_schedule())["programs"]
    assert programme["programActivationStatus"] is False


async def test_horn_lights_and_position(tester: Owner, world: World) -> None:
    """The lights are on for a moment, and the car reports when it is asked where it is."""
    car = await tester.car(MEGANE)
    before = world.simulator.twin(MEGANE).report.captured_at
    await car.start_lights()
    await car.start_horn()
    lit = False
    for _ in range(60):
        await world.advance(1)
        lit = lit or truth(world, MEGANE).lights
    assert lit
    await car.refresh_location()
    await world.advance(60)
    assert world.simulator.twin(MEGANE).report.captured_at > before
    with pytest.raises(EndpointNotAvailableError):
        await (await tester.car(ZOE)).start_horn()


async def test_a_deaf_car(tester: Owner, world: World) -> None:
    """The cloud takes the command; nothing comes of it."""
    world.control.twin(ZOE, deaf=True)
    car = await tester.car(ZOE)
    await car.set_ac_start(21)
    await world.advance(600)
    assert not truth(world, ZOE).climate_active


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"type": "HvacStart"}}])
async def test_bodies_that_cannot_be(tester: Owner, body: dict[str, Any]) -> None:
    """A refusal by the body, never a fault of ours."""
    car: RenaultVehicle = await tester.car(ZOE)
    path = await tester.path(car, "actions/hvac-start")
    with pytest.raises(KamereonResponseException):
        await car.http_post(path, body or {"x": 1})
