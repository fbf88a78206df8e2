"""Commands of i Remote: forms, records, and what reaches the car."""

import json
from typing import Any

import pytest

from tests.world import World

from .client import US, Client

I3, HYBRID, DIESEL = range(3)
PLANNER: dict[str, Any] = {
    "weeklyPlanner": {
        "climatizationEnabled": True,
        "chargingMode": "IMMEDIATE_CHARGING",
        "chargingPreferences": "CHARGING_WINDOW",
        "timer1": {
            "departureTime": "06:45",
            "timerEnabled": True,
            "weekdays": ["MONDAY"],
        },
        "timer2": {"weekdays": []},
        "timer3": {"departureTime": "19:15", "timerEnabled": False, "weekdays": []},
        "overrideTimer": {"weekdays": []},
        "preferredChargingWindow": {
            "enabled": False,
            "startTime": "00:00",
            "endTime": "00:00",
        },
    }
}


async def test_the_record_walks(world: World, signed_in: Client) -> None:
    """From INITIATED to EXECUTED; the status follows some seconds later."""
    world.control.service("i_remote", answer_least=20, answer_most=20)
    world.control.account(signed_in.username, first_word="INITIATED")
    answer = (await signed_in.execute(I3, "DOOR_UNLOCK")).json()["executionStatus"]
    assert answer["status"] == "INITIATED"
    assert answer["eventId"].endswith("@bmw.de")
    words = []
    for _ in range(5):
        words.append((await signed_in.record(I3, "DOOR_UNLOCK"))["status"])
        await world.advance(4.9)
    assert words == ["INITIATED", "INITIATED", "PENDING", "DELIVERED", "DELIVERED"]
    record = await signed_in.record(I3, "DOOR_UNLOCK")
    assert record["status"] == "EXECUTED"
    assert record["extendedStatus"] == {
        "result": "STATUS_CHANGED",
        "ignitionOnStatus": "false",
        "oldDoorStatus": "LOCKED",
        "newDoorStatus": "UNLOCKED",
    }
    assert record["eventId"] == answer["eventId"]
    await world.advance(5)
    await signed_in.execute(I3, "DOOR_LOCK")
    await world.advance(21)
    assert (await signed_in.record(I3, "DOOR_LOCK"))["status"] == "EXECUTED"
    assert (await signed_in.status(I3))["doorLockState"] == "UNLOCKED"
    await world.advance(6)
    status = await signed_in.status(I3)
    assert (status["doorLockState"], status["updateReason"]) == (
        "LOCKED",
        "VEHICLE_SECURED",
    )


async def test_a_record_that_changed_nothing(world: World, signed_in: Client) -> None:
    """The car was locked already, and says so."""
    await signed_in.execute(I3, "DOOR_LOCK")
    await world.advance(25)
    record = await signed_in.record(I3, "DOOR_LOCK")
    assert record["extendedStatus"]["result"] == "STATUS_NOT_CHANGED"
    assert record["extendedStatus"]["newDoorStatus"] == "LOCKED"


@pytest.mark.parametrize(
    ("service", "reason"),
    [("VEHICLE_FINDER", "ON_DEMAND"), ("DOOR_UNLOCK", "VEHICLE_UNSECURED")],
)
async def test_why_the_car_reported(
    world: World, signed_in: Client, service: str, reason: str
) -> None:
    """The report that follows a command names it."""
    await signed_in.execute(DIESEL, service)
    await world.advance(30)
    assert (await signed_in.status(DIESEL))["updateReason"] == reason


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        ("CLIMATE_NOW", {}),
        ("LIGHT_FLASH", {"count": "3"}),
        ("LIGHT_FLASH", {}),
        ("HORN_BLOW", {}),
        ("VEHICLE_FINDER", {}),
        ("CHARGE_NOW", {}),
        ("CHARGING_CONTROL", {"data": json.dumps(PLANNER)}),
    ],
)
async def test_every_service(
    world: World, signed_in: Client, service: str, fields: dict[str, str]
) -> None:
    """Each is done in its time."""
    assert (await signed_in.execute(I3, service, **fields)).status == 200
    await world.advance(25)
    assert (await signed_in.record(I3, service))["status"] == "EXECUTED"


async def test_the_planner_is_written(world: World, signed_in: Client) -> None:
    """Only when the car has it; partial timers clear what was there."""
    before = (await signed_in.get(I3, "/chargingprofile")).json()
    await signed_in.execute(I3, "CHARGING_CONTROL", data=json.dumps(PLANNER))
    assert (await signed_in.get(I3, "/chargingprofile")).json() == before
    await world.advance(30)
    profile = (await signed_in.get(I3, "/chargingprofile")).json()["weeklyPlanner"]
    assert profile["chargingMode"] == "IMMEDIATE_CHARGING"
    assert profile["timer1"] == PLANNER["weeklyPlanner"]["timer1"]
    assert profile["timer2"] == {"weekdays": []}
    assert profile["timer3"]["departureTime"] == "19:15"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("chargingMode",), "SOMETIMES"),
        (("chargingMode",), ["IMMEDIATE_CHARGING"]),
        (("climatizationEnabled",), "yes"),
        (("chargingPreferences",), None),
        (("chargingPreferences",), []),
        (("timer1",), None),
        (("timer1", "departureTime"), "24:00"),
        (("timer1", "departureTime"), 645),
        (("timer1", "weekdays"), ["MONTAG"]),
        (("timer1", "weekdays"), "MONDAY"),
        (("timer1", "weekdays"), [{}]),
        (("timer1", "colour"), "blue"),
        (("preferredChargingWindow",), {}),
    ],
)
async def test_profiles_are_checked(
    signed_in: Client, path: tuple[str, ...], value: Any
) -> None:
    """A profile that is not as it has to be reaches no car."""
    wrong = json.loads(json.dumps(PLANNER))
    target = wrong["weeklyPlanner"]
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    page = await signed_in.execute(I3, "CHARGING_CONTROL", data=json.dumps(wrong))
    assert page.status == 400


