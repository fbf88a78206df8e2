"""Serving accounts that several machines share: leased, opened, left and taken over."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass, field
import logging
import time
from typing import Any, Final, Protocol

from carport.cloud.errors import CloudError, LoginExpired, SignInFailed
from carport.engine import Account
from carport.engine.storage import LeaseLost, StorageUnreachable

from .home import AccountRecord
from .sessions import Session
from .words import say_error

_LOGGER: Final = logging.getLogger(__name__)

MOST: Final = 1000
"""How many accounts a process serves at most."""
_ROUNDS: Final = 10
"""How many rounds there are in the time of a lease: each renews, and takes some more."""
_AT_ONCE: Final = 10
"""So many accounts that nobody serves are taken at once; of more, half of them.

Processes that begin together share them so, and those of a large one that died are
served again after a few rounds.
"""
_FORGET_EVERY: Final = 3600.0
_TRY_AGAIN: Final = (60.0, 300.0, 900.0)


class LeaseTable(Protocol):
    """The leases of this process."""

    @property
    def held(self) -> Mapping[str, int]:
        """The fencing number of each account that is held, as far as is known."""

    def free(self) -> int:
        """Return how many accounts nobody holds."""

    def take(self, most: int, wanted: Collection[str] | None = None) -> list[str]:
        """Take accounts that nobody holds; return their names."""

    def renew(self) -> list[str]:
        """Renew all leases; return the names of those that are lost."""

    def release(self, name: str) -> None:
        """Leave an account to whoever takes it next."""

    def forget_calls(self) -> None:
        """Drop the calls of held accounts that nothing counts any more."""


class SharedHome(Protocol):
    """A home whose accounts other machines may serve too."""

    lease: float
    whole: bool

    @property
    def leases(self) -> LeaseTable:
        """The leases of this process."""

    def record(self, name: str) -> AccountRecord | None:
        """Return one account."""

    def cars(self, name: str) -> list[Any]:
        """Return what is known of the cars of one account, as the garage keeps it."""


@dataclass(slots=True, kw_only=True)
class Served:
    """An account that this process serves."""

    record: AccountRecord
    account: Account | None = None
    """None while it does not open."""
    failures: int = 0
    try_at: float = 0.0
    """When it is opened, by the monotonic clock."""


def nothing(_served: Served) -> None:
    """Tell nobody."""


@dataclass(slots=True, kw_only=True)
class Serving:
    """The accounts that this process has leased, and what happens to them."""

    session: Session
    home: SharedHome
    most: int = MOST
    wanted: Collection[str] | None = None
    """Only these accounts; all without it."""
    opened: Callable[[Served], None] = nothing
    """Hears of an account that is open and not read yet."""
    closed: Callable[[Served], None] = nothing
    """Hears of one that was closed, and of one that is lost before it is closed."""
    served: dict[str, Served] = field(default_factory=dict)
    _forget_at: float = 0.0
    _work: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Serve until cancelled; the leases end when the accounts are closed."""
        while True:
            try:
                await self._round()
            except StorageUnreachable:
                # No call goes out meanwhile: each asks the database first.
                _LOGGER.warning("The database does not answer; nothing is called")
            await asyncio.sleep(self.home.lease / _ROUNDS)

    async def close(self) -> None:
        """Leave all accounts to others, with everything kept."""
        for task in tuple(self._work.values()):
            task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)
        for name in tuple(self.served):
            await self._leave(name)
            try:
                await asyncio.to_thread(self.home.leases.release, name)
            except StorageUnreachable:
                # It ends by itself.
                continue

    async def _round(self) -> None:
        leases = self.home.leases
        await asyncio.to_thread(leases.renew)
        for name in self.served.keys() - leases.held.keys():
            _LOGGER.warning("The account %s is served by another process now", name)
            self._begin(name, self._leave(name, lost=True))
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + _FORGET_EVERY
            await asyncio.to_thread(leases.forget_calls)
        room = self.most - len(leases.held)
        if room > 0:
            free = await asyncio.to_thread(leases.free)
            room = min(room, max(_AT_ONCE, free // 2))
            await asyncio.to_thread(leases.take, room, self.wanted)
        now = time.monotonic()
        for name in tuple(leases.held):
            served = self.served.get(name)
            if served is None or (served.account is None and served.try_at <= now):
                self._begin(name, self._open(name))

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something with an account beside the rounds, which must not wait."""
        if name in self._work:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._work[name] = task
        task.add_done_callback(lambda done: self._done(name, done))

    def _done(self, name: str, task: asyncio.Task[None]) -> None:
        self._work.pop(name, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.warning("Serving %s failed: %s", name, type(error).__name__)

    async def _open(self, name: str) -> None:
        """Open an account with what is known of its cars, and begin to read them."""
        record = await asyncio.to_thread(self.home.record, name)
        if record is None:
            # Of a service that this version does not know, or removed meanwhile.
            await asyncio.to_thread(self.home.leases.release, name)
            return
        served = self.served.setdefault(name, Served(record=record))
        rows = await asyncio.to_thread(self.home.cars, name)
        self.session.engine.garage.bring_back(rows)
        account = await self.session.open(record)
        if account is None:
            self._put_off(served)
            return
        served.account, served.failures = account, 0
        self.opened(served)
        account.start()

    def _put_off(self, served: Served) -> None:
        """Try an account again later, unless it is its owner's turn."""
        error = self.session.failed[served.record.name]
        if isinstance(error, LeaseLost):
            return
        _LOGGER.warning(
            "The account %s does not open: %s", served.record.name, say_error(error)
        )
        wait = _TRY_AGAIN[min(served.failures, len(_TRY_AGAIN) - 1)]
        served.failures += 1
        served.try_at = time.monotonic() + wait if _may_pass(error) else float("inf")

    async def _leave(self, name: str, *, lost: bool = False) -> None:
        """Close an account; its commands end with a receipt, its cars are forgotten."""
        served = self.served.pop(name, None)
        if served is None:
            return
        if served.account is not None:
            if lost:
                self.closed(served)
            try:
                await self.session.engine.close_account(served.account)
                await self.session.engine.save()
            except (LeaseLost, StorageUnreachable) as error:
                _LOGGER.warning("%s: not all was kept: %s", name, say_error(error))
            if not lost:
                self.closed(served)
        garage = self.session.engine.garage
        for car in tuple(garage.cars.values()):
            if not car.channels and car.owner == name:
                garage.forget(car.vin)


def _may_pass(error: CloudError) -> bool:
    """Return whether trying again may help: a refused sign-in is never sent twice."""
    return not isinstance(error, (LoginExpired, SignInFailed))
