"""The simulator: one origin on loopback for every real host, and an index of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from custom_components.carport.makers.demo.past import grown
from custom_components.carport.makers.demo.twin import Twin, TwinSpec
from custom_components.carport.service.clock import CLOCK_HEADER, Clock, SystemClock

from .accounts import ACCOUNTS, TWINS, Account
from .calls import Call, CallLog
from .car_net import CarNet
from .cloud import Cloud
from .control import Control
from .control_routes import control_routes
from .faults import Fault, FaultKind, spoil
from .i_remote import IRemote
from .index import index_page
from .we_connect import WeConnect
from .ze_services import ZeServices

CLOUDS: Final[tuple[type[Cloud], ...]] = (CarNet, WeConnect, ZeServices, IRemote)

_LOOPBACK: Final = ("127.0.0.1", "localhost")
_SHUTDOWN: Final = 0.2
"""Seconds of the wall clock that calls under way get when the simulator stops."""
_SPOILERS: Final = frozenset({FaultKind.TRUNCATED, FaultKind.DAMAGE, FaultKind.CHANGE})
_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Service unavailable</title></head>"
    "<body><h1>We'll be right back</h1></body></html>"
)


class Simulator:
    """All clouds over one set of twins and one clock.

    `in_flight` counts the calls being handled; `waiting` those of them that wait
    on the clock, and `held` those of these whose caller still listens.
    """

    def __init__(
        self,
        clock: Clock,
        accounts: Iterable[Account] = ACCOUNTS,
        twins: Iterable[TwinSpec] = TWINS,
        *,
        port: int = 0,
        host: str = _LOOPBACK[0],
        clouds: Iterable[type[Cloud]] = CLOUDS,
        past: bool = False,
        lives: Mapping[str, Mapping[str, Any]] | None = None,
        memories: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Build the clouds; nothing listens yet. Port 0 takes any free ones.

        With a `past` the cars have lived before. `lives` and `memories` are what an
        earlier run left of cars and clouds.
        """
        self.clock = clock
        self.luck = Random(2016)
        self.calls = CallLog()
        self.address = ""
        self.hosts: dict[str, str] = {}
        now = clock.now()
        self._twins = {
            spec.vin: _born(spec, now, (lives or {}).get(spec.vin), past=past)
            for spec in twins
        }
        known = tuple(accounts)
        self.clouds: dict[str, Cloud] = {
            cloud.key: cloud(self, [one for one in known if one.service == cloud.key])
            for cloud in clouds
        }
        for key, kept in (memories or {}).items():
            if key in self.clouds:
                _remind(self.clouds[key], kept)
        self.control = Control(self)
        self._port = port
        self._host = host
        self._runners: list[web.AppRunner] = []
        self._handled: dict[int, web.BaseRequest] = {}
        self._waiting: dict[int, web.BaseRequest] = {}

    async def start(self) -> None:
        """Listen, the index first and every host on a port of its own."""
        try:
            self.address = await self._listen(self._index_app())
            for cloud in self.clouds.values():
                for host in cloud.hosts:
                    self.hosts[host] = await self._listen(self._host_app(cloud, host))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening; calls that wait on the clock are cut off."""
        while self._runners:
            await self._runners.pop().cleanup()
        self.hosts.clear()

    # What tests and tools look at

    @property
    def in_flight(self) -> int:
        """The calls that are being handled."""
        return len(self._handled)

    @property
    def waiting(self) -> int:
        """The calls that wait on the clock."""
        return len(self._waiting)

    @property
    def held(self) -> int:
        """The calls that wait on the clock while their caller waits for them."""
        return sum(
            request.transport is not None and not request.transport.is_closing()
            for request in self._waiting.values()
        )

    @property
    def speed(self) -> float:
        """How fast the clock runs by itself."""
        return self.clock.speed if isinstance(self.clock, SystemClock) else 1

    def lives(self) -> dict[str, dict[str, Any]]:
        """Return the twins' lives so far, to go on with after a restart."""
        return {vin: self.twin(vin).to_json() for vin in self._twins}

    def memories(self) -> dict[str, dict[str, Any]]:
        """Return what owners have changed at each cloud, for the same."""
        return {key: cloud.memory() for key, cloud in self.clouds.items()}

    def index(self, request: web.BaseRequest) -> dict[str, Any]:
        """Return what `GET /` says, in the words of the caller's address."""
        return {
            "hosts": {host: self.origin(host, request) for host in self.hosts},
            "accounts": {
                key: list(cloud.accounts()) for key, cloud in self.clouds.items()
            },
            "control": f"{_named_as(request, self.address)}/control",
            "clock": {
                "now": self._time(),
                "speed": self.speed,
            },
        }

    def _time(self) -> str:
        return self.clock.now().isoformat().replace("+00:00", "Z")

    # What the clouds use

    def origin(self, host: str, request: web.BaseRequest) -> str:
        """Return where a real host is reached, as the caller addresses us."""
        return _named_as(request, self.hosts[host])

    async def wait(self, request: web.BaseRequest, seconds: float) -> None:
        """Keep a caller waiting by the clock."""
        if seconds <= 0:
            return
        self._waiting[id(request)] = request
        try:
            await self.clock.sleep(seconds)
        finally:
            del self._waiting[id(request)]

    def twin(self, vin: str) -> Twin:
        """Return a car, brought to the present."""
        twin = self._twins[vin]
        twin.advance(self.clock.now())
        return twin

    # Serving

    async def _listen(self, app: web.Application) -> str:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
        await runner.setup()
        self._runners.append(runner)
        port = self._port and self._port + len(self._runners) - 1
        await web.TCPSite(runner, self._host, port).start()
        return f"http://{self._host}:{runner.addresses[0][1]}"

    def _index_app(self) -> web.Application:
        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._handled[id(request)] = request
            try:
                return await handler(request)
            finally:
                del self._handled[id(request)]

        async def index(request: web.Request) -> web.Response:
            content = self.index(request)
            if "text/html" in request.headers.get("Accept", ""):
                return web.Response(text=index_page(content), content_type="text/html")
            return web.json_response(content)

        app = web.Application(middlewares=[count])
        app.router.add_get("/", index)
        app.add_routes(control_routes(self.control))
        return app

    def _host_app(self, cloud: Cloud, host: str) -> web.Application:
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._handled[id(request)] = request
            call = Call(
                at=self.clock.now(),
                method=request.method,
                host=host,
                path=request.path,
            )
            self.calls.add(call)
            try:
                call.account = await cloud.who(request)
                fault = self.control.fault_for(call)
                response = await self._answer(cloud, host, request, handler, fault)
                # No real cloud says so: our clients learn that time was moved.
                response.headers[CLOCK_HEADER] = self._time()
                call.account = call.account or request.get("account")
                aborted = request.transport is None or request.transport.is_closing()
                call.status = 0 if aborted else response.status
                return response
            finally:
                del self._handled[id(request)]

        app = web.Application(middlewares=[serve])
        for route in cloud.routes(host):
            app.router.add_route(route.method, route.path, route.handler)
        return app

    async def _answer(
        self,
        cloud: Cloud,
        host: str,
        request: web.Request,
        handler: Handler,
        fault: Fault | None,
    ) -> web.StreamResponse:
        match fault and fault.kind:
            case FaultKind.STATUS if fault is not None:
                wait = None if fault.retry_after is None else str(fault.retry_after)
                return cloud.refuse(host, fault.status, wait)
            case FaultKind.HTML:
                return web.Response(text=_PAGE, content_type="text/html")
            case FaultKind.EMPTY:
                return web.Response()
            case FaultKind.DROP:
                return _dropped(request)
            case FaultKind.SLOW if fault is not None:
                await self.wait(request, fault.seconds)
        try:
            response = await handler(request)
        except web.HTTPException as refusal:
            response = cloud.refuse(host, refusal.status, None)
        if fault is None:
            return response
        if fault.kind is FaultKind.DROP_AFTER:
            return _dropped(request)
        if fault.kind in _SPOILERS and isinstance(response, web.Response):
            body = response.body
            if isinstance(body, bytes):
                response.body = spoil(body, fault, cloud.damages)
        return response


