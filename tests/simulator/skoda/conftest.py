"""What these tests start from."""

from collections.abc import Callable

import pytest

from simulator.accounts import ACCOUNTS
from tests.world import World

from .client import SkodaClient

TESTER = "skoda.tester@example.com"


@pytest.fixture
def client_of(world: World) -> Callable[[str], SkodaClient]:
    """Return clients for the test account's cars, by the car's model."""
    spec = next(one for one in ACCOUNTS if one.username == TESTER)
    twins = [world.simulator.twin(vin).spec for vin in spec.vins]
    cars = {twin.model: twin.vin for twin in twins}
    key = spec.more["api_key"]
    return lambda model: SkodaClient(world, TESTER, key, cars[model])


@pytest.fixture
def enyaq(client_of: Callable[[str], SkodaClient]) -> SkodaClient:
    """Return a client for an electric car."""
    return client_of("Enyaq")


@pytest.fixture
def superb(client_of: Callable[[str], SkodaClient]) -> SkodaClient:
    """Return a client for a plug-in hybrid with a heater that burns fuel."""
    return client_of("Superb iV")


@pytest.fixture
def octavia(client_of: Callable[[str], SkodaClient]) -> SkodaClient:
    """Return a client for a car without a battery to charge."""
    return client_of("Octavia")
