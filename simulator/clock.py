"""A clock that moves only when it is told to, and a count of who waits on it."""

from collections.abc import Callable
from datetime import datetime, timedelta
import heapq
from itertools import count
from typing import override

from custom_components.carport.service.clock import Clock


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
