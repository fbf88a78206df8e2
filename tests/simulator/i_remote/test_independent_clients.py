"""What independent clients of i Remote send, and need to be answered."""

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from tests.world import World

from .client import Client

I3, HYBRID = 0, 1
FINAL = {"EXECUTED", "NOT_EXECUTED", "TIMED_OUT", "INITIATED"}
"""What one client takes for the end: anything but PENDING and DELIVERED."""
SERVICES = (
    "CHARGE_NOW",
    "CHARGING_CONTROL",
    "CLIMATE_CONTROL",
    "CLIMATE_NOW",
    "DOOR_LOCK",
    "DOOR_UNLOCK",
    "GET_ALL_IMAGES",
    "GET_PASSWORD_RESET_INFO",
    "GET_VEHICLES",
    "GET_VEHICLE_IMAGE",
    "GET_VEHICLE_STATUS",
    "HORN_BLOW",
    "LIGHT_FLASH",
    "LOCAL_SEARCH",
    "LOCAL_SEARCH_SUGGESTIONS",
    "LOGIN",
    "LOGOUT",
    "SEND_POI_TO_CAR",
    "VEHICLE_FINDER",
)
COMMANDS = ("CHARGE_NOW", "CLIMATE_NOW", "DOOR_LOCK", "LIGHT_FLASH", "VEHICLE_FINDER")


def planner(**changes: Any) -> dict[str, Any]:
    """Return a profile without departures."""
    empty: dict[str, Any] = {"weekdays": []}
    return {
        "climatizationEnabled": False,
        "chargingMode": "IMMEDIATE_CHARGING",
        "chargingPreferences": "NO_PRESELECTION",
        "timer1": empty,
        "timer2": empty,
        "timer3": empty,
        "overrideTimer": empty,
        "preferredChargingWindow": {
            "enabled": False,
            "startTime": "01:00",
            "endTime": "05:00",
        },
        **changes,
    }


async def written(world: World, client: Client, profile: dict[str, Any]) -> Any:
    """Write a profile, and return what is then read."""
    data = json.dumps({"weeklyPlanner": profile})
    answer = await client.execute(I3, "CHARGING_CONTROL", data=data)
    assert answer.status == 200
    await world.advance(60)
    return (await client.get(I3, "/chargingprofile")).json()["weeklyPlanner"]


@pytest.mark.parametrize("preferences", ["CHARGING_WINDOW", "NO_PRESELECTION"])
@pytest.mark.parametrize("enabled", [True, False])
async def test_8_3_24_preferences_are_kept(
    world: World, signed_in: Client, preferences: str, enabled: bool
) -> None:
    """Also of a window that is off."""
    window = {"enabled": enabled, "startTime": "01:00", "endTime": "05:00"}
    wish = planner(chargingPreferences=preferences, preferredChargingWindow=window)
    found = await written(world, signed_in, wish)
    assert found["chargingPreferences"] == preferences
    assert found["preferredChargingWindow"]["startTime"] == "01:00"


@pytest.mark.parametrize("climate", [True, False])
async def test_8_3_25_climate_without_departures(
    world: World, signed_in: Client, climate: bool
) -> None:
    """The flag is kept, after a restart too."""
    wish = planner(climatizationEnabled=climate, chargingPreferences="CHARGING_WINDOW")
    found = await written(world, signed_in, wish)
    assert found["climatizationEnabled"] is climate
    saved_cars = json.loads(json.dumps(world.simulator.saved_cars()))
    cloud_state = json.loads(json.dumps(world.simulator.cloud_state()))
    later = World(world.clock.now(), saved_cars=saved_cars, cloud_state=cloud_state)
    async with later.opened():
        again = Client(later)
        await again.sign_in()
        kept = (await again.get(I3, "/chargingprofile")).json()["weeklyPlanner"]
        assert kept == found


@pytest.mark.parametrize("service", COMMANDS)
async def test_8_3_26_the_record_begins_at_pending(
    world: World, signed_in: Client, service: str
) -> None:
    """A client that looks at once goes on looking, and sees the end."""
    await signed_in.execute(I3, service)
    looks = 0
    while (word := (await signed_in.record(I3, service))["status"]) not in FINAL:
        looks += 1
        await world.advance(1)
    assert looks >= 4
    assert word == "EXECUTED"


@pytest.mark.parametrize("service", SERVICES)
async def test_8_3_26_every_service_has_a_record(
    signed_in: Client, service: str
) -> None:
    """Those that are no commands too; only a command that was refused has none."""
    await signed_in.execute(I3, service)
    path = f"/serviceExecutionStatus?serviceType={service}"
    page = await signed_in.get(I3, path)
    if service == "CHARGING_CONTROL":
        # Its profile was missing.
        assert page.status == 404
    else:
        assert page.json()["executionStatus"]["serviceType"] == service
    unknown = await signed_in.get(I3, "/serviceExecutionStatus?serviceType=FLY")
    assert unknown.status == 404


FIELDS = {
    *("latitude", "longitude", "isocountrycode", "auxpowerregular", "auxpowerecopro"),
    *("auxpowerecoproplus", "soc", "socmax", "eco", "norm", "ecoev", "normev"),
    *("vehiclemass", "kaccreg", "kdecreg", "kacceco", "kdececo", "kup", "kdown"),
    *("drivetrain", "pendingupdate", "vehicletracking"),
}


@pytest.mark.parametrize("number", [I3, HYBRID])
async def test_8_3_27_navigation_has_every_field(
    world: World, signed_in: Client, number: int
) -> None:
    """And the country is where the car is."""
    vin = signed_in.spec.vins[number]
    path = f"/api/vehicle/navigation/v1/{vin}"
    found = (await signed_in.call("GET", path)).json()
    assert {key.lower() for key in found} == FIELDS
    curves = [found[key] for key in ("eco", "norm", "ecoEv", "normEv")]
    assert all(len([int(one, 16) for one in row.split(",")]) == 11 for row in curves)
    here = world.simulator.twin(vin).state.parked_position
    british = here.longitude < 1.8
    assert found["isoCountryCode"] == ("GBR" if british else "DEU")


@pytest.mark.parametrize(
    ("start", "offset"),
    [
        (datetime(2026, 7, 21, 8, tzinfo=UTC), "+0200"),
        (datetime(2026, 1, 21, 8, tzinfo=UTC), "+0100"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "+0200"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "+0100"),
    ],
)
async def test_8_3_28_the_offset_of_the_date(start: datetime, offset: str) -> None:
    """In summer another one than in winter, and the same moment."""
    async with World(start).opened() as world:
        client = Client(world)
        await client.sign_in()
        said = (await client.status(I3))["updateTime"]
    assert said.endswith(offset)
    assert datetime.strptime(said, "%Y-%m-%dT%H:%M:%S%z") == start


async def test_8_3_29_a_client_of_their_own(world: World, client: Client) -> None:
    """Clients have theirs built in: the account's app is set to it."""
    key = "anothers-key:anothers-secret"
    assert (await client.sell(key=key)).status == 401
    world.control.account(
        client.username, client_id="anothers-key", client_secret="anothers-secret"
    )
    assert (await client.sell(key=key)).status == 200
    assert (await client.sell(key="anothers-key:wrong")).status == 401
