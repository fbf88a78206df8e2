"""Why a command is not sent, or was not done: one closed list and one type."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .schedule import ScheduleProblem


class Reason(StrEnum):
    """Why a command was refused or failed; a closed list, translated."""

    NOT_CAPABLE = "not_capable"
    READ_ONLY = "read_only"
    CHANNEL_CLOSED = "channel_closed"
    SWITCHED_OFF = "switched_off"
    CONTRACT_ENDED = "contract_ended"
    NOT_ENROLLED = "not_enrolled"
    NEEDS_OWNER = "needs_owner"
    FUEL_HEATER = "fuel_heater"
    NOT_THIS_CAR = "not_this_car"
    NOT_THIS_USER = "not_this_user"
    THROTTLED = "throttled"
    PIN_MISSING = "pin_missing"
    PIN_BLOCKED = "pin_blocked"
    PIN_LOCKED = "pin_locked"
    PIN_LIMIT = "pin_limit"
    PIN_LAST_TRY = "pin_last_try"
    BUDGET = "budget"
    LOW_12V = "low_12v"
    CAR_RESTS = "car_rests"
    NOT_PLUGGED = "not_plugged"
    SOC_TOO_LOW = "soc_too_low"
    OUT_OF_LIMITS = "out_of_limits"
    BUSY = "busy"
    REPLACED = "replaced"
    # After sending:
    CLOUD_UNREACHABLE = "cloud_unreachable"
    SERVER_LACKS_HOST = "server_lacks_host"
    CLOUD_REFUSED = "cloud_refused"
    CAR_REFUSED = "car_refused"
    CAR_DISAGREES = "car_disagrees"
    NO_ANSWER_FROM_CAR = "no_answer_from_car"
    ACCOUNT_CLOSED = "account_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a command is not sent: one type, from maker to face.

    `field` names a parameter and `allowed` what it may be; `problems` are the
    rules of the car's timers that a schedule breaks; `until` is when it is worth another try;
    `running` is the command that has the car.
    """

    reason: Reason
    field: str = ""
    allowed: str = ""
    problems: tuple[ScheduleProblem, ...] = ()
    until: datetime | None = None
    running: str = ""

    def detail(self) -> dict[str, str]:
        """Return everything but the reason as texts, for a receipt."""
        said = {
            "field": self.field,
            "allowed": self.allowed,
            "until": "" if self.until is None else self.until.isoformat(),
            "running": self.running,
        }
        return {key: value for key, value in said.items() if value}


def wrong_schedule(problems: tuple[ScheduleProblem, ...]) -> Refusal | None:
    """Return the refusal of a schedule that breaks rules; None if it breaks none."""
    if not problems:
        return None
    return Refusal(
        reason=Reason.OUT_OF_LIMITS,
        field="schedule",
        allowed=", ".join(str(problem) for problem in problems),
        problems=problems,
    )


def out_of_limits(field: str, allowed: str) -> Refusal:
    """Return the refusal of a parameter: which one, and what it may be."""
    return Refusal(reason=Reason.OUT_OF_LIMITS, field=field, allowed=allowed)


def paused(until: datetime | None) -> Refusal | None:
    """Return the refusal of a command that the cloud takes again later, if it does."""
    return None if until is None else Refusal(reason=Reason.THROTTLED, until=until)
