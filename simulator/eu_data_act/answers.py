"""How the portal words its answers."""

from typing import Any

from aiohttp import web

_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"


def said(content: Any, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.json_response(content, status=status)


def refused(status: int, message: str | None = None) -> web.Response:
    """Refuse a call of the portal's programs."""
    return said({"statusCode": status, "message": message or "Request failed"}, status)


def page(title: str, status: int = 200) -> web.Response:
    """Answer with a page, as the portal's front does."""
    return web.Response(
        text=_PAGE.format(title=title), status=status, content_type="text/html"
    )
