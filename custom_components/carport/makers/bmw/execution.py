"""The execution status: how far the latest command of one kind has come."""

from collections.abc import Mapping
from typing import Any, Final

from ...car.receipts import Reason
from ...service.contract import Progress
from ...service.rows import dig, word
from .words import LOCKED

WHAT: Final = "/webapi/v1/user/vehicles/{VIN}/serviceExecutionStatus"

# A record without a status is for a moment only: the command is still on its way.
_PROGRESS: Final = word(
    {
        "INITIATED": Progress.PENDING,
        "PENDING": Progress.PENDING,
        "DELIVERED": Progress.PENDING,
        "EXECUTED": Progress.DONE,
        "NOT_EXECUTED": Progress.FAILED,
        "TIMED_OUT": Progress.FAILED,
    }
)
_TIMED_OUT: Final = "TIMED_OUT"


def event_of(body: Mapping[str, Any]) -> str | None:
    """Return the number of the command that a record is about."""
    number = dig(body, ("executionStatus", "eventId"))
    return number if isinstance(number, str) and number else None


def progress_of(body: Mapping[str, Any]) -> Progress:
    """Return how far it is; an unknown word is no end."""
    status = dig(body, ("executionStatus", "status"))
    return _PROGRESS(status) or Progress.PENDING


def reason_of(body: Mapping[str, Any]) -> Reason:
    """Return why a command failed."""
    timed_out = dig(body, ("executionStatus", "status")) == _TIMED_OUT
    return Reason.NO_ANSWER_FROM_CAR if timed_out else Reason.CAR_REFUSED


def locked_of(body: Mapping[str, Any]) -> bool | None:
    """Return how the car says its doors are now; None where it does not."""
    path = ("executionStatus", "extendedStatus", "newDoorStatus")
    return LOCKED(dig(body, path))
