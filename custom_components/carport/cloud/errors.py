"""What can go wrong with a cloud, each with a type, named once at the edge.

No error carries a secret, an address with parameters, or a body.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal

from ..car.refusals import Reason
from .sign_in import SignInOutcome

type ThrottleScope = Literal["account", "command"]
"""What a pause concerns: all calls of the account, or one command of one car."""


class CloudError(Exception):
    """The cloud did not do what was asked; `reason` says why a command failed."""

    reason: Reason = Reason.CLOUD_REFUSED

    def __init__(self, what: str = "", *, status: int | None = None) -> None:
        """Say what was asked, by its path template, and what status came back."""
        super().__init__(what if status is None else f"{what} answered {status}")
        self.status = status


class Outage(CloudError):
    """No answer, or one that says to come back later: 5xx, time-out, cut off.

    `arrived` is False when the request cannot have reached the cloud.
    """

    reason = Reason.CLOUD_UNREACHABLE
    arrived = True


class Unreached(Outage):
    """No connection could be made, so nothing was sent."""

    arrived = False


class BadAnswer(CloudError):
    """An answer that is not in the cloud's language, such as HTML for JSON."""

    reason = Reason.CLOUD_UNREACHABLE


class HostNotMapped(CloudError):
    """The account's server stands in for other hosts than this one; nothing was sent.

    The maker itself is never asked instead: tokens of a server are not its business.
    """

    reason = Reason.SERVER_LACKS_HOST

    def __init__(self, host: str) -> None:
        """Name the maker's host."""
        super().__init__(f"no stand-in for {host}")
        self.host = host


class ServerRefused(CloudError):
    """A server that the owner has not confirmed as it is now; nothing was sent there.

    `doubts` are the addresses in question, as the owner is shown them.
    """

    reason = Reason.NEEDS_OWNER

    def __init__(self, doubts: Collection[str]) -> None:
        """Keep what is in question; it stays out of the text, which may be logged."""
        super().__init__("server not confirmed")
        self.doubts = tuple(doubts)


class PlainServer(ServerRefused):
    """Something would go unencrypted to an address outside the local network."""


class FarServer(ServerRefused):
    """The server sends its callers on to other machines."""


class ServerChanged(ServerRefused):
    """The server names other addresses than those that were confirmed."""


class Throttled(CloudError):
    """Too many calls; `until` is when the pause ends by the service's clock.

    Its `scope` is the account, or this one command of this car and nothing else.
    """

    reason = Reason.THROTTLED

    def __init__(
        self,
        what: str = "",
        *,
        until: datetime,
        status: int | None = None,
        scope: ThrottleScope = "account",
    ) -> None:
        """Say when the pause ends."""
        super().__init__(what, status=status)
        self.until = until
        self.scope = scope


class LoginExpired(CloudError):
    """The tokens are no longer taken; only the owner can sign in again."""

    reason = Reason.NEEDS_OWNER


class NotPermitted(CloudError):
    """The account may not do this: 403 without another explanation."""

    reason = Reason.NOT_CAPABLE


class NotSupported(CloudError):
    """The car or account has no such thing: 404."""

    reason = Reason.NOT_CAPABLE


class SwitchedOff(CloudError):
    """The owner, or a setting of the car, keeps this back; they can change it."""

    reason = Reason.SWITCHED_OFF


class ContractEnded(CloudError):
    """The car's connected services ended; the rest of the account goes on."""

    reason = Reason.CONTRACT_ENDED


class ClosedByMaker(CloudError):
    """The maker no longer answers third parties."""

    reason = Reason.CHANNEL_CLOSED


class AccountClosed(CloudError):
    """The account was closed here while it was being asked, such as for a reload."""

    reason = Reason.ACCOUNT_CLOSED


class PinMissing(CloudError):
    """The command needs the PIN, and there is none."""

    reason = Reason.PIN_MISSING


class PinRefused(CloudError):
    """The cloud refused the PIN, or it was refused before and is not sent again."""

    reason = Reason.PIN_BLOCKED


class PinPaused(PinRefused):
    """The PIN is not judged, and not sent before `until`."""

    def __init__(
        self, what: str = "", *, until: datetime, status: int | None = None
    ) -> None:
        """Say when the next one is sent."""
        super().__init__(what, status=status)
        self.until = until


class PinLocked(PinPaused):
    """The maker takes no PIN until then, so that this one may well be right."""

    reason = Reason.PIN_LOCKED


class PinLimit(PinPaused):
    """Too many codes that the maker never took were sent in the last day."""

    reason = Reason.PIN_LIMIT


class PinLastTry(PinRefused):
    """The maker takes one wrong PIN more; that try is the owner's own."""

    reason = Reason.PIN_LAST_TRY


class Busy(CloudError):
    """The cloud is still at an earlier request of this kind."""

    reason = Reason.BUSY


class CarRefused(CloudError):
    """The cloud passed the command on and the car declined."""

    reason = Reason.CAR_REFUSED


class SignInFailed(CloudError):
    """A sign-in ended without tokens; `outcome` says why, `address` where to go."""

    reason = Reason.NEEDS_OWNER

    def __init__(
        self,
        outcome: SignInOutcome,
        *,
        address: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Name the outcome; the address is the maker's page for the owner.

        `detail` is the maker's own word for which of several things it was.
        """
        super().__init__(str(outcome))
        self.outcome = outcome
        self.address = address
        self.detail = detail


class NothingSent(SignInFailed):
    """A sign-in that ended before this attempt had sent anything of the credentials.

    A service raises it for what it sees without asking the maker, such as a number that
    is none, or where it knows that its connection was never made.
    """


_OUTCOMES: Final[Mapping[type[CloudError], SignInOutcome]] = {
    Throttled: SignInOutcome.ACCOUNT_THROTTLED,
    Outage: SignInOutcome.MAKER_OUTAGE,
    # The credentials were good: it is us whom the maker refuses.
    ClosedByMaker: SignInOutcome.CLIENT_REFUSED,
    CloudError: SignInOutcome.PAGE_NOT_UNDERSTOOD,
}


@contextmanager
def map_login_errors(
    own: Mapping[type[CloudError], SignInOutcome] | None = None,
) -> Iterator[None]:
    """Let part of a sign-in end well or in `SignInFailed`, with what its errors mean.

    `own` says what some of them mean at this cloud, in place of what they usually do.
    """
    try:
        yield
    except SignInFailed, HostNotMapped:
        raise
    except CloudError as error:
        ends = {**_OUTCOMES, **(own or {})}
        kind = next(kind for kind in type(error).mro() if kind in ends)
        raise SignInFailed(ends[kind]) from None


_BY_STATUS: Final[dict[int, type[CloudError]]] = {
    401: LoginExpired,
    403: NotPermitted,
    404: NotSupported,
}


def error_for(
    what: str, status: int, kind: type[CloudError] | None = None
) -> CloudError:
    """Name the failure of a status other than 429; 5xx is an outage.

    `kind` is what the cloud's own word for it means, where that is known.
    """
    if kind is None:
        kind = Outage if status >= 500 else _BY_STATUS.get(status, CloudError)
    return kind(what, status=status)
