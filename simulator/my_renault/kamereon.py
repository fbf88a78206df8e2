"""The calls about persons and their cars."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from carport.twin.state import to_datetime

from ..cloud import Handler, Route, Site, routes_of
from ..pictures import PAINTS, picture
from ..refusal import guarded
from . import answers, models, persons
from .account import AccountState, BrandAccount
from .commands import Commands
from .reads import BARE, READS, Look, charges
from .regions import PICTURES
from .register import MyRenaultRegister

_ROOT: Final = "/commerce/v1"
_ACCOUNT: Final = f"{_ROOT}/accounts/{{account}}"
_KCA: Final = f"{_ACCOUNT}/kamereon/kca/car-adapter"
_KCM: Final = f"{_ACCOUNT}/kamereon/kcm/v1/vehicles/{{vin}}"
_V2_READS: Final = frozenset({"battery-status"})
_V2_ACTIONS: Final = frozenset({models.SET_CHARGE_SCHEDULE, models.HVAC_SCHEDULE})
_KCM_READS: Final = (models.KCM_SETTINGS, models.SOC_LEVELS, "charge/settings")
_KCM_ACTIONS: Final = (
    models.KCM_START,
    models.KCM_PAUSE,
    models.KCM_SCHEDULE,
    models.KCM_SETTINGS,
    models.SOC_LEVELS,
)
_ZONES: Final[Mapping[str, str]] = {
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "AU": "Australia/Sydney",
    "MX": "America/Mexico_City",
}
_DAY: Final = re.compile(r"\d{8}", re.ASCII)
_SIZES: Final = {"LARGE": (1280, 720), "SMALL": (480, 270)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One call about one car, admitted."""

    request: web.Request
    account: AccountState
    vin: str
    look: Look


class Kamereon:
    """Persons, accounts and cars, behind the key, the token and the quota."""

    def __init__(self, site: Site, register: MyRenaultRegister) -> None:
        """Serve a register."""
        self._site = site
        self._register = register
        self.commands = Commands(site)

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return the calls of a region's host."""
        calls: list[tuple[str, str, Handler]] = [
            ("GET", f"{_ROOT}/persons/{{person}}", partial(self._person, host)),
            ("GET", f"{_ACCOUNT}/vehicles", partial(self._vehicles, host)),
        ]
        about_cars = {
            f"{_ACCOUNT}/vehicles/{{vin}}/details": self._details,
            f"{_ACCOUNT}/vehicles/{{vin}}/contracts": self._contracts,
            f"{_ACCOUNT}/kamereon/vehicles/{{vin}}/alerts": self._alerts,
            f"{_KCA}/v2/cars/{{vin}}": self._gateway,
        }
        for path, answering in about_cars.items():
            calls.append(("GET", path, partial(self._about, host, answering)))
        for resource in models.TYPICAL:
            calls.extend(self._resource(host, resource))
        return routes_of(calls, guarded)

    def _resource(self, host: str, resource: str) -> list[tuple[str, str, Handler]]:
        """Return the calls of one resource, by the adapter and version it is at."""
        if resource == "alerts":
            return []
        found: list[tuple[str, str, Handler]] = []
        acts = partial(self._act, host, resource)
        reads = partial(self._read, host, resource)
        if resource in _KCM_READS:
            found.append(("GET", f"{_KCM}/{resource}", reads))
        if resource in _KCM_ACTIONS:
            found.append(("POST", f"{_KCM}/{resource}", acts))
        if resource not in {*_KCM_READS, *_KCM_ACTIONS}:
            second = resource in _V2_READS | _V2_ACTIONS
            path = f"{_KCA}/v{2 if second else 1}/cars/{{vin}}/{resource}"
            action = resource.startswith("actions/")
            found.append(("POST" if action else "GET", path, acts if action else reads))
        return found

    # Persons and accounts

    async def _person(self, host: str, request: web.Request) -> web.Response:
        account = self._register.admit(request, host)
        if request.match_info["person"] != account.person_id:
            raise answers.refuse(answers.FORBIDDEN)
        return answers.kamereon(persons.person(account))

    async def _vehicles(self, host: str, request: web.Request) -> web.Response:
        account = self._register.admit(request, host)
        home = self._home(account, request)
        if not home.vins and self._register.settings.empty_garage == "refusal":
            raise answers.refuse(answers.NO_CARS)
        twins = {vin: self._site.twin(vin) for vin in account.cars}
        return answers.kamereon(persons.vehicles(account, home, twins))

    def _home(self, account: AccountState, request: web.Request) -> BrandAccount:
        wanted = request.match_info["account"]
        found = next((one for one in account.accounts if one.id == wanted), None)
        if found is None:
            raise answers.refuse(answers.FORBIDDEN)
        return found

    # Cars

    def _visit(self, host: str, request: web.Request) -> Visit:
        account = self._register.admit(request, host)
        home, vin = self._home(account, request), request.match_info["vin"]
        if vin not in home.vins:
            raise answers.refuse(answers.FORBIDDEN)
        now, car = self._site.clock.now(), account.cars[vin]
        twin = self._site.twin(vin)
        car.settle(now)
        look = Look(
            car=car,
            twin=twin,
            now=now,
            zone=ZoneInfo(_ZONES[account.country]),
            settings=self._register.settings,
        )
        return Visit(request=request, account=account, vin=vin, look=look)

    async def _about(
        self,
        host: str,
        answering: Callable[[Visit], Any],
        request: web.Request,
    ) -> web.Response:
        return answers.kamereon(answering(self._visit(host, request)))

    def _details(self, visit: Visit) -> Any:
        if visit.vin in visit.account.no_details:
            raise answers.refuse(answers.UPSTREAM)
        return persons.details(visit.account, visit.vin, visit.look.twin.spec)

    def _contracts(self, visit: Visit) -> Any:
        if not visit.request.query.get("locale"):
            raise answers.refuse(answers.MISSING_PARAMETER)
        return persons.contracts(
            visit.look.car, to_datetime(visit.look.twin.memory.born)
        )

    def _alerts(self, visit: Visit) -> Any:
        _admit_to(visit, "alerts")
        return persons.alerts(visit.look.car, visit.look.twin)

    def _gateway(self, visit: Visit) -> Any:
        _admit_by_contract(visit)
        gateway = persons.gateway(visit.account, visit.vin)
        return {"data": {"type": "Car", "id": visit.vin, "attributes": gateway}}

    async def _read(
        self, host: str, resource: str, request: web.Request
    ) -> web.Response:
        visit = self._visit(host, request)
        _admit_to(visit, resource)
        if resource == "charges":
            told = charges(visit.look, *_period(request))
        else:
            told = READS[resource](visit.look)
        if resource in BARE:
            return answers.kamereon(told)
        named = {"type": "Car"} if visit.look.car.model.typed else {}
        return answers.kamereon(
            {"data": {**named, "id": visit.vin, "attributes": told}}
        )

    async def _act(
        self, host: str, resource: str, request: web.Request
    ) -> web.Response:
        visit = self._visit(host, request)
        _admit_to(visit, resource)
        return await self.commands.obey(resource, visit.look, request)


