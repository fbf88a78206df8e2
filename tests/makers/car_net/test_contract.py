"""Car-Net keeps the contract of every service."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract

from .account import CarNetAccount


class TestElectric(ServiceContract):
    """An e-Golf."""

    key = "car_net"

    @pytest.fixture
    def under_test(self, account: CarNetAccount) -> CloudUnderTest:
        """Return an account whose commands keep the cloud's ration."""
        return CloudUnderTest.of(account, pause=1000)


class TestPetrol(CarContract):
    """A Passat with a tank."""

    @pytest.fixture
    def under_test(self, account: CarNetAccount) -> CloudUnderTest:
        """Return an account whose commands keep the cloud's ration."""
        return CloudUnderTest.of(account, 1, pause=1000)
