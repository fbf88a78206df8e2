"""How this cloud refuses: problem details, each kind with an address of its own."""

from collections.abc import Mapping
from http import HTTPStatus
import json
from typing import Any, Final

from aiohttp import web

from .. import refusal

HOST: Final = "public.api.connect.skoda-auto.cz"

_KINDS: Final = f"https://{HOST}/problems/"
_UNNAMED: Final = "about:blank"
_STATUSES: Final[Mapping[str, int]] = {
    "api-key-expired": 401,
    "api-key-not-authorized": 403,
    "operation-not-authorized": 403,
    "operation-not-supported": 422,
    "operation-disabled": 422,
    "rate-limit-exceeded": 429,
    "vehicle-not-accepting-requests": 429,
}


class Refused(refusal.Refused):
    """A call is refused: by a kind of problem, or by a status that says it all."""

    def __init__(
        self,
        kind: str | int,
        detail: str,
        *,
        retry_after: float | None = None,
        **more: Any,
    ) -> None:
        """Make the answer."""
        answer = problem(kind, detail, **more)
        if retry_after is not None:
            answer.headers["Retry-After"] = str(max(round(retry_after), 1))
        super().__init__(answer)


def invalid(parameter: str, value: Any, *allowed: Any) -> Refused:
    """Refuse a parameter, and say what would be taken."""
    return Refused(
        400,
        f"{parameter} is not valid.",
        parameter=parameter,
        rejectedValue=value,
        allowedValues=list(allowed),
    )


def problem(kind: str | int, detail: str | None = None, **more: Any) -> web.Response:
    """Answer with problem details."""
    status = kind if isinstance(kind, int) else _STATUSES[kind]
    content = {
        "type": _UNNAMED if isinstance(kind, int) else f"{_KINDS}{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **({} if detail is None else {"detail": detail}),
        **more,
    }
    return web.Response(
        status=status, text=json.dumps(content), content_type="application/problem+json"
    )
