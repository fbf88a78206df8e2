"""The simulator: one origin on loopback for every real host, and an index of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import Random
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from carport.cloud.clock import CLOCK_HEADER, Clock, SystemClock
from carport.twin.past import grown
from carport.twin.twin import Twin, TwinSpec

from .accounts import ACCOUNTS, TWINS, Account
from .calls import Call, CallLog
from .car_data import CarData
from .car_net import CarNet
from .cloud import Cloud, Handler as RouteHandler, Wire
from .control import Control
from .control_routes import control_routes
from .eu_data_act import EuDataAct
from .faults import Fault, FaultKind, spoil
from .i_remote import IRemote
from .index import index_page
from .mailbox import Mailbox
from .my_renault import MyRenault
from .skoda import Skoda
from .we_connect import WeConnect
from .ze_services import ZeServices

CLOUDS: Final[tuple[type[Cloud], ...]] = (
    CarNet,
    WeConnect,
    ZeServices,
    MyRenault,
    CarData,
    IRemote,
    Skoda,
    EuDataAct,
)

_LOOPBACK: Final = ("127.0.0.1", "localhost")
_SHUTDOWN: Final = 0.2
"""Seconds of the wall clock that calls under way get when the simulator stops."""
_SPOILERS: Final = frozenset(
    {FaultKind.TRUNCATED, FaultKind.GARBLED, FaultKind.DAMAGE, FaultKind.CHANGE}
)
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
        saved_cars: Mapping[str, Mapping[str, Any]] | None = None,
        cloud_state: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Build the clouds; nothing listens yet. Port 0 takes any free ones.

        With a `past` the cars have lived before. `saved_cars` and `cloud_state` are what an
        earlier run left of cars and clouds.
        """
        self.clock = clock
        self.rng = Random(2016)
        self.mail = Mailbox()
        self.calls = CallLog()
        self.address = ""
        self.hosts: dict[str, str] = {}
        now = clock.now()
        self._twins = {
            spec.vin: _make_twin(spec, now, (saved_cars or {}).get(spec.vin), past=past)
            for spec in twins
        }
        known = tuple(accounts)
        self.clouds: dict[str, Cloud] = {
            cloud.key: cloud(self, [one for one in known if one.service == cloud.key])
            for cloud in clouds
        }
        for key, kept in (cloud_state or {}).items():
            if key in self.clouds:
                _restore_state(self.clouds[key], kept)
        self.control = Control(self)
        self._port = port
        self._host = host
        self._runners: list[web.AppRunner] = []
        self._wires: list[Wire] = []
        self._handled: dict[int, web.BaseRequest] = {}
        self._waiting: dict[int, web.BaseRequest] = {}

    async def start(self) -> None:
        """Listen, the index first and every host on a port of its own."""
        try:
            self.address = await self._listen(self._index_app())
            for host, clouds in self._clouds_by_host().items():
                self.hosts[host] = await self._listen(self._host_app(clouds, host))
            for cloud in self.clouds.values():
                for wire in cloud.wires():
                    self._wires.append(wire)
                    port = self._next_port(len(self._runners) + len(self._wires))
                    self.hosts[wire.name] = await wire.start(self._host, port)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening; calls that wait on the clock are cut off."""
        while self._wires:
            await self._wires.pop().stop()
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

    def saved_cars(self) -> dict[str, dict[str, Any]]:
        """Return the twins' lives so far, to go on with after a restart."""
        return {vin: self.twin(vin).to_json() for vin in self._twins}

    def cloud_state(self) -> dict[str, dict[str, Any]]:
        """Return what owners have changed at each cloud, for the same."""
        return {key: cloud.saved_state() for key, cloud in self.clouds.items()}

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
        port = self._next_port(len(self._runners))
        await web.TCPSite(runner, self._host, port).start()
        return f"http://{self._host}:{runner.addresses[0][1]}"

    def _next_port(self, number: int) -> int:
        """Return the port of the n-th that listens, 0 for any."""
        return self._port and self._port + number - 1

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

        async def certificate(_request: web.Request) -> web.Response:
            trusted = "".join(wire.certificate for wire in self._wires)
            return web.Response(text=trusted, content_type="application/x-pem-file")

        app = web.Application(middlewares=[count])
        app.router.add_get("/", index)
        app.router.add_get("/certificate.pem", certificate)
        app.add_routes(control_routes(self.control))
        return app

    def _clouds_by_host(self) -> dict[str, list[Cloud]]:
        """Return which clouds answer at a host: makers share some of them."""
        found: dict[str, list[Cloud]] = {}
        for cloud in self.clouds.values():
            for host in cloud.hosts:
                found.setdefault(host, []).append(cloud)
        return found

    def _host_app(self, clouds: list[Cloud], host: str) -> web.Application:
        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            cloud = clouds[0]
            if len(clouds) > 1:
                cloud = next((one for one in clouds if one.claims(request)), cloud)
            request["cloud"] = cloud.key
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
        for (method, path), handlers in _shared_routes(clouds, host).items():
            app.router.add_route(method, path, _for_its_cloud(handlers))
        return app

    async def _answer(
        self,
        cloud: Cloud,
        host: str,
        request: web.Request,
        handler: Handler,
        fault: Fault | None,
    ) -> web.StreamResponse:
        if fault is not None:
            instead = _answer_instead(cloud, host, request, fault)
            if instead is not None:
                return instead
            if fault.kind is FaultKind.SLOW:
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
                damages = {**cloud.damages, **self.control.damages}
                response.body = spoil(body, fault, damages, self.rng)
        return response


def _answer_instead(
    cloud: Cloud, host: str, request: web.Request, fault: Fault
) -> web.StreamResponse | None:
    """Return what a fault has answered in the cloud's place, if it does."""
    match fault.kind:
        case FaultKind.STATUS:
            wait = None if fault.retry_after is None else str(fault.retry_after)
            return cloud.refuse(host, fault.status, wait)
        case FaultKind.HTML:
            return web.Response(text=_PAGE, content_type="text/html")
        case FaultKind.EMPTY:
            return web.Response()
        case FaultKind.DROP:
            return _dropped(request)
    return None


def _shared_routes(
    clouds: Iterable[Cloud], host: str
) -> dict[tuple[str, str], dict[str, RouteHandler]]:
    """Return each call of a host with the handler of every cloud that answers it."""
    found: dict[tuple[str, str], dict[str, RouteHandler]] = {}
    for cloud in clouds:
        for route in cloud.routes(host):
            found.setdefault((route.method, route.path), {})[cloud.key] = route.handler
    return found


def _for_its_cloud(handlers: Mapping[str, RouteHandler]) -> RouteHandler:
    """Return what answers a call by the cloud it is for."""

    async def answer(request: web.Request) -> web.StreamResponse:
        handler = handlers.get(request["cloud"])
        if handler is None:
            raise web.HTTPNotFound
        return await handler(request)

    return answer


def _make_twin(
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


def _restore_state(cloud: Cloud, kept: Mapping[str, Any]) -> None:
    """Let a cloud go on with what it knew, or begin anew where that cannot be read."""
    try:
        cloud.restore_state(kept)
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
