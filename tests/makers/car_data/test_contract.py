"""CarData keeps the contract of every service."""

import pytest

from tests.conftest import account_of
from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract
from tests.world import World

from .account import TESTER, CarDataAccount


def _under_test(world: World, number: int) -> CloudUnderTest:
    world.control.service("car_data", calls_a_day=None)
    world.control.account(TESTER, sell="WMWZZZ051NV305201")
    return CloudUnderTest.of(CarDataAccount(world, account_of(TESTER)), number)


class TestElectric(ServiceContract):
    """An i4."""

    key = "car_data"

    @pytest.fixture
    def under_test(self, world: World) -> CloudUnderTest:
        """Return an account and its first car."""
        return _under_test(world, 0)


class TestPetrol(CarContract):
    """A Mini with a tank."""

    @pytest.fixture
    def under_test(self, world: World) -> CloudUnderTest:
        """Return an account and its second car."""
        return _under_test(world, 1)
