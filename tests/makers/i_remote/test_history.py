"""I Remote's lists and its picture, over real HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
import struct
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.history import ALWAYS, Period
from carport.cloud.contract import Car
from carport.cloud.errors import BadAnswer, NotSupported
from tests.conftest import account_of
from tests.periods import days

from .account import IRemoteAccount

DRIVER = "i3.driver@example.com"


async def test_lists(signed_in: IRemoteAccount, electric: Car) -> None:
    """Trips with everybody's figures, the reach as GeoJSON, and the efficiency."""
    action = signed_in.service.history
    trips = await signed_in.run(action(electric, "trips"))
    assert trips["trips"] == []
    assert trips["lifetime"]["own"]["consumption_electric"] == {"average": 14.2}
    assert trips["lifetime"]["community"]["consumption_electric"]["low"] == 0
    assert trips["lifetime"]["battery_capacity"] == 33.2
    assert trips["efficiency"]["lifetime"]["saved_liters_overall"] == 0
    reach = await signed_in.run(action(electric, "range_map"))
    assert reach["type"] == "FeatureCollection"
    point, *areas = reach["features"]
    assert point["geometry"]["type"] == "Point"
    assert [area["properties"]["mode"] for area in areas] == [
        "most_economical",
        "comfort",
    ]
    for area in areas:
        (ring,) = area["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert len(ring) > 30
    empty = await signed_in.run(action(electric, "destinations"))
    assert empty == {"destinations": []}


async def test_trips_of_a_period(signed_in: IRemoteAccount) -> None:
    """The cloud knows one trip; it is not shown as one of another day."""
    driver = IRemoteAccount(signed_in.world, account_of(DRIVER))
    await driver.sign_in()
    car = await driver.car()
    await driver.world.advance(7 * 3600)

    async def trips(period: Period = ALWAYS) -> list[Mapping[str, Any]]:
        answer = await driver.run(driver.service.history(car, "trips", period))
        found: list[Mapping[str, Any]] = answer["trips"]
        return found

    (trip,) = await trips()
    (*_, driven) = driver.world.simulator.twin(car.vin).memory.trips
    assert trip["distance"] == round(driven.distance)
    assert trip["duration"] == round(driven.minutes)
    today = datetime.fromisoformat(trip["ended_at"]).date()
    day = timedelta(days=1)
    assert await trips(days(today, today)) == [trip]
    assert await trips(days(today + day)) == []
    assert await trips(days(None, today - day)) == []


async def test_marks_not_every_car_has(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Trips are there without them; a car without a battery is not asked at all."""
    action, control = signed_in.service.history, signed_in.world.control
    control.fault("status", path="/api/vehicle/efficiency/v1/*", status=404)
    trips = await signed_in.run(action(electric, "trips"))
    assert trips["efficiency"] == {}
    assert trips["lifetime"]["battery_capacity"] == 33.2
    control.forget_calls()
    await signed_in.run(action(replace(electric, drive="combustion"), "trips"))
    assert not control.calls("/api/vehicle/efficiency/v1/*")


async def test_destinations_of_a_period(signed_in: IRemoteAccount, hybrid: Car) -> None:
    """Those of earlier years are there, unless they are not asked for."""
    action = signed_in.service.history
    (place,) = (await signed_in.run(action(hybrid, "destinations")))["destinations"]
    assert place["city"] == "GRAINAU"
    assert place["sent_at"].startswith("2019-08-02T")
    recent = days(date(2026, 1, 1))
    answer = await signed_in.run(action(hybrid, "destinations", recent))
    assert answer == {"destinations": []}


async def test_everybodys_figures_alone(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """They are no figures of this car."""
    signed_in.world.control.service("i_remote", community_only=True)
    snapshot = await signed_in.read(electric)
    assert s.CONSUMPTION_ELECTRIC.key not in snapshot.readings
    assert s.DISTANCE_ELECTRIC.key not in snapshot.readings
    trips = await signed_in.run(signed_in.service.history(electric, "trips"))
    assert trips["lifetime"]["own"] == {}
    assert trips["lifetime"]["community"]["consumption_electric"]["average"] == 15.92


async def test_the_health_report(
    signed_in: IRemoteAccount, electric: Car, diesel: Car
) -> None:
    """One call, which is none of those of a poll; any car has it."""
    for car in (electric, diesel):
        signed_in.world.control.forget_calls()
        report = await signed_in.run(signed_in.service.history(car, "health_report"))
        assert len(signed_in.world.control.calls()) == 1
        snapshot = await signed_in.read(car)
        assert report["health"] == snapshot.value(s.HEALTH)
        assert report["odometer"] == snapshot.value(s.ODOMETER)
        due = {row["kind"]: row for row in report["maintenance"]}
        assert due["oil_service"]["distance"] == (
            snapshot.value(s.OIL_SERVICE_DUE_DISTANCE)
        )
        due_on = snapshot.value(s.INSPECTION_DUE_ON)
        assert due_on is not None
        assert due["inspection"]["due_on"] == due_on.isoformat()


@pytest.mark.parametrize("what", ["range_map", "trips", "shoe_size"])
async def test_lists_a_car_does_not_have(
    signed_in: IRemoteAccount, diesel: Car, what: str
) -> None:
    """Nobody is asked."""
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.history(diesel, what))
    assert not signed_in.world.control.calls()


async def test_empty_services_are_no_trouble(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Any optional part may be empty."""
    signed_in.world.control.service("i_remote", empty_services=True)
    result = await signed_in.run(signed_in.service.read(electric))
    assert not result.gaps
    reach = await signed_in.run(signed_in.service.history(electric, "range_map"))
    assert reach["features"] == []
    trips = await signed_in.run(signed_in.service.history(electric, "trips"))
    assert trips["trips"] == []


async def test_the_picture(signed_in: IRemoteAccount, electric: Car) -> None:
    """It is a PNG of the size that was asked for, byte by byte."""
    picture = await signed_in.run(signed_in.service.picture(electric))
    assert picture is not None
    assert picture.content_type == "image/png"
    assert picture.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture.content[16:24]) == (640, 360)


async def test_every_car_has_its_own_picture(
    signed_in: IRemoteAccount, electric: Car, hybrid: Car, diesel: Car
) -> None:
    """In the paint that its list of cars names."""
    pictures = [
        await signed_in.run(signed_in.service.picture(car))
        for car in (electric, hybrid, diesel)
    ]
    assert len({picture.content for picture in pictures if picture is not None}) == 3


async def test_no_picture(signed_in: IRemoteAccount, electric: Car) -> None:
    """None is none; a page in its place is not one."""
    control = signed_in.world.control
    fault = control.fault("status", path="*/image", status=404)
    assert await signed_in.run(signed_in.service.picture(electric)) is None
    control.clear_faults(fault.number)
    control.fault("html", path="*/image")
    with pytest.raises(BadAnswer):
        await signed_in.run(signed_in.service.picture(electric))
