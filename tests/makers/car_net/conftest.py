"""The account and its cars."""

import pytest

from carport.cloud.contract import Car
from tests.conftest import TESTER, account_of
from tests.world import World

from .account import CarNetAccount


@pytest.fixture
def account(world: World) -> CarNetAccount:
    """Return an account that has not signed in."""
    return CarNetAccount(world, account_of(TESTER))


@pytest.fixture
async def golf(signed_in: CarNetAccount) -> Car:
    """Return a 2016 e-Golf, parked and plugged in."""
    return await signed_in.known_car(0)


@pytest.fixture
async def passat(signed_in: CarNetAccount) -> Car:
    """Return a car with a tank."""
    return await signed_in.known_car(1)
