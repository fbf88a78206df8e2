"""I Remote's reads and lists, and its bad days, over real HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind
from carport.cloud.contract import Car
from carport.cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    SignInFailed,
    Throttled,
)
from carport.cloud.service_info import Openness
from carport.cloud.sign_in import SignInOutcome
from tests.conftest import account_of

from .account import IRemoteAccount

STATUS = "*/status"
PROFILE = "*/chargingprofile"
LAST_TRIP = "*/statistics/lastTrip"
ALL_TRIPS = "*/statistics/allTrips"
NAVIGATION = "/api/vehicle/navigation/v1/*"
DRIVER = "i3.driver@example.com"


def test_it_says_what_works_today(account: IRemoteAccount) -> None:
    """The maker has closed this service; its three regions are offered all the same."""
    info = account.service.info
    assert info.openness is Openness.CLOSED
    assert set(info.hosts) == {"eu", "us", "cn"}
    assert info.reports_completion
    assert info.pictures


async def test_the_flags_are_the_source_of_commands(
    signed_in: IRemoteAccount, electric: Car, hybrid: Car, diesel: Car
) -> None:
    """What the list does not say, the car is not asked."""
    offered = [
        set(signed_in.service.commands(car, set()))
        for car in (electric, hybrid, diesel)
    ]
    assert {CommandKind.SET_SCHEDULE, CommandKind.START_CHARGING} <= offered[0]
    assert offered[0] == offered[1]
    assert offered[2] == {
        CommandKind.LOCK,
        CommandKind.UNLOCK,
        CommandKind.HONK_AND_FLASH,
        CommandKind.WAKE,
        CommandKind.SEND_DESTINATION,
    }
    assert [car.drive for car in (electric, hybrid, diesel)] == [
        "electric",
        "hybrid",
        "combustion",
    ]


async def test_a_car_of_a_market_without_horn(signed_in: IRemoteAccount) -> None:
    """British cars may only flash."""
    british = IRemoteAccount(signed_in.world, account_of(DRIVER))
    await british.sign_in()
    limits = british.service.commands(await british.car(), set())
    assert limits[CommandKind.HONK_AND_FLASH].words == ("flash",)


async def test_a_poll_is_one_call(signed_in: IRemoteAccount, electric: Car) -> None:
    """The slow parts come at first, then every few hours."""
    control = signed_in.world.control
    snapshot = await signed_in.read(electric)
    assert {s.SCHEDULE.key, s.BATTERY_LEVEL.key, s.CO2_SAVED.key} <= (
        snapshot.readings.keys()
    )
    assert snapshot.value(s.BATTERY_CAPACITY) == 33.2
    for _ in range(4):
        await signed_in.read(electric)
    for path, calls in (
        (STATUS, 5),
        (PROFILE, 1),
        (LAST_TRIP, 1),
        (ALL_TRIPS, 1),
        (NAVIGATION, 1),
    ):
        assert len(control.calls(path)) == calls
    await signed_in.world.advance(2 * 3600)
    await signed_in.read(electric)
    assert len(control.calls(PROFILE)) == 2
    assert len(control.calls(ALL_TRIPS)) == 1


async def test_a_drive_makes_the_trips_due(signed_in: IRemoteAccount) -> None:
    """The last trip is read as soon as the odometer has moved."""
    driver = IRemoteAccount(signed_in.world, account_of(DRIVER))
    await driver.sign_in()
    car = await driver.car()
    assert (await driver.read(car)).value(s.LAST_TRIP_DISTANCE) is None
    await driver.world.advance(5 * 3600)
    snapshot = await driver.read(car)
    distance = snapshot.value(s.LAST_TRIP_DISTANCE)
    assert distance is not None
    assert distance > 5
    assert snapshot.value(s.LAST_TRIP_ENDED_AT) is not None
    assert len(driver.world.control.calls(LAST_TRIP)) == 2


async def test_a_drive_is_asked_about_when_it_is_over(
    signed_in: IRemoteAccount,
) -> None:
    """On the way only the status is read, however far the car has come."""
    driver = IRemoteAccount(signed_in.world, account_of(DRIVER))
    await driver.sign_in()
    car = await driver.car()
    await driver.read(car)
    control, on_the_way, trips = driver.world.control, 0, set[float | None]()
    for _ in range(60):
        await driver.world.advance(300)
        control.forget_calls()
        snapshot = await driver.read(car)
        if snapshot.value(s.MOVING):
            on_the_way += 1
            assert not control.calls(LAST_TRIP)
        trips.add(snapshot.value(s.LAST_TRIP_DISTANCE))
    assert on_the_way > 3
    assert len(trips) > 1


async def test_a_diesel_is_asked_for_nothing_electric(
    signed_in: IRemoteAccount, diesel: Car
) -> None:
    """Its status is all there is."""
    snapshot = await signed_in.read(diesel)
    assert s.FUEL_LEVEL.key in snapshot.readings
    assert s.BATTERY_LEVEL.key not in snapshot.readings
    assert len(signed_in.world.control.calls()) == 1


async def test_readings_have_the_time_of_the_car(
    signed_in: IRemoteAccount, diesel: Car
) -> None:
    """A parked car's report grows old."""
    first = (await signed_in.read(diesel)).readings[s.ODOMETER.key]
    await signed_in.world.advance(1200)
    second = (await signed_in.read(diesel)).readings[s.ODOMETER.key]
    assert second.captured_at == first.captured_at
    assert second.received_at - first.received_at >= timedelta(seconds=1200)


