"""The account and its cars."""

import pytest

from carport.cloud.contract import Car
from tests.conftest import account_of
from tests.world import World

from .account import SkodaAccount

TESTER = "skoda.tester@example.com"


@pytest.fixture
async def account(world: World) -> SkodaAccount:
    """Return an account whose key was not tried yet."""
    return SkodaAccount(world, account_of(TESTER))


@pytest.fixture
async def enyaq(signed_in: SkodaAccount) -> Car:
    """Return an electric car, parked and plugged in."""
    return await signed_in.known_car(0)


@pytest.fixture
async def superb(signed_in: SkodaAccount) -> Car:
    """Return a plug-in hybrid with a heater that burns fuel."""
    return await signed_in.known_car(1)


@pytest.fixture
async def octavia(signed_in: SkodaAccount) -> Car:
    """Return a diesel with such a heater."""
    return await signed_in.known_car(2)
