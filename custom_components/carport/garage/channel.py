"""A car as reached through one account, and how well that works."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..car.receipts import Reason
from ..service.clock import Clock
from ..service.contract import Car, ReadResult, Service
from ..service.errors import (
    ClosedByMaker,
    CloudError,
    LoginExpired,
    SignInFailed,
    Throttled,
)
from ..service.ledger import Purpose


class ChannelState(StrEnum):
    """How a channel is, best first."""

    OK = "ok"
    DEGRADED = "degraded"
    THROTTLED = "throttled"
    NEEDS_OWNER = "needs_owner"
    CLOSED_BY_MAKER = "closed_by_maker"


SHUT: Final = {
    ChannelState.NEEDS_OWNER: Reason.NEEDS_OWNER,
    ChannelState.CLOSED_BY_MAKER: Reason.CHANNEL_CLOSED,
}
"""States in which no command can go this way, with the reason to give."""


@dataclass(slots=True, kw_only=True)
class Channel:
    """One car through one account.

    `until` is when a throttled channel opens again; `attempted_at` is the last try
    to read, whatever became of it. `pin` is the owner's, where it is stored. Without
    `share_position` no place ever enters the garage this way.
    """

    account: str
    service: Service
    car: Car
    pin: str | None = None
    state: ChannelState = ChannelState.OK
    until: datetime | None = None
    attempted_at: datetime | None = None
    share_position: bool = True
    last_result: ReadResult | None = None

    @property
    def clock(self) -> Clock:
        """The clock of the cloud behind this channel."""
        return self.service.context.clock

    @property
    def shut(self) -> Reason | None:
        """Why no command can go this way; a throttled channel may still take one."""
        if (reason := SHUT.get(self.state)) is not None:
            return reason
        ledger = self.service.context.transport.ledger
        return None if ledger.allows(Purpose.COMMAND) else Reason.BUDGET

    @property
    def paused_until(self) -> datetime | None:
        """When the cloud takes commands again; None while it takes them."""
        return self.service.context.transport.ledger.commands_paused_until


def state_after(error: CloudError) -> tuple[ChannelState, datetime | None]:
    """Say how a channel is after this error, and when a pause ends."""
    if isinstance(error, Throttled):
        return ChannelState.THROTTLED, error.until
    if isinstance(error, (LoginExpired, SignInFailed)):
        return ChannelState.NEEDS_OWNER, None
    if isinstance(error, ClosedByMaker):
        return ChannelState.CLOSED_BY_MAKER, None
    return ChannelState.DEGRADED, None
