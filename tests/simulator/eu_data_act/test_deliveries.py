"""Deliveries: when they come, what is in them, and what goes wrong with them."""

from datetime import UTC, datetime
from typing import Any
import zipfile

import pytest

from carport.car.commands import StartCharging, StopCharging
from tests.world import World

from .client import PortalClient, unpacked, values
from .conftest import ID3, PASSAT, TESTER, Open

LIVE = "506cb83e-f99f-3af3-bbeb-0429b69a78d9"
AT_START = "93b55324-6628-36df-8f76-8eba797fc59c"
HIGH_VOLTAGE = "ac1108b1-b8cc-3db9-a663-03d387e42223"
DISPLAYED = "ae0294b4-1286-3e98-a818-1485b8d88430"
RAW = "f89ed652-d104-3fa6-b7e2-ab7543309e7b"
MILEAGE = "30cc36fd-71ca-3c09-9296-e94ebd47bd2b"
MILEAGE_UNIT = "37fcab93-1d16-329f-b13c-844d244faa04"
QUARTER = 900


async def _identifier(portal: PortalClient, vin: str = ID3) -> str:
    said = await portal.metadata(vin)
    if said.status == 401:
        await portal.sign_in()
        said = await portal.metadata(vin)
    found: str = said.json()["Identifier"]
    return found


async def _files(portal: PortalClient, vin: str = ID3) -> list[dict[str, str]]:
    said = await portal.files(vin, await _identifier(portal, vin))
    found: list[dict[str, str]] = said.json()["files"]
    return found


async def _newest(portal: PortalClient, vin: str = ID3) -> list[Any]:
    """Return the newest delivery with anything in it."""
    identifier = await _identifier(portal, vin)
    for file in await _files(portal, vin):
        if "no_content" not in file["name"]:
            return unpacked((await portal.download(vin, identifier, file["name"])).body)
    raise AssertionError("nothing was delivered")


async def test_list(portal: PortalClient) -> None:
    """The newest 30 are listed, newest first, sizes as texts and names by time."""
    files = await _files(portal)
    assert 25 <= len(files) <= 30
    created = [file["createdOn"] for file in files]
    assert created == sorted(created, reverse=True)
    newest = files[0]
    at = datetime.fromisoformat(newest["createdOn"]).astimezone(UTC)
    assert newest["name"].startswith(f"{at:%Y%m%d%H%M%S}_{ID3}")
    assert isinstance(newest["size"], str)
    identifier = await _identifier(portal)
    body = (await portal.download(ID3, identifier, newest["name"])).body
    assert newest["size"] == str(len(body))


async def test_one_every_quarter_of_an_hour(portal: PortalClient, world: World) -> None:
    """A while later there are more, and the oldest are gone."""
    before = await _files(portal)
    await world.advance(8 * QUARTER)
    after = await _files(portal)
    assert (
        7
        <= len({file["name"] for file in after} - {file["name"] for file in before})
        <= 8
    )
    assert len(after) <= 30


async def test_dotted_delivery(portal: PortalClient, world: World) -> None:
    """Values have no times, and the level stands under keys that contradict it."""
    world.simulator.twin(ID3)
    await world.advance(4 * QUARTER)
    (document,) = await _newest(portal)
    assert document["vin"] == ID3
    assert document["user_id"]
    assert not any("timestampUtc" in entry for entry in document["Data"])
    assert sum(
        entry["dataFieldName"] == "car_captured_time" for entry in document["Data"]
    )
    said = values([document])
    level = round(world.simulator.twin(ID3).report.state.battery_level)
    assert abs(int(said[LIVE]) - level) <= 4
    assert int(said[AT_START]) < int(said[LIVE])
    assert float(said[HIGH_VOLTAGE]) == int(said[LIVE])


async def test_flat_delivery(portal: PortalClient) -> None:
    """Every value has its time, and the raw level is not the displayed one."""
    (document,) = await _newest(portal, PASSAT)
    assert all("timestampUtc" in entry for entry in document["Data"])
    assert document["userId"]
    said = values([document])
    assert said[DISPLAYED] == "65"
    assert said[RAW] == "66"


async def test_both_spellings_and_miles(portal: PortalClient, world: World) -> None:
    """A newer car says things twice; a British one counts miles."""
    world.control.account(TESTER, format="both", miles=True)
    said = values(await _newest(portal))
    assert {DISPLAYED, LIVE} <= said.keys()
    assert said[MILEAGE_UNIT] == "MILES"
    assert int(said[MILEAGE]) == round(31_870 / 1.609344)


async def test_numbers_of_words(portal: PortalClient, world: World) -> None:
    """Some cars send where a word stands in the maker's list."""
    world.control.account(TESTER, word_numbers=True, miles=True)
    said = values(await _newest(portal))
    assert said[MILEAGE_UNIT] == said["9c83ccaa-5288-38da-9d38-81ef8db469b3"] == "1"


