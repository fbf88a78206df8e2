"""Whose turn it is: one car's calls go side by side, another car's come after them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ...cloud.errors import NotPermitted, NotSupported


class VehicleLock:
    """Gives the cars of an account their turns, in the order in which they asked.

    Who comes for the car whose turn it is joins in, unless another car waits: so every
    turn ends, and a command is never kept waiting for longer than the cars before it.
    """

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._vin: str | None = None
        self._inside = 0
        # Only while the lock is held: the last caller to leave hands it on.
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


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """One time that the cloud was told for which car to answer."""

    vin: str


class ActiveVehicle:
    """Has the cloud answer for the car that a call is about.

    It only answers for one of an account's cars, and has to be told for which. What it
    was told is forgotten with the run: the first call of the next one tells it again.
    """

    def __init__(self) -> None:
        """Begin without knowing which car it is."""
        self._lock = VehicleLock()
        self._choosing = asyncio.Lock()
        self._choice: _Choice | None = None

    async def call[T](
        self,
        vin: str,
        choose: Callable[[], Awaitable[object]],
        call: Callable[[], Awaitable[T]],
    ) -> T:
        """Make a call in its car's turn, once the cloud was told of that car."""
        async with self._lock.of(vin):
            before = self._choice
            choice = await self._chosen(vin, choose)
            try:
                return await call()
            except NotPermitted:
                if choice is not before:
                    raise
            # The owner's own app may have turned to another car meanwhile; a refusal
            # proves that nothing was done.
            if self._choice is choice:
                self._choice = None
            await self._chosen(vin, choose)
            return await call()

    async def _chosen(
        self, vin: str, choose: Callable[[], Awaitable[object]]
    ) -> _Choice:
        """Tell the cloud, once for all calls that wait for it."""
        async with self._choosing:
            if (known := self._choice) is not None and known.vin == vin:
                return known
            # Until it is answered, nobody knows for which car it answers.
            self._choice = None
            try:
                await choose()
            except NotSupported:
                pass  # The first description did not have this: any car may be asked.
            except NotPermitted:
                self._choice = known
                raise
            self._choice = choice = _Choice(vin)
            return choice
