"""A signed-in account and its cars."""

import pytest

from custom_components.carport.service.contract import Car
from custom_components.carport.service.sign_in import SignInOutcome
from tests.conftest import account_of
from tests.world import World

from .account import AMERICAN, TESTER, IRemoteAccount


@pytest.fixture
def account(world: World) -> IRemoteAccount:
    """Return an account that has not signed in."""
    return IRemoteAccount(world, account_of(TESTER))


@pytest.fixture
async def signed_in(account: IRemoteAccount) -> IRemoteAccount:
    """Return an account that has signed in."""
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    account.world.control.forget_calls()
    return account


@pytest.fixture
async def american(world: World) -> IRemoteAccount:
    """Return a signed-in account whose security question unlocking asks."""
    account = IRemoteAccount(world, account_of(AMERICAN))
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    return account


@pytest.fixture
async def electric(signed_in: IRemoteAccount) -> Car:
    """Return an i3, parked and plugged in, with the weekly planner."""
    return await _car(signed_in, 0)


@pytest.fixture
async def hybrid(signed_in: IRemoteAccount) -> Car:
    """Return a plug-in hybrid with two timers."""
    return await _car(signed_in, 1)


@pytest.fixture
async def diesel(signed_in: IRemoteAccount) -> Car:
    """Return a car with a tank."""
    return await _car(signed_in, 2)


async def _car(account: IRemoteAccount, number: int) -> Car:
    car = await account.car(number)
    account.world.control.forget_calls()
    return car
