"""What became of something a car was asked, in the words of each family."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from carport.car.refusals import Reason
from carport.twin.twin import AcceptedCommand, Twin

from .account import Action
from .admission import Admission

_QUEUED: Final = timedelta(seconds=5)
_ERRORS: Final = {Reason.NOT_PLUGGED: 14, Reason.SOC_TOO_LOW: 11}
_OTHER_ERROR: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one family of requests words its progress."""

    waiting: str
    running: str
    done: str
    failed: str
    unfetched: str = "unfetched"


ACTION: Final = Words(
    waiting="queued", running="fetched", done="succeeded", failed="failed"
)
REQUEST: Final = Words(
    waiting="request_in_progress",
    running="request_in_progress",
    done="request_successful",
    failed="request_fail",
)


def word(admission: Admission, action: Action, twin: Twin, words: Words) -> str:
    """Say how far it has come; a car that never answers did not fetch it."""
    now = admission.site.clock.now()
    accepted = _known(action, twin)
    if accepted is None or accepted.done:
        return words.done
    if accepted.done is False:
        return words.failed
    after = timedelta(seconds=admission.register.settings.unfetched_after)
    if now.timestamp() >= accepted.due and now - action.since >= after:
        return words.unfetched
    return words.waiting if now - action.since < _QUEUED else words.running


def error(action: Action, twin: Twin) -> int:
    """Return the number of what went wrong."""
    accepted = _known(action, twin)
    reason = None if accepted is None else accepted.reason
    return _OTHER_ERROR if reason is None else _ERRORS.get(reason, _OTHER_ERROR)


def _known(action: Action, twin: Twin) -> AcceptedCommand | None:
    return twin.commands.get(action.number)
