"""We Connect keeps the contract of every service."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import ServiceContract

from .account import WeConnectAccount


@pytest.mark.parametrize("number", [0, 1])
class TestWeConnect(ServiceContract):
    """A plug-in hybrid, and a diesel with a heater."""

    @pytest.fixture
    def under_test(self, account: WeConnectAccount, number: int) -> CloudUnderTest:
        """Return an account whose cars stay where they are."""
        return CloudUnderTest.of(account, number, pause=5)
