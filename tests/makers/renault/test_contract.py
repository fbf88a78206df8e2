"""ZE Services keeps the contract of every service, in both generations."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import ServiceContract

from .account import ZeAccount


@pytest.mark.parametrize("generation", [1, 2])
class TestZeServices(ServiceContract):
    """A plugged-in Zoe."""

    @pytest.fixture
    def under_test(self, account: ZeAccount, generation: int) -> CloudUnderTest:
        """Return an account whose commands are far enough apart."""
        account.world.control.service("ze_services", generation=generation)
        return CloudUnderTest.of(account, pause=1300)
