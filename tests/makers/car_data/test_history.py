"""What is fetched when somebody asks for it, each page and each picture once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from carport.car import signals as s
from carport.car.history import ALWAYS, Period
from carport.cloud.contract import Car
from carport.cloud.errors import NotSupported
from carport.makers.car_data.tyres import need_a_look, tyres_of
from tests.conftest import account_of
from tests.world import World

from .account import DRIVER, CarDataAccount


async def test_charges_of_a_period(world: World) -> None:
    """Newest first, over several pages, no more than were asked for."""
    world.control.service("car_data", page_size=2)
    world.clock.step(timedelta(days=12).total_seconds())
    account = CarDataAccount(world, account_of(DRIVER))
    await account.enter()
    car = await account.car()
    now = world.clock.now()
    period = Period(start=now - timedelta(days=12), end=now)
    found = await account.run(account.service.history(car, "charge_sessions", period))
    sessions: list[dict[str, Any]] = found["charge_sessions"]
    assert len(sessions) > 2
    starts = [session["started_at"] for session in sessions]
    assert starts == sorted(starts, reverse=True)
    for session in sessions:
        assert session["level_end"] > session["level_start"]
        assert session["energy"] > 0
    late = Period(start=now - timedelta(days=3), end=now)
    found = await account.run(account.service.history(car, "charge_sessions", late))
    assert len(found["charge_sessions"]) < len(sessions)


async def test_where_it_charges(world: World) -> None:
    """Hours and current of each place."""
    world.clock.step(timedelta(days=5).total_seconds())
    account = CarDataAccount(world, account_of(DRIVER))
    await account.enter()
    car = await account.car()
    found = await account.run(account.service.history(car, "charging_places"))
    (place,) = found["charging_places"]
    assert place["mode"] == "immediate"
    assert place["windows"] == [{"start": "00:30", "end": "04:30"}]
    assert place["current"] == 16


async def test_a_car_without_a_plug(signed_in: CarDataAccount, petrol: Car) -> None:
    """It has no such lists, and no call is spent on finding that out."""
    for what in ("charge_sessions", "charging_places"):
        with pytest.raises(NotSupported):
            await signed_in.run(signed_in.service.history(petrol, what, ALWAYS))
    assert not signed_in.world.control.calls()


async def test_no_place_yet(signed_in: CarDataAccount, electric: Car) -> None:
    """The cloud's CU-127 means this here, and not the token."""
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.history(electric, "charging_places"))
    assert not signed_in.world.control.calls("/gcdm/*")


async def test_tyres(signed_in: CarDataAccount, electric: Car, petrol: Car) -> None:
    """Wear and defects; labels and zeros are nothing."""
    report = await signed_in.run(signed_in.service.history(electric, "health_report"))
    (tyres,) = report["categories"]
    assert (tyres["category"], tyres["severity"]) == ("tyres", "ok")
    assert len(tyres["messages"]) == 8
    report = await signed_in.run(signed_in.service.history(petrol, "health_report"))
    assert list(report["categories"]) == []


def test_tyres_that_need_a_look() -> None:
    """The car's word is that of its worst tyre."""
    body = {
        "passengerCar": {
            "mountedTyres": {
                "frontLeft": {
                    "label": "Front left",
                    "tyreWear": {"value": "800 km", "statusColor": "YELLOW"},
                },
                "rearLeft": {"tyreDefect": {"value": "Puncture", "statusColor": "RED"}},
                "rearRight": 5,
            }
        }
    }
    tyres = tyres_of(body)
    assert tyres is not None
    assert tyres.severity == "service"
    assert need_a_look(body) is True
    worn = {"tyreWear": {"value": "800 km", "statusColor": "YELLOW"}}
    soft = {"tyreDefect": {"value": "Low", "statusColor": "YELLOW"}}
    for tyre, expected in ((worn, False), (soft, True), ({}, None)):
        body = {"passengerCar": {"mountedTyres": {"frontLeft": tyre}}}
        assert need_a_look(body) is expected


async def test_a_tyre_that_is_flat(signed_in: CarDataAccount, electric: Car) -> None:
    """Asked for once a week, and daily while something is wrong; over restarts too."""
    world, vin = signed_in.world, electric.vin
    path = f"/customers/vehicles/{vin}/smartMaintenanceTyreDiagnosis"
    await signed_in.read(electric)
    assert not world.control.calls(path)
    await world.advance(86_400)
    await signed_in.read(electric)
    await signed_in.read(electric)
    signed_in.rebuild()
    result = await signed_in.read(electric)
    assert result.value(s.TYRE_PROBLEM) is False
    assert len(world.control.calls(path)) == 1
    twin = world.simulator.twin(vin)
    twin.spec = replace(twin.spec, leaking_tyre=2)
    twin.report.state.tyre_loss = 0.6
    await world.advance(86_400 * 6)
    assert (await signed_in.read(electric)).value(s.TYRE_PROBLEM) is False
    await world.advance(86_400)
    assert (await signed_in.read(electric)).value(s.TYRE_PROBLEM) is True
    twin.report.state.tyre_loss = 0
    await world.advance(86_400)
    assert (await signed_in.read(electric)).value(s.TYRE_PROBLEM) is False
    assert len(world.control.calls(path)) == 3


async def test_tyres_are_no_reason_to_fail(
    signed_in: CarDataAccount, electric: Car
) -> None:
    """The reading is there without them, and nobody asks again the same day."""
    path = f"/customers/vehicles/{electric.vin}/smartMaintenanceTyreDiagnosis"
    await signed_in.world.advance(86_400)
    signed_in.world.control.fault("status", path=path, status=500)
    for _ in range(2):
        result = await signed_in.read(electric)
        assert result.value(s.ODOMETER)
    assert len(signed_in.world.control.calls(path)) == 1


async def test_the_picture_costs_one_call(
    signed_in: CarDataAccount, electric: Car
) -> None:
    """It never changes, so it is fetched once."""
    for _ in range(3):
        picture = await signed_in.run(signed_in.service.picture(electric))
        assert picture is not None
        assert picture.content_type == "image/png"
    assert len(signed_in.world.control.calls("*/image")) == 1


async def test_energy_is_counted_once(world: World) -> None:
    """A call after each charge: what it took, never less, also over restarts."""
    account = CarDataAccount(world, account_of(DRIVER))
    await account.enter()
    (car, *_) = await account.follow()
    assert (await account.read(car)).value(s.ENERGY_CHARGED) == 0
    charged = 0.0
    for _ in range(2):
        await world.until(
            lambda: account.sink.values(car.vin).get("charging") is True, 5 * 86_400
        )
        await world.until(
            lambda: account.sink.values(car.vin).get("charging") is False, 2 * 86_400
        )
        far = world.clock.now() + timedelta(days=1)
        due = account.service.next_reading(car, far)
        assert due - world.clock.now() <= timedelta(minutes=15)
        await world.advance(900)
        now = (await account.read(car)).value(s.ENERGY_CHARGED)
        assert now is not None
        assert now > charged
        charged = now
        # Nothing is asked for twice.
        world.control.forget_calls()
        assert (await account.read(car)).value(s.ENERGY_CHARGED) == charged
        assert not world.control.calls("*/chargingHistory")
    await account.leave()
    account.rebuild()
    assert (await account.read(car)).value(s.ENERGY_CHARGED) == charged
