"""A signed-in account and its cars."""

import pytest

from custom_components.carport.service.contract import Car
from custom_components.carport.service.sign_in import SignInOutcome
from tests.conftest import account_of
from tests.world import World

from .account import WeConnectAccount

TESTER = "prueferin@example.com"


@pytest.fixture
def account(world: World) -> WeConnectAccount:
    """Return an account that has not signed in."""
    return WeConnectAccount(world, account_of(TESTER))


@pytest.fixture
async def signed_in(account: WeConnectAccount) -> WeConnectAccount:
    """Return an account that has signed in."""
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    account.world.control.forget_calls()
    return account


@pytest.fixture
async def passat(signed_in: WeConnectAccount) -> Car:
    """Return a plug-in hybrid, parked and plugged in, whose data has moved."""
    car = await signed_in.car(0)
    signed_in.world.control.forget_calls()
    return car


@pytest.fixture
async def arteon(signed_in: WeConnectAccount) -> Car:
    """Return a diesel with an auxiliary heater."""
    car = await signed_in.car(1)
    signed_in.world.control.forget_calls()
    return car
