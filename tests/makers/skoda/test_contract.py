"""The service keeps the contract of every service, whatever the car."""

import pytest

from tests.makers.under_test import CloudUnderTest
from tests.service_contract import CarContract, ServiceContract

from .account import SkodaAccount


class TestElectric(ServiceContract):
    """An Enyaq."""

    key = "skoda"

    @pytest.fixture
    def under_test(self, account: SkodaAccount) -> CloudUnderTest:
        """Return an account at a cloud that counts no calls."""
        account.turn_cloud(limit=10_000)
        return CloudUnderTest.of(account, pause=60)


@pytest.mark.parametrize("number", [1, 2], ids=["hybrid", "diesel"])
class TestOtherCars(CarContract):
    """One of the owner's other cars."""

    @pytest.fixture
    def under_test(self, account: SkodaAccount, number: int) -> CloudUnderTest:
        """Return an account at a cloud that counts no calls."""
        account.turn_cloud(limit=10_000)
        return CloudUnderTest.of(account, number, pause=60)


class TestWithoutOperations(CarContract):
    """A cloud that does not list what can be asked of a car, as it once did not."""

    @pytest.fixture
    def under_test(self, account: SkodaAccount) -> CloudUnderTest:
        """Return a hybrid."""
        account.turn_cloud(
            limit=10_000,
            operations=False,
            unsupported="always",
            reset_form="epoch",
            command_status=200,
        )
        return CloudUnderTest.of(account, 1, pause=60)
