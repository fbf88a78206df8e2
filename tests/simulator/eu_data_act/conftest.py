"""What the tests of the portal start from."""

from collections.abc import AsyncIterator, Callable

import pytest

from tests.conftest import account_of
from tests.world import World

from .client import WORDS, PortalClient

type Open = Callable[..., PortalClient]

TESTER = "datenprobe@example.com"
ID3 = "WVWZZZE1ZNP112345"
PASSAT = "WVWZZZ3CZME167891"


@pytest.fixture
async def opened(world: World) -> AsyncIterator[Open]:
    """Give a way to open clients of accounts, not signed in."""
    clients: list[PortalClient] = []

    def open_client(username: str = TESTER, brand: str | None = None) -> PortalClient:
        account = account_of(username)
        client = PortalClient(
            world.simulator.hosts,
            username,
            account.password,
            brand=brand or WORDS[account.more["brand"]],
        )
        clients.append(client)
        world.attach(client)
        return client

    yield open_client
    for client in clients:
        await client.close()


@pytest.fixture
async def portal(opened: Open) -> PortalClient:
    """Give the tester's client, signed in."""
    client = opened()
    await client.sign_in()
    assert client.signed_in
    return client
