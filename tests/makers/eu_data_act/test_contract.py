"""The portal keeps the contract of every service."""

import pytest

from tests.conftest import account_of
from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract
from tests.world import World

from .account import DataActAccount


class TestDotted(ServiceContract):
    """A car of the electric platform."""

    key = "eu_data_act"

    @pytest.fixture
    def under_test(self, account: DataActAccount) -> CloudUnderTest:
        """Return an account whose cars stay where they are."""
        return CloudUnderTest.of(account)


@pytest.mark.parametrize(
    ("username", "number"),
    [
        ("datenprobe@example.com", 1),
        ("lieferung@example.com", 0),
        ("vier.ringe@example.com", 0),
        ("skoda.daten@example.com", 0),
        ("leonera@example.com", 0),
        ("nacida@example.com", 0),
        ("crewe@example.com", 0),
    ],
)
class TestOtherCars(CarContract):
    """The other format, and a car of every brand."""

    @pytest.fixture
    def under_test(self, world: World, username: str, number: int) -> CloudUnderTest:
        """Return an account whose cars stay where they are."""
        return CloudUnderTest.of(DataActAccount(world, account_of(username)), number)
