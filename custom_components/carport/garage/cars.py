"""What the garage knows of one car, and what is going on with it."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..car.commands import Command, CommandKind
from ..car.limits import Limits
from ..car.receipts import Receipt
from ..car.signals import Signal, Value
from ..car.snapshot import Snapshot
from ..service.cadence import Profile
from ..service.clock import Timer
from ..service.contract import Car
from .channel import Channel, ChannelState

_RECEIPTS_KEPT: Final = 20

type Tell = Callable[[], None]
type TellReceipt = Callable[[Receipt], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A value the owner asked for, shown until the car agrees or time is up."""

    value: Value
    command: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The command that has a car's lane."""

    command: Command
    task: asyncio.Task[Receipt]


@dataclass(slots=True, kw_only=True, eq=False)
class GarageCar:
    """Everything known of one car; only the garage changes it."""

    vin: str
    description: Car
    owner: str | None = None
    snapshot: Snapshot = field(default_factory=Snapshot)
    commands: Mapping[CommandKind, Limits] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    assumed: dict[str, Value] = field(default_factory=dict)
    """What the cloud accepted of things that no car reports."""
    running: Running | None = None
    receipts: deque[Receipt] = field(
        default_factory=lambda: deque(maxlen=_RECEIPTS_KEPT)
    )
    profile: Profile | None = None
    stale: bool = False
    placeholders: Counter[str] = field(default_factory=Counter)
    listeners: dict[str, set[Tell]] = field(default_factory=dict)
    receipt_listeners: set[TellReceipt] = field(default_factory=set)
    stale_timer: Timer | None = None

    def reported[T: Value](self, signal: Signal[T]) -> T | None:
        """Return what the car itself last said."""
        return self.snapshot.value(signal)

    def shown[T: Value](self, signal: Signal[T]) -> T | None:
        """Return what a control should show: a running wish before the report."""
        if (pending := self.pending.get(signal.key)) is not None:
            return signal.accept(pending.value)
        if (value := self.snapshot.value(signal)) is not None:
            return value
        return signal.accept(self.assumed.get(signal.key))

    @property
    def captured_at(self) -> datetime | None:
        """The newest capture time of all readings."""
        return self.snapshot.captured_at()

    @property
    def channels_by_choice(self) -> list[Channel]:
        """The channels as commands try them: that of the owner's account first."""
        return sorted(
            self.channels.values(), key=lambda channel: channel.account != self.owner
        )

    def ways(self, kind: CommandKind) -> Iterator[tuple[Channel, Limits]]:
        """Yield the channels that offer a command, with what each declares of it."""
        observed = self.snapshot.readings.keys()
        for channel in self.channels_by_choice:
            limits = channel.service.commands(channel.car, observed).get(kind)
            if limits is not None:
                yield channel, limits

    @property
    def best_channel(self) -> Channel | None:
        """The channel in the best state; the owner's account wins a draw."""
        ranks = list(ChannelState)
        return min(
            self.channels.values(),
            key=lambda channel: (
                ranks.index(channel.state),
                channel.account != self.owner,
            ),
            default=None,
        )
