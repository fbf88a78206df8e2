"""What independent clients of every cloud need: true times, and to see what they did."""

from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from simulator.app import Simulator
from simulator.clock import JumpClock
from tests.world import World

from .seed_client import SeedClient
from .ze_services.client import HOST, ZeClient
from .ze_services.conftest import client_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["docs/development.md", "ARCHITECTURE.md"])
def test_8_3_31_the_documents_name_the_speed(name: str) -> None:
    """For clients that read the clock on the wall."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "clock on the wall" in text
    assert "`--speed 1`" in text


async def test_8_3_31_at_speed_1_tokens_end_by_the_wall() -> None:
    """Their end is where a client without another clock expects it."""
    simulator = Simulator(JumpClock(speed=1))
    await simulator.start()
    try:
        world = World()
        spec = client_of(world, "zoe.tester@example.com")
        async with aiohttp.ClientSession() as session:
            address = f"{simulator.hosts[HOST]}/api/user/login"
            login = {"username": spec.username, "password": spec.password}
            async with session.post(address, json=login) as answer:
                spec.token = (await answer.json())["token"]
    finally:
        await simulator.stop()
    lifetime = simulator.clouds["ze_services"].register.settings.lifetime
    left = spec.claims["exp"] - datetime.now(UTC).timestamp()
    assert left == pytest.approx(lifetime, abs=30)


async def test_8_3_32_what_a_command_did(world: World, client: SeedClient) -> None:
    """The state of a car is shown: what is true, what it told, what it was asked."""
    ze: ZeClient = client_of(world, "zoe.tester@example.com")
    await ze.sign_in()
    address = f"{world.simulator.address}/control/cars/{ze.vin}"

    async def shown() -> dict[str, object]:
        async with world.session.get(address) as answer:
            assert answer.status == 200
            found: dict[str, object] = await answer.json()
            return found

    before = await shown()
    assert isinstance(before["state"], dict)
    assert before["state"]["climate_active"] is False
    await ze.car("POST", "/air-conditioning")
    await world.advance(60)
    after = await shown()
    assert isinstance(after["state"], dict)
    assert after["state"]["climate_active"] is True
    assert isinstance(after["commands"], list)
    (command,) = [one for one in after["commands"] if one["kind"] == "start_climate"]
    assert command["done"] is True
    assert isinstance(after["report"], dict)
    assert datetime.fromisoformat(after["report"]["captured_at"]) <= world.clock.now()
    assert datetime.fromisoformat(after["state"]["parked_at"]) <= world.clock.now()
    missing = f"{world.simulator.address}/control/cars/XXX"
    async with world.session.get(missing) as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "no such car")
