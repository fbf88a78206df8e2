"""The accounts and their cars."""

from collections.abc import AsyncIterator

import pytest

from carport.cloud.contract import Car
from tests.conftest import account_of
from tests.world import World

from .account import DRIVER, TESTER, CarDataAccount


@pytest.fixture
async def account(world: World) -> AsyncIterator[CarDataAccount]:
    """Return an account that has not signed in, whose cars stay where they are."""
    account = CarDataAccount(world, account_of(TESTER))
    yield account
    await account.leave()


@pytest.fixture
async def driver(world: World) -> AsyncIterator[CarDataAccount]:
    """Return a signed-in account whose cars are driven."""
    account = CarDataAccount(world, account_of(DRIVER))
    await account.enter()
    yield account
    await account.leave()


@pytest.fixture
async def electric(signed_in: CarDataAccount) -> Car:
    """Return an i4, parked."""
    return await signed_in.known_car(0)


@pytest.fixture
async def petrol(signed_in: CarDataAccount) -> Car:
    """Return a Mini with a tank."""
    return await signed_in.known_car(1)
