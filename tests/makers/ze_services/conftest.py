"""The account and its car."""

import pytest

from carport.cloud.contract import Car
from carport.cloud.zones import zone
from tests.conftest import account_of
from tests.world import World

from .account import ZeAccount

ZOE_TESTER = "zoe.tester@example.com"


@pytest.fixture
async def account(world: World) -> ZeAccount:
    """Return an account that has not signed in; its zone is known already."""
    await zone("Europe/London")
    return ZeAccount(world, account_of(ZOE_TESTER))


@pytest.fixture
async def zoe(signed_in: ZeAccount) -> Car:
    """Return a Zoe, parked and plugged in."""
    return await signed_in.known_car()
