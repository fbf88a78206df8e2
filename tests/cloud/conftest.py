"""Loopback servers for the tests of the transport."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiohttp import ClientSession, DummyCookieJar
import pytest

from simulator.clock import ManualClock

from .small_cloud import SmallCloud
from .small_service import SmallService, small_service


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that stands still."""
    return ManualClock(datetime(2026, 11, 21, 8, tzinfo=UTC))


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Return a session that keeps no cookies."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncIterator[SmallCloud]:
    """Return a server on loopback."""
    cloud = SmallCloud()
    await cloud.start()
    yield cloud
    await cloud.stop()


@pytest.fixture
def service(
    session: ClientSession, clock: ManualClock, cloud: SmallCloud
) -> SmallService:
    """Return a service of tables that was just built."""
    return small_service(session, clock, cloud)
