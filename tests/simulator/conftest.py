"""What the tests of the simulator start from."""

from collections.abc import AsyncIterator

import pytest

from tests.world import World

from .seed_client import SeedClient


@pytest.fixture(autouse=True)
def _loopback(socket_enabled: None) -> None:
    """Let these tests open sockets on loopback."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Give a running world whose clock stands still."""
    async with World().opened() as world:
        yield world


@pytest.fixture
async def client(world: World) -> AsyncIterator[SeedClient]:
    """Give the test account's client, not signed in."""
    client = SeedClient(world.simulator.hosts, "tester@example.com")
    world.attach(client)
    yield client
    await client.close()


@pytest.fixture
async def signed_in(world: World, client: SeedClient) -> SeedClient:
    """Give the test account's client, signed in and enrolled."""
    await client.sign_in()
    await client.enroll()
    return client
