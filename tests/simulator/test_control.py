"""The index, the control, and what they refuse."""

from datetime import UTC, datetime
import json
from typing import Any

import pytest

from carport.cloud.clock import SystemClock
from simulator.app import CLOUDS, Simulator
from simulator.clock import JumpClock
from simulator.settings import ControlError
from tests.world import World

from .seed_client import CA, IDENTITY, US, SeedClient


async def _control(
    world: World, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    async with world.session.request(
        method, f"{world.simulator.address}/control{path}", json=body
    ) as answer:
        return answer.status, await answer.json()


async def test_index(world: World) -> None:
    """The index has exactly the documented shape."""
    async with world.session.get(world.simulator.address) as answer:
        index = await answer.json()
    assert list(index) == ["hosts", "accounts", "control", "clock"]
    hosts = {host for cloud in CLOUDS for host in cloud.hosts}
    hosts |= {
        wire.name for cloud in world.simulator.clouds.values() for wire in cloud.wires()
    }
    assert set(index["hosts"]) == hosts
    assert {US, CA, IDENTITY} <= hosts
    assert len({*index["hosts"].values(), world.simulator.address}) == len(hosts) + 1
    account = index["accounts"]["car_net"][0]
    assert list(account) == ["region", "username", "password", "pin", "vins"]
    assert index["control"] == f"{world.simulator.address}/control"
    assert index["clock"] == {"now": "2026-11-21T08:00:00Z", "speed": 1}


async def test_index_for_people(world: World) -> None:
    """A browser gets a page, with everything on it."""
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with world.session.get(world.simulator.address, headers=headers) as answer:
        text = await answer.text()
    assert answer.content_type == "text/html"
    assert "Parked &amp; plugged=in" in text
    assert world.simulator.hosts[US] in text


async def test_fixed_ports() -> None:
    """With a port given, the hosts have the ports that follow."""
    free = Simulator(JumpClock(), port=0)
    await free.start()
    port = int(free.address.rpartition(":")[2])
    await free.stop()
    simulator = Simulator(JumpClock(), port=port)
    try:
        await simulator.start()
    except OSError:
        pytest.skip("somebody else took a port")
    assert [origin.rpartition(":")[2] for origin in simulator.hosts.values()] == [
        str(port + number) for number in range(1, len(simulator.hosts) + 1)
    ]
    taken = Simulator(JumpClock(), port=port)
    with pytest.raises(OSError, match="address already in use"):
        await taken.start()
    await simulator.stop()


async def test_description(world: World) -> None:
    """The control says itself what it takes."""
    status, content = await _control(world, "GET", "")
    assert status == 200
    settings = content["POST /control/accounts/{username}"]["car_net"]
    assert "locked" in settings["sign_in"]
    assert "half_payload" in content["POST /control/faults"]["damage"]["car_net"]


async def test_advance(world: World) -> None:
    """The clock is moved over HTTP too."""
    before = world.clock.now()
    assert await _control(world, "POST", "/advance", {"seconds": 90}) == (
        200,
        {"ok": True},
    )
    assert (world.clock.now() - before).total_seconds() == 90


async def test_settings_over_http(world: World, client: SeedClient) -> None:
    """Everything the tests turn in process can be turned from outside."""
    path = f"/accounts/{client.username}"
    body = {"sign_in": "locked", "password": "New-Password-1", "pin": "1111"}
    assert (await _control(world, "POST", path, body))[0] == 200
    service = {"password_page": "B", "attestation": "enforced"}
    assert (await _control(world, "POST", "/services/car_net", service))[0] == 200
    twin = "/twins/WVWZZZAUZGW900116"
    assert (await _control(world, "POST", twin, {"deaf": True}))[0] == 200
    async with world.session.get(world.simulator.address) as answer:
        account = (await answer.json())["accounts"]["car_net"][1]
    assert (account["password"], account["pin"]) == ("New-Password-1", "1111")
    assert (await _control(world, "POST", "/reset"))[0] == 200
    assert not world.simulator.twin("WVWZZZAUZGW900116").faults.deaf
    await client.sign_in()


async def test_a_car_is_brought_home(world: World) -> None:
    """It is met there, plugged in and as full as wished, and stays until the reset."""
    vin = "WVWZZZAUZGW900016"
    wish = {"plugged_in": True, "battery_level": 40}
    assert (await _control(world, "POST", f"/home/{vin}", wish))[0] == 200
    for _ in range(48):
        await _control(world, "POST", "/advance", {"seconds": 3600})
        _, car = await _control(world, "GET", f"/cars/{vin}")
        assert car["state"]["plugged_in"]
        assert not car["state"]["moving"]
    assert car["report"]["state"]["battery_level"] > 40
    odometer = car["state"]["odometer"]
    assert (await _control(world, "POST", "/reset"))[0] == 200
    for _ in range(4):
        await _control(world, "POST", "/advance", {"seconds": 86_400})
    _, car = await _control(world, "GET", f"/cars/{vin}")
    assert car["state"]["odometer"] > odometer


async def test_calls_over_http(world: World, client: SeedClient) -> None:
    """Calls can be counted by path and method, and forgotten."""
    await client.sign_in()
    status, calls = await _control(world, "GET", "/calls?path=/oidc/*&method=POST")
    assert status == 200
    assert [call["path"] for call in calls] == ["/oidc/v1/token"]
    assert calls[0]["account"] == client.username
    await _control(world, "DELETE", "/calls")
    assert (await _control(world, "GET", "/calls"))[1] == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/advance", {"seconds": "ten"}),
        ("POST", "/advance", {"seconds": -1}),
        ("POST", "/advance", {}),
        ("POST", "/faults", {"kind": "gremlins"}),
        ("POST", "/faults", {}),
        ("POST", "/faults", {"kind": "status", "colour": "red"}),
        ("POST", "/faults", {"kind": "status", "count": "many"}),
        ("POST", "/faults", {"kind": "damage", "damage": "dents"}),
        ("POST", "/faults", {"kind": "change", "set": []}),
        ("POST", "/faults", {"kind": "change", "remove": {}}),
        ("POST", "/faults", [1]),
        ("DELETE", "/faults/7", None),
        ("DELETE", "/faults/none", None),
        ("POST", "/services/other", {}),
        ("POST", "/services/car_net", {"attestation": "perhaps"}),
        ("POST", "/services/car_net", {"access_lifetime": -1}),
        ("POST", "/services/car_net", {"access_lifetime": None}),
        ("POST", "/services/car_net", {"camel_case": "yes"}),
        ("POST", "/accounts/nobody@example.com", {}),
        ("POST", "/accounts/tester@example.com", {"colour": "red"}),
        ("POST", "/accounts/tester@example.com", {"pin": 1357}),
        ("POST", "/accounts/tester@example.com", {"sell": "the house"}),
        ("POST", "/accounts/tester@example.com", {"revoke": "licence"}),
        ("POST", "/accounts/tester@example.com", {"unthrottle": 1}),
        ("POST", "/twins/WVWZZZAUZGW999999", {"deaf": True}),
        ("POST", "/twins/WVWZZZAUZGW900116", {"blind": True}),
        ("POST", "/twins/WVWZZZAUZGW900116", {"deaf": "yes"}),
        ("POST", "/home/WVWZZZAUZGW999999", {}),
        ("POST", "/home/WVWZZZAUZGW900116", {"plugged_in": "yes"}),
        ("POST", "/home/WVWZZZAUZGW900116", {"battery_level": 101}),
        ("POST", "/home/WVWZZZAUZGW900116", {"battery_level": True}),
    ],
)
async def test_refusals(world: World, method: str, path: str, body: Any) -> None:
    """What cannot be done is refused, with a word on what can."""
    status, content = await _control(world, method, path, body)
    assert status == 400
    assert content["error"]


