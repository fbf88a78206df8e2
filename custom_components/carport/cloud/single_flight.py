"""One running piece of work for everybody who wants its result."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress


class SingleFlight[T]:
    """Run some work once at a time; later callers share its outcome.

    The work goes on when somebody stops waiting: others may still want it.
    """

    def __init__(self, work: Callable[[], Awaitable[T]]) -> None:
        """Keep the work."""
        self._work = work
        self._running: asyncio.Task[T] | None = None

    async def run(self) -> T:
        """Join the work that runs, or start it."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())
            self._running.add_done_callback(self._landed)
        running = self._running
        # Not a shield: that logs a failure which comes after its caller has left.
        await asyncio.wait({running})
        return running.result()

    async def close(self) -> None:
        """Stop the work, if it runs."""
        if (running := self._running) is not None:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait({running})

    async def _run(self) -> T:
        return await self._work()

    def _landed(self, task: asyncio.Task[T]) -> None:
        self._running = None
        if not task.cancelled():
            # Nobody may be waiting any more; asyncio would complain then.
            task.exception()
