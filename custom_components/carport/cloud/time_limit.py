"""A limit to the time of what takes several calls, such as the reading of a car."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from contextvars import ContextVar
from typing import Final

from .clock import Clock
from .errors import Outage, Unreached
from .ledger import Purpose

_SECONDS: Final = 60.0
_CUT_OFF: Final = frozenset({Purpose.LIST, Purpose.READ})
_NOT_BEGUN: Final = _CUT_OFF | {Purpose.TOKEN}
"""A renewal of tokens under way is not cut off: the answer may hold the only good ones."""


class TimeLimit:
    """The time of one reading, and the hosts that cannot be reached in it."""

    def __init__(self) -> None:
        """Begin with all the time there is."""
        self.over = False
        self._unreached: set[str] = set()
        self._waiting: set[asyncio.Timeout] = set()

    def admit(self, host: str, what: str) -> None:
        """Raise `Unreached` where a call would come too late, or could not be made."""
        if self.over or host in self._unreached:
            raise Unreached(what)

    def note(self, host: str, error: Outage) -> None:
        """Leave a host alone that no connection could be made to, after all tries."""
        if isinstance(error, Unreached):
            self._unreached.add(host)

    @asynccontextmanager
    async def cut_off(self) -> AsyncIterator[None]:
        """Raise TimeoutError in the body when the time is over."""
        async with asyncio.timeout(0 if self.over else None) as timeout:
            self._waiting.add(timeout)
            try:
                yield
            finally:
                self._waiting.discard(timeout)

    def end(self) -> None:
        """Cut off what is under way, and let nothing more begin."""
        self.over = True
        now = asyncio.get_running_loop().time()
        for timeout in self._waiting:
            timeout.reschedule(now)

    def lift(self) -> None:
        """Stand in nobody's way any more: what was begun meanwhile may outlive it."""
        self.over = False
        self._unreached.clear()


_CURRENT: Final[ContextVar[TimeLimit | None]] = ContextVar("time_limit", default=None)


@contextmanager
def time_limit(clock: Clock, seconds: float = _SECONDS) -> Iterator[None]:
    """Let the calls that are made in the body, and in its tasks, end within a time.

    Those that have not by then fail as an outage; the answers that came before count.
    """
    limit = TimeLimit()
    timer = clock.call_later(clock.patience(seconds), limit.end)
    token = _CURRENT.set(limit)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        timer.cancel()
        limit.lift()


def limit_to_begin(purpose: Purpose) -> TimeLimit | None:
    """Return the limit that says whether a call may begin."""
    return _CURRENT.get() if purpose in _NOT_BEGUN else None


def cut_off(purpose: Purpose) -> AbstractAsyncContextManager[None]:
    """Let a call end with the limit that it is made in, where it may be cut off."""
    limit = _CURRENT.get() if purpose in _CUT_OFF else None
    return nullcontext() if limit is None else limit.cut_off()
