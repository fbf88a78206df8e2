"""A server on loopback that answers whatever a test tells it to."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.clock import ManualClock

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST: Final = "cloud.example"
OTHER_HOST: Final = "identity.example"


class SmallCloud:
    """Answers requests from a queue, then always with an empty object."""

    def __init__(self) -> None:
        """Listen to nobody yet."""
        self.requests: list[tuple[str, str, dict[str, str], str]] = []
        self.answers: deque[web.StreamResponse | Handler] = deque()
        self._server = self._new_server()
        self._other = self._new_server()

    async def start(self) -> None:
        """Begin to listen."""
        await self._server.start_server()
        await self._other.start_server()

    async def stop(self) -> None:
        """Stop listening."""
        await self._server.close()
        await self._other.close()

    @property
    def origin(self) -> str:
        """The address on loopback."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def other_origin(self) -> str:
        """The address of the other host."""
        return f"http://127.0.0.1:{self._other.port}"

    @property
    def hosts(self) -> dict[str, str]:
        """The map of the hosts that this server stands in for."""
        return {HOST: self.origin, OTHER_HOST: self.other_origin}

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for _, path, _, _ in self.requests]

    def _new_server(self) -> TestServer:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        return TestServer(app, host="127.0.0.1")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(
            (
                request.method,
                request.path_qs,
                dict(request.headers),
                await request.text(),
            )
        )
        answer = self.answers.popleft() if self.answers else web.json_response({})
        return (
            answer if isinstance(answer, web.StreamResponse) else await answer(request)
        )


def redirect(location: str, *cookies: str) -> web.Response:
    """Answer with a redirect that may set cookies."""
    response = web.Response(status=302, headers={"Location": location})
    for cookie in cookies:
        response.headers.add("Set-Cookie", cookie)
    return response


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def never(request: web.Request) -> web.StreamResponse:
    """Let the caller wait."""
    await asyncio.Event().wait()
    return web.Response()


async def pass_time[T](clock: ManualClock, task: asyncio.Task[T]) -> T:
    """Move the clock from timer to timer until a task is done."""
    while not task.done():
        for _ in range(20):
            await asyncio.sleep(0.001)
            if task.done():
                return task.result()
        if (due := clock.next_due()) is not None:
            clock.step(due)
    return task.result()
