"""Long work in small stretches, so that everything else gets its turn of the loop."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import thread_time
from typing import Final

_STRETCH: Final = 0.005


class Yielding:
    """Lets the loop go on with other things; shared by all that has long work.

    Who waits goes on one after the other, with a turn of the loop between two: else
    the stretches of many would add up to a long one.
    """

    def __init__(self, stretch: float = _STRETCH) -> None:
        """Give way after so many seconds of processor time of the loop."""
        self._stretch = stretch
        self._began = thread_time()
        self._lane = asyncio.Lock()
        self._postponed: deque[Callable[[], object]] = deque()

    async def give_way(self) -> None:
        """Let others go first, if this stretch of work has been long enough."""
        if self._is_short():
            return
        async with self._lane:
            # Who went before in the lane has perhaps begun a new stretch just now.
            if not self._is_short():
                await asyncio.sleep(0)
                self._began = thread_time()

    def call(self, work: Callable[[], object]) -> None:
        """Do something small now, or in its turn when others have had theirs."""
        if not self._postponed and self._is_short():
            work()
            return
        if not self._postponed:
            asyncio.get_running_loop().call_soon(self._catch_up)
        self._postponed.append(work)

    def _catch_up(self) -> None:
        """Do what was postponed, as much of it as one stretch is good for."""
        self._began = thread_time()
        try:
            self._postponed.popleft()()
            while self._postponed and self._is_short():
                self._postponed.popleft()()
        finally:
            if self._postponed:
                asyncio.get_running_loop().call_soon(self._catch_up)

    def _is_short(self) -> bool:
        return thread_time() - self._began < self._stretch