async def test_mixed_capture_times(portal: PortalClient, world: World) -> None:
    """A delivery holds reports of different age."""
    await world.advance(4 * QUARTER)
    world.simulator.twin(ID3).accept(StopCharging(), world.clock.now())
    await world.advance(2 * QUARTER)
    world.simulator.twin(ID3).accept(StartCharging(), world.clock.now())
    await world.advance(20 * QUARTER)
    identifier = await _identifier(portal)
    mixed = 0
    for file in await _files(portal):
        if "no_content" in file["name"]:
            continue
        body = (await portal.download(ID3, identifier, file["name"])).body
        times = {
            entry["value"]
            for document in unpacked(body)
            for entry in document["Data"]
            if entry["dataFieldName"].endswith("car_captured_time")
        }
        assert all(time <= file["createdOn"] for time in times)
        mixed += len(times) > 1
    assert mixed > 0


async def test_nothing_new_is_delivered_too(portal: PortalClient, world: World) -> None:
    """A parked car's deliveries are empty, in each of the ways that is said."""
    world.simulator.twin(ID3).accept(StopCharging(), world.clock.now())
    await world.advance(40 * QUARTER)
    identifier = await _identifier(portal)
    empty = [
        file for file in await _files(portal) if "no_content_found" in file["name"]
    ]
    assert len(empty) > 15
    bodies = [
        (await portal.download(ID3, identifier, file["name"])).body for file in empty
    ]
    said = [unpacked(body) if body else [] for body in bodies]
    assert [] in said
    assert [None] in said
    assert [{"vin": ID3}] in said


async def test_outage(portal: PortalClient, world: World) -> None:
    """In an outage everything is empty, although the car has something to tell."""
    world.control.account(TESTER, outage=True)
    await world.advance(31 * QUARTER)
    assert all("no_content_found" in file["name"] for file in await _files(portal))


async def test_late_reports(portal: PortalClient, world: World) -> None:
    """Reports may be hours late; then they come with their old times."""
    world.control.account(TESTER, late=3 * 3600)
    await world.advance(14 * QUARTER)
    newest = max(
        entry["value"]
        for document in await _newest(portal)
        for entry in document["Data"]
        if entry["dataFieldName"] == "car_captured_time"
    )
    assert newest < "2026-11-21T08:31:00Z"


async def test_several_files_and_broken_ones(
    portal: PortalClient, world: World
) -> None:
    """A ZIP may hold more than one file, or be none."""
    world.control.account(TESTER, several=True)
    assert len(await _newest(portal)) == 2
    world.control.account(TESTER, corrupt=9)
    await world.advance(3 * QUARTER)
    with pytest.raises(zipfile.BadZipFile):
        await _newest(portal)


async def test_only_the_clusters_that_were_asked_for(
    portal: PortalClient, world: World
) -> None:
    """A request for a part brings that part, and in the dotted format no times."""
    world.control.account(TESTER, requests="delete")
    said = await portal.create(
        ID3,
        Name="Carport",
        Identifier="1" * 32,
        Frequency="15mins",
        Duration="No Expiry",
        StartDate="2026-11-21T08:00:00Z",
        DataClusters=["Charging"],
        EmailFrequency="No notification",
        LastNotificationDate=None,
    )
    assert said.status == 201
    none = await portal.files(ID3, "1" * 32)
    assert none.status == 404
    assert "No files available for this request" in none.text
    await world.advance(3 * QUARTER)
    delivered = values(await _newest(portal))
    assert LIVE in delivered
    assert MILEAGE not in delivered


async def test_headers_are_demanded(portal: PortalClient) -> None:
    """Without the type there is 500, without a trace 400, without a name nothing."""
    identifier = await _identifier(portal)
    name = (await _files(portal))[0]["name"]
    assert (await portal.files(ID3, identifier, lack="type")).status == 500
    assert (await portal.files(ID3, identifier, lack="traceId")).status == 400
    assert (await portal.download(ID3, identifier, name, lack="filename")).status == 400
    assert (await portal.download(ID3, identifier, name, lack="type")).status == 500
    assert (await portal.download(ID3, identifier, "other.zip")).status == 404


async def test_list_has_bad_days(portal: PortalClient, world: World) -> None:
    """Not ready, 500 with a page, another identifier, nothing any more."""
    identifier = await _identifier(portal)
    world.control.account(TESTER, not_ready=True)
    assert (await portal.files(ID3, identifier)).status == 400
    world.control.account(TESTER, not_ready=False, requests="change_identifiers")
    assert (await portal.files(ID3, identifier)).json() == {"files": []}
    assert await _identifier(portal) != identifier
    assert await _files(portal)


async def test_too_many_reads(opened: Open, world: World) -> None:
    """One too many is 429, with the seconds to wait."""
    world.control.service("eu_data_act", reads_limit=2)
    portal = opened()
    await portal.sign_in()
    identifier = await _identifier(portal)
    statuses = [(await portal.files(ID3, identifier)).status for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = await portal.files(ID3, identifier)
    wait = int(refused.headers["Retry-After"])
    await world.advance(wait)
    assert (await portal.files(ID3, identifier)).status == 200


async def test_requests_outlive_the_simulator(
    portal: PortalClient, world: World
) -> None:
    """What an owner has created is there after a restart, and so is the session."""
    world.control.account(TESTER, requests="delete", create_request=ID3)
    identifier = await _identifier(portal)
    later = World(
        world.clock.now(),
        saved_cars=world.simulator.saved_cars(),
        cloud_state=world.simulator.cloud_state(),
    )
    async with later.opened():
        portal.hosts = later.simulator.hosts
        assert await _identifier(portal) == identifier
        assert (await portal.metadata(PASSAT)).status == 404
