"""What these tests start from."""

import pytest

from simulator.accounts import ACCOUNTS
from tests.world import World

from .client import ZeClient


def client_of(world: World, username: str) -> ZeClient:
    """Return a client for one of the simulator's accounts."""
    spec = next(one for one in ACCOUNTS if one.username == username)
    return ZeClient(world, spec.username, spec.password, spec.vins[0])


@pytest.fixture
def client(world: World) -> ZeClient:
    """Return the test account's client, not signed in."""
    return client_of(world, "zoe.tester@example.com")


@pytest.fixture
async def signed_in(client: ZeClient) -> ZeClient:
    """Return the test account's client, signed in."""
    await client.sign_in()
    return client
