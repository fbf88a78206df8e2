"""What a call brings in its header and its body."""

from typing import Any, Final

from aiohttp import web

_FORM: Final = "application/x-www-form-urlencoded"


def bearer(request: web.BaseRequest) -> str:
    """Return the token in the authorization header, empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def form_fields(request: web.Request) -> dict[str, str] | None:
    """Return the fields of a form, None where the body does not say it is one."""
    if request.content_type != _FORM:
        return None
    form = await request.post()
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def json_object(request: web.Request) -> dict[str, Any] | None:
    """Return a body that is a JSON object, whatever it says it is; else None."""
    try:
        body = await request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
