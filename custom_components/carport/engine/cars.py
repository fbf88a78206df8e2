"""What the garage knows of one car, and what is going on with it."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ..car.commands import Command, CommandKind
from ..car.history import Period
from ..car.limits import Limits
from ..car.logbook import Logbook
from ..car.receipts import Receipt
from ..car.refusals import Reason
from ..car.signals import BATTERY_LEVEL, ODOMETER, Signal, Value
from ..car.snapshot import Snapshot
from ..cloud.cadence import Profile
from ..cloud.clock import Timer
from ..cloud.contract import Car
from .channel import Channel, ChannelState

_RECEIPTS_KEPT: Final = 20
_SOURCES: Final = {"trips": ODOMETER, "charge_sessions": BATTERY_LEVEL}
"""The lists of a logbook, and the signal without which it has nothing to go by."""

type Tell = Callable[[], None]
type TellTopics = Callable[[Collection[str]], None]
type TellReceipt = Callable[[Receipt], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A value the owner asked for, shown until the car agrees or time is up."""

    value: Value
    command: Command


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Running:
    """The command that has a car's lane, and the account that carries it.

    `ended` is set when the account closes and nobody will look for proof.
    """

    command: Command
    account: str
    task: asyncio.Task[Receipt]
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, kw_only=True, eq=False)
class Waiter:
    """A command that waits until a car's lane is free.

    `changed` is set whenever it has to look again; `replaced` once another command
    has taken its place.
    """

    command: Command
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: bool = False
    expired: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class GarageCar:
    """Everything known of one car; only the garage changes it."""

    vin: str
    description: Car
    known_since: datetime | None = None
    """Since when an account has had it here; its timers are not laid out before."""
    alike: bool = False
    """Whether another car here would be called the same without its VIN."""
    owner: str | None = None
    snapshot: Snapshot = field(default_factory=Snapshot)
    commands: Mapping[CommandKind, Limits] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    logbook: Logbook = field(default_factory=Logbook)
    assumed: dict[str, Value] = field(default_factory=dict)
    """What the cloud accepted of things that no car reports."""
    running: Running | None = None
    waiting: list[Waiter] = field(default_factory=list)
    """The commands that wait for what runs, in their order."""
    receipts: deque[Receipt] = field(
        default_factory=lambda: deque(maxlen=_RECEIPTS_KEPT)
    )
    profile: Profile | None = None
    stale: bool = False
    placeholders: Counter[str] = field(default_factory=Counter)
    listeners: dict[str, set[Tell]] = field(default_factory=dict)
    followers: set[TellTopics] = field(default_factory=set)
    receipt_listeners: set[TellReceipt] = field(default_factory=set)
    stale_timer: Timer | None = None

    @property
    def own_name(self) -> str:
        """What its owner calls it, else year and model."""
        described = self.description
        model = described.model or described.manufacturer
        return described.nickname or " ".join(
            filter(None, (described.model_year, model))
        )

    @property
    def name(self) -> str:
        """Its name; with the end of the VIN, where another one is called the same."""
        return f"{self.own_name} {self.vin[-4:]}" if self.alike else self.own_name

    def reported[T: Value](self, signal: Signal[T]) -> T | None:
        """Return what the car itself last said."""
        return self.snapshot.value(signal)

    def shown[T: Value](self, signal: Signal[T]) -> T | None:
        """Return what a control should show: the newest wish before the report."""
        for waiter in reversed(self.waiting):
            wished = {**waiter.command.effects, **waiter.command.transition}
            if signal in wished:
                return signal.accept(wished[signal])
        if (pending := self.pending.get(signal.key)) is not None:
            return signal.accept(pending.value)
        if (value := self.snapshot.value(signal)) is not None:
            return value
        return signal.accept(self.assumed.get(signal.key))

    @property
    def owners_capacity(self) -> float | None:
        """What the owner says that the battery holds, where anybody does."""
        said = (channel.battery_capacity for channel in self.channels.values())
        return next((capacity for capacity in said if capacity is not None), None)

    def derived(self, what: str, period: Period) -> Mapping[str, Any] | None:
        """Return a list as the logbook has it; None where it can have none."""
        source = _SOURCES.get(what)
        if source is None or source.key not in self.snapshot.readings:
            return None
        return self.logbook.lists(what, period)

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

    def routes(self, kind: CommandKind) -> Iterator[tuple[Channel, Limits]]:
        """Yield the channels that offer a command, with what each declares of it."""
        observed = self.snapshot.readings.keys()
        for channel in self.channels_by_choice:
            limits = channel.offered(observed).get(kind)
            if limits is not None:
                yield channel, limits

    def closed(self, kinds: Iterable[CommandKind]) -> Reason | None:
        """Return why every way of these commands is closed; None while one is open.

        A command that no channel offers any more has no way that could be closed.
        """
        if all(channel.closed is None for channel in self.channels.values()):
            return None
        reasons = [channel.closed for kind in kinds for channel, _ in self.routes(kind)]
        return reasons[0] if reasons and all(reasons) else None

    @property
    def shares_position(self) -> bool:
        """Whether places may be known of the car, by any of its accounts."""
        return any(channel.share_position for channel in self.channels.values())

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
