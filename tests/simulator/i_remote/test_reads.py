"""Every read of i Remote, and what it refuses."""

from io import BytesIO
import json

from PIL import Image
import pytest

from simulator.pictures import VIEWS
from tests.world import World

from .client import EU, PORTAL, US, VEHICLES, Client

I3, HYBRID, DIESEL = range(3)


@pytest.mark.parametrize("path", [VEHICLES, f"{VEHICLES}/"])
async def test_the_list(world: World, signed_in: Client, path: str) -> None:
    """An object, or an array as the other description has it."""
    cars = (await signed_in.call("GET", path)).json()["vehicles"]
    assert [car["vin"] for car in cars] == list(signed_in.spec.vins)
    assert cars[I3]["chargingControl"] == "WEEKLY_PLANNER"
    assert cars[HYBRID]["chargingControl"] == "TWO_TIMES_TIMER"
    assert cars[DIESEL]["rangeMap"] == "NOT_SUPPORTED"
    world.control.service("i_remote", list_form="array")
    assert (await signed_in.call("GET", path)).json() == cars


async def test_status_of_an_electric_car(world: World, signed_in: Client) -> None:
    """It waits for its hour, then charges with the minutes that are left."""
    status = await signed_in.status(I3)
    assert status["chargingStatus"] == "WAITING_FOR_CHARGING"
    assert status["connectionStatus"] == "CONNECTED"
    assert "chargingTimeRemaining" not in status
    assert status["remainingFuel"] == 0
    assert "remainingRangeFuel" not in status
    assert (status["rearWindow"], status["sunroof"]) == ("INVALID", "INVALID")
    assert status["updateTime"] == "2026-11-21T09:00:00+0100"
    assert status["internalDataTimeUTC"] == "2026-11-21T08:00:00"
    assert status["doorLockState"] == "SECURED"
    await signed_in.execute(I3, "CHARGE_NOW")
    await world.advance(30)
    status = await signed_in.status(I3)
    assert status["chargingStatus"] == "CHARGING"
    assert status["chargingTimeRemaining"] > 60
    assert status["updateReason"] == "CHARGING_STARTED"
    world.control.service("i_remote", misspelt=True)
    assert (await signed_in.status(I3))["updateReason"] == "CHARGIN_STARTED"


async def test_other_cars(signed_in: Client) -> None:
    """A hybrid has both and no greatest range; a diesel has nothing electric."""
    hybrid = await signed_in.status(HYBRID)
    assert {"remainingRangeElectric", "remainingRangeFuel"} <= hybrid.keys()
    assert "maxRangeElectric" not in hybrid
    assert (hybrid["chargingStatus"], hybrid["connectionStatus"]) == (
        "INVALID",
        "DISCONNECTED",
    )
    diesel = await signed_in.status(DIESEL)
    assert not [key for key in diesel if "harging" in key or "Electric" in key]
    assert diesel["maxFuel"] == 52


@pytest.mark.parametrize(
    ("path", "root", "statuses"),
    [
        ("/statistics/lastTrip", "lastTrip", (200, 200, 404)),
        ("/statistics/allTrips", "allTrips", (200, 200, 404)),
        ("/rangemap", "rangemap", (200, 200, 404)),
        ("/destinations", "destinations", (200, 200, 200)),
    ],
)
async def test_optional_services(
    signed_in: Client, path: str, root: str, statuses: tuple[int, ...]
) -> None:
    """As the list says: what a car lacks is not found."""
    for number, status in enumerate(statuses):
        page = await signed_in.get(number, path)
        assert page.status == status
        if status == 200:
            assert list(page.json()) == [root]


async def test_profiles_in_both_forms(signed_in: Client) -> None:
    """The root key is that of the car's form."""
    weekly = (await signed_in.get(I3, "/chargingprofile")).json()["weeklyPlanner"]
    assert weekly["timer1"]["departureTime"] == "07:15"
    assert weekly["overrideTimer"] == {"weekdays": []}
    daily = (await signed_in.get(HYBRID, "/chargingprofile")).json()["twoTimesTimer"]
    assert "weekdays" not in daily["timer1"]
    assert "enabled" not in daily["preferredChargingWindow"]
    assert (await signed_in.get(DIESEL, "/chargingprofile")).status == 404


@pytest.mark.parametrize("host", [EU, PORTAL])
async def test_navigation_and_efficiency(signed_in: Client, host: str) -> None:
    """The API and the portal say the same; the key's spelling is the car's."""
    path = "/api/vehicle/{}/v1/{}"
    vins = signed_in.spec.vins
    electric, hybrid, diesel = [
        await signed_in.call("GET", path.format("navigation", vin), host=host)
        for vin in vins
    ]
    assert electric.json()["socmax"] == 33.2
    assert hybrid.json()["socMax"] == 5.7
    assert hybrid.json()["soc"] < 5.7
    assert diesel.status == 404
    page = await signed_in.call("GET", path.format("efficiency", vins[0]), host=host)
    assert page.json()["lastTripList"][1]["lastTrip"] == "--"


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("width=64&height=36&view=FRONT", "image/png", 200),
        ("width=64&height=36&view=BELOW", "image/png", 400),
        ("width=wide&height=36&view=FRONT", "image/png", 400),
        ("view=FRONT", "image/png", 400),
        ("width=64&height=36&view=FRONT", "application/json", 406),
    ],
)
async def test_the_image(
    signed_in: Client, query: str, accept: str, status: int
) -> None:
    """A PNG of a view that exists, for those who ask for one."""
    page = await signed_in.get(I3, f"/image?{query}", Accept=accept)
    assert page.status == status
    assert page.content.startswith(b"\x89PNG") is (status == 200)