@pytest.mark.parametrize("form", ["object", "array"])
async def test_the_list_comes_in_two_forms(
    signed_in: IRemoteAccount, form: str
) -> None:
    """Both are lists of the same cars."""
    signed_in.world.control.service("i_remote", list_form=form)
    cars = await signed_in.run(signed_in.service.cars())
    assert tuple(car.vin for car in cars) == signed_in.spec.vins


async def test_an_account_without_cars(signed_in: IRemoteAccount) -> None:
    """An empty list is an answer."""
    signed_in.world.control.account(signed_in.spec.username, empty=True)
    assert await signed_in.run(signed_in.service.cars()) == ()


async def test_a_car_is_asked_for_at_its_home(american: IRemoteAccount) -> None:
    """An American car is read where it is at home, whatever region was chosen."""
    spec = american.spec
    abroad = IRemoteAccount(american.world, spec)
    abroad.service.context.region = "eu"
    abroad.service = type(abroad.service)(abroad.service.context)
    assert await abroad.sign_in() is None
    american.world.control.forget_calls()
    car = await abroad.car()
    assert await abroad.read(car)
    (status,) = american.world.control.calls(STATUS)
    assert status.host == "b2vapi.bmwgroup.us"
    (listed,) = american.world.control.calls("/webapi/v1/user/vehicles/")
    assert listed.host == "b2vapi.bmwgroup.com"


async def test_china_has_a_port_of_its_own(account: IRemoteAccount) -> None:
    """It is part of the real address; any account may sign in anywhere."""
    context = account.service.context
    context.region = "cn"
    account.service = type(account.service)(context)
    assert await account.sign_in() is None
    (call,) = account.world.control.calls("/webapi/oauth/token/")
    assert call.host == "b2vapi.bmwgroup.cn"


async def test_readings_of_a_hybrid(signed_in: IRemoteAccount, hybrid: Car) -> None:
    """Both of its sources, its timers, and what the navigation knows in kWh."""
    snapshot = await signed_in.read(hybrid)
    state = signed_in.world.simulator.twin(hybrid.vin).state
    assert snapshot.value(s.BATTERY_LEVEL) == round(state.battery_level)
    assert snapshot.value(s.FUEL_LEVEL) == round(state.fuel_level)
    assert snapshot.value(s.BATTERY_CAPACITY) == 5.7
    assert snapshot.value(s.BATTERY_ENERGY) == pytest.approx(
        5.7 * state.battery_level / 100, abs=0.01
    )
    assert snapshot.value(s.PLUGGED_IN) is False
    assert snapshot.value(s.CHARGING_STATE) == "disconnected"
    assert snapshot.value(s.SUNROOF) is False
    assert snapshot.value(s.CHARGE_MODE) == "immediate"
    assert snapshot.value(s.SCHEDULE) is not None
    assert s.RANGE_FUEL.key in snapshot.readings
    assert s.RANGE_ELECTRIC_MAX.key not in snapshot.readings


async def test_readings_of_a_diesel(signed_in: IRemoteAccount, diesel: Car) -> None:
    """A tank, doors, lights, a place, and services that are due."""
    snapshot = await signed_in.read(diesel)
    state = signed_in.world.simulator.twin(diesel.vin).state
    assert snapshot.value(s.FUEL_VOLUME) == round(52 * state.fuel_level / 100, 1)
    assert snapshot.value(s.DOORS_LOCKED) is True
    assert snapshot.value(s.ODOMETER) == 103_870
    assert snapshot.value(s.LOCATION) is not None
    assert s.SERVICE_DUE_ON.key in snapshot.readings
    for signal in (s.PLUGGED_IN, s.CHARGING_STATE, s.SCHEDULE, s.LAST_CHARGE_END):
        assert signal.key not in snapshot.readings