def _admit_to(visit: Visit, resource: str) -> None:
    """Refuse what the car does not give: by contract, by wish, or by model."""
    car = visit.look.car
    _admit_by_contract(visit)
    if car.private:
        raise answers.refuse(answers.PRIVACY)
    if (refusal := car.model.refusal(resource)) is not None:
        raise answers.refuse(refusal)


def _admit_by_contract(visit: Visit) -> None:
    """Refuse a car whose connected services have ended, as the cloud happens to do."""
    if visit.look.car.unreached:
        raise answers.refuse(answers.NOT_FORWARDED)
    if visit.look.car.contract_ended:
        proxy = visit.look.settings.lapsed_answer == "proxy"
        raise answers.refuse(answers.NOT_FORWARDED if proxy else answers.DENIED)


def _period(request: web.Request) -> tuple[datetime, datetime]:
    """Return the days that were asked for, the last one whole."""
    first, last = (_date(request.query.get(name, "")) for name in ("start", "end"))
    return first, last + timedelta(days=1)


def _date(text: str) -> datetime:
    if not _DAY.fullmatch(text):
        raise answers.refuse(answers.MISSING_PARAMETER)
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise answers.refuse(answers.MISSING_PARAMETER) from None


class Pictures:
    """The host of the cars' pictures, which asks nobody who they are."""

    def __init__(self, register: MyRenaultRegister) -> None:
        """Serve the cars of a register."""
        self._register = register

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return the one call of the host."""
        if host != PICTURES:
            return ()
        return (Route(method="GET", path="/ImageFromBookmark", handler=self._picture),)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        size = _SIZES.get(request.query.get("profile", "").rpartition("_")[2])
        names = {
            persons.picture_name(vin)
            for account in self._register.accounts
            for vin in account.cars
        }
        if size is None or request.query.get("configuration") not in names:
            raise web.HTTPNotFound
        content = picture("FRONT", next(iter(PAINTS)), *size)
        return web.Response(body=content, content_type="image/png")
