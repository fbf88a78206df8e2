"""How this cloud words what is not an answer."""

from typing import Any, Final

from aiohttp import web

_CODES: Final = {
    400: ("gw.error.validation", "Invalid Request"),
    401: ("gw.error.authentication", "The token is not valid"),
    403: ("mbbc.rolesandrights.unauthorized", "The user is not authorized"),
    404: ("gw.error.notFound", "Not Found"),
    429: ("gw.error.rateLimit", "Too Many Requests"),
}


def refused(
    status: int, code: str | None = None, text: str | None = None, **details: str
) -> web.Response:
    """Answer with the error envelope."""
    known = _CODES.get(status, (f"gw.error.{status}", "Technical error"))
    error: dict[str, Any] = {
        "errorCode": code or known[0],
        "description": text or known[1],
    }
    if details:
        error["details"] = details
    return web.json_response({"error": error}, status=status)


def oauth_refused(error: str, description: str, status: int = 400) -> web.Response:
    """Answer as the token calls do."""
    return web.json_response(
        {"error": error, "error_description": description}, status=status
    )
