"""MyRenault keeps the contract of every service, with every model."""

from typing import override

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract
from tests.token_contract import Account, TokenContract, TokenLife
from tests.world import World

from .account import MyRenaultAccount, account_named

CARS = {
    "zoe": ("my.renault.tester", 1),
    "renault_5": ("four.brands", 0),
    "spring": ("four.brands", 2),
    "first_zoe": ("other.models", 0),
    "tomorrow": ("other.models", 3),
}


def _under_test(world: World, name: str, number: int) -> CloudUnderTest:
    # Every command is tried in a row here, which no owner does within an hour.
    world.control.service("my_renault", quota=None)
    return CloudUnderTest.of(account_named(world, name), number, pause=200)


class TestMegane(ServiceContract):
    """The car that can do the most."""

    key = "my_renault"

    @pytest.fixture
    def under_test(self, world: World) -> CloudUnderTest:
        """Put a person and the first car to the test."""
        return _under_test(world, "my.renault.tester", 0)


@pytest.mark.parametrize(("name", "number"), CARS.values(), ids=CARS.keys())
class TestOtherCars(CarContract):
    """Once for each kind of car."""

    @pytest.fixture
    def under_test(self, world: World, name: str, number: int) -> CloudUnderTest:
        """Put a person and one of the cars to the test."""
        return _under_test(world, name, number)


class TestTokens(TokenContract):
    """The token for the cars, by the login token."""

    saved = TokenLife(
        first="/accounts.getJWT",
        renewal="/accounts.getJWT",
        lifetime=900,
        ahead=60,
        refused={"revoke": "jwt"},
        dead={"revoke": "all"},
    )

    @pytest.fixture
    async def signed_in(self, account: MyRenaultAccount) -> MyRenaultAccount:
        """Return the account, signed in; what the car does not have is known."""
        await account.enter()
        await account.read(await account.car())
        account.world.control.forget_calls()
        return account

    @override
    async def test_ten_calls_share_one_renewal(self, signed_in: Account) -> None:
        signed_in.world.control.service("my_renault", quota=None)
        await super().test_ten_calls_share_one_renewal(signed_in)
