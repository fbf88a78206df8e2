"""The connection itself: TLS, silent hosts, and leaving half way."""

import asyncio
from collections.abc import AsyncIterator
import ssl
from typing import Any

import pytest

from carport.cloud.clock import SystemClock
from carport.cloud.hosts import StreamAddress
from carport.makers.car_data import stream as stream_module
from carport.makers.car_data.stream import (
    StreamConnection,
    StreamLogin,
    StreamLost,
    StreamRefused,
)
from tests.patience import PATIENCE
from tests.simulator.car_data.client import STREAM, Client
from tests.world import World

from .home_broker import HomeBroker


@pytest.fixture
async def silent(socket_enabled: None) -> AsyncIterator[int]:
    """Give the port of somebody who takes connections and says nothing."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for writer in writers:
        writer.transport.abort()
    server.close()


async def _login(world: World, *, tls: bool) -> StreamLogin:
    client = Client(world)
    await client.sign_in()
    port = int(world.simulator.hosts[STREAM].rpartition(":")[2])
    return StreamLogin(
        address=StreamAddress(host="127.0.0.1", port=port, tls=tls),
        topic=f"{client.tokens['gcid']}/+",
        username=client.tokens["gcid"],
        password=client.tokens["id_token"],
    )


async def test_a_certificate_that_nobody_vouches_for(world: World) -> None:
    """Neither user nor token is sent to who may be anybody."""
    login = await _login(world, tls=True)
    with pytest.raises(StreamLost):
        await StreamConnection(SystemClock()).probe(login)
    cloud: Any = world.simulator.clouds["car_data"]
    assert cloud.broker.attempts == []


async def test_tls(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that is trusted it is the same stream."""
    login = await _login(world, tls=True)
    async with world.session.get(f"{world.simulator.address}/certificate.pem") as page:
        trusted = await page.text()

    async def context() -> ssl.SSLContext:
        return ssl.create_default_context(cadata=trusted)

    monkeypatch.setattr(stream_module, "_tls", context)
    await StreamConnection(SystemClock()).probe(login)
    cloud: Any = world.simulator.clouds["car_data"]
    assert [attempt.code for attempt in cloud.broker.attempts] == [0]


async def test_a_foreign_topic_is_a_refusal(world: World) -> None:
    """The connection alone proves nothing."""
    login = await _login(world, tls=False)
    wrong = StreamLogin(
        address=login.address,
        topic="#",
        username=login.username,
        password=login.password,
    )
    with pytest.raises(StreamRefused) as refusal:
        await StreamConnection(SystemClock()).probe(wrong)
    assert not refusal.value.credentials


async def test_24_a_host_that_says_nothing_blocks_nobody(
    silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop goes on, and who leaves half way is not kept waiting."""
    # What waits for the answer, or for the time to be up, hangs.
    monkeypatch.setattr(stream_module, "_PATIENCE", 3600)
    before = asyncio.all_tasks()
    connection = StreamConnection(SystemClock())
    login = StreamLogin(
        address=StreamAddress(host="127.0.0.1", port=silent, tls=False), topic="x/+"
    )
    trying = asyncio.ensure_future(connection.probe(login))
    await _begun(connection)
    for _ in range(2000):
        await asyncio.sleep(0)
    assert not trying.done()
    trying.cancel()
    await asyncio.wait({trying})
    await _all_left(connection)
    await _ended(before)


async def test_an_answer_that_never_comes_leaves_no_task(
    silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the time is up, the connection is closed with everything that serves it."""
    monkeypatch.setattr(stream_module, "_PATIENCE", 0.2)
    before = asyncio.all_tasks()
    login = StreamLogin(
        address=StreamAddress(host="127.0.0.1", port=silent, tls=False), topic="x/+"
    )
    with pytest.raises(StreamLost):
        await StreamConnection(SystemClock()).probe(login)
    await _ended(before)


async def test_half_a_connection_is_not_left_behind(socket_enabled: None) -> None:
    """Leaving in the middle of connecting says goodbye once there is somebody."""
    async with HomeBroker() as broker:
        connection = StreamConnection(SystemClock())
        login = StreamLogin(
            address=StreamAddress(host="127.0.0.1", port=broker.port, tls=False),
            topic="x/+",
            password="at home",
            username="x",
        )
        trying = asyncio.ensure_future(connection.probe(login))
        await _begun(connection)
        trying.cancel()
        await asyncio.wait({trying})
        await _all_left(connection)
        assert broker.subscribers == 0


async def _begun(connection: StreamConnection) -> None:
    """Wait until something is under way."""
    while connection.in_flight == 0:  # noqa: ASYNC110 - a few turns of the loop
        await asyncio.sleep(0)


async def _all_left(connection: StreamConnection) -> None:
    """Wait until what was given up has ended."""
    async with asyncio.timeout(PATIENCE):
        while connection.leaving:
            await asyncio.wait(connection.leaving)


async def _ended(before: set[asyncio.Task[Any]]) -> None:
    """Wait until no task is left that was not there before."""
    async with asyncio.timeout(PATIENCE):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
