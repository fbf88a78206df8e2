"""What CarData's refusals mean: a 403 has to be read before it is named."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final

from ...cloud.answer import Answer
from ...cloud.errors import (
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    SignInFailed,
    error_for,
)
from ...cloud.sign_in import SignInOutcome

_WAITS: Final = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8))
_AFTER_MIDNIGHT: Final = timedelta(minutes=1)
_INVALID_TOKEN: Final = "invalid_token"


class NotOurs(NotPermitted):
    """The car is not, or no longer, one that the account may read."""


class ContainerGone(CloudError):
    """The container was deleted, or is another's: make a new one, sign in to nothing."""


class ContainersFull(CloudError):
    """Ten containers are all there may be."""


class DescriptorUnknown(CloudError):
    """A container was wished for with a descriptor that is none (any more)."""

    def __init__(self, what: str, *, status: int, said: str) -> None:
        """Keep what is said of it, which may name the descriptor."""
        super().__init__(what, status=status)
        self.said = said


class ContainerRefused(CloudError):
    """BMW makes no container for this account, whatever is in it."""


class QuotaUsed(CloudError):
    """The day's calls are used up, by whomever."""


_BY_CODE: Final[Mapping[str, type[CloudError]]] = {
    "CU-100": LoginExpired,
    "CU-101": LoginExpired,
    "CU-102": LoginExpired,
    "CU-104": NotOurs,
    "CU-105": ContainerGone,
    "CU-121": ContainerGone,
    "CU-124": ContainersFull,
    "CU-126": NotSupported,
    "CU-403": ContainerRefused,
    "CU-429": QuotaUsed,
}


def error_of(answer: Answer) -> CloudError:
    """Name a refusal by its code, or else by its status."""
    body = answer.refusal()
    code, said = str(body.get("exveErrorId")), str(body.get("exveErrorMsg"))
    if code == "CU-103":
        return SignInFailed(SignInOutcome.SERVICE_NOT_SUBSCRIBED)
    if code == "CU-402":
        words = f"{said} {body.get('exveNote')}"
        return DescriptorUnknown(answer.what, status=answer.status, said=words)
    if code == "CU-127":
        # It means two things, and only its words tell which.
        about_token = _INVALID_TOKEN in f"{body.get('exveNote')} {said}"
        about_token |= answer.status != 404 and "token" in said.casefold()
        kind: type[CloudError] = LoginExpired if about_token else NotSupported
        return kind(answer.what, status=answer.status)
    return error_for(answer.what, answer.status, _BY_CODE.get(code))


def quota_ends(now: datetime) -> datetime:
    """Return when the day's calls begin anew."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    return midnight + timedelta(days=1)


def try_again_at(now: datetime, refusals: int) -> datetime:
    """Return when to try again after so many refusals of a day in a row."""
    wait = _WAITS[min(refusals, len(_WAITS)) - 1]
    return min(now + wait, quota_ends(now) + _AFTER_MIDNIGHT)
