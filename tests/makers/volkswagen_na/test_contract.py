"""Car-Net keeps the contract of every service."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import ServiceContract

from .account import CarNetAccount


@pytest.mark.parametrize("number", [0, 1])
class TestCarNet(ServiceContract):
    """An electric car and one with a tank."""

    @pytest.fixture
    def under_test(self, account: CarNetAccount, number: int) -> CloudUnderTest:
        """Return an account whose commands keep the cloud's ration."""
        return CloudUnderTest.of(account, number, pause=1000)