async def test_pictures_differ(signed_in: Client) -> None:
    """Every view shows something else, in the car's own paint, of just this size."""
    pictures = {}
    for view in VIEWS:
        page = await signed_in.get(
            I3, f"/image?width=160&height=90&view={view}", Accept="image/png"
        )
        with Image.open(BytesIO(page.content)) as drawn:
            assert drawn.size == (160, 90)
        pictures[view] = page.content
    assert len(set(pictures.values())) == len(VIEWS)
    side = "/image?width=160&height=90&view=SIDE"
    cars = [
        await signed_in.get(number, side, Accept="image/png") for number in range(3)
    ]
    doors = []
    for page in cars:
        with Image.open(BytesIO(page.content)) as drawn:
            doors.append(drawn.getpixel((100, 52)))
    assert len(set(doors)) == len(doors)


@pytest.mark.parametrize(("width", "height"), [(33, 400), (400, 33), (1, 1)])
async def test_a_picture_of_any_shape(
    signed_in: Client, width: int, height: int
) -> None:
    """The car is not stretched; there is white around it."""
    path = f"/image?width={width}&height={height}&view=REAR"
    page = await signed_in.get(I3, path, Accept="image/png")
    with Image.open(BytesIO(page.content)) as drawn:
        assert drawn.size == (width, height)


async def test_positions(world: World, signed_in: Client) -> None:
    """Some cars tell only who is near; some owners want nobody to know."""
    turn = world.control.service
    place = (await signed_in.status(I3))["position"]
    assert place["status"] == "OK"
    turn("i_remote", near_only=True)
    for query, word in (
        ("", "TOO_FAR_AWAY"),
        ("?dlat=48.4&dlon=11.5593", "TOO_FAR_AWAY"),
        ("?dlat=48.1771&dlon=11.5600", "OK"),
        ("?dlat=here&dlon=there", "TOO_FAR_AWAY"),
    ):
        page = await signed_in.get(I3, f"/status{query}")
        position = page.json()["vehicleStatus"]["position"]
        assert position["status"] == word
        assert ("lat" in position) is (word == "OK")
    turn("i_remote", near_only=False, position="DRIVER_DISABLED")
    assert (await signed_in.status(I3))["position"] == {"status": "DRIVER_DISABLED"}


async def test_a_moving_car_has_no_place(world: World) -> None:
    """It reports that it moves, and nothing about where."""
    client = Client(world, "i3.driver@example.com")
    await client.sign_in()
    positions = []
    for _ in range(120):
        await world.advance(120)
        status = await client.status(0)
        if status["updateReason"] == "VEHICLE_MOVING":
            positions.append(status["position"])
    assert positions
    assert all(place == {"status": "VEHICLE_ACTIVE"} for place in positions)
    trip = (await client.get(0, "/statistics/lastTrip")).json()["lastTrip"]
    assert trip["totalDistance"] > 10
    assert trip["duration"] > 10
    (*_, last) = world.simulator.twin(client.spec.vins[0]).memory.trips
    assert trip["totalDistance"] == round(last.distance)
    assert trip["duration"] == round(last.minutes)


async def test_figures_follow_the_trips(world: World) -> None:
    """What the owner drove and charged, beside everybody's."""
    client = Client(world, "i3.driver@example.com")
    await client.sign_in()
    before = (await client.get(0, "/statistics/allTrips")).json()["allTrips"]
    await world.advance(3 * 86_400)
    await client.sign_in()
    after = (await client.get(0, "/statistics/allTrips")).json()["allTrips"]
    memory = world.simulator.twin(client.spec.vins[0]).memory
    cycle = after["chargecycleRange"]
    (*_, end) = [event.at for event in memory.charges if not event.began]
    since = sum(trip.distance for trip in memory.trips if trip.arrived > end)
    assert cycle["userCurrentChargeCycle"] == pytest.approx(since, abs=0.1)
    assert cycle["userHigh"] >= cycle["userAverage"] > 0
    assert (
        after["totalElectricDistance"]["userTotal"]
        > (before["totalElectricDistance"]["userTotal"])
    )
    driven = sum(trip.distance for trip in memory.trips)
    used = sum(trip.energy for trip in memory.trips)
    assert after["avgElectricConsumption"]["userAverage"] == pytest.approx(
        used / driven * 100, abs=0.1
    )
    page = await client.call("GET", f"/api/vehicle/efficiency/v1/{client.spec.vins[0]}")
    shown = {row["name"]: row["lastTrip"] for row in page.json()["lastTripList"]}
    assert float(shown["LASTTRIP_DELTA_KM"]) == round(memory.trips[-1].distance)


