"""I Remote keeps the contract of every service."""

import pytest

from tests.conftest import account_of
from tests.makers.under_test import CloudUnderTest
from tests.service_contract import ServiceContract
from tests.world import World

from .account import AMERICAN, TESTER, IRemoteAccount


@pytest.mark.parametrize(
    ("username", "number"), [(TESTER, 0), (TESTER, 1), (TESTER, 2), (AMERICAN, 0)]
)
class TestIRemote(ServiceContract):
    """An electric car, a hybrid, a diesel, and one that asks a question."""

    @pytest.fixture
    def under_test(self, world: World, username: str, number: int) -> CloudUnderTest:
        """Return an account and one of its cars."""
        return CloudUnderTest.of(IRemoteAccount(world, account_of(username)), number)
