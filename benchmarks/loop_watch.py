"""What the event loop does: how long it is busy, and for how long at a stretch."""

import asyncio
from asyncio import base_events
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import gc
from threading import get_ident
import time
from typing import Any, Final
from unittest.mock import patch

_HOMES_OWN: Final = (
    "homeassistant.components.",
    # Keeps the states of all entities every quarter of an hour.
    "homeassistant.helpers.restore_state",
)


@dataclass(slots=True, kw_only=True)
class Watched:
    """The event loop's work, in seconds of this thread's own processor time.

    Others may be at work on the machine. A stretch is one turn of the loop: whatever
    is ready by then is called, and nobody else gets a turn before all of it is done.
    `who` took longest in the longest one. Two things are no part of a stretch, and told
    apart: collections of garbage, which come when they come and take as long as
    everything in memory takes to look through, and timers of Home Assistant's own.
    The loop is busy with all of it.
    """

    busy: float = 0
    longest: float = 0
    who: str = ""
    longest_collection: float = 0
    homes_own: dict[str, float] = field(default_factory=dict)
    """How long each timer of Home Assistant's own took at most, by its name."""


@contextmanager
def watched() -> Iterator[Watched]:
    """Time every turn of the loop until the end; the result grows meanwhile.

    The turn in which it begins is not seen: what is to be watched comes after an await.
    """
    watch = _Watch()
    # Nothing public tells when the loop takes a turn, and begins and ends with a callback.
    run = asyncio.Handle._run  # noqa: SLF001 - the only place
    take_turn = base_events.BaseEventLoop._run_once  # type: ignore[attr-defined]  # noqa: SLF001 - so

    def turn(loop: base_events.BaseEventLoop) -> None:
        if watch.is_elsewhere():
            take_turn(loop)
            return
        watch.begin_turn()
        take_turn(loop)
        watch.end_turn()

    def timed(handle: asyncio.Handle) -> None:
        if watch.is_elsewhere():
            run(handle)
            return
        before = watch.spent()
        run(handle)
        watch.called(handle, watch.spent() - before)

    gc.callbacks.append(watch.collected)
    try:
        with (
            patch.object(asyncio.Handle, "_run", timed),
            patch.object(base_events.BaseEventLoop, "_run_once", turn),
        ):
            yield watch.seen
    finally:
        gc.callbacks.remove(watch.collected)
        watch.end()


class _Watch:
    """Adds up what turns and callbacks take, without the collections in them."""

    def __init__(self) -> None:
        """Have seen nothing; what other threads do is not watched.

        The clouds of some benchmarks have a loop of their own, in a thread beside.
        """
        self._thread = get_ident()
        self.seen = Watched()
        self._collecting = 0.0
        self._collection_began = 0.0
        self._turn_began: float | None = None
        self._longest_call = (0.0, "")

    def is_elsewhere(self) -> bool:
        """Return whether this is another thread than the watched one."""
        return get_ident() != self._thread

    def spent(self) -> float:
        """Return what the thread has spent until now, without collections."""
        return time.thread_time() - self._collecting

    def collected(self, phase: str, _: dict[str, Any]) -> None:
        """Hear of a collection of garbage."""
        if self.is_elsewhere():
            return
        if phase == "start":
            self._collection_began = time.thread_time()
            return
        spent = time.thread_time() - self._collection_began
        self._collecting += spent
        self.seen.busy += spent
        self.seen.longest_collection = max(self.seen.longest_collection, spent)

    def begin_turn(self) -> None:
        """Begin with a turn of the loop."""
        self._turn_began = self.spent()
        self._longest_call = (0.0, "")

    def called(self, handle: asyncio.Handle, spent: float) -> None:
        """Note what one callback took; one that outlives the watch counts no more."""
        if self._turn_began is None:
            return
        self.seen.busy += spent
        if (timer := _homes_timer(handle)) is not None:
            known = self.seen.homes_own.get(timer, 0)
            self.seen.homes_own[timer] = max(known, spent)
            # As if the turn had begun later.
            self._turn_began += spent
        elif spent > self._longest_call[0]:
            self._longest_call = (spent, name_of(handle))

    def end_turn(self) -> None:
        """End the turn that began last, unless the watch has ended in it."""
        if self._turn_began is None:
            return
        spent = self.spent() - self._turn_began
        if spent > self.seen.longest:
            self.seen.longest, self.seen.who = spent, self._longest_call[1]

    def end(self) -> None:
        """End in the middle of a turn: what comes after is no part of it."""
        self.end_turn()
        self._turn_began = None


def name_of(handle: asyncio.Handle) -> str:
    """Return what a callback is, for a person who looks for it."""
    call: Any = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public tells
    task = getattr(call, "__self__", None)
    if isinstance(task, asyncio.Task):
        work = task.get_coro()
        return f"{task.get_name()}: {getattr(work, '__qualname__', work)}"
    return getattr(call, "__qualname__", None) or repr(call)


def _homes_timer(handle: asyncio.Handle) -> str | None:
    """Return the name of a timer that Home Assistant has set for itself."""
    call: Any = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public tells
    action: Any = getattr(getattr(call, "__self__", None), "action", None)
    module: str = getattr(action, "__module__", None) or ""
    if not module.startswith(_HOMES_OWN):
        return None
    return f"{module.removeprefix(_HOMES_OWN[0])}: {action.__name__}"
