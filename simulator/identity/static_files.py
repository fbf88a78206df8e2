"""The script and the looks of the sign-in pages, for a person with a browser."""

from pathlib import Path
from typing import Final

from aiohttp import web

from ..cloud import Route

_FOLDER: Final = Path(__file__).with_name("static")
_FILES: Final = {"runtime.js": "text/javascript", "main.css": "text/css"}
PATH: Final = "/signin-service/v1/static"


def static_routes() -> tuple[Route, ...]:
    """Return what the pages load besides."""
    return tuple(
        Route(method="GET", path=f"{PATH}/{name}", handler=_serve) for name in _FILES
    )


async def _serve(request: web.Request) -> web.Response:
    name = request.path.rpartition("/")[2]
    return web.Response(
        text=(_FOLDER / name).read_text("utf-8"), content_type=_FILES[name]
    )
