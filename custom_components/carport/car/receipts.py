"""What became of a command, with reason and proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from .commands import CommandKind
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


class Reason(StrEnum):
    """Why a command was refused or failed; a closed list, translated."""

    NOT_CAPABLE = "not_capable"
    READ_ONLY = "read_only"
    CHANNEL_CLOSED = "channel_closed"
    NEEDS_OWNER = "needs_owner"
    THROTTLED = "throttled"
    PIN_MISSING = "pin_missing"
    PIN_BLOCKED = "pin_blocked"
    BUDGET = "budget"
    LOW_12V = "low_12v"
    NOT_PLUGGED = "not_plugged"
    SOC_TOO_LOW = "soc_too_low"
    OUT_OF_LIMITS = "out_of_limits"
    BUSY = "busy"
    # After sending:
    CLOUD_UNREACHABLE = "cloud_unreachable"
    CLOUD_REFUSED = "cloud_refused"
    CAR_REFUSED = "car_refused"
    CAR_DISAGREES = "car_disagrees"
    NO_ANSWER_FROM_CAR = "no_answer_from_car"


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
    detail: Mapping[str, str] = field(default_factory=dict)
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
            "detail": dict(self.detail),
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
