"""How Gigya and Kamereon word their answers and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import json
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from ..refusal import Refused

_GIGYA_TEXTS: Final[Mapping[int, tuple[str, str]]] = {
    400002: ("Missing required parameter", "Missing required parameter"),
    400006: ("invalid parameter value", "Invalid parameter value"),
    400093: ("invalid API key", "Invalid ApiKey parameter"),
    403005: ("Unauthorized user", "Unauthorized user"),
    403013: ("Unverified user", "Unverified user"),
    403042: ("invalid loginID or password", "Invalid LoginID"),
    403048: ("API rate limit exceeded", "API rate limit exceeded"),
    403101: ("Pending Two-Factor Authentication", "Account Pending TFA Verification"),
    403120: ("Account temporarily locked out", "Account temporarily locked out"),
    500001: ("General server error", "General Server Error"),
}


def gigya(now: datetime, **members: Any) -> web.Response:
    """Answer as Gigya does when all is well."""
    return _script(
        {
            "callId": uuid4().hex[:20],
            "errorCode": 0,
            "apiVersion": 2,
            "statusCode": 200,
            "statusReason": "OK",
            "time": _stamp(now),
            **members,
        }
    )


def gigya_error(code: int, now: datetime, **members: Any) -> web.Response:
    """Answer with one of Gigya's errors: status 200, and the error in the body."""
    details, message = _GIGYA_TEXTS[code]
    status = code // 1000
    reasons = {400: "Bad Request", 403: "Forbidden", 500: "Internal Server Error"}
    return _script(
        {
            "callId": uuid4().hex[:20],
            "errorCode": code,
            "errorDetails": details,
            "errorMessage": message,
            "apiVersion": 2,
            "statusCode": status,
            "statusReason": reasons[status],
            "time": _stamp(now),
            **members,
        }
    )


def _script(content: Mapping[str, Any]) -> web.Response:
    return web.Response(
        text=json.dumps(content), content_type="text/javascript", charset="utf-8"
    )


def _stamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One of Kamereon's refusals; `message_code` where the two codes differ."""

    status: int
    code: str
    text: str
    message_code: str | None = None
    level: str | None = None


def _inner(**error: Any) -> str:
    return json.dumps({"errors": [error]})


UNAUTHORIZED: Final = Refusal(
    status=401, code="err.func.wired.unauthorized", text="The access is unauthorized"
)
FORBIDDEN: Final = Refusal(
    status=403, code="err.func.wired.forbidden", text="The access is forbidden"
)
DENIED: Final = Refusal(
    status=403,
    code="err.func.403",
    text=_inner(
        status="403",
        code="security.access",
        detail="Access is denied for this resource",
    ),
)
NO_DATA: Final = Refusal(
    status=404,
    code="err.func.wired.notFound",
    text=_inner(
        errorCode=404,
        errorMessage="There is no data for this vin and uid",
        errorLevel="error",
        errorType="functional",
    ),
)
NO_SUCH_URL: Final = Refusal(
    status=404,
    code="err.func.wired.not-found",
    text="The specified url does not exist",
)
NO_METHOD: Final = Refusal(
    status=405,
    code="err.func.wired.methodNotAllowed",
    text="Request method is not supported",
)
NO_GDC: Final = Refusal(
    status=400, code="400001", text="The vehicle does not have a GDC gateway"
)
BAD_FORMAT: Final = Refusal(
    status=400,
    code="err.func.wired.invalid-body-format",
    text="Body has at least one wrongly formatted value",
)
MISSING_PARAMETER: Final = Refusal(
    status=400,
    code="err.func.wired.missingRequestParam",
    text="A required request parameter is missing",
)
TECHNICAL: Final = Refusal(status=500, code="502000", text="Technical error")
UPSTREAM: Final = Refusal(
    status=500,
    code="err.tech.500",
    text=_inner(
        status="500",
        code="TECHNICAL",
        title="Invalid response from the upstream server",
    ),
)
NOT_FORWARDED: Final = Refusal(
    status=500,
    code="err.tech.wired.kamereon-proxy",
    text="Failed to forward request to remote service.",
)
NO_CARS: Final = Refusal(
    status=404, code="err.func.wired.empty-vehicle-link", text="No vehicle in garage"
)
HVAC_SETTINGS: Final = Refusal(
    status=500,
    code="err.tech.vcps.ev.hvac-settings.error",
    text="An error occurred while reading the settings",
)
CHARGE_MODE: Final = Refusal(
    status=400,
    code="err.func.vcps.ev.charge-mode.error",
    text="The vehicle does not support this",
)
CHARGE_SCHEDULE: Final = Refusal(
    status=400,
    code="err.func.vcps.ev.charge-schedule.error",
    text="The vehicle does not support this",
)
IN_PROGRESS: Final = Refusal(
    status=409,
    code="409001",
    message_code="err.func.vcps.ev.charge-mode.error",
    text="A remote CHARGE_MODE is already in progress",
    level="error",
)
OVERLOADED: Final = Refusal(
    status=429,
    code="err.func.wired.overloaded",
    text="You have reached your quota limit",
)
PRIVACY: Final = Refusal(
    status=403, code="err.func.privacy.on", text="Privacy mode currently ON"
)
_PLAIN: Final[Mapping[int, Refusal]] = {
    401: UNAUTHORIZED,
    403: FORBIDDEN,
    404: NO_SUCH_URL,
    405: NO_METHOD,
    429: OVERLOADED,
}
_BAD_GATEWAY: Final = (
    "<html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


def invalid(pointer: str, detail: str) -> Refusal:
    """Return the refusal of a value in a body."""
    return Refusal(
        status=400,
        code="err.func.400",
        text=_inner(
            status="400",
            code="INPUT",
            title="Invalid input",
            source={"pointer": pointer},
            detail=detail,
        ),
    )


def refused(refusal: Refusal) -> web.Response:
    """Answer with Kamereon's error body."""
    kind = "TECHNICAL" if refusal.code.startswith("err.tech") else "FUNCTIONAL"
    more = (
        {}
        if refusal.level is None
        else {"errorType": "functional", "errorLevel": refusal.level}
    )
    return kamereon(
        {
            "type": kind,
            "messages": [
                {"code": refusal.message_code or refusal.code, "message": refusal.text}
            ],
            "errors": [
                {"errorCode": refusal.code, "errorMessage": refusal.text, **more}
            ],
            "error_reference": kind,
        },
        refusal.status,
    )


def refuse(refusal: Refusal) -> Refused:
    """Return a refusal to be raised."""
    return Refused(refused(refusal))


def wrong_key() -> web.Response:
    """Refuse a key of Kamereon's that is not good (any more)."""
    body = {"error": "access_denied", "error_description": "Unauthorized"}
    return kamereon(body, 403)


def plainly(status: int) -> web.Response:
    """Refuse by a status alone, as the gateway in front does."""
    if status in _PLAIN:
        return refused(_PLAIN[status])
    return bad_gateway(status)


def bad_gateway(status: int) -> web.Response:
    """Answer with the page of the gateway in front."""
    return web.Response(status=status, text=_BAD_GATEWAY, content_type="text/html")


def kamereon(content: Any, status: int = 200) -> web.Response:
    """Answer with JSON, labelled as Kamereon does."""
    return web.json_response(content, status=status)
