"""ZE Services keeps the contract of every service, in both generations."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract

from .account import ZeAccount


class TestFirstGeneration(ServiceContract):
    """A plugged-in Zoe."""

    key = "ze_services"

    @pytest.fixture
    def under_test(self, account: ZeAccount) -> CloudUnderTest:
        """Return an account whose commands are far enough apart."""
        return CloudUnderTest.of(account, pause=1300)


class TestSecondGeneration(CarContract):
    """The same at the cloud of December 2018."""

    @pytest.fixture
    def under_test(self, account: ZeAccount) -> CloudUnderTest:
        """Return an account whose commands are far enough apart."""
        account.world.control.service("ze_services", generation=2)
        return CloudUnderTest.of(account, pause=1300)