def _born(
    spec: TwinSpec, now: datetime, life: Mapping[str, Any] | None, *, past: bool
) -> Twin:
    """Make a twin that goes on with its life, or anew where that cannot be read."""
    if life is not None:
        try:
            return Twin(spec, now, life)
        except KeyError, TypeError, ValueError:
            pass
    twin = grown(spec, now) if past else Twin(spec, now)
    twin.wake(now, latency=0)  # A car reports once when it enters an account.
    twin.advance(now)
    return twin


def _remind(cloud: Cloud, kept: Mapping[str, Any]) -> None:
    """Let a cloud go on with what it knew, or begin anew where that cannot be read."""
    try:
        cloud.recall(kept)
    except AttributeError, KeyError, TypeError, ValueError:
        cloud.reset()


def _dropped(request: web.BaseRequest) -> web.Response:
    """Break the connection; the answer goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _named_as(request: web.BaseRequest, origin: str) -> str:
    """Return an origin of ours by the name under which the caller knows loopback.

    Some clients keep cookies for `localhost` only, never for an address in digits.
    """
    name = request.host.partition(":")[0]
    if name not in _LOOPBACK:
        return origin
    scheme, _, rest = origin.partition("://")
    return f"{scheme}://{name}:{rest.rpartition(':')[2]}"
