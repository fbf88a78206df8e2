"""We Connect's cars and reads, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
import json
import logging

import pytest

from carport.car import signals as s
from carport.car.commands import CommandKind
from carport.cloud.contract import Car, ReadResult
from carport.cloud.errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    Throttled,
    Unreached,
)
from carport.cloud.service_info import Openness

from .account import WeConnectAccount

VSR = "*/vsr/*/status"
CHARGER = "*/charger"
CLIMATER = "*/climater"
POSITION = "*/position"
TIMER = "*/timer"
TRIPS = "*/tripdata/shortTerm"
DATA = "/fs-car/*"
OTHER_DATA = "fal-3a.prd.eu.dp.vwg-connect.com"
HOME_DATA = "msg.volkswagen.de"


def test_it_says_what_works_today(account: WeConnectAccount) -> None:
    """Only cars with the former Car-Net enrolment are still answered."""
    info = account.service.info
    assert info.openness is Openness.PARTLY_OPEN
    assert set(info.hosts) == {"eu"}
    assert info.pin
    assert info.reports_completion


# Cars


async def test_each_car_has_its_own_home(
    signed_in: WeConnectAccount, passat: Car, arteon: Car
) -> None:
    """The data of one has moved to another host, that of the other has not."""
    control = signed_in.world.control
    await signed_in.read(passat)
    assert {call.host for call in control.calls()} == {OTHER_DATA}
    control.forget_calls()
    await signed_in.read(arteon)
    assert {call.host for call in control.calls()} == {HOME_DATA}
    assert (passat.drive, arteon.drive) == ("hybrid", "combustion")
    assert (passat.nickname, arteon.nickname) == ("Passat", None)
    assert passat.model == "Passat GTE Variant"


async def test_rights_decide_what_a_car_may_be_asked(
    signed_in: WeConnectAccount, passat: Car, arteon: Car
) -> None:
    """A licence that has run out takes its commands and readings along."""
    offered = signed_in.service.commands(arteon, frozenset())
    assert CommandKind.SET_AUXILIARY_HEATING in offered
    assert not {CommandKind.START_CHARGING, CommandKind.SET_SCHEDULE} & offered.keys()
    assert offered[CommandKind.START_CLIMATE].needs_pin
    assert not signed_in.service.commands(passat, set())[
        CommandKind.START_CLIMATE
    ].needs_pin
    control = signed_in.world.control
    control.account(signed_in.spec.username, unlicensed="rclima_v1")
    car = await signed_in.car(0)
    assert CommandKind.START_CLIMATE not in signed_in.service.commands(car, set())
    control.forget_calls()
    assert not (await signed_in.run(signed_in.service.read(car))).gaps
    assert not control.calls(CLIMATER)


async def test_an_empty_list_is_only_empty(signed_in: WeConnectAccount) -> None:
    """Whether cars are gone is for others to judge."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, empty=True)
    assert await signed_in.run(signed_in.service.cars()) == ()
    control.fault("change", path="*/vehicles", remove=["userVehicles"])
    with pytest.raises(BadAnswer):
        await signed_in.car()


async def test_a_car_without_rights(signed_in: WeConnectAccount, passat: Car) -> None:
    """Nothing is asked where nothing is allowed, and nothing before it is due."""
    for services in ("", "rlu_v1/ rlu_v1/LOCK"):
        handle = {**passat.handle, "services": services}
        car = replace(passat, handle=handle)
        with pytest.raises(NotPermitted):
            await signed_in.read(car)
    assert not signed_in.world.control.calls()
    car = replace(passat, handle={**passat.handle, "services": "trip_statistic_v1/"})
    assert (await signed_in.run(signed_in.service.read(car))) == ReadResult()
    assert (await signed_in.run(signed_in.service.read(car))) == ReadResult()
    assert len(signed_in.world.control.calls(TRIPS)) == 1


@pytest.mark.parametrize("what", ["homeRegion", "operationlist/v3/vehicles/{vin}"])
async def test_one_car_does_not_hide_the_others(
    signed_in: WeConnectAccount, passat: Car, what: str
) -> None:
    """What the account has no right to is listed, with nothing it may be asked."""
    control = signed_in.world.control
    path = f"*{passat.vin}/{what}" if "{" not in what else f"*/{what}"
    control.fault("status", path=path.format(vin=passat.vin), status=403)
    cars = await signed_in.run(signed_in.service.cars())
    assert [car.vin for car in cars] == list(signed_in.spec.vins)
    if "operation" in what:
        assert not signed_in.service.commands(cars[0], set())
    assert signed_in.service.commands(cars[1], set())
    assert (await signed_in.run(signed_in.service.read(cars[1]))).readings


@pytest.mark.parametrize("home", ["https://example.com/api", "no address", 7])
async def test_a_home_we_do_not_know(signed_in: WeConnectAccount, home: object) -> None:
    """No token is ever sent to a host that is not the maker's."""
    path = "homeRegion.baseUri.content"
    signed_in.world.control.fault("change", path="*/homeRegion", set={path: home})
    car = await signed_in.car(0)
    assert car.handle["base"] == f"https://{HOME_DATA}/fs-car"


