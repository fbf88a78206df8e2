"""What tests of several processes share."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from .fleet import Fleet
from .postgres import Server, running


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """Start one PostgreSQL for all tests."""
    with running() as server:
        yield server


@pytest.fixture
def database(cluster: Server, socket_enabled: None) -> Server:
    """Return an empty database."""
    cluster.empty()
    return cluster


@pytest.fixture
def speed() -> float:
    """Return how fast time passes in the clouds; a test may want another speed."""
    return 1


@pytest.fixture
async def fleet(tmp_path: Path, database: Server, speed: float) -> AsyncIterator[Fleet]:
    """Return six accounts in the database, and the clouds behind them."""
    fleet = Fleet(tmp_path / "home", database, 6, speed)
    await fleet.start()
    yield fleet
    await fleet.stop()
