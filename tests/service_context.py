"""What a service is built of, where a test has no account of the simulator."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast, override

from carport.cloud.clock import Clock, Timer
from carport.cloud.contract import Context, Tokens
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger


class ClockAhead(Clock):
    """The clock of a machine that is ahead of the maker's."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        """Go as fast as another clock."""
        self._clock = clock
        self._by = by

    @override
    def now(self) -> datetime:
        return self._clock.now() + self._by

    @override
    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        return self._clock.call_later(seconds, call)

    @override
    def real(self, seconds: float) -> float:
        return self._clock.real(seconds)


async def keep_nothing(tokens: object) -> None:
    """Forget tokens at once."""


def context_of(
    clock: Clock,
    transport: Transport | None = None,
    *,
    account: str = "home",
    region: str = "eu",
    username: str = "",
    tokens: Tokens | None = None,
    save_tokens: Callable[[Tokens | None], Awaitable[None]] = keep_nothing,
) -> Context:
    """Put a context together; without a transport no call can be made."""
    return Context(
        transport=transport or unused_transport(clock),
        clock=clock,
        account=account,
        region=region,
        username=username,
        tokens=tokens,
        save_tokens=save_tokens,
    )


def unused_transport(clock: Clock, ledger: Ledger | None = None) -> Transport:
    """Return a transport that nothing is ever sent by: it has no session."""
    return Transport(cast(Any, None), clock, HostMap(), ledger or Ledger(clock))
