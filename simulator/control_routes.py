"""The control over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .control import Control, fault_to_json
from .settings import ControlError

type _Act = Callable[[web.Request, dict[str, Any]], Any]


def control_routes(control: Control) -> list[web.RouteDef]:
    """Return the calls of the control."""

    def advance(_request: web.Request, wish: dict[str, Any]) -> None:
        seconds = wish.get("seconds")
        if not isinstance(seconds, (int, float)):
            raise ControlError("seconds takes a number")
        control.advance(seconds)

    def calls(request: web.Request, _wish: dict[str, Any]) -> list[Any]:
        names = ("path", "method", "account", "host")
        query = {name: request.query[name] for name in names if name in request.query}
        return [call.to_json() for call in control.calls(**query)]

    def mail(request: web.Request, _wish: dict[str, Any]) -> list[Any]:
        if not (address := request.query.get("to", "")):
            raise ControlError("to takes an e-mail address")
        return [one.to_json() for one in control.mail(address)]

    def end_fault(request: web.Request, _wish: dict[str, Any]) -> None:
        number = request.match_info["number"]
        control.clear_faults(int(number) if number.isdecimal() else -1)

    def faults(_request: web.Request, _wish: dict[str, Any]) -> list[Any]:
        return [fault_to_json(fault) for fault in control.faults.values()]

    acts: tuple[tuple[str, str, _Act], ...] = (
        ("GET", "", lambda _request, _wish: control.describe()),
        ("POST", "/advance", advance),
        ("POST", "/reset", lambda _request, _wish: control.reset()),
        ("GET", "/calls", calls),
        ("DELETE", "/calls", lambda _request, _wish: control.forget_calls()),
        ("GET", "/mail", mail),
        ("GET", "/faults", faults),
        (
            "POST",
            "/faults",
            lambda _request, wish: fault_to_json(
                control.fault(wish.pop("kind", ""), **wish)
            ),
        ),
        ("DELETE", "/faults", lambda _request, _wish: control.clear_faults()),
        ("DELETE", "/faults/{number}", end_fault),
        (
            "POST",
            "/services/{key}",
            lambda request, wish: control.service(request.match_info["key"], **wish),
        ),
        (
            "POST",
            "/accounts/{username}",
            lambda request, wish: control.account(
                request.match_info["username"], **wish
            ),
        ),
        (
            "GET",
            "/cars/{vin}",
            lambda request, _wish: control.car(request.match_info["vin"]),
        ),
        (
            "POST",
            "/twins/{vin}",
            lambda request, wish: _nothing(
                control.twin(request.match_info["vin"], **wish)
            ),
        ),
        (
            "POST",
            "/home/{vin}",
            lambda request, wish: control.home(request.match_info["vin"], **wish),
        ),
    )
    return [
        web.route(method, f"/control{path}", _handler(act))
        for method, path, act in acts
    ]


def _nothing(_result: object) -> None:
    """Answer nothing."""


def _handler(act: _Act) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            result = act(request, await _wish(request))
        except (ControlError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"ok": True} if result is None else result)

    return handle


async def _wish(request: web.Request) -> dict[str, Any]:
    wish = await request.json() if request.body_exists else {}
    if not isinstance(wish, dict):
        raise ControlError("the body has to be a JSON object")
    return wish
