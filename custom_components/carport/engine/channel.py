"""A car as reached through one account, and how well that works."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..car.commands import CommandKind
from ..car.limits import Limits
from ..car.refusals import Reason
from ..cloud.clock import Clock
from ..cloud.contract import Car, ReadResult, Service
from ..cloud.errors import (
    ClosedByMaker,
    CloudError,
    LoginExpired,
    SignInFailed,
    Throttled,
)
from ..cloud.ledger import Purpose


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
    answered_at: datetime | None = None
    """When it last brought all that was asked for, in this run.

    A service that says itself whether the car gets through to it is not judged by this.
    """
    last_good_at: datetime | None = None
    """When it last answered without a gap, in this run; told to the owner."""
    share_position: bool = True
    fuel_heater: bool = False
    """Whether the owner has confirmed that its heater may burn fuel from here."""
    battery_capacity: float | None = None
    """The kWh that the battery holds, as the owner says where the maker does not."""
    stream_alive_since: datetime | None = None
    """Since when the account's stream has been connected; None while it is not."""
    stream_last_message_at: datetime | None = None
    """When it last said something of this car."""
    last_result: ReadResult | None = None
    switched_off: frozenset[str] = frozenset()
    """The parts that the owner keeps back, by the last reading."""
    closing: bool = False
    """Whether the account is being closed, and takes no command any more."""

    @property
    def clock(self) -> Clock:
        """The clock of the cloud behind this channel."""
        return self.service.context.clock

    def offered(self, observed: AbstractSet[str]) -> Mapping[CommandKind, Limits]:
        """Return what the car can be asked, but for what the owner has not confirmed."""
        offered = self.service.commands(self.car, observed)
        if self.fuel_heater or not _any_burns_fuel(offered):
            return offered
        return {
            kind: limits
            for kind, limits in offered.items()
            if not burns_fuel(kind, limits)
        }

    def withholds(self, kind: CommandKind, observed: AbstractSet[str]) -> bool:
        """Return whether the car takes a command that the owner has not confirmed."""
        limits = self.service.commands(self.car, observed).get(kind)
        return limits is not None and burns_fuel(kind, limits) and not self.fuel_heater

    def heats_with_fuel(self, observed: AbstractSet[str]) -> bool:
        """Return whether the car may heat with fuel, asked now or by a timer of its own."""
        offered = self.service.commands(self.car, observed)
        return _any_burns_fuel(offered) or any(
            limits.schedule is not None and limits.schedule.climate_burns_fuel
            for limits in offered.values()
        )

    @property
    def closed(self) -> Reason | None:
        """Why no command can go this way until somebody does something about it."""
        return Reason.ACCOUNT_CLOSED if self.closing else SHUT.get(self.state)

    @property
    def shut(self) -> Reason | None:
        """Why no command can go this way; a throttled channel may still take one."""
        if (reason := self.closed) is not None:
            return reason
        ledger = self.service.context.transport.ledger
        return None if ledger.allows(Purpose.COMMAND) else Reason.BUDGET

    @property
    def paused_until(self) -> datetime | None:
        """When the cloud takes commands again; None while it takes them."""
        return self.service.context.transport.ledger.commands_paused_until


def burns_fuel(kind: CommandKind, limits: Limits) -> bool:
    """Return whether a command may run a heater that burns fuel.

    Its exhaust can kill in a closed garage, so nobody starts one unasked.
    """
    return kind is CommandKind.SET_AUXILIARY_HEATING or limits.burns_fuel


def _any_burns_fuel(offered: Mapping[CommandKind, Limits]) -> bool:
    return any(burns_fuel(kind, limits) for kind, limits in offered.items())


def state_after(error: CloudError) -> tuple[ChannelState, datetime | None]:
    """Say how a channel is after this error, and when a pause ends."""
    if isinstance(error, Throttled):
        return ChannelState.THROTTLED, error.until
    if isinstance(error, (LoginExpired, SignInFailed)):
        return ChannelState.NEEDS_OWNER, None
    if isinstance(error, ClosedByMaker):
        return ChannelState.CLOSED_BY_MAKER, None
    return ChannelState.DEGRADED, None
