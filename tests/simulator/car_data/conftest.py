"""What the tests of CarData start from."""

import pytest

from tests.world import World

from .client import Client


@pytest.fixture
def client(world: World) -> Client:
    """Give the test account's client, not signed in."""
    return Client(world)


@pytest.fixture
async def signed_in(client: Client) -> Client:
    """Give the test account's client, signed in."""
    await client.sign_in()
    return client
