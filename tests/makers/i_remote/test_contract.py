"""I Remote keeps the contract of every service."""

import pytest

from tests.conftest import account_of
from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract
from tests.world import World

from .account import AMERICAN, TESTER, IRemoteAccount


class TestElectric(ServiceContract):
    """An i3."""

    key = "i_remote"

    @pytest.fixture
    def under_test(self, account: IRemoteAccount) -> CloudUnderTest:
        """Return an account and its first car."""
        return CloudUnderTest.of(account)


@pytest.mark.parametrize(
    ("username", "number"), [(TESTER, 1), (TESTER, 2), (AMERICAN, 0)]
)
class TestOtherCars(CarContract):
    """A hybrid, a diesel, and one that asks a question."""

    @pytest.fixture
    def under_test(self, world: World, username: str, number: int) -> CloudUnderTest:
        """Return an account and one of its cars."""
        return CloudUnderTest.of(IRemoteAccount(world, account_of(username)), number)