async def test_everybodys_figures_alone(world: World, signed_in: Client) -> None:
    """Some owners have none of their own."""
    world.control.service("i_remote", community_only=True)
    figures = (await signed_in.get(I3, "/statistics/allTrips")).json()["allTrips"]
    assert figures["avgElectricConsumption"].keys() == {
        "communityLow",
        "communityAverage",
        "communityHigh",
    }


async def test_how_the_last_charge_ended(world: World, signed_in: Client) -> None:
    """With a full battery, or before."""
    vin = signed_in.spec.vins[I3]
    assert (await signed_in.status(I3))["lastChargingEndResult"] == "SUCCESS"
    await signed_in.execute(I3, "CHARGE_NOW")
    await world.advance(600)
    twin = world.simulator.twin(vin)
    twin.state.plugged_in = False
    twin.wake(world.clock.now(), latency=0)
    await world.advance(10)
    status = await signed_in.status(I3)
    assert status["lastChargingEndReason"] == "UNKNOWN"
    twin.state.plugged_in = True
    await signed_in.execute(I3, "CHARGE_NOW")
    await world.advance(6 * 3600)
    status = await signed_in.status(I3)
    assert status["chargingStatus"] == "FINISHED_FULLY_CHARGED"
    assert status["lastChargingEndReason"] == "CHARGING_GOAL_REACHED"


async def test_places_of_earlier_years(signed_in: Client) -> None:
    """Cars have been sent somewhere before."""
    page = await signed_in.get(HYBRID, "/destinations")
    (place,) = page.json()["destinations"]
    assert place["type"] == "DESTINATION"
    assert place["createdAt"].startswith("2019-")


async def test_what_owners_change_outlives_a_restart(
    world: World, signed_in: Client
) -> None:
    """The charging profile and the destinations are those from before."""
    planner = (await signed_in.get(I3, "/chargingprofile")).json()["weeklyPlanner"]
    planner["timer3"] = {
        "departureTime": "19:15",
        "timerEnabled": True,
        "weekdays": ["SUNDAY"],
    }
    planner["chargingMode"] = "IMMEDIATE_CHARGING"
    planner["chargingPreferences"] = "NO_PRESELECTION"
    planner["preferredChargingWindow"]["enabled"] = False
    data = json.dumps({"weeklyPlanner": planner})
    assert (await signed_in.execute(I3, "CHARGING_CONTROL", data=data)).status == 200
    poi = {"poi": {"name": "Depot", "lat": 48.177, "lon": 11.559, "city": "Muenchen"}}
    await signed_in.post(HYBRID, "/sendpoi", data=json.dumps(poi))
    await world.advance(60)
    places = (await signed_in.get(HYBRID, "/destinations")).json()
    assert len(places["destinations"]) == 2
    saved_cars = json.loads(json.dumps(world.simulator.saved_cars()))
    cloud_state = json.loads(json.dumps(world.simulator.cloud_state()))
    later = World(world.clock.now(), saved_cars=saved_cars, cloud_state=cloud_state)
    async with later.opened():
        again = Client(later)
        await again.sign_in()
        kept = (await again.get(I3, "/chargingprofile")).json()["weeklyPlanner"]
        assert kept["timer3"] == planner["timer3"]
        assert kept["chargingMode"] == "IMMEDIATE_CHARGING"
        assert kept["preferredChargingWindow"] == planner["preferredChargingWindow"]
        assert (await again.get(HYBRID, "/destinations")).json() == places


async def test_empty_services(world: World, signed_in: Client) -> None:
    """They answer 200 with nothing in it."""
    world.control.service("i_remote", empty_services=True)
    assert (await signed_in.get(I3, "/rangemap")).json() == {"rangemap": {}}


async def test_strangers(world: World, signed_in: Client) -> None:
    """Nobody sees another's car, or asks another region for it."""
    other = Client(world, "i3.american@example.com", US)
    await other.sign_in()
    assert (await other.get(0, "/status")).status == 200
    other.host = EU
    assert (await other.get(0, "/status")).status == 404
    assert (await other.call("GET", VEHICLES)).status == 200
    path = f"{VEHICLES}/{other.spec.vins[0]}/status"
    assert (await signed_in.call("GET", path)).status == 404
    lower = f"{VEHICLES}/{signed_in.spec.vins[0].lower()}/status"
    assert (await signed_in.call("GET", lower)).status == 200


async def test_gone(world: World, signed_in: Client) -> None:
    """The end of the service is a page."""
    world.control.service("i_remote", closed=True)
    page = await signed_in.get(I3, "/status")
    assert page.status == 410
    assert b"<html" in page.content


async def test_faults_are_worded_as_here(world: World, signed_in: Client) -> None:
    """A refusal on demand has the service's own envelope."""
    world.control.fault("status", path="*/status", status=408, retry_after=30)
    page = await signed_in.get(I3, "/status")
    assert page.json() == {"error": {"code": 408, "description": "VEHICLE_UNAVAILABLE"}}
    assert page.headers["Retry-After"] == "30"
    assert (await signed_in.get(I3, "/executeService")).status == 405
