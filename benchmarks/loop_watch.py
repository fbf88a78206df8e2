"""What the event loop does: how long it is busy, and for how long at a stretch."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import time
from unittest.mock import patch


@dataclass(slots=True, kw_only=True)
class Watched:
    """The event loop's work; in seconds.

    `busy` and `longest` are of this thread's own processor time, since others may be
    at work on the machine; `longest_wall` is what a clock on the wall saw. `who` did
    the longest stretch.
    """

    busy: float = 0
    longest: float = 0
    longest_wall: float = 0
    who: str = ""


@contextmanager
def watched() -> Iterator[Watched]:
    """Time every callback that the loop runs; the result grows meanwhile."""
    seen = Watched()
    # Nothing public tells when the loop begins and ends with a callback.
    run = asyncio.Handle._run  # noqa: SLF001 - the only place

    def timed(handle: asyncio.Handle) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        run(handle)
        spent = time.thread_time() - cpu
        seen.busy += spent
        seen.longest_wall = max(seen.longest_wall, time.perf_counter() - wall)
        if spent > seen.longest:
            seen.longest = spent
            seen.who = repr(handle)

    with patch.object(asyncio.Handle, "_run", timed):
        yield seen
