"""How this cloud words what is not an answer."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

_WORDS: Final = {
    401: ("UNAUTHORIZED", "Unauthorized"),
    403: ("USER_NOT_AUTHORIZED", "User is not authorized for this operation"),
    404: ("NOT_FOUND", "Not found"),
    405: ("METHOD_NOT_ALLOWED", "Request method not supported"),
    500: ("INTERNAL_SERVER_ERROR", "Internal Server Error"),
}


def data(content: Any) -> web.Response:
    """Answer with an envelope."""
    return web.json_response({"data": content})


def refused(
    status: int,
    code: str | None = None,
    description: str | None = None,
    origin: str = "CarnetServices",
) -> web.Response:
    """Answer with the error envelope; 429 has none, and by itself no time either."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return web.Response(status=status, text="Too Many Requests")
    phrase = HTTPStatus(status).phrase
    known_code, known_text = _WORDS.get(
        status, (phrase.upper().replace(" ", "_"), phrase)
    )
    return web.json_response(
        {
            "error": {
                "errorCode": code or known_code,
                "errorDescription": description or known_text,
                "origin": origin,
            }
        },
        status=status,
    )
