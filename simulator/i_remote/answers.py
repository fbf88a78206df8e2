"""How this cloud words what is not an answer."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from .. import refusal

_WORDS: Final = {
    401: "UNAUTHORIZED",
    404: "NOT_FOUND",
    405: "MOBILE_ACCESS_DISABLED",
    408: "VEHICLE_UNAVAILABLE",
    423: "ACCOUNT_LOCKED",
    429: "TOO_MANY_REQUESTS",
    500: "(SmartPhoneUtil-A-302) External service failed.",
    502: "BAD_GATEWAY",
    503: "SERVICE_MAINTENANCE",
}
SECRET_MISSING: Final = (
    "(SmartPhoneUtil-A-2013) Action is forbidden. "
    "secretKnowledge is missing but required!"
)
# What a wrong answer brings is not known; this is like the other.
SECRET_WRONG: Final = (
    "(SmartPhoneUtil-A-2014) Action is forbidden. secretKnowledge is wrong!"
)
_GONE: Final = (
    "<!DOCTYPE html><html><head><title>410 Gone</title></head>"
    "<body><h1>Gone</h1></body></html>"
)


class Refused(refusal.Refused):
    """A call is refused with this status, in this cloud's words."""

    def __init__(self, status: int, description: str | None = None) -> None:
        """Make the answer."""
        super().__init__(refused(status, description))


def refused(status: int, description: str | None = None) -> web.Response:
    """Answer with the error envelope; what is gone for ever is a page."""
    if status == HTTPStatus.GONE:
        return web.Response(status=410, text=_GONE, content_type="text/html")
    words = description or _WORDS.get(status) or HTTPStatus(status).phrase
    content: dict[str, Any] = {"error": {"code": status, "description": words}}
    return web.json_response(content, status=status)


def token_refused(status: int, error: str, description: str) -> web.Response:
    """Answer as the token call does."""
    return web.json_response(
        {"error": error, "error_description": description}, status=status
    )
