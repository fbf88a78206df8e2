"""Clocks that can be moved by hand: one that stands still, and one that runs."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
import heapq
from itertools import count
from typing import override

from carport.cloud.clock import Clock, SystemClock


class ManualTimer:
    """A call that is to come on a manual clock."""

    def __init__(self, call: Callable[[], object]) -> None:
        """Keep the call."""
        self.call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Do not make the call."""
        self.call = None


class ManualClock(Clock):
    """Time stands still until `step` or `advance` moves it; no real waiting."""

    def __init__(self, start: datetime) -> None:
        """Begin at a moment, aware."""
        self._start = start
        self._passed = 0.0
        self._numbers = count()
        self._timers: list[tuple[float, int, ManualTimer]] = []

    @override
    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    @override
    def call_later(self, seconds: float, call: Callable[[], object]) -> ManualTimer:
        timer = ManualTimer(call)
        due = self._passed + max(seconds, 0)
        heapq.heappush(self._timers, (due, next(self._numbers), timer))
        return timer

    @override
    def real(self, seconds: float) -> float:
        return seconds

    def correct(self, by: timedelta) -> None:
        """Tell another time from now on; timers ring when they would have anyway."""
        self._start += by

    def next_due(self) -> float | None:
        """Return the seconds until the next timer, None without one."""
        while self._timers and self._timers[0][2].call is None:
            heapq.heappop(self._timers)
        return self._timers[0][0] - self._passed if self._timers else None

    def step(self, seconds: float) -> None:
        """Move on and make every call that is due by then, in order."""
        end = self._passed + seconds
        while (due := self.next_due()) is not None and self._passed + due <= end:
            self._passed, _, timer = heapq.heappop(self._timers)
            call, timer.call = timer.call, None
            if call is not None:
                call()
        self._passed = end


class JumpTimer:
    """A call that is to come on a clock that may jump."""

    def __init__(self, clock: JumpClock, due: datetime, call: Callable[[], object]):
        """Keep the call and when it is due by the clock."""
        self.due = due
        self._clock = clock
        self._call = call
        self._handle: asyncio.TimerHandle | None = None

    def arm(self) -> None:
        """Have the loop call when the clock, as it runs now, will be there."""
        if self._handle is not None:
            self._handle.cancel()
        left = (self.due - self._clock.now()).total_seconds()
        self._handle = asyncio.get_running_loop().call_later(
            max(self._clock.real(left), 0), self._ring
        )

    def cancel(self) -> None:
        """Do not make the call."""
        if self._handle is not None:
            self._handle.cancel()
        self._clock.forget(self)

    def _ring(self) -> None:
        self._clock.forget(self)
        self._call()


class JumpClock(SystemClock):
    """A clock that runs by itself and can be moved on at once."""

    def __init__(self, start: datetime | None = None, speed: float = 1) -> None:
        """Start at a moment in time; without one, at the present."""
        super().__init__(start, speed)
        self._jumped = 0.0
        self._timers: set[JumpTimer] = set()

    @override
    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._jumped)

    @override
    def call_later(self, seconds: float, call: Callable[[], object]) -> JumpTimer:
        timer = JumpTimer(self, self.now() + timedelta(seconds=max(seconds, 0)), call)
        self._timers.add(timer)
        timer.arm()
        return timer

    def step(self, seconds: float) -> None:
        """Move on; what has become due by that happens at once, in order."""
        self._jumped += seconds
        for timer in sorted(self._timers, key=lambda timer: timer.due):
            timer.arm()

    def forget(self, timer: JumpTimer) -> None:
        """Have done with a timer."""
        self._timers.discard(timer)
