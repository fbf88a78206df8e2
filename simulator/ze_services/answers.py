"""How this cloud words its answers and refusals."""

from datetime import datetime
from typing import Any, Final

from aiohttp import web

from carport.cloud.clock import Clock

from ..cloud import Handler

_PACKAGE: Final = "com.worldline.renault.myzeonline.exception"

EXPIRED: Final = (401, 403852, "InvalidAuthenticationException.ExpiredToken")
# All codes below but 403900 are the simulator's own; nobody recorded the real ones.
WRONG: Final = (401, 403850, "InvalidAuthenticationException.BadCredentials")
NO_COOKIE: Final = (401, 403851, "Missing cookie 'refreshToken'")
FORBIDDEN: Final = (403, 403800, "ForbiddenException.VehicleAccess")
LOCKED: Final = (423, 403860, "InvalidAuthenticationException.LockedAccount")
BAD_REQUEST: Final = (400, 400000, "BadRequestException")
TOO_SOON: Final = (503, 503000, "ServiceUnavailableException.RepeatedRequest")
# What stands in that one was never recorded; maybe nothing.
TOO_SOON_BARE: Final = (503, 0, "")
NO_SUCH_CALL: Final = (405, 405000, "MethodNotAllowedException")

_MOVED: Final = 403900
_OTHERS: Final = {
    403: FORBIDDEN,
    404: (404, 404000, "NotFoundException"),
    405: NO_SUCH_CALL,
}


class Refused(Exception):
    """A call is refused for this reason."""

    def __init__(self, reason: tuple[int, int, str]) -> None:
        """Keep the reason: status, code, and the end of its message."""
        super().__init__()
        self.reason = reason


def json(content: Any) -> web.Response:
    """Answer with JSON, labelled as this cloud does."""
    answer = web.json_response(content)
    answer.headers["Content-Type"] = "application/json;charset=UTF-8"
    return answer


def nothing() -> web.Response:
    """Say that there is nothing to report, labelled as a page at times."""
    return web.Response(status=204, content_type="text/html")


def refused(reason: tuple[int, int, str], now: datetime) -> web.Response:
    """Answer with the error body."""
    status, code, text = reason
    if not code:
        return web.Response(status=status, text="", content_type="text/html")
    message = text if " " in text else f"{_PACKAGE}.{text}"
    return web.json_response(
        {"code": code, "message": message, "timestamp": millis(now)}, status=status
    )


def guarded(clock: Clock, handler: Handler) -> Handler:
    """Turn a refusal into its answer, which says what time it is."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refusal:
            return refused(refusal.reason, clock.now())

    return answer


def refused_plainly(status: int) -> web.Response:
    """Refuse without a code of the cloud's own, unless the status has one."""
    if status not in _OTHERS:
        return web.Response(status=status, text="", content_type="text/html")
    _, code, text = _OTHERS[status]
    return web.json_response(
        {"code": code, "message": f"{_PACKAGE}.{text}", "timestamp": 0}, status=status
    )


def moved(now: datetime, status: int) -> web.Response:
    """Tell that the account's country has moved to the next cloud."""
    return web.json_response(
        {
            "code": _MOVED,
            "message": f"{_PACKAGE}.user.exception.RestrictedCountryException",
            "timestamp": millis(now),
            "redirectURLs": {
                "appstore": "https://apps.example.com/my-renault",
                "playstore": "https://play.example.com/my-renault",
                "website": "https://www.example.com/my-renault",
            },
            "locale": "en_GB",
        },
        status=status,
    )


def millis(moment: datetime) -> int:
    """Return Unix time in milliseconds."""
    return round(moment.timestamp() * 1000)
