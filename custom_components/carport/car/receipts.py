"""What became of a command, with reason and proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .commands import CommandKind
from .refusals import Reason, Refusal
from .signals import SIGNALS, Value


class Outcome(StrEnum):
    """How far a command came.

    `accepted` is not `done`: the cloud took it. `confirmed` has proof from the car.
    """

    REFUSED = "refused"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The record of one command.

    `before` and `after` map signal keys to the car's own readings around the
    command; `captured_at` is when the car captured the reading that proves it, or
    when it was received where the cloud dates nothing.
    """

    id: str
    command: CommandKind
    parameters: Mapping[str, Any] = field(default_factory=dict)
    outcome: Outcome
    reason: Reason | None = None
    refusal: Refusal | None = None
    """What would help, where it was not sent."""
    channel: str | None = None
    requested_at: datetime
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    before: Mapping[str, Value] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)
    captured_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """Turn the receipt into JSON with stable keys, for responses and events."""
        return {
            "id": self.id,
            "command": str(self.command),
            "parameters": dict(self.parameters),
            "outcome": str(self.outcome),
            "reason": None if self.reason is None else str(self.reason),
            "detail": {} if self.refusal is None else self.refusal.detail(),
            "requested_at": _iso(self.requested_at),
            "accepted_at": _iso(self.accepted_at),
            "finished_at": _iso(self.finished_at),
            "before": _encode(self.before),
            "after": _encode(self.after),
            "captured_at": _iso(self.captured_at),
        }


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _encode(values: Mapping[str, Value]) -> dict[str, Any]:
    return {key: SIGNALS[key].encode(value) for key, value in values.items()}
