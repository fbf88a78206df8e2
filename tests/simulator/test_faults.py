"""Bad days on demand, over HTTP as everybody may ask for them."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.world import World

from .seed_client import US, SeedClient

STATUS = "/rvs/v1/vehicle/*"


async def _ask(world: World, method: str, path: str, body: Any = None) -> Any:
    async with world.session.request(
        method, f"{world.simulator.address}/control{path}", json=body
    ) as answer:
        content = await answer.json()
    assert answer.status == 200, content
    return content


async def _fault(world: World, **wish: Any) -> None:
    await _ask(world, "POST", "/faults", {"path": STATUS, **wish})


@pytest.fixture
def path(signed_in: SeedClient) -> str:
    """Give the path of the e-Golf's status."""
    return f"/rvs/v1/vehicle/{signed_in.car()['vehicleId']}"


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503, 504])
async def test_status(
    world: World, signed_in: SeedClient, path: str, status: int
) -> None:
    """A call is refused as often as asked for, then all is well."""
    await _fault(world, kind="status", status=status, count=2)
    for _ in range(2):
        page = await signed_in.get(path)
        assert page.status == status
        assert "Retry-After" not in page.headers
    assert (await signed_in.get(path)).status == 200


async def test_retry_after(world: World, signed_in: SeedClient, path: str) -> None:
    """A 429 may say how long it lasts; this one lasts until it is ended."""
    await _fault(world, kind="status", status=429, retry_after=90)
    for _ in range(3):
        assert (await signed_in.get(path)).headers["Retry-After"] == "90"
    assert (await _ask(world, "GET", "/faults"))[0]["hits"] == 3
    await _ask(world, "DELETE", "/faults/1")
    assert (await signed_in.get(path)).status == 200


async def test_html_empty_and_truncated(
    world: World, signed_in: SeedClient, path: str
) -> None:
    """What is not JSON comes with 200."""
    whole = (await signed_in.get(path)).text
    await _fault(world, kind="html", count=1)
    page = await signed_in.get(path)
    assert page.status == 200
    assert page.text.startswith("<!DOCTYPE html>")
    await _fault(world, kind="empty", count=1)
    assert (await signed_in.get(path)).text == ""
    await _fault(world, kind="truncated", count=1)
    half = (await signed_in.get(path)).text
    assert whole.startswith(half)
    assert len(half) == len(whole) // 2


async def test_garbled(world: World, signed_in: SeedClient, path: str) -> None:
    """Some bytes are others, whatever they are."""
    address = f"{signed_in.hosts[signed_in.base]}{path}"

    async def body() -> bytes:
        async with world.session.get(address) as answer:
            return await answer.read()

    whole = await body()
    await _fault(world, kind="garbled", count=1)
    garbled = await body()
    assert garbled != whole
    assert len(garbled) == len(whole)
    assert await body() == whole


async def test_dropped(world: World, signed_in: SeedClient) -> None:
    """The connection breaks before anything is done; the list of calls says so."""
    await signed_in.open_session()
    world.control.fault("drop", path="/mps/*", count=1)
    with pytest.raises(aiohttp.ClientError):
        await signed_in.command("POST", "/health/fresh")
    assert world.control.calls("/mps/*")[-1].status == 0
    assert (await signed_in.command("POST", "/health/fresh")).status == 200


async def test_dropped_after_it_was_done(world: World, signed_in: SeedClient) -> None:
    """A command arrives, and its answer does not."""
    await signed_in.open_session()
    world.control.fault("drop_after", path="/mps/*", count=1)
    # Not a PUT: aiohttp sends one again by itself when its connection breaks.
    task = signed_in.start("PATCH", "/status/charging", active=False)
    await world.advance(11)
    with pytest.raises(aiohttp.ClientError):
        await task
    await world.advance(21)
    battery = (await signed_in.status())["powerStatus"]["battery"]
    assert battery["minutesUntilFullCharge"] == 0


