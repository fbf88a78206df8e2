"""The REST calls: what they say, what they refuse, and how many there are a day."""

from datetime import timedelta
import json

import pytest

from .client import Client

ODOMETER = "vehicle.vehicle.travelledDistance"
LEVEL = "vehicle.drivetrain.batteryManagement.header"
DOOR = "vehicle.cabin.door.row1.driver.isOpen"
SERVICES = "vehicle.status.conditionBasedServices"
RANGE = "vehicle.drivetrain.electricEngine.kombiRemainingElectricRange"
REMAINING = "vehicle.drivetrain.electricEngine.charging.timeRemaining"


async def test_the_cars(signed_in: Client) -> None:
    """Each with whether its owner is the main user."""
    cars = (await signed_in.get("/vehicles/mappings")).json()
    assert [car["vin"] for car in cars] == list(signed_in.spec.vins)
    kinds = [car["mappingType"] for car in cars]
    assert kinds == ["PRIMARY", "PRIMARY", "SECONDARY"]


async def test_other_forms_of_the_list(signed_in: Client) -> None:
    """The specification types it as one object."""
    control = signed_in.world.control
    control.service("car_data", mappings_form="object")
    assert len((await signed_in.get("/vehicles/mappings")).json()["mappings"]) == 3
    control.service("car_data", mappings_form="single")
    single = (await signed_in.get("/vehicles/mappings")).json()
    assert single["vin"] == signed_in.spec.vins[0]


async def test_values_are_texts(signed_in: Client) -> None:
    """Every key comes back, as a text with a time of its own, or null twice."""
    keys = (ODOMETER, LEVEL, DOOR, RANGE, REMAINING, SERVICES, "vehicle.look.image")
    data = await signed_in.data(*keys)
    assert list(data) == list(keys)
    assert data[ODOMETER]["value"] == "28415"
    assert data[ODOMETER]["unit"] == "km"
    assert (data[LEVEL]["value"], data[LEVEL]["unit"]) == ("61", "%")
    assert data[DOOR]["value"] == "false"
    assert data[RANGE]["unit"] is None
    assert data[REMAINING] == {"value": None, "unit": "min", "timestamp": None}
    assert data["vehicle.look.image"]["value"] is None
    assert {entry["messageType"] for entry in json.loads(data[SERVICES]["value"])} == {
        "CBS"
    }


async def test_a_petrol_car_says_nothing_of_a_battery(signed_in: Client) -> None:
    """Its values are null, and not zero."""
    data = await signed_in.data(LEVEL, "vehicle.drivetrain.fuelSystem.level", number=1)
    assert data[LEVEL]["value"] is None
    assert data["vehicle.drivetrain.fuelSystem.level"]["value"] == "57"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/vehicles/short/basicData", 400, "CU-120"),
        ("/vehicles/WBYZZZ041PV304001/basicData", 403, "CU-104"),
        ("/vehicles/WMWZZZ051NV305201/basicData", 403, "CU-104"),
        ("/vehicles/WBYZZZ041PV304101/telematicData", 400, "CU-121"),
        (
            "/vehicles/WBYZZZ041PV304101/telematicData?containerId=S0K7M2Q9T4XAB",
            403,
            "CU-105",
        ),
        ("/containers/S0K7M2Q9T4XAB", 403, "CU-105"),
        ("/vehicles/WBYZZZ041PV304101/chargingHistory", 400, "CU-401"),
        (
            "/vehicles/WMWZZZ051NV305101/locationBasedChargingSettings",
            404,
            "CU-127",
        ),
    ],
)
async def test_refusals(signed_in: Client, path: str, status: int, code: str) -> None:
    """Each has its own code."""
    page = await signed_in.get(path)
    assert (page.status, page.code) == (status, code)


