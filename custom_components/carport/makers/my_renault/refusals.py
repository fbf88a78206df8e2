"""What Kamereon's refusals mean: named by the code in the body, else by the status."""

from collections.abc import Mapping
from typing import Any, Final

from ...car.refusals import Reason
from ...cloud.answer import Answer
from ...cloud.errors import (
    Busy,
    CarRefused,
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Outage,
    SignInFailed,
    SwitchedOff,
    error_for,
)
from ...cloud.field_map import get_path, text_at
from ...cloud.sign_in import SignInOutcome


class Denied(NotPermitted):
    """Denied by what the car may use; of a whole car, its contract has ended."""


class Forbidden(NotPermitted):
    """Not for this model; of a whole car, the account's id is out of date."""


class QuotaRefused(CloudError):
    """The account has made too many calls, by the cloud's own word."""


class NotForwarded(Outage):
    """The cars' own service was not reached; of one car, its contract may have ended."""


class GarageEmpty(Outage):
    """An account has no car, or the cloud cannot find its cars just now."""


class LowBattery(CarRefused):
    """The car has too little charge for that."""

    reason = Reason.SOC_TOO_LOW


_BY_CODE: Final[Mapping[str, type[CloudError]]] = {
    "err.func.wired.unauthorized": LoginExpired,
    "err.func.wired.overloaded": QuotaRefused,
    "err.func.403": Denied,
    "err.func.wired.forbidden": Forbidden,
    "err.func.wired.notFound": NotSupported,
    "err.func.wired.not-found": NotSupported,
    "err.func.wired.methodNotAllowed": NotSupported,
    "err.func.wired.invalid-body": CloudError,
    "err.func.wired.invalid-body-format": NotSupported,
    "err.func.wired.low.battery.level": LowBattery,
    "err.func.wired.empty-vehicle-link": GarageEmpty,
    "err.tech.wired.kamereon-proxy": NotForwarded,
    "err.func.privacy.on": SwitchedOff,
    "err.func.400": CloudError,
    "err.tech.501": NotSupported,
    "400001": NotSupported,
    "502000": NotSupported,
    "409001": Busy,
}
_OF_A_MODEL: Final = ("err.func.vcps.", "err.tech.vcps.")
_TECHNICAL: Final = "err.tech."


def codes_of(body: Any) -> tuple[str, ...]:
    """Return the codes of the first error in a body; none where it holds no error.

    It is told twice, and of the cars' own services in two ways: either may be known.
    """
    errors, messages = get_path(body, ("errors",)), get_path(body, ("messages",))
    if not isinstance(errors, list) or not errors:
        return ()
    told = [get_path(errors[0], ("errorCode",))]
    if isinstance(messages, list) and messages:
        told.append(get_path(messages[0], ("code",)))
    return tuple(str(one) for one in told if isinstance(one, (str, int))) or ("",)


def refusal_in(answer: Answer) -> CloudError | None:
    """Name the refusal that stands in a body, whatever the status says."""
    body = answer.refusal()
    if not (codes := codes_of(body)):
        if text_at(body, "error") == "access_denied":
            # The app's own key is not taken (any more).
            return SignInFailed(SignInOutcome.APP_KEY_REFUSED)
        return None
    kind = next(filter(None, map(_kind_of, codes)), None)
    if kind is None:
        return error_for(answer.what, answer.status)
    return kind(answer.what, status=answer.status)


def _kind_of(code: str) -> type[CloudError] | None:
    if code.startswith(_OF_A_MODEL):
        return _BY_CODE.get(code, NotSupported)
    if code.startswith(_TECHNICAL):
        return _BY_CODE.get(code, Outage)
    return _BY_CODE.get(code)


def error_of(answer: Answer) -> CloudError:
    """Name a refusal by its body, else by its status."""
    return refusal_in(answer) or error_for(answer.what, answer.status)