async def test_slow(world: World, signed_in: SeedClient, path: str) -> None:
    """A slow answer takes its time by the clock."""
    await _fault(world, kind="slow", seconds=45, count=1)
    task = asyncio.ensure_future(signed_in.get(path))
    await world.advance(44)
    assert not task.done()
    await world.advance(1)
    assert (await task).status == 200


@pytest.mark.parametrize(
    ("damage", "place", "value"),
    [
        ("half_payload", ["exteriorStatus"], None),
        ("nulls", ["powerStatus", "cruiseRange"], None),
        ("null_blocks", ["exteriorStatus"], None),
        ("unknown_words", ["exteriorStatus", "doorStatus", "hood"], "PERHAPS"),
        ("not_available", ["exteriorStatus", "lightStatus", "left"], "NOTAVAILABLE"),
        ("invalid", ["exteriorStatus", "windowStatus", "rearLeft"], "INVALID"),
        ("wrong_types", ["currentMileage"], []),
        ("no_range", ["powerStatus", "cruiseRange"], -1),
        ("miles", ["powerStatus", "cruiseRangeUnits"], "MI"),
        ("null_location", ["location"], None),
        ("null_locations", ["lastParkedLocation"], None),
        ("zero_location", ["location", "latitude"], 0),
        ("no_timestamp", ["timestamp"], None),
        (
            "timestamps_among_words",
            ["exteriorStatus", "doorStatus", "doorStatusTimestamp"],
            1786292018000,
        ),
    ],
)
async def test_damage(
    world: World,
    signed_in: SeedClient,
    path: str,
    damage: str,
    place: list[str],
    value: Any,
) -> None:
    """Every named oddity can be had, and goes again."""
    whole = await signed_in.status()
    await _fault(world, kind="damage", damage=damage, count=1)
    found: Any = (await signed_in.get(path)).json()["data"]
    assert found != whole
    for key in place:
        found = found.get(key)
    assert found == value
    assert await signed_in.status() == whole


async def test_more_damages(world: World, signed_in: SeedClient, path: str) -> None:
    """Those that concern other answers, or the envelope."""
    await _fault(world, kind="damage", damage="no_envelope", count=1)
    assert "powerStatus" in (await signed_in.get(path)).json()
    enrollment = "/account/v1/enrollment/status"
    world.control.fault("damage", path=enrollment, damage="empty_garage", count=1)
    await signed_in.enroll()
    assert signed_in.account["vehicleEnrollmentStatus"] == []
    await signed_in.enroll()
    await signed_in.open_session()
    world.control.fault("damage", path="/mps/*", damage="string_booleans", count=1)
    page = await world.result(signed_in.command("PUT", "/status/climate/details"))
    assert page.json()["data"]["climate_on"] == "false"


async def test_changes(world: World, signed_in: SeedClient, path: str) -> None:
    """Any place of an answer can be set or taken away."""
    await _fault(
        world,
        kind="change",
        set={"data.exteriorStatus.doorStatus.*": "AJAR", "data.nowhere.at": 1},
        remove=["data.powerStatus.battery", "data.absent"],
        account=signed_in.username,
        host=US,
        method="GET",
    )
    status = (await signed_in.get(path)).json()["data"]
    assert set(status["exteriorStatus"]["doorStatus"].values()) == {"AJAR"}
    assert "battery" not in status["powerStatus"]


async def test_faults_of_others(world: World, signed_in: SeedClient, path: str) -> None:
    """A fault can be one account's, and all end at once."""
    await _fault(world, kind="status", account="driver@example.com")
    await _fault(world, kind="status", method="PUT")
    assert (await signed_in.get(path)).status == 200
    await _fault(world, kind="status")
    assert (await signed_in.get(path)).status == 503
    await _ask(world, "DELETE", "/faults")
    assert (await signed_in.get(path)).status == 200


async def test_faults_in_the_sign_in(world: World, client: SeedClient) -> None:
    """Pages can be spoilt like any other call, and look as pages do."""
    world.control.fault("status", path="*/login/identifier", status=503, count=1)
    await client.open_email_page()
    page = await client.give_email()
    assert page.status == 503
    assert page.text.startswith("<!DOCTYPE html>")
    await client.sign_in()
