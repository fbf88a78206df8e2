"""What the cloud says of account and cars."""

from typing import Any

import pytest

from carport.car.commands import Unlock
from tests.world import START, World

from .seed_client import US, SeedClient

GOLF = "WVWZZZAUZGW900116"


async def test_enrollment(signed_in: SeedClient) -> None:
    """The account has both cars, with all ids that later calls need."""
    customer = signed_in.account["customer"]
    assert customer["vwId"].endswith("vwcarnetportal-prod-002-appserver-000")
    golf, passat = signed_in.account["vehicleEnrollmentStatus"]
    assert golf["vehicle"]["modelName"] == "e-Golf"
    assert golf["vehicle"]["modelYear"] == "2016"
    assert golf["vehicle"]["tspProvider"] == "VZT"
    assert golf["carName"] == {}
    assert golf["rolesAndRights"]["userId"] == customer["userId"]
    assert golf["rolesAndRights"]["tspAccountNum"].isdecimal()
    assert len(golf["rolesAndRights"]["tspAccountNum"]) == 8
    assert passat["vehicle"]["modelName"] == "Passat"


async def test_enrollment_needs_the_id_token(signed_in: SeedClient) -> None:
    """The id token goes into the query."""
    path = "/account/v1/enrollment/status"
    assert (await signed_in.get(path)).status == 400
    wrong = {"idToken": signed_in.tokens["access_token"]}
    assert (await signed_in.get(path, params=wrong)).status == 401


async def test_status_of_the_electric_car(signed_in: SeedClient) -> None:
    """Every block of the e-Golf, in the cloud's own types and oddities."""
    status = await signed_in.status()
    assert status["timestamp"] == round(START.timestamp() * 1000)
    assert status["currentMileage"] == 55788
    assert status["nextMaintenanceMilestone"] == {
        "mileageInterval": 0,
        "absoluteMileage": 64000,
    }
    exterior = status["exteriorStatus"]
    assert exterior["secure"] == "SECURE"
    assert exterior["doorStatus"]["trunk"] == "CLOSED"
    assert exterior["doorLockStatus"]["rearRight"] == "LOCKED"
    assert exterior["windowStatus"]["sunRoof"] == "NOTAVAILABLE"
    assert exterior["lightStatus"] == {"left": "OFF", "right": "OFF"}
    power = status["powerStatus"]
    assert power["cruiseRange"] == power["cruiseRangeFirst"] > 50
    assert power["fuelPercentRemaining"] == 0
    assert power["battery"]["chargePercentRemaining"] == 60
    assert power["battery"]["chargePlug"] == "PLUGGEDIN"
    assert power["battery"]["triggeredByTimer"] == "false"
    assert status["lockStatus"] == "LOCKED"
    assert status["location"] == status["lastParkedLocation"]


async def test_status_of_the_combustion_car(signed_in: SeedClient) -> None:
    """The Passat has fuel, a sunroof, and no battery block."""
    status = await signed_in.status(1)
    assert "battery" not in status["powerStatus"]
    assert status["powerStatus"]["fuelPercentRemaining"] == 63
    assert status["powerStatus"]["cruiseRange"] > 300
    assert status["exteriorStatus"]["windowStatus"]["sunRoof"] == "CLOSED"


async def test_the_cloud_knows_the_last_report_only(
    world: World, signed_in: SeedClient
) -> None:
    """A parked car goes stale; what it does in silence shows with its next report."""
    first = await signed_in.status(1)
    await world.advance(6 * 3600)
    signed_in.tokens = (await signed_in.refresh()).json()
    assert await signed_in.status(1) == first
    twin = world.simulator.twin("1VWZZZA3ZJC018118")
    twin.accept(Unlock(), world.clock.now(), 20)
    await world.advance(19)
    assert (await signed_in.status(1))["lockStatus"] == "LOCKED"
    await world.advance(1)
    after = await signed_in.status(1)
    assert after["lockStatus"] == "UNLOCKED"
    assert after["exteriorStatus"]["secure"] != "SECURE"
    assert after["timestamp"] == first["timestamp"] + (6 * 3600 + 20) * 1000


