"""What these tests start from."""

import pytest

from carport.cloud.zones import zone
from carport.makers.my_renault.countries import COUNTRIES
from tests.world import World

from .account import MyRenaultAccount, account_named


@pytest.fixture(autouse=True)
async def _zones() -> None:
    """Have the zones read before a clock stands still for somebody."""
    for country in COUNTRIES.values():
        await zone(country.zone)


@pytest.fixture
def account(world: World) -> MyRenaultAccount:
    """Return the person with a Megane and a Zoe, who has not signed in."""
    return account_named(world, "my.renault.tester")


@pytest.fixture
async def family(world: World) -> MyRenaultAccount:
    """Return the person with a car of each brand, signed in."""
    account = account_named(world, "four.brands")
    await account.enter()
    return account


@pytest.fixture
async def collector(world: World) -> MyRenaultAccount:
    """Return the person with all the other models, signed in."""
    account = account_named(world, "other.models")
    await account.enter()
    return account