async def test_cars_do_not_wait_for_one_another(signed_in: WeConnectAccount) -> None:
    """One round trip for the list, one for homes and rights, one for what they are.

    Right after a sign-in it is one less, since the cars of the profile are known.
    """
    await signed_in.run(signed_in.service.cars())
    start = signed_in.world.clock.now()
    signed_in.world.control.fault("slow", path="*", seconds=1)
    cars = await signed_in.run(signed_in.service.cars())
    assert signed_in.world.clock.now() - start == timedelta(seconds=3)
    assert [car.vin for car in cars] == list(signed_in.spec.vins)


async def test_the_slowest_car_keeps_its_place(signed_in: WeConnectAccount) -> None:
    """Whichever answers first."""
    first = signed_in.spec.vins[0]
    signed_in.world.control.fault("slow", path=f"*{first}/homeRegion", seconds=9)
    cars = await signed_in.run(signed_in.service.cars())
    assert [car.vin for car in cars] == list(signed_in.spec.vins)


async def test_a_list_that_failed_leaves_nothing_running(
    signed_in: WeConnectAccount,
) -> None:
    """The other cars are not waited for, and their calls are over."""
    control, start = signed_in.world.control, signed_in.world.clock.now()
    first, second = signed_in.spec.vins
    control.fault("status", path=f"*{first}/homeRegion", status=429)
    control.fault("slow", path=f"*{second}/homeRegion", seconds=30)
    with pytest.raises(Throttled):
        await signed_in.run(signed_in.service.cars())
    assert signed_in.world.clock.now() == start
    assert signed_in.transport.in_flight == 0
    await signed_in.world.advance(60)


async def test_details_may_be_missing(signed_in: WeConnectAccount) -> None:
    """The car is listed without a model, and its horn has the usual limits."""
    control = signed_in.world.control
    await signed_in.run(signed_in.service.cars())
    for path in ("*/vehicledata/*", "*/realCarData", "*/rhf/v1/VW/DE/configuration"):
        control.fault("status", path=path, status=403)
    car = await signed_in.car(0)
    assert (car.model, car.nickname) == (None, None)
    assert CommandKind.HONK_AND_FLASH in signed_in.service.commands(car, set())


# Reads