async def test_refused_tokens(signed_in: Client) -> None:
    """None, a strange one, an old one, one without the scope, and no version."""
    path = "/vehicles/mappings"
    assert (await signed_in.get(path, Authorization="")).code == "CU-100"
    assert (await signed_in.get(path, Authorization="Bearer x")).code == "CU-101"
    assert (await signed_in.get(path, x_version="v2")).code == "CU-400"
    signed_in.world.clock.step(3600)
    page = await signed_in.get(path)
    assert (page.status, page.code) == (401, "CU-102")
    signed_in.world.control.service("car_data", bad_token="CU-127")
    page = await signed_in.get(path)
    assert (page.status, page.code) == (403, "CU-127")
    assert "invalid or expired" in page.json()["exveErrorMsg"]
    await signed_in.sign_in(scope="authenticate_user openid")
    assert (await signed_in.get(path)).code == "CU-103"


async def test_fifty_a_day(signed_in: Client) -> None:
    """Whatever is answered counts; the next day begins in UTC."""
    for _ in range(49):
        await signed_in.get("/vehicles/mappings")
    assert (await signed_in.get("/vehicles/short/basicData")).status == 400
    page = await signed_in.get("/vehicles/mappings")
    assert (page.status, page.code) == (403, "CU-429")
    assert "Retry-After" not in page.headers
    signed_in.world.clock.step(16 * 3600 - 1)
    await signed_in.refresh()
    assert (await signed_in.get("/vehicles/mappings")).status == 403
    signed_in.world.clock.step(1)
    assert (await signed_in.get("/vehicles/mappings")).status == 200


async def test_other_forms_of_the_quota(signed_in: Client) -> None:
    """A plain 429, with a header, over a rolling day, used by another program."""
    control = signed_in.world.control
    control.service("car_data", quota_form="plain", retry_after=600)
    control.account(signed_in.username, calls_elsewhere=49)
    assert (await signed_in.get("/vehicles/mappings")).status == 200
    page = await signed_in.get("/vehicles/mappings")
    assert (page.status, page.headers["Retry-After"]) == (429, "600")
    control.service("car_data", quota_window="rolling", calls_a_day=2)
    control.account(signed_in.username, calls_elsewhere=0)
    signed_in.world.clock.step(23 * 3600)
    await signed_in.refresh()
    assert (await signed_in.get("/vehicles/mappings")).status == 429


async def test_containers(signed_in: Client) -> None:
    """Thirteen characters, ten at most, never changed, twice deleted is a 208."""
    boxes = [await signed_in.container(ODOMETER) for _ in range(10)]
    assert {len(box) for box in boxes} == {13}
    body = {"name": "x", "purpose": "v1", "technicalDescriptors": [ODOMETER]}
    page = await signed_in.call("POST", "/containers", body)
    assert (page.status, page.code) == (403, "CU-124")
    assert (await signed_in.call("DELETE", f"/containers/{boxes[0]}")).status == 204
    page = await signed_in.call("DELETE", f"/containers/{boxes[0]}")
    assert (page.status, page.code) == (208, "CU-122")
    assert (await signed_in.get(f"/containers/{boxes[0]}")).code == "CU-105"
    listed = (await signed_in.get("/containers")).json()["containers"]
    assert [box["state"] for box in listed] == ["DELETED"] + ["ACTIVE"] * 9
    assert "technicalDescriptors" not in listed[0]
    details = (await signed_in.get(f"/containers/{boxes[1]}")).json()
    assert details["technicalDescriptors"] == [ODOMETER]
    page = await signed_in.call("POST", "/containers", body)
    assert page.status == 201


async def test_containers_that_are_refused(signed_in: Client) -> None:
    """An unknown key, no keys, and an account that may have none."""
    body = {"name": "x", "purpose": "v1", "technicalDescriptors": ["vehicle.wings"]}
    assert (await signed_in.call("POST", "/containers", body)).code == "CU-402"
    body["technicalDescriptors"] = []
    assert (await signed_in.call("POST", "/containers", body)).code == "CU-400"
    signed_in.world.control.service("car_data", containers_refused=True)
    page = await signed_in.call("POST", "/containers", {})
    assert (page.status, page.code) == (403, "CU-403")


async def test_containers_outlive_the_simulator(signed_in: Client) -> None:
    """Like what else owners have made."""
    box = await signed_in.container(ODOMETER)
    kept = signed_in.cloud.saved_state()
    signed_in.cloud.reset()
    assert (await signed_in.get(f"/containers/{box}")).code == "CU-105"
    signed_in.cloud.restore_state(json.loads(json.dumps(kept)))
    assert (await signed_in.get(f"/containers/{box}")).status == 200


