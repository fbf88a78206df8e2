"""How the command ends: the codes that programs go by, and what goes wrong on the way."""

from enum import IntEnum
from typing import Final

from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason
from carport.cloud.errors import CloudError, LoginExpired, SignInFailed, Throttled
from carport.cloud.sign_in import SignInOutcome


class Exit(IntEnum):
    """The exit codes, as documented."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    SIGN_IN = 3
    THROTTLED = 4
    TIMED_OUT = 5


class Failure(Exception):
    """Something to say before the command ends; its key is for programs."""

    def __init__(self, code: Exit, key: str, message: str) -> None:
        """Keep all three; the message holds no VIN and no secret."""
        super().__init__(message)
        self.code = code
        self.key = key
        self.message = message


_WAITING: Final = frozenset(
    {Reason.THROTTLED, Reason.BUDGET, Reason.PIN_LOCKED, Reason.PIN_LIMIT}
)
"""Reasons that are over by themselves after a while."""


_PAUSED: Final = frozenset({SignInOutcome.ACCOUNT_THROTTLED, SignInOutcome.QUOTA})
_UNREACHED: Final = frozenset(
    {SignInOutcome.MAKER_OUTAGE, SignInOutcome.BROKER_UNREACHABLE}
)


def exit_of_receipt(receipt: Receipt) -> Exit:
    """Return the code for what became of a command."""
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.CONFIRMED}:
        return Exit.DONE
    # Cut off here: nobody knows whether the car has done it.
    unknown = (
        receipt.outcome is Outcome.FAILED
        and receipt.reason is Reason.ACCOUNT_CLOSED
        and receipt.channel is not None
    )
    if receipt.outcome is Outcome.TIMED_OUT or unknown:
        return Exit.TIMED_OUT
    return _exit_of_reason(receipt.reason)


def exit_of_error(error: CloudError) -> Exit:
    """Return the code for what a cloud did not do."""
    if isinstance(error, Throttled):
        return Exit.THROTTLED
    if isinstance(error, SignInFailed):
        return exit_of_login(str(error.outcome))
    return (
        Exit.SIGN_IN
        if isinstance(error, LoginExpired)
        else _exit_of_reason(error.reason)
    )


def exit_of_login(key: str) -> Exit:
    """Return the code for how a sign-in ended."""
    if key in _PAUSED:
        return Exit.THROTTLED
    # There it is not the owner who has to do something about the account.
    unreached = key in _UNREACHED or key.startswith("server_")
    return Exit.REFUSED if unreached else Exit.SIGN_IN


def _exit_of_reason(reason: Reason | None) -> Exit:
    if reason is Reason.NEEDS_OWNER:
        return Exit.SIGN_IN
    return Exit.THROTTLED if reason in _WAITING else Exit.REFUSED
