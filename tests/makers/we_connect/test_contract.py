"""We Connect keeps the contract of every service."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract

from .account import WeConnectAccount


class TestHybrid(ServiceContract):
    """A plug-in hybrid."""

    key = "we_connect"

    @pytest.fixture
    def under_test(self, account: WeConnectAccount) -> CloudUnderTest:
        """Return an account whose cars stay where they are."""
        return CloudUnderTest.of(account, pause=5)


class TestDiesel(CarContract):
    """A diesel with a heater."""

    @pytest.fixture
    def under_test(self, account: WeConnectAccount) -> CloudUnderTest:
        """Return an account whose cars stay where they are."""
        return CloudUnderTest.of(account, 1, pause=5)
