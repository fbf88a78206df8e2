"""Whose turn it is: one car's calls go side by side, another car's come after them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Gives the cars of an account their turns, in the order in which they asked.

    Who comes for the car whose turn it is joins in, unless another car waits: so every
    turn ends, and a command is never kept waiting for longer than the cars before it.
    """

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._vin: str | None = None
        self._inside = 0
        # While somebody is inside only: whoever leaves last lets the next car in.
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def of(self, vin: str) -> AsyncIterator[None]:
        """Wait for a car's turn, and keep it until this is over."""
        if self._inside == 0 or (self._vin == vin and not self._waiting):
            self._vin = vin
            self._inside += 1
        else:
            await self._wait(vin)
        try:
            yield
        finally:
            self._leave()

    async def _wait(self, vin: str) -> None:
        let_in = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(vin, []).append(let_in)
        try:
            await let_in
        except asyncio.CancelledError:
            if not let_in.cancelled():
                # It was let in at the moment at which it gave up.
                self._leave()
            raise

    def _leave(self) -> None:
        self._inside -= 1
        while self._inside == 0 and self._waiting:
            self._vin = next(iter(self._waiting))
            for let_in in self._waiting.pop(self._vin):
                if not let_in.done():  # Those who gave up are not counted.
                    let_in.set_result(None)
                    self._inside += 1
