"""Time, injected: nothing in a service asks the operating system what time it is."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
import time
from typing import Final, Protocol, override

_LEAST_REAL_TIME_OUT: Final = 10.0

CLOCK_HEADER: Final = "Carport-Clock"
"""In which an answer of a simulator says what time it is there."""


class Timer(Protocol):
    """A call that is to come."""

    def cancel(self) -> None:
        """Do not make the call."""


class Clock(ABC):
    """The time as the clouds see it, in UTC, and waiting by it."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the present time, aware, in UTC."""

    @abstractmethod
    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        """Make a call after some of this clock's seconds."""

    @abstractmethod
    def real(self, seconds: float) -> float:
        """Return how many seconds of the wall clock these seconds take."""

    def heard(self, moment: str | None) -> None:  # noqa: B027 - optional: most clocks have nothing to correct
        """Hear what time an answer says it is; clocks of our own know better."""

    async def sleep(self, seconds: float) -> None:
        """Wait for some of this clock's seconds."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = self.call_later(seconds, wake)
        try:
            await woken
        finally:
            timer.cancel()

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError in the body when it takes longer than this."""
        async with asyncio.timeout(None) as limit:
            loop = asyncio.get_running_loop()
            timer = self.call_later(
                self.patience(seconds), lambda: limit.reschedule(loop.time())
            )
            try:
                yield
            finally:
                timer.cancel()

    def patience(self, seconds: float) -> float:
        """Return how long to wait for a network answer; a fast clock waits longer."""
        return seconds


class SystemClock(Clock):
    """The clock of this machine, or one that runs faster from a given moment.

    That of the machine is followed when it is corrected; timers ring when as many
    seconds have passed, whatever it says.
    """

    def __init__(self, start: datetime | None = None, speed: float = 1) -> None:
        """Start at a moment in time; without one, at the present."""
        self._follows = start is None and speed == 1
        self._start = datetime.now(UTC) if start is None else start
        self._started = time.monotonic()
        self.speed = speed

    @override
    def now(self) -> datetime:
        if self._follows:
            return datetime.now(UTC)
        passed = (time.monotonic() - self._started) * self.speed
        return self._start + timedelta(seconds=passed)

    def catch_up(self, moment: datetime) -> None:
        """Be at a moment that lies ahead; timers ring when they would have anyway.

        A call that is under way would otherwise run out of time by the jump.
        """
        self._follows = False
        self._start += max(moment - self.now(), timedelta())

    @override
    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        return asyncio.get_running_loop().call_later(self.real(seconds), call)

    @override
    def real(self, seconds: float) -> float:
        return seconds / self.speed

    @override
    def patience(self, seconds: float) -> float:
        """Keep real seconds: a network does not become faster with the clock."""
        return max(seconds, min(seconds, _LEAST_REAL_TIME_OUT) * self.speed)
