"""A world for tests: clouds, cars and clients in one event loop, on one clock.

Time stands still while anything happens. It moves only once every exchange is
over, or its caller is kept waiting by the clouds on purpose.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sized
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
import time
from typing import Any, Final, Protocol

import aiohttp

from simulator.app import Simulator
from simulator.clock import ManualClock
from simulator.control import Control

from .patience import PATIENCE

START: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)

_QUIET: Final = 25
"""Rounds of the loop without anything on the wire, so that everybody has reacted."""
_ROUNDING: Final = 1e-6


class Exchanges(Protocol):
    """Makes calls and counts those that are under way."""

    @property
    def in_flight(self) -> int:
        """The calls on the wire now."""


class World:
    """Clock, simulator and a session, and the two ways in which time passes."""

    def __init__(self, start: datetime = START, **simulator: Any) -> None:
        """Build a world; `opened` starts it. Keywords go to the simulator."""
        self.clock = ManualClock(start)
        self.simulator = Simulator(self.clock, **simulator)
        self.closing = AsyncExitStack()
        """What has to be closed before the world is."""
        self._callers: list[Exchanges] = []
        self._own = 0

    @property
    def control(self) -> Control:
        """The simulator's control."""
        return self.simulator.control

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[World]:
        """Start the clouds, and stop them at the end."""
        await self.simulator.start()
        try:
            async with (
                aiohttp.ClientSession(
                    cookie_jar=aiohttp.DummyCookieJar(),
                    timeout=aiohttp.ClientTimeout(total=None),
                    middlewares=(self._count,),
                ) as session,
                self.closing,
            ):
                self.session = session
                yield self
        finally:
            await self.simulator.stop()

    def attach(self, caller: Exchanges) -> None:
        """Wait for the calls of a transport too, before time moves."""
        self._callers.append(caller)

    def address(self, host: str, path: str = "") -> str:
        """Return where a path of a real host is reached."""
        return f"{self.simulator.hosts[host]}{path}"

    async def until(self, condition: Callable[[], object], limit: float = 3600) -> None:
        """Let time pass until something is true; TimeoutError after the limit."""
        left = limit
        await self.settle()
        while not condition():
            due = self.clock.next_due()
            if due is None or due > left + _ROUNDING:
                self.clock.step(left)
                await self.settle()
                if not condition():
                    raise TimeoutError(f"not within {limit:g} s")
                return
            self.clock.step(due)
            left -= due
            await self.settle()

    async def advance(self, seconds: float) -> None:
        """Let some seconds pass, with everything that happens in them."""
        left = seconds
        await self.settle()
        while (due := self.clock.next_due()) is not None and (due <= left + _ROUNDING):
            self.clock.step(due)
            left -= due
            await self.settle()
        self.clock.step(max(left, 0))
        await self.settle()

    async def result[T](self, awaitable: Awaitable[T], limit: float = 3600) -> T:
        """Let time pass until something has its result, and return that."""
        task = asyncio.ensure_future(awaitable)
        try:
            await self.until(task.done, limit)
        finally:
            if not task.done():
                task.cancel()
        return await task

    async def settle(self) -> None:
        """Let everything happen that needs no time."""
        deadline = time.monotonic() + PATIENCE
        # What gives way to others is at work all the same, for as many rounds as it takes.
        ready: Sized = vars(asyncio.get_running_loop())["_ready"]
        quiet = 0
        while quiet < _QUIET:
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._at_rest() and not ready else 0
            if time.monotonic() > deadline:
                raise RuntimeError(f"the world does not come to rest: {self._counts()}")

    def _at_rest(self) -> bool:
        """Return whether every call is over, or waits on the clock on both sides."""
        callers, handled, waiting, held = self._counts()
        return handled == waiting and callers == held

    def _counts(self) -> tuple[int, int, int, int]:
        callers = self._own + sum(caller.in_flight for caller in self._callers)
        simulator = self.simulator
        return callers, simulator.in_flight, simulator.waiting, simulator.held

    async def _count(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Count the session's own calls; a transport brings its own count."""
        self._own += 1
        try:
            return await handler(request)
        finally:
            self._own -= 1
