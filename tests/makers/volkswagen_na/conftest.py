"""A signed-in account and its cars."""

import pytest

from custom_components.carport.service.contract import Car
from custom_components.carport.service.sign_in import SignInOutcome
from tests.conftest import TESTER, account_of
from tests.world import World

from .account import CarNetAccount


@pytest.fixture
def account(world: World) -> CarNetAccount:
    """Return an account that has not signed in."""
    return CarNetAccount(world, account_of(TESTER))


@pytest.fixture
async def signed_in(account: CarNetAccount) -> CarNetAccount:
    """Return an account that has signed in."""
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    account.world.control.forget_calls()
    return account


@pytest.fixture
async def golf(signed_in: CarNetAccount) -> Car:
    """Return a 2016 e-Golf, parked and plugged in."""
    car = await signed_in.car(0)
    signed_in.world.control.forget_calls()
    return car


@pytest.fixture
async def passat(signed_in: CarNetAccount) -> Car:
    """Return a car with a tank."""
    car = await signed_in.car(1)
    signed_in.world.control.forget_calls()
    return car