async def test_a_charging_car_reports_by_itself(
    world: World, signed_in: SeedClient
) -> None:
    """While it charges the status grows by itself, and then says it is full."""
    await world.advance(600)
    early = await signed_in.status()
    assert early["powerStatus"]["battery"]["minutesUntilFullCharge"] > 30
    await world.advance(1100)
    late = await signed_in.status()
    assert late["timestamp"] > early["timestamp"]
    battery = late["powerStatus"]["battery"]
    assert battery["chargePercentRemaining"] > 62
    await world.advance(12 * 3600)
    signed_in.tokens = (await signed_in.refresh()).json()
    battery = (await signed_in.status())["powerStatus"]["battery"]
    assert battery["chargePercentRemaining"] == 100
    assert battery["minutesUntilFullCharge"] == 15


async def test_health(signed_in: SeedClient) -> None:
    """The report has categories, events and a legend, in two spellings."""
    number = signed_in.car()["vehicleId"]
    report = (await signed_in.get(f"/vhs/v2/vehicle/{number}")).json()["data"]
    assert report["overallPriorityCode"] == "D"
    assert report["overAllPriorityDescription"] == "ALL_GOOD"
    assert report["odoUOM"] == "km"
    assert [entry["categoryCode"] for entry in report["applicableCategories"]] == [
        "DRVR_ASSIST_SYS",
        "ELECTRIC_SYS",
        "ENG_TRANS_PWTR",
        "TIRES_BRAKES",
    ]
    event = report["vhrMaintEvents"][0]
    assert event["eventStatusCode"] == "2"
    assert event["distance"] == 8212
    assert len(report["priorityCodeLegend"]) == 5


async def test_health_problems(world: World, signed_in: SeedClient) -> None:
    """What is wrong with the car colours its category and the whole."""
    state = world.simulator.twin(GOLF).report.state
    state.tyre_pressures = (2.5, 2.5, 1.4, 2.5)
    number = signed_in.car()["vehicleId"]
    report = (await signed_in.get(f"/vhs/v2/vehicle/{number}")).json()["data"]
    assert report["overallPriorityCode"] == "B"
    tyres: dict[str, Any] = report["applicableCategories"][3]
    assert tyres["categoryPriorityCode"] == "B"
    assert tyres["diagnosticMessages"][0]["messageDesc"] == "Tire pressure low"


@pytest.mark.parametrize("path", ["/rvs/v1/vehicle/", "/vhs/v2/vehicle/"])
async def test_cars_of_others(world: World, signed_in: SeedClient, path: str) -> None:
    """Another account's car is forbidden, an unknown one is not found."""
    other = SeedClient(world.simulator.hosts, "driver@example.com")
    world.attach(other)
    await other.sign_in()
    await other.enroll()
    page = await signed_in.get(path + other.car()["vehicleId"])
    assert page.status == 403
    assert page.json()["error"]["errorCode"] == "USER_NOT_AUTHORIZED"
    assert (await signed_in.get(path + GOLF)).status == 404
    await other.close()


async def test_unknown_calls(signed_in: SeedClient) -> None:
    """What does not exist is 404, a wrong method 405, both in the envelope."""
    page = await signed_in.get("/account/v1/garage")
    assert (page.status, page.json()["error"]["errorCode"]) == (404, "NOT_FOUND")
    number = signed_in.car()["vehicleId"]
    page = await signed_in.call("POST", signed_in.url(f"/rvs/v1/vehicle/{number}"))
    assert page.status == 405
    assert page.json()["error"]["errorDescription"]


async def test_a_sold_car_is_gone(world: World, signed_in: SeedClient) -> None:
    """A car that left the account is neither listed nor read."""
    world.control.account(signed_in.username, sell=GOLF)
    number = signed_in.car()["vehicleId"]
    await signed_in.enroll()
    assert len(signed_in.account["vehicleEnrollmentStatus"]) == 1
    assert (await signed_in.get(f"/rvs/v1/vehicle/{number}")).status == 404


async def test_empty_garage(world: World, signed_in: SeedClient) -> None:
    """An account may list nothing for a while."""
    world.control.account(signed_in.username, empty=True)
    await signed_in.enroll()
    assert signed_in.account["vehicleEnrollmentStatus"] == []


async def test_calls_are_listed_without_secrets(
    world: World, signed_in: SeedClient
) -> None:
    """The list of calls names account, host and path, and nothing else."""
    calls = world.control.calls(account=signed_in.username)
    last = calls[-1]
    assert (last.method, last.host, last.status) == ("GET", US, 200)
    assert last.path == "/account/v1/enrollment/status"
    secret = signed_in.tokens["id_token"]
    assert all(secret not in str(call.to_json()) for call in calls)
    assert world.control.calls("/oidc/v1/token", method="POST")[0].account
