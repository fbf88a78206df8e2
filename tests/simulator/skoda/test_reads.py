"""The one read of the simulated interface: parts, what is missing, and how."""

import pytest

from tests.world import World

from .client import SkodaClient

EVERYTHING = (
    "info,status,fuelStatus,odometer,parkingPosition,airConditioning,auxiliaryHeating,"
    "activeVentilation,charging,chargingProfiles,operations"
)


async def test_an_electric_car(enyaq: SkodaClient) -> None:
    """All parts it has, none it has not, and no list of errors."""
    said = await enyaq.call("GET")
    assert said.status == 200
    assert "errors" not in said.body
    car = said.body["vehicle"]
    assert car.keys() == {
        *("vin", "name", "licensePlate", "renderUrl", "status", "odometer"),
        *("parkingPosition", "airConditioning", "charging", "chargingProfiles"),
        "operations",
    }
    assert car["charging"]["status"]["battery"]["stateOfChargeInPercent"] == 61
    assert car["charging"]["settings"]["availableChargeModes"] == [
        *("MANUAL", "TIMER", "PREFERRED_CHARGING_TIMES"),
    ]
    assert car["parkingPosition"]["gpsCoordinates"].keys() == {"latitude", "longitude"}
    assert car["status"]["overall"]["locked"] == "YES"
    assert "startAuxiliaryHeating" not in {one["name"] for one in car["operations"]}


async def test_a_hybrid_and_a_diesel(superb: SkodaClient, octavia: SkodaClient) -> None:
    """Tanks, both engines, and heaters that burn fuel."""
    fuel = (await superb.vehicle("fuelStatus"))["fuelStatus"]
    assert fuel["carType"] == "HYBRID"
    assert fuel["primaryEngineRange"]["currentFuelLevelInPercent"] == 64
    assert fuel["secondaryEngineRange"]["currentSoCInPercent"] == 66
    car = await octavia.vehicle()
    assert car["fuelStatus"]["carType"] == "DIESEL"
    assert car["fuelStatus"]["adBlueRange"] > 0
    assert "charging" not in car
    assert car["auxiliaryHeating"]["state"] == "OFF"
    assert car["activeVentilation"]["state"] == "OFF"


async def test_what_is_asked_for(enyaq: SkodaClient) -> None:
    """Only that; what the car has not is said to be so, once it is asked for."""
    assert (await enyaq.vehicle("odometer")).keys() == {"vin", "odometer"}
    said = await enyaq.call("GET", f"?include={EVERYTHING}")
    assert [one["type"] for one in said.body["errors"]] == [
        *("FUEL_STATUS_UNSUPPORTED", "AUXILIARY_HEATING_UNSUPPORTED"),
        "ACTIVE_VENTILATION_UNSUPPORTED",
    ]
    said = await enyaq.call("GET", "?include=odometer,mood")
    assert (said.status, said.problem) == (400, "about:blank")
    assert said.body["parameter"] == "include"
    assert said.body["rejectedValue"] == "mood"
    assert "charging" in said.body["allowedValues"]


@pytest.mark.parametrize("ending", ["DISABLED", "UNAVAILABLE"])
async def test_parts_that_are_missing(enyaq: SkodaClient, ending: str) -> None:
    """They are left out, and said to be."""
    parts = {"charging": ending, "parkingPosition": ending}
    enyaq.world.control.account(enyaq.username, parts=parts)
    said = await enyaq.call("GET")
    assert "charging" not in said.body["vehicle"]
    assert {one["type"] for one in said.body["errors"]} == {
        f"PARKING_POSITION_{ending}",
        f"CHARGING_{ending}",
    }
    parts_back = dict.fromkeys(parts)
    enyaq.world.control.account(enyaq.username, parts=parts_back)
    assert "charging" in await enyaq.vehicle()


async def test_older_answers(enyaq: SkodaClient) -> None:
    """Electric cars had a fuel status, and what is missing was always told."""
    enyaq.world.control.service(
        "skoda", electric_fuel_status=True, unsupported="always", operations=False
    )
    said = await enyaq.call("GET")
    assert said.body["vehicle"]["fuelStatus"]["carType"] == "ELECTRIC"
    assert "operations" not in said.body["vehicle"]
    assert "AUXILIARY_HEATING_UNSUPPORTED" in {
        one["type"] for one in said.body["errors"]
    }


async def test_a_car_under_way(enyaq: SkodaClient) -> None:
    """Its parking position is not told."""
    twin = enyaq.world.simulator.twin(enyaq.vin)
    twin.state.ignition = True
    twin.wake(enyaq.world.clock.now(), latency=1)
    await enyaq.world.advance(2)
    assert (await enyaq.vehicle())["parkingPosition"] == {"state": "IN_MOTION"}


async def test_times_are_written_as_they_fall(enyaq: SkodaClient, world: World) -> None:
    """Without seconds where there are none, with a fraction where there is one."""
    first = (await enyaq.vehicle())["odometer"]["carCapturedTimestamp"]
    assert first == "2026-11-21T08:00Z"
    world.simulator.twin(enyaq.vin).wake(world.clock.now(), latency=1.5)
    await world.advance(2)
    second = (await enyaq.vehicle())["odometer"]["carCapturedTimestamp"]
    assert second == "2026-11-21T08:00:01.5Z"