# Bad days


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, CloudError),
        (403, NotPermitted),
        (404, NotSupported),
        (408, Outage),
        (410, ClosedByMaker),
        (429, Throttled),
        (500, Outage),
        (502, Outage),
        (503, Outage),
    ],
)
async def test_refusals(
    signed_in: IRemoteAccount, electric: Car, status: int, error: type[CloudError]
) -> None:
    """Each status has its name, and none of them costs the tokens."""
    stored = signed_in.stored
    signed_in.world.control.fault("status", path=STATUS, status=status)
    with pytest.raises(error):
        await signed_in.read(electric)
    assert signed_in.stored == stored


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(405, SignInOutcome.CONSENT_MISSING), (423, SignInOutcome.ACCOUNT_LOCKED)],
)
async def test_refusals_that_need_the_owner(
    signed_in: IRemoteAccount, electric: Car, status: int, outcome: SignInOutcome
) -> None:
    """Remote access is off, or the account is locked."""
    signed_in.world.control.fault("status", path=STATUS, status=status)
    with pytest.raises(SignInFailed) as caught:
        await signed_in.read(electric)
    assert caught.value.outcome is outcome


async def test_the_service_is_closed(signed_in: IRemoteAccount) -> None:
    """Since November 2021 every call was answered with a page that says so."""
    signed_in.world.control.service("i_remote", closed=True)
    with pytest.raises(ClosedByMaker):
        await signed_in.car()


async def test_scattered_failures_are_tried_again(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Random 500s on reads were everyday."""
    signed_in.world.control.fault("status", path=STATUS, status=500, count=2)
    assert await signed_in.read(electric)


async def test_a_pause_lasts_as_long_as_the_cloud_says(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The time of a 429 is kept."""
    control = signed_in.world.control
    control.fault("status", path=STATUS, status=429, retry_after=90)
    with pytest.raises(Throttled) as caught:
        await signed_in.read(electric)
    assert caught.value.until == signed_in.world.clock.now() + timedelta(seconds=90)


@pytest.mark.parametrize("path", [PROFILE, LAST_TRIP, ALL_TRIPS, NAVIGATION])
@pytest.mark.parametrize(
    "fault", [{"kind": "html"}, {"kind": "status", "status": 503}, {"kind": "drop"}]
)
async def test_a_part_may_fail_alone(
    signed_in: IRemoteAccount, electric: Car, path: str, fault: dict[str, Any]
) -> None:
    """It is a gap; the rest is there, and it is tried again half an hour later."""
    number = signed_in.world.control.fault(path=path, **fault).number
    result = await signed_in.run(signed_in.service.read(electric))
    assert len(result.gaps) == 1
    assert s.BATTERY_LEVEL.key in {one.signal.key for one in result.readings}
    signed_in.world.control.clear_faults(number)
    signed_in.world.control.forget_calls()
    assert not (await signed_in.run(signed_in.service.read(electric))).gaps
    assert not signed_in.world.control.calls(path)
    await signed_in.world.advance(31 * 60)
    await signed_in.read(electric)
    assert signed_in.world.control.calls(path)


async def test_the_list_may_be_wrong_about_a_part(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """A car that has no trips after all is no gap, and is not asked again soon."""
    control = signed_in.world.control
    control.fault("status", path=LAST_TRIP, status=404)
    for _ in range(2):
        assert not (await signed_in.run(signed_in.service.read(electric))).gaps
    assert len(control.calls(LAST_TRIP)) == 1


@pytest.mark.parametrize(
    "damage", ["nulls", "wrong_types", "unknown_words", "half_payload"]
)
async def test_damaged_answers(
    signed_in: IRemoteAccount, electric: Car, damage: str
) -> None:
    """What cannot be read is left out and counted; nothing false comes in."""
    signed_in.world.control.fault("damage", damage=damage)
    try:
        result = await signed_in.run(signed_in.service.read(electric))
    except BadAnswer:
        return
    assert all(
        reading.signal.accept(reading.value) == reading.value
        for reading in result.readings
    )


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
async def test_what_is_not_json(
    signed_in: IRemoteAccount, electric: Car, kind: str
) -> None:
    """It has a type of its own."""
    signed_in.world.control.fault(kind, path=STATUS)
    with pytest.raises(BadAnswer):
        await signed_in.read(electric)
    signed_in.world.control.fault(kind, path="/webapi/v1/user/vehicles/")
    with pytest.raises(BadAnswer):
        await signed_in.car()