async def test_the_facts_of_a_car(signed_in: Client) -> None:
    """Empty ones are left out; the petrol car has a misleading word."""
    i4, mini = signed_in.spec.vins[:2]
    facts = (await signed_in.get(f"/vehicles/{i4}/basicData")).json()
    assert (facts["modelName"], facts["driveTrain"]) == ("i4 eDrive40", "BEV")
    assert facts["hvsMaxEnergyAbsolute"] == "81.1"
    facts = (await signed_in.get(f"/vehicles/{mini}/basicData")).json()
    assert (facts["driveTrain"], facts["propulsionType"]) == ("CONV", "BE")
    assert "hvsMaxEnergyAbsolute" not in facts
    page = await signed_in.get(f"/vehicles/{i4}/image")
    assert page.content.startswith(b"\x89PNG")


async def test_tyres(signed_in: Client) -> None:
    """The one has wear, the other only labels and zeros."""
    i4, mini = signed_in.spec.vins[:2]
    path = "smartMaintenanceTyreDiagnosis"
    tyres = (await signed_in.get(f"/vehicles/{i4}/{path}")).json()["passengerCar"]
    wear = tyres["mountedTyres"]["frontLeft"]["tyreWear"]
    assert (wear["dueMileage"], wear["unit"]) == (12_000, "KILOMETER")
    tyres = (await signed_in.get(f"/vehicles/{mini}/{path}")).json()["passengerCar"]
    assert tyres["mountedTyres"]["frontLeft"]["tyreWear"]["dueMileage"] == 0


async def test_charges_come_in_pages(client: Client) -> None:
    """The driver has charged; each page is a call, and its token has another name."""
    driver = Client(client.world, "i4.driver@example.com")
    client.world.control.service("car_data", page_size=1, calls_a_day=None)
    client.world.clock.step(timedelta(days=14).total_seconds())
    await driver.sign_in()
    now = client.world.clock.now()
    begin = f"{now - timedelta(days=14):%Y-%m-%dT%H:%M:%S.000Z}"
    path = (
        f"/vehicles/{driver.spec.vins[0]}/chargingHistory"
        f"?from={begin}&to={now:%Y-%m-%dT%H:%M:%S.000Z}"
    )
    page = (await driver.get(path)).json()
    first = page["data"][0]
    assert first["endTime"] > first["startTime"]
    assert first["displayedSoc"] > first["displayedStartSoc"]
    assert first["mileageUnits"] == "KM"
    page = (await driver.get(f"{path}&nextToken={page['next_token']}")).json()
    assert page["data"][0]["startTime"] > first["startTime"]
    assert (await driver.get(f"{path}&nextToken=old")).code == "CU-125"
    places = f"/vehicles/{driver.spec.vins[0]}/locationBasedChargingSettings"
    assert (await driver.get(places)).json()["data"][0]["chargingMode"]


async def test_odometer_units(signed_in: Client) -> None:
    """Sometimes none is said, and sometimes it is the other one."""
    control = signed_in.world.control
    control.service("car_data", odometer_unit="none")
    entry = (await signed_in.data(ODOMETER))[ODOMETER]
    assert (entry["value"], entry["unit"]) == ("28415", None)
    control.service("car_data", odometer_unit="hidden_miles")
    entry = (await signed_in.data(ODOMETER))[ODOMETER]
    assert (entry["value"], entry["unit"]) == ("17656", None)


async def test_displays_in_miles(signed_in: Client) -> None:
    """Ranges are in the display's unit, which only a descriptor of its own tells."""
    control = signed_in.world.control
    distance = "vehicle.status.serviceDistance.next"
    display = "vehicle.cabin.infotainment.displayUnit.distance"
    control.account(signed_in.spec.username, miles=True)
    said = await signed_in.data(distance, display)
    assert said[display]["value"] == "miles"
    twin = signed_in.world.simulator.twin(signed_in.spec.vins[0])
    left = twin.state.service_at_odometer - twin.state.odometer
    assert said[distance]["unit"] is None
    assert float(said[distance]["value"]) == pytest.approx(left / 1.609344, abs=1)
