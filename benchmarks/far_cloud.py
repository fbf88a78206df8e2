"""The simulated clouds far away: in a thread of their own, behind slow lines."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
import threading
from typing import Any, Final

from carport.cloud.clock import Clock
from carport.twin.twin import TwinSpec
from simulator.accounts import Account
from simulator.app import Simulator

_CHUNK: Final = 65536


@contextmanager
def far_cloud(
    clock: Clock,
    accounts: Sequence[Account],
    twins: Sequence[TwinSpec],
    round_trip: float,
    settings: Mapping[str, Any],
) -> Iterator[str]:
    """Run the simulator elsewhere; the result is the address of its index.

    Every host of it is reached over a line with this round-trip time, in seconds. The
    settings are of the service of the first account.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    simulator = Simulator(clock, accounts, twins)
    simulator.clouds[accounts[0].service].apply(settings)
    cloud = _FarCloud(simulator, round_trip)
    try:
        yield asyncio.run_coroutine_threadsafe(cloud.start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(cloud.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _FarCloud:
    """A simulator and the lines to it."""

    def __init__(self, simulator: Simulator, round_trip: float) -> None:
        self._simulator = simulator
        self._round_trip = round_trip
        self._servers: list[asyncio.Server] = []
        self._lines: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Start the simulator, and put a slow line in front of every host."""
        await self._simulator.start()
        for host, origin in tuple(self._simulator.hosts.items()):
            self._simulator.hosts[host] = await self._lengthen(origin)
        return self._simulator.address

    async def stop(self) -> None:
        """Cut all lines and stop the simulator."""
        for server in self._servers:
            server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await self._simulator.stop()

    async def _lengthen(self, origin: str) -> str:
        """Return another address for an origin, with a slow line in between."""
        scheme, _, line = origin.partition("://")
        name, _, port = line.partition(":")

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            # The handshake of a real connection takes a round trip of its own.
            await asyncio.sleep(self._round_trip)
            far_reader, far_writer = await asyncio.open_connection(name, int(port))
            await asyncio.gather(
                self._carry(reader, far_writer), self._carry(far_reader, writer)
            )

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = asyncio.get_running_loop().create_task(serve(reader, writer))
            self._lines.add(line)
            line.add_done_callback(self._lines.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self._servers.append(server)
        return f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Carry one direction's bytes, each half a round trip late."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                loop.call_later(self._round_trip / 2, writer.write, chunk)
        loop.call_later(self._round_trip / 2, writer.close)
