"""How this cloud words what is not an answer."""

from http import HTTPStatus
from typing import Final
from uuid import uuid4

from aiohttp import web

from .. import refusal

_CODES: Final[dict[str, tuple[int, str]]] = {
    "CU-100": (401, "No token sent"),
    "CU-101": (401, "Authentication error"),
    "CU-102": (401, "Token expired"),
    "CU-103": (403, "Token-scope is not CarData"),
    "CU-104": (403, "No permission for specified VIN"),
    "CU-105": (403, "No permission for specified containerId"),
    "CU-120": (400, "Format of parameter VIN is invalid"),
    "CU-121": (400, "Format of parameter containerId is invalid"),
    "CU-122": (208, "Container already set for deletion"),
    "CU-124": (403, "Maximum number of containers reached"),
    "CU-125": (400, "Pagination-Token expired"),
    "CU-126": (404, "No vehicle image found for given VIN"),
    "CU-127": (404, "No LBCS data found"),
    "CU-400": (400, "Bad request"),
    "CU-401": (400, "Parameter Invalid"),
    "CU-402": (400, "Telematic key is invalid"),
    "CU-403": (403, "Forbidden"),
    "CU-429": (403, "API rate limit reached"),
    "CU-500": (500, "Internal server error"),
    "CU-503": (503, "Service temporarily unavailable"),
}
_BY_STATUS: Final = {
    400: "CU-400",
    401: "CU-101",
    403: "CU-403",
    429: "CU-429",
    500: "CU-500",
    503: "CU-503",
}
TOKEN_IS_DEAD: Final = "The presented token is invalid or expired."


class Refused(refusal.Refused):
    """A REST call is refused with this code."""

    def __init__(self, code: str, message: str | None = None) -> None:
        """Make the answer."""
        super().__init__(refused(code, message=message))


def refused(
    code: str, status: int | None = None, message: str | None = None, note: str = ""
) -> web.Response:
    """Answer with the error envelope of REST."""
    usual, words = _CODES[code]
    return web.json_response(
        {
            "exveErrorId": code,
            "exveErrorRef": str(uuid4()),
            "exveErrorMsg": message or words,
            "exveNote": note,
        },
        status=status or usual,
    )


def dead_token() -> web.Response:
    """Refuse a token in the form that looks like another error."""
    return refused("CU-127", 403, TOKEN_IS_DEAD, "invalid_token")


def failed(status: int) -> web.Response:
    """Refuse with a status for no reason of the cloud's own."""
    code = _BY_STATUS.get(status)
    if code is None:
        phrase = HTTPStatus(status).phrase
        return web.json_response({"message": phrase}, status=status)
    return refused(code, status)


def oauth_refused(status: int, error: str, description: str = "") -> web.Response:
    """Refuse as the token call does."""
    content = {"error": error, "error_description": description or error}
    return web.json_response(content, status=status)


def gateway_fault() -> web.Response:
    """Answer as the gateway does on its bad days."""
    fault = {
        "faultstring": "Invalid Access Token",
        "detail": {"errorcode": "keymanagement.service.invalid_access_token"},
    }
    return web.json_response({"fault": fault}, status=500)