async def test_a_poll_is_one_call_for_each_part(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Climate, timers and trips are read seldom while nothing runs."""
    control = signed_in.world.control
    snapshot = await signed_in.read(passat)
    assert {s.SCHEDULE.key, s.BATTERY_LEVEL.key, s.PARKED_AT.key} <= (
        snapshot.readings.keys()
    )
    for _ in range(4):
        await signed_in.read(passat)
    for path in (VSR, CHARGER, POSITION):
        assert len(control.calls(path)) == 5
    for path in (CLIMATER, TIMER, TRIPS):
        assert len(control.calls(path)) == 1
    await signed_in.world.advance(1800)
    await signed_in.read(passat)
    assert (len(control.calls(CLIMATER)), len(control.calls(TRIPS))) == (2, 1)
    await signed_in.world.advance(1800)
    await signed_in.read(passat)
    assert (len(control.calls(TIMER)), len(control.calls(TRIPS))) == (1, 2)
    assert not control.calls(DATA, method="POST")


async def test_readings_have_the_time_of_the_car(
    signed_in: WeConnectAccount, arteon: Car
) -> None:
    """A parked car's report grows old; its local clock is understood."""
    start = signed_in.world.clock.now()
    first = (await signed_in.read(arteon)).readings[s.ODOMETER.key]
    await signed_in.world.advance(1200)
    second = (await signed_in.read(arteon)).readings[s.ODOMETER.key]
    assert first.captured_at == second.captured_at
    assert first.captured_at is not None
    assert start - first.captured_at < timedelta(minutes=5)
    assert second.channel == "home"


async def test_a_car_that_is_driven(signed_in: WeConnectAccount, passat: Car) -> None:
    """The cloud says nothing at all of its place, and that says it."""
    twin = signed_in.world.simulator.twin(passat.vin)
    twin.report.state.moving = True
    snapshot = await signed_in.read(passat)
    assert snapshot.value(s.MOVING) is True
    assert snapshot.value(s.LOCATION) is None


async def test_both_envelopes_of_a_position(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Which one comes depends on the car."""
    first = (await signed_in.read(passat)).value(s.LOCATION)
    signed_in.world.control.service("we_connect", position_found=True)
    second = (await signed_in.read(passat)).value(s.LOCATION)
    assert first is not None
    assert second is not None
    assert (first.latitude, first.longitude) == (second.latitude, second.longitude)
    assert (first.heading is None, second.heading is None) == (False, True)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "html"}, BadAnswer),
        ({"kind": "empty"}, BadAnswer),
        ({"kind": "truncated"}, BadAnswer),
        ({"kind": "status", "status": 503}, Outage),
        ({"kind": "status", "status": 403}, NotPermitted),
        ({"kind": "status", "status": 404}, NotSupported),
        ({"kind": "drop"}, Outage),
        ({"kind": "slow", "seconds": 100}, Outage),
        ({"kind": "status", "status": 429, "retry_after": 77}, Throttled),
    ],
)
async def test_a_cloud_that_cannot_be_read(
    signed_in: WeConnectAccount,
    passat: Car,
    fault: dict[str, str],
    error: type[CloudError],
) -> None:
    """Every bad answer has a type."""
    signed_in.world.control.fault(path=DATA, **fault)
    with pytest.raises(error):
        await signed_in.read(passat)
    await signed_in.world.advance(400)


async def test_after_an_outage_everything_is_asked_again(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Not half an hour later: when nothing came, no part was at fault."""
    fault = signed_in.world.control.fault("status", path=DATA, status=503)
    with pytest.raises(Outage):
        await signed_in.read(passat)
    signed_in.world.control.clear_faults(fault.number)
    snapshot = await signed_in.read(passat)
    assert {s.BATTERY_LEVEL.key, s.SCHEDULE.key} <= snapshot.readings.keys()


@pytest.mark.parametrize(
    ("path", "gaps"),
    [(VSR, {"report"}), (CHARGER, {"charger"}), (POSITION, {"position"})],
)
async def test_a_part_may_fail_alone(
    signed_in: WeConnectAccount, passat: Car, path: str, gaps: set[str]
) -> None:
    """A gap is told; everything else is read."""
    signed_in.world.control.fault("html", path=path)
    result = await signed_in.run(signed_in.service.read(passat))
    assert result.readings
    assert result.gaps == gaps


async def test_a_service_that_is_off_in_the_car(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """The owner's own choice in the privacy menu is no gap."""
    name = "rbatterycharge_v1"
    signed_in.world.control.account(signed_in.spec.username, switched_off=name)
    result = await signed_in.run(signed_in.service.read(passat))
    assert result.readings
    assert not result.gaps


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("VSR.9007", NotPermitted),
        ("VSR.9025", Throttled),
        ("CF.technical.9031", Outage),
        ("VSR.9026", CloudError),
        (None, CloudError),
    ],
)
async def test_codes_of_the_cloud(
    signed_in: WeConnectAccount, passat: Car, code: str | None, error: type[CloudError]
) -> None:
    """The word in the body says more than the status."""
    control = signed_in.world.control
    control.fault("change", path=DATA, set={"error": {"errorCode": code}})
    control.service("we_connect", calls_a_day=None)
    other = next(car for car in signed_in.spec.vins if car != passat.vin)
    stranger = Car(
        vin=other, manufacturer="Volkswagen", handle=passat.handle
    )  # At a host that is not its home: refused, with a body.
    with pytest.raises(error) as caught:
        await signed_in.read(stranger)
    assert other[-6:] not in str(caught.value)


async def test_a_quota_for_the_day(signed_in: WeConnectAccount, passat: Car) -> None:
    """It ends at midnight, and nobody is signed out by it."""
    signed_in.world.control.service("we_connect", calls_a_day=1)
    with pytest.raises(Throttled):
        await signed_in.read(passat)
    assert signed_in.transport.ledger.throttled_until is not None
    await signed_in.world.advance(24 * 3600)
    signed_in.world.control.service("we_connect", calls_a_day=None)
    assert await signed_in.read(passat)


async def test_nobody_answers(signed_in: WeConnectAccount, passat: Car) -> None:
    """A cloud that cannot be reached was never asked."""
    await signed_in.world.simulator.stop()
    with pytest.raises(Unreached):
        await signed_in.read(passat)


@pytest.mark.parametrize(
    "damage",
    ["nulls", "unknown_words", "invalid", "wrong_types", "no_car_time", "half_payload"],
)
async def test_damaged_answers(
    signed_in: WeConnectAccount, passat: Car, damage: str
) -> None:
    """They yield fewer readings, or a typed error, and never a false value."""
    whole = await signed_in.read(passat)
    signed_in.rebuild()  # So that everything is read again.
    signed_in.world.control.fault("damage", path=DATA, damage=damage)
    try:
        damaged = await signed_in.read(passat)
    except BadAnswer:
        return
    for key, reading in damaged.readings.items():
        if key in whole.readings and key not in {s.MOVING.key, s.LIGHTS.key}:
            assert reading.value == whole.readings[key].value, key


async def test_no_secret_in_the_log(
    signed_in: WeConnectAccount, passat: Car, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither VIN nor place nor token."""
    caplog.set_level(logging.DEBUG)
    snapshot = await signed_in.read(passat)
    for what in sorted(signed_in.service.info.history):
        await signed_in.run(signed_in.service.history(passat, what))
    ours = "\n".join(
        record.getMessage() for record in caplog.records if "carport" in record.name
    )
    place = snapshot.value(s.LOCATION)
    assert place is not None
    stored = json.loads(signed_in.stored or "{}")
    secrets = [
        passat.vin[-6:],
        f"{place.latitude:.3f}",
        *(value for value in stored.values() if len(str(value)) > 5),
    ]
    assert ours
    assert not any(str(secret) in ours for secret in secrets)
    assert not any(passat.vin in what for what in signed_in.transport.raw)
