"""The account and its cars."""

import pytest

from carport.cloud.contract import Car
from tests.conftest import account_of
from tests.world import World

from .account import DataActAccount
from .reads import Reads

TESTER = "datenprobe@example.com"
ID3 = "WVWZZZE1ZNP112345"
PASSAT = "WVWZZZ3CZME167891"


@pytest.fixture
def account(world: World) -> DataActAccount:
    """Return an account that has not signed in."""
    return DataActAccount(world, account_of(TESTER))


@pytest.fixture
async def id3(signed_in: DataActAccount) -> Car:
    """Return an electric car, parked and plugged in."""
    return await signed_in.known_car(0)


@pytest.fixture
async def passat(signed_in: DataActAccount) -> Car:
    """Return a plug-in hybrid of the older kind, parked and plugged in."""
    return await signed_in.known_car(1)


@pytest.fixture
async def reads(signed_in: DataActAccount, id3: Car) -> Reads:
    """Return the electric car, never read."""
    return Reads(signed_in, id3)


@pytest.fixture
async def passat_reads(signed_in: DataActAccount, passat: Car) -> Reads:
    """Return the plug-in hybrid, never read."""
    return Reads(signed_in, passat)
