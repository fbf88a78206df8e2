"""The account and its cars."""

import pytest

from carport.cloud.contract import Car
from tests.conftest import account_of
from tests.world import World

from .account import WeConnectAccount

TESTER = "prueferin@example.com"


@pytest.fixture
def account(world: World) -> WeConnectAccount:
    """Return an account that has not signed in."""
    return WeConnectAccount(world, account_of(TESTER))


@pytest.fixture
async def passat(signed_in: WeConnectAccount) -> Car:
    """Return a plug-in hybrid, parked and plugged in, whose data has moved."""
    return await signed_in.known_car(0)


@pytest.fixture
async def arteon(signed_in: WeConnectAccount) -> Car:
    """Return a diesel with an auxiliary heater."""
    return await signed_in.known_car(1)
