"""Taking turns: one after the other, by the clock, when something is due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import logging
from typing import Final

from ..cloud.clock import Clock, Timer
from ..cloud.errors import AccountClosed

_LOGGER: Final = logging.getLogger(__name__)

_LEAST_WAIT: Final = 1.0
_LEAST_REAL_WAIT: Final = 0.05
"""However fast the clock: others get their turn of the loop."""
_REST: Final = 60.0
"""After a turn that broke off: what is due stays so, as on a disk that takes nothing."""
_LONGEST_WAIT: Final = timedelta(minutes=15)
"""A clock may be corrected meanwhile: what is due is looked at again by then."""


class Scheduler:
    """The turns of one account; `due` says when the next one is worth it, if ever."""

    def __init__(
        self,
        label: str,
        clock: Clock,
        due: Callable[[], datetime | None],
        turn: Callable[[], Awaitable[None]],
    ) -> None:
        """Take no turn before `start`, but those that somebody asks for."""
        self.closed = False
        self._label = label
        self._clock = clock
        self._due = due
        self._take = turn
        self._started = False
        self._timer: Timer | None = None
        self._turn: asyncio.Task[None] | None = None
        self._waking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take turns from now on, whenever something is due."""
        self._started = True
        self.replan()

    def replan(self) -> None:
        """Let the next turn come when the next thing is due by what is known now."""
        self._stop_timer()
        if not self._started or self.closed or (due := self._due()) is None:
            return
        wait = min(due - self._clock.now(), _LONGEST_WAIT).total_seconds()
        least = max(_LEAST_WAIT, _LEAST_REAL_WAIT / self._clock.real(1.0))
        self._timer = self._clock.call_later(max(wait, least), self._wake)

    async def take_turn(self) -> None:
        """Take a turn now; join one that is under way."""
        if self.closed:
            raise AccountClosed
        if self._turn is None:
            self._turn = asyncio.get_running_loop().create_task(
                self._take_one(), name=f"carport turn {self._label}"
            )
        turn = self._turn
        await asyncio.wait({turn})
        if turn.cancelled():
            raise AccountClosed
        turn.result()

    def close(self) -> tuple[asyncio.Task[None], ...]:
        """Take no turn any more; return what is to be ended for that."""
        self.closed = True
        self._stop_timer()
        return tuple(task for task in (self._turn, self._waking) if task is not None)

    async def _take_one(self) -> None:
        try:
            await self._take()
        finally:
            self._turn = None
            self.replan()

    def _wake(self) -> None:
        self._timer = None
        if self._turn is None:
            self._waking = asyncio.get_running_loop().create_task(
                self._take_one_alone(), name=f"carport wakes {self._label}"
            )

    async def _take_one_alone(self) -> None:
        """Take a turn that nobody waits for."""
        try:
            await self.take_turn()
        except AccountClosed:
            return
        except Exception:
            _LOGGER.exception("Reading an account failed")
            if self._timer is not None:
                self._stop_timer()
                self._timer = self._clock.call_later(_REST, self._wake)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
