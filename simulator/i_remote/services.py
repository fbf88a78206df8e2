"""Everything that needs a token: cars, status, figures, commands."""

from http import HTTPStatus
from math import cos, hypot, radians
import secrets
from typing import Any, Final

from aiohttp import web

from carport.car.commands import Lock, Unlock
from carport.twin.twin import Equipment, Report, Twin

from ..cloud import Route, Site, routes_of
from ..pictures import VIEWS, picture
from ..refusal import guarded
from . import figures, planner, reads, trips
from .account import AccountState, RemoteRegister
from .answers import SECRET_MISSING, SECRET_WRONG, Refused
from .cloud_state import CloudState
from .commands import COMMANDS, Execution, is_known, is_listed, poi_of
from .regions import APIS, NAVIGATION
from .settings import Settings
from .tokens import form_of
from .vehicle_list import drive_train, is_supported, listed, paint

_BASE: Final = "/webapi/v1/user/vehicles"
_NEAR_KM: Final = 2.0
_KM_A_DEGREE: Final = 111.2
_POI_TAKES: Final = 5.0
_LARGEST: Final = 2000


class Services:
    """The API hosts' services, and the two that the portal serves as well."""

    def __init__(self, site: Site, register: RemoteRegister) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register
        self.forget()

    def forget(self) -> None:
        """Forget commands, and what is remembered of cars."""
        self._executions: dict[tuple[str, str], Execution] = {}
        self.cloud_state = CloudState()

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a host answers of this."""
        portal = (
            ("GET", "/api/vehicle/navigation/v1/{vin}", self._navigation),
            ("GET", "/api/vehicle/efficiency/v1/{vin}", self._efficiency),
        )
        car = f"{_BASE}/{{vin}}"
        api: tuple[tuple[str, str, Any], ...] = (
            ("GET", _BASE, self._vehicles),
            ("GET", f"{_BASE}/", self._vehicles),
            ("GET", f"{car}/status", self._status),
            ("GET", f"{car}/statistics/lastTrip", self._last_trip),
            ("GET", f"{car}/statistics/allTrips", self._all_trips),
            ("GET", f"{car}/chargingprofile", self._profile),
            ("GET", f"{car}/destinations", self._destinations),
            ("GET", f"{car}/rangemap", self._range_map),
            ("GET", f"{car}/image", self._image),
            ("GET", f"{car}/serviceExecutionStatus", self._record),
            ("POST", f"{car}/executeService", self._execute),
            ("POST", f"{car}/sendpoi", self._send_poi),
        )
        calls = (
            (*api, *portal) if host in APIS else portal if host == NAVIGATION else ()
        )
        return routes_of(calls, lambda handler: guarded(self._of(host, handler)))

    def _of(self, host: str, handler: Any) -> Any:
        async def call(request: web.Request) -> web.StreamResponse:
            request["region"] = APIS.get(host)
            response: web.StreamResponse = await handler(request)
            return response

        return call

    # Reads

    async def _vehicles(self, request: web.Request) -> web.Response:
        account = self._admit(request)
        cars = [
            listed(self._site.twin(vin).spec, account.region)
            for vin in ([] if account.empty else account.vins)
        ]
        as_array = self._register.settings.list_form == "array"
        return web.json_response(cars if as_array else {"vehicles": cars})

    async def _status(self, request: web.Request) -> web.Response:
        twin = self._car(request)
        report = self._report(twin)
        settings = self._register.settings
        afar = self.cloud_state.was_locked_from_afar(
            twin.spec.vin, report.state.parked_at.timestamp()
        )
        content = reads.status(
            twin,
            report,
            settings,
            self._place(twin, report, request),
            "LOCKED" if afar else "SECURED",
        )
        return web.json_response({"vehicleStatus": content})

    async def _last_trip(self, request: web.Request) -> web.Response:
        twin = self._car(request, Equipment.TRIPS)
        return self._optional("lastTrip", trips.last_trip(twin, self._report(twin)))

    async def _all_trips(self, request: web.Request) -> web.Response:
        twin = self._car(request, Equipment.TRIPS)
        content = trips.all_trips(
            twin,
            self._report(twin),
            community_only=self._register.settings.community_only,
        )
        return self._optional("allTrips", content)

    async def _profile(self, request: web.Request) -> web.Response:
        twin = self._car(request)
        if planner.root_of(twin.spec) is None:
            raise Refused(404)
        wishes = self.cloud_state.wishes(twin.spec.vin)
        state = self._report(twin).state
        return web.json_response(planner.profile(state, twin.spec, wishes))

    async def _destinations(self, request: web.Request) -> web.Response:
        twin = self._car(request, Equipment.POSITION)
        return web.json_response(
            {"destinations": figures.destinations(self._report(twin), twin.spec)}
        )

    async def _range_map(self, request: web.Request) -> web.Response:
        twin = self._electrified(request)
        content = figures.range_map(self._report(twin), twin.spec)
        return self._optional("rangemap", content)

    async def _navigation(self, request: web.Request) -> web.Response:
        twin = self._electrified(request)
        return web.json_response(figures.navigation(self._report(twin), twin.spec))

    async def _efficiency(self, request: web.Request) -> web.Response:
        twin = self._electrified(request)
        return web.json_response(trips.efficiency(twin, self._report(twin)))

    async def _image(self, request: web.Request) -> web.Response:
        twin = self._car(request)
        sizes = [request.query.get(name, "") for name in ("width", "height")]
        view = request.query.get("view", "")
        if view not in VIEWS or not all(
            size.isdecimal() and 0 < int(size) <= _LARGEST for size in sizes
        ):
            raise Refused(400, "view, width or height")
        if "image/png" not in request.headers.get("Accept", ""):
            raise Refused(406)
        width, height = map(int, sizes)
        drawn = picture(view, paint(twin.spec), width, height)
        return web.Response(body=drawn, content_type="image/png")

    def _optional(self, root: str, content: Any) -> web.Response:
        empty = self._register.settings.empty_services
        return web.json_response({root: {} if empty else content})

    def _report(self, twin: Twin) -> Report:
        """Return the report the cloud shows; a new one takes some seconds to get in."""
        age = (self._site.clock.now() - twin.report.captured_at).total_seconds()
        return twin.report if age >= self._register.settings.trail else twin.earlier

    def _place(self, twin: Twin, report: Report, request: web.Request) -> str:
        settings = self._register.settings
        if Equipment.POSITION not in twin.spec.equipment:
            return "DRIVER_DISABLED"
        if not settings.near_only:
            return settings.position
        try:
            observer = float(request.query["dlat"]), float(request.query["dlon"])
        except KeyError, ValueError:
            return "TOO_FAR_AWAY"
        here = report.state.position
        north = (observer[0] - here.latitude) * _KM_A_DEGREE
        east = (observer[1] - here.longitude) * _KM_A_DEGREE
        away = hypot(north, east * cos(radians(here.latitude)))
        return settings.position if away < _NEAR_KM else "TOO_FAR_AWAY"

    # Commands

    async def _execute(self, request: web.Request) -> web.Response:
        account = self._admit(request)
        twin = self._car(request)
        form = await form_of(request)
        service, settings = form.get("serviceType", ""), self._register.settings
        if not is_known(service):
            raise Refused(404 if form else 400)
        now, vin = self._site.clock.now(), twin.spec.vin
        self._report(twin)  # What is shown until the car's next report is in.
        execution = Execution(
            service=service,
            event_id=f"{secrets.token_hex(12).upper()}@bmw.de",
            began=now,
            latency=self._site.rng.uniform(settings.answer_least, settings.answer_most),
            time_out=settings.time_out,
            first_word=account.first_word,
        )
        if is_supported(twin.spec, service):
            if service == "DOOR_UNLOCK":
                _check_answer(account, form.get("bmwSkAnswer"), settings)
            for command in COMMANDS[service](form, twin.spec):
                execution.accepted = twin.accept(command, now, execution.latency)
                if isinstance(command, Lock):
                    self.cloud_state.note_lock(twin)
                execution.words = _door_words(twin, command, settings.unlocks_to)
            if (profile := planner.profile_of(form)) is not None:
                self.cloud_state.note_wishes(vin, execution.accepted, profile)
        elif settings.unsupported == "error":
            raise Refused(404)
        self._executions[vin, service] = execution
        return web.json_response(
            {
                "executionStatus": {
                    "serviceType": service,
                    "status": "INITIATED",
                    "eventId": execution.event_id,
                }
            }
        )

    async def _record(self, request: web.Request) -> web.Response:
        twin = self._car(request)
        service = request.query.get("serviceType", "")
        execution = self._executions.get((twin.spec.vin, service))
        settings = self._register.settings
        blank = settings.no_record == "blank" or is_listed(service)
        if execution is None and blank:
            return web.json_response({"executionStatus": {"serviceType": service}})
        if execution is None:
            raise Refused(404)
        return web.json_response(
            execution.to_json(
                self._site.clock.now(),
                extended=settings.extended,
                bare=settings.omit_status and execution.asked == 0,
            )
        )

    async def _send_poi(self, request: web.Request) -> web.Response:
        twin = self._car(request, Equipment.POSITION)
        place = poi_of(await form_of(request))
        if place is not None:
            twin.accept(place, self._site.clock.now(), _POI_TAKES)
        return web.Response(status=HTTPStatus.NO_CONTENT)

    # What every call has to bring

    def _admit(self, request: web.Request) -> AccountState:
        if self._register.settings.closed:
            raise Refused(410)
        account = self._register.admit(request, self._site.clock.now())
        if account is None:
            raise Refused(401)
        return account

    def _car(self, request: web.Request, needs: Equipment | None = None) -> Twin:
        """Return the car in the path: the account's own, at home in this region."""
        account = self._admit(request)
        vin = request.match_info["vin"].upper()
        at_home = request["region"] in {None, account.region}
        if vin not in account.vins or not at_home:
            raise Refused(404)
        twin = self._site.twin(vin)
        if needs is not None and needs not in twin.spec.equipment:
            raise Refused(404)
        return twin

    def _electrified(self, request: web.Request) -> Twin:
        twin = self._car(request)
        if drive_train(twin.spec) == "CONV":
            raise Refused(404)
        return twin


def _check_answer(
    account: AccountState, answer: str | None, settings: Settings
) -> None:
    """Ask the account's security question; nothing reaches the car without it."""
    if not account.asks_answer:
        return
    if answer is None:
        raise Refused(500, SECRET_MISSING)
    if answer != account.answer and settings.wrong_answer == "forbidden":
        raise Refused(403)
    if answer != account.answer:
        raise Refused(500, SECRET_WRONG)


def _door_words(twin: Twin, command: object, unlocked: str) -> dict[str, str]:
    if not isinstance(command, (Lock, Unlock)):
        return {}
    before = "LOCKED" if twin.state.locked else unlocked
    after = "LOCKED" if isinstance(command, Lock) else unlocked
    return {"oldDoorStatus": before, "newDoorStatus": after}