@pytest.mark.parametrize("data", ["", "{", "[]", "{}", '{"twoTimesTimer": {}}'])
async def test_what_is_no_profile(signed_in: Client, data: str) -> None:
    """Not even in form; the other form is for other cars."""
    page = await signed_in.execute(I3, "CHARGING_CONTROL", data=data)
    assert page.status == 400


async def test_what_is_refused(signed_in: Client) -> None:
    """Unknown words, other encodings, numbers that are none, and GET."""
    assert (await signed_in.execute(I3, "FLY")).status == 404
    assert (await signed_in.execute(I3, "CLIMATE_CONTROL")).status == 404
    assert (await signed_in.execute(I3, "LIGHT_FLASH", count="many")).status == 400
    page = await signed_in.post(
        I3, "/executeService", "application/json", serviceType="DOOR_LOCK"
    )
    assert page.status == 400
    misspelt = "application/x-www-form-urlencode"
    page = await signed_in.post(
        I3, "/executeService", misspelt, serviceType="DOOR_LOCK"
    )
    assert page.status == 200
    assert (await signed_in.get(I3, "/executeService")).status == 405


@pytest.mark.parametrize(("mode", "status"), [("error", 404), ("not_executed", 200)])
async def test_what_a_car_lacks(
    world: World, signed_in: Client, mode: str, status: int
) -> None:
    """Nobody knows which of the two the real cloud does."""
    world.control.service("i_remote", unsupported=mode)
    assert (await signed_in.execute(DIESEL, "CHARGE_NOW")).status == status
    if status == 200:
        record = await signed_in.record(DIESEL, "CHARGE_NOW")
        assert record["status"] == "NOT_EXECUTED"


async def test_before_the_first_command_there_is_no_record(
    world: World, signed_in: Client
) -> None:
    """It is not found, or a record with nothing in it: nobody knows which."""
    path = "/serviceExecutionStatus?serviceType=DOOR_LOCK"
    assert (await signed_in.get(I3, path)).status == 404
    world.control.service("i_remote", no_record="blank")
    assert await signed_in.record(I3, "DOOR_LOCK") == {"serviceType": "DOOR_LOCK"}


async def test_an_offline_car_times_out(world: World, signed_in: Client) -> None:
    """After the cloud's own time."""
    world.control.twin(signed_in.spec.vins[I3], unreachable=True)
    await signed_in.execute(I3, "DOOR_UNLOCK")
    await world.advance(149)
    assert (await signed_in.record(I3, "DOOR_UNLOCK"))["status"] == "DELIVERED"
    await world.advance(2)
    assert (await signed_in.record(I3, "DOOR_UNLOCK"))["status"] == "TIMED_OUT"


async def test_a_car_without_plug_does_not_charge(
    world: World, signed_in: Client
) -> None:
    """The car says no."""
    await signed_in.execute(HYBRID, "CHARGE_NOW")
    await world.advance(25)
    assert (await signed_in.record(HYBRID, "CHARGE_NOW"))["status"] == "NOT_EXECUTED"


async def test_the_security_question(world: World) -> None:
    """Unlocking asks it with the words that were published; locking does not."""
    client = Client(world, "i3.american@example.com", US)
    await client.sign_in()
    page = await client.execute(0, "DOOR_UNLOCK")
    assert page.status == 500
    assert page.json() == {
        "error": {
            "code": 500,
            "description": "(SmartPhoneUtil-A-2013) Action is forbidden. "
            "secretKnowledge is missing but required!",
        }
    }
    page = await client.execute(0, "DOOR_UNLOCK", bmwSkAnswer="Citizen")
    assert page.status == 500
    world.control.service("i_remote", wrong_answer="forbidden")
    page = await client.execute(0, "DOOR_UNLOCK", bmwSkAnswer="Citizen")
    assert page.status == 403
    assert (await client.execute(0, "DOOR_LOCK")).status == 200
    page = await client.execute(0, "DOOR_UNLOCK", bmwSkAnswer="Rosebud")
    assert page.status == 200


@pytest.mark.parametrize("field", ["data", "body"])
async def test_a_place_is_sent(world: World, signed_in: Client, field: str) -> None:
    """Under either name of the field; it shows up among the destinations."""
    poi = {"poi": {"name": "Depot", "lat": 48.177, "lon": 11.559, "city": "Muenchen"}}
    page = await signed_in.post(I3, "/sendpoi", **{field: json.dumps(poi)})
    assert (page.status, page.content) == (204, b"")
    await world.advance(15)
    (place,) = (await signed_in.get(I3, "/destinations")).json()["destinations"]
    assert (place["lat"], place["city"], place["type"]) == (
        48.177,
        "Muenchen",
        "DESTINATION",
    )


@pytest.mark.parametrize(
    ("poi", "status"),
    [
        ('{"poi": {"name": "Hello", "additionalInfo": "Be home by six"}}', 204),
        ('{"poi": {"lat": 1.5, "lon": "east"}}', 400),
        ('{"poi": 5}', 400),
        ("{}", 400),
        ("", 400),
        (json.dumps({"poi": {"name": "x", "additionalInfo": "y" * 256}}), 400),
    ],
)
async def test_places_are_checked(signed_in: Client, poi: str, status: int) -> None:
    """A message needs no place; half a place is none."""
    assert (await signed_in.post(I3, "/sendpoi", data=poi)).status == status