async def test_not_json(world: World) -> None:
    """A body that is no JSON is refused as well."""
    async with world.session.post(
        f"{world.simulator.address}/control/advance", data=b"{"
    ) as answer:
        assert answer.status == 400


async def test_unthrottle(world: World, client: SeedClient) -> None:
    """Limits can be made to start anew."""
    for _ in range(8):
        await client.sign_in()
    world.control.account(client.username, unthrottle=True)
    await client.sign_in()


async def test_lives_go_on(world: World) -> None:
    """Twins go on where an earlier simulator left them, if that can be read."""
    await world.advance(4 * 3600)
    saved_cars = json.loads(json.dumps(world.simulator.saved_cars()))
    vin = "WVWZZZAUZGW900016"
    level = world.simulator.twin(vin).state.battery_level
    later = Simulator(JumpClock(world.clock.now()), saved_cars=saved_cars)
    assert later.twin(vin).state.battery_level == pytest.approx(level, abs=0.1)
    broken = Simulator(JumpClock(world.clock.now()), saved_cars={vin: {"state": "?"}})
    assert broken.twin(vin).state.battery_level == pytest.approx(71, abs=0.1)


async def test_a_clock_of_the_system_stands_its_ground(world: World) -> None:
    """Only clocks that can be moved are moved."""
    world.simulator.clock = SystemClock(datetime(2026, 11, 21, tzinfo=UTC))
    with pytest.raises(ControlError):
        world.control.advance(1)
