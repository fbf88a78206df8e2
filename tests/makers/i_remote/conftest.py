"""The accounts and their cars."""

import pytest

from carport.cloud.contract import Car
from tests.conftest import account_of
from tests.world import World

from .account import AMERICAN, TESTER, IRemoteAccount


@pytest.fixture
def account(world: World) -> IRemoteAccount:
    """Return an account that has not signed in."""
    return IRemoteAccount(world, account_of(TESTER))


@pytest.fixture
async def american(world: World) -> IRemoteAccount:
    """Return a signed-in account whose security question unlocking asks."""
    account = IRemoteAccount(world, account_of(AMERICAN))
    await account.enter()
    return account


@pytest.fixture
async def electric(signed_in: IRemoteAccount) -> Car:
    """Return an i3, parked and plugged in, with the weekly planner."""
    return await signed_in.known_car(0)


@pytest.fixture
async def hybrid(signed_in: IRemoteAccount) -> Car:
    """Return a plug-in hybrid with two timers."""
    return await signed_in.known_car(1)


@pytest.fixture
async def diesel(signed_in: IRemoteAccount) -> Car:
    """Return a car with a tank."""
    return await signed_in.known_car(2)
