"""The REST calls: fifty a day, and every refusal with its own code."""

import base64
from collections.abc import Awaitable, Callable
from datetime import datetime
import json
import re
from typing import Any, Final

from aiohttp import web

from carport.twin.twin import Twin

from .. import refusal
from ..bodies import bearer
from ..cloud import Handler, Route, Site, routes_of
from ..refusal import guarded
from . import cars, containers, quota
from .account import AccountState, CarDataRegister
from .answers import Refused, dead_token
from .descriptors import CATALOGUE, KM_A_MILE, ODOMETER
from .store import Held, Store
from .tokens import ACCESS, Tokens

type _Call = Callable[[web.Request, AccountState], Awaitable[web.Response]]

_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_SCOPE: Final = "cardata:api:read"


class Rest:
    """Everything below `/customers`."""

    def __init__(
        self, site: Site, register: CarDataRegister, tokens: Tokens, store: Store
    ) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register
        self._tokens = tokens
        self._store = store

    def routes(self) -> tuple[Route, ...]:
        """Return the calls."""
        car, boxes = "/customers/vehicles/{vin}", "/customers/containers"
        calls: tuple[tuple[str, str, _Call], ...] = (
            ("GET", "/customers/vehicles/mappings", self._mappings),
            ("GET", boxes, self._containers),
            ("POST", boxes, self._create),
            ("GET", f"{boxes}/{{id}}", self._details),
            ("DELETE", f"{boxes}/{{id}}", self._delete),
            ("GET", f"{car}/telematicData", self._telematic),
            ("GET", f"{car}/basicData", self._basic),
            ("GET", f"{car}/image", self._image),
            ("GET", f"{car}/chargingHistory", self._charges),
            ("GET", f"{car}/smartMaintenanceTyreDiagnosis", self._tyres),
            ("GET", f"{car}/locationBasedChargingSettings", self._places),
        )
        return routes_of(calls, lambda call: guarded(self._admitting(call)))

    def who(self, request: web.BaseRequest) -> str | None:
        """Return whose token a call brings."""
        claims = self._tokens.read(bearer(request), ACCESS)
        account = None if claims is None else self._register.by_gcid(claims["sub"])
        return None if account is None else account.username

    def _admitting(self, call: _Call) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            account = self._admit(request)
            settings, now = self._register.settings, self._site.clock.now()
            if (refused := quota.take(account, settings, now)) is not None:
                return refused
            if request.method == "GET" and request.headers.get("x-version") != "v1":
                raise Refused("CU-400")
            return await call(request, account)

        return answer

    def _admit(self, request: web.Request) -> AccountState:
        token = bearer(request)
        if not token:
            raise Refused("CU-100")
        claims = self._tokens.read(token, ACCESS)
        account = None if claims is None else self._tokens.owner(claims)
        now = self._site.clock.now().timestamp()
        if account is None or claims is None or claims["exp"] <= now:
            if self._register.settings.bad_token == "CU-127":
                raise refusal.Refused(dead_token())
            raise Refused("CU-101" if account is None else "CU-102")
        if _SCOPE not in claims["scope"] or not account.may(_SCOPE):
            raise Refused("CU-103")
        return account

    def _car(self, request: web.Request, account: AccountState) -> Twin:
        vin = request.match_info["vin"]
        if _VIN.fullmatch(vin) is None:
            raise Refused("CU-120")
        if not account.readable(vin):
            raise Refused("CU-104")
        return self._site.twin(vin)

    # Cars and containers

    async def _mappings(
        self, _request: web.Request, account: AccountState
    ) -> web.Response:
        mapped: list[dict[str, Any]] = [
            {
                "vin": vin,
                "mappedSince": "2025-06-17T08:01:00Z",
                "mappingType": "SECONDARY" if vin in account.secondary else "PRIMARY",
            }
            for vin in ([] if account.empty else account.vins)
        ]
        content: Any = mapped
        match self._register.settings.mappings_form:
            case "object":
                content = {"mappings": mapped}
            case "single":
                content = mapped[0] if mapped else {}
        return web.json_response(content)

    async def _containers(
        self, _request: web.Request, account: AccountState
    ) -> web.Response:
        return web.json_response(containers.listed(account, self._site.clock.now()))

    async def _create(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        settings, now = self._register.settings, self._site.clock.now()
        return await containers.create(request, account, settings, now)

    async def _details(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        found = containers.active(account, request.match_info["id"])
        return web.json_response(containers.details(found))

    async def _delete(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        now = self._site.clock.now()
        return containers.delete(account, request.match_info["id"], now)

    # Data

    async def _telematic(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        twin = self._car(request, account)
        found = containers.active(account, request.query.get("containerId", ""))
        held = self._store.look(account, twin.spec.vin)
        content = {key: self._entry(key, held.get(key)) for key in found.keys}
        return web.json_response({"telematicData": content})

    def _entry(self, key: str, held: Held | None) -> dict[str, Any]:
        """Return a value as a text; null twice for what was never sent."""
        descriptor = CATALOGUE.get(key)
        unit = None if descriptor is None else descriptor.unit
        if held is None or held.value is None:
            return {"value": None, "unit": unit, "timestamp": None}
        value = held.value
        if key == ODOMETER:
            match self._register.settings.odometer_unit:
                case "none":
                    unit = None
                case "hidden_miles":
                    unit, value = None, round(value / KM_A_MILE)
        if isinstance(value, bool):
            value = "true" if value else "false"
        at = f"{held.at:%Y-%m-%dT%H:%M:%S}.{held.at.microsecond // 1000:03}Z"
        return {"value": str(value), "unit": unit, "timestamp": at}

    async def _basic(self, request: web.Request, account: AccountState) -> web.Response:
        return web.json_response(cars.basic_data(self._car(request, account)))

    async def _image(self, request: web.Request, account: AccountState) -> web.Response:
        content = cars.image(self._car(request, account))
        return web.Response(body=content, content_type="image/png")

    async def _tyres(self, request: web.Request, account: AccountState) -> web.Response:
        return web.json_response(cars.tyres(self._car(request, account)))

    async def _charges(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        twin = self._car(request, account)
        since, until = _moment(request, "from"), _moment(request, "to")
        if since > until:
            raise Refused("CU-401")
        units = self._register.settings.mileage_units
        found = cars.charges(twin, since, until, units)
        page, following = self._page(request, found)
        return web.json_response({"data": page, "next_token": following})

    async def _places(
        self, request: web.Request, account: AccountState
    ) -> web.Response:
        found = cars.places(self._car(request, account))
        if not found:
            raise Refused("CU-127")
        page, following = self._page(request, found)
        return web.json_response({"data": page, "nextToken": following})

    def _page(
        self, request: web.Request, found: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Return a page, and the token of the next."""
        begin, size = 0, max(round(self._register.settings.page_size), 1)
        if token := request.query.get("nextToken"):
            begin = _offset(token)
        end = begin + size
        more = end < len(found)
        return found[begin:end], _page_token(end) if more else None


def _moment(request: web.Request, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(request.query[name])
    except KeyError, ValueError:
        raise Refused("CU-401") from None
    if moment.tzinfo is None:
        raise Refused("CU-401")
    return moment


def _page_token(offset: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(offset).encode()).decode()


def _offset(token: str) -> int:
    try:
        return max(int(base64.urlsafe_b64decode(token)), 0)
    except ValueError:
        raise Refused("CU-125") from None
