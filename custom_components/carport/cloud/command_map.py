"""The commands of a cloud as a table: what is sent, what the car takes, what shows it."""

from collections.abc import Callable, Set as AbstractSet
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ..car.commands import Command, CommandKind
from ..car.limits import Limits
from ..car.refusals import Refusal
from ..car.snapshot import Snapshot
from .contract import Car, Ticket
from .ledger import Purpose
from .parts import always
from .requests import Request

type Encode = Callable[..., Request]
"""Puts a command of one kind to a car into the cloud's words.

It gets the car, the command, and where it `repeats` a part, that part's answer.
"""
type LimitsFor = Callable[[Car, AbstractSet[str]], Limits | None]
"""Says what one car takes, by its description and the signals it ever showed."""


NO_LIMITS: Final = Limits()
PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CommandMapping:
    """One command of a cloud.

    `request` is what is sent: always the same call, or made of the car and the command.
    `repeats` is the key of a part whose answer goes into the call, and is read anew for
    it. `wanted` says which cars are offered it, and `limits` what those take, the same
    for every car or made for one; None means that this car takes no such command.
    `shown_by` is the key of the part in
    which the effect shows; `dated` says whether that part has a time of the car's own:
    without one it proves a command when it shows the wish, and contradicts nothing
    until then. `progress` is the call that tells what became of the command, where the
    cloud knows; `{number}` in it is the ticket's. `look_after` and `look_every` ration
    the looks, in seconds; several are the times from one look to the next, the last of
    them from then on. `blocked_by` says why it would be futile just now. `pause` is how
    long the car is left alone once the cloud finds that a command came too soon after
    another; it begins with every command that is `rationed`.
    """

    kind: CommandKind
    request: Request | Encode
    limits: Limits | LimitsFor = NO_LIMITS
    _: KW_ONLY
    wanted: Callable[[Car], bool] = always
    repeats: str | None = None
    shown_by: str | None = None
    progress: Request | None = None
    dated: bool = True
    look_after: float = 0
    look_every: float | tuple[float, ...] = 0
    blocked_by: Callable[[Car, Any, Snapshot, datetime], Refusal | None] | None = None
    pause: timedelta = PAUSE
    rationed: bool = False

    def request_for(self, car: Car, command: Command, *repeated: Any) -> Request:
        """Return the call for one command to one car."""
        if isinstance(self.request, Request):
            return self.request
        return self.request(car, command, *repeated)

    def limits_for(self, car: Car, observed: AbstractSet[str]) -> Limits | None:
        """Return what a car takes; None where it does not take this."""
        if not self.wanted(car):
            return None
        if isinstance(self.limits, Limits):
            return self.limits
        return self.limits(car, observed)

    @property
    def purpose(self) -> Purpose:
        """What the ledger counts the call as."""
        return Purpose.WAKE if self.kind is CommandKind.WAKE else Purpose.COMMAND


class CommandTracker:
    """When the effect of a command was looked for, so that looks are not too many."""

    def __init__(self) -> None:
        """Begin without any command."""
        self._looks: dict[str, tuple[datetime, int]] = {}

    def begin(self, car: Car) -> None:
        """Let the next look be one at once: there is a new command."""
        self._looks.pop(car.vin, None)

    def may_look(self, ticket: Ticket, mapping: CommandMapping, now: datetime) -> bool:
        """Return whether it is time for a look, and note that it is taken."""
        if now - ticket.accepted_at < timedelta(seconds=mapping.look_after):
            return False
        looked, looks = self._looks.get(ticket.vin, (None, 0))
        gaps = mapping.look_every
        if looked is not None:
            gap = gaps[min(looks, len(gaps)) - 1] if isinstance(gaps, tuple) else gaps
            if now - looked < timedelta(seconds=gap):
                return False
        self._looks[ticket.vin] = now, looks + 1
        return True
