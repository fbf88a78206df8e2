"""The portal's own calls: the end of a sign-in, cars, data requests and deliveries."""

from collections.abc import Awaitable, Callable
import re
import secrets
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from ..bodies import json_object
from ..cloud import Handler, Route, Site, routes_of
from ..identity.tokens import token_for
from ..refusal import Refused, guarded
from .account import DataActAccount, DataActRegister
from .answers import page, refused, said
from .data_requests import DataRequest, Invalid, request_of
from .deliveries import Depot
from .hosts import IDENTITY
from .sign_in import DataActSignIn, is_product

COOKIE: Final = "access_token"
_AFFINITY: Final = "ApplicationGatewayAffinity"
_DETOUR: Final = "detour"
_SLIDES_AFTER: Final = 600
"""Seconds after which a session that is used gets a new cookie, where it slides."""
_API: Final = "/proxy_api"
_EUDA: Final = f"{_API}/euda-apim"
_REQUESTS: Final = f"{_EUDA}/datarequest/vehicles/{{vin}}"
_DELIVERY: Final = f"{_EUDA}/datadelivery/vehicles/{{vin}}/{{identifier}}"
_LANDING: Final = "/de/de/overview.html"
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{32}")

type _Answer = Callable[[web.Request, DataActAccount], Awaitable[web.StreamResponse]]


class Portal:
    """The calls of those who have the session cookie."""

    def __init__(
        self,
        site: Site,
        register: DataActRegister,
        sign_in: DataActSignIn,
        depot: Depot,
    ) -> None:
        """Answer for the accounts of a register."""
        self._site = site
        self._register = register
        self._sign_in = sign_in
        self._depot = depot
        self._opaque: dict[str, str] = {}
        """The token behind each cookie that is none itself."""

    def routes(self) -> tuple[Route, ...]:
        """Return what the portal answers."""
        plain: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/", self._home),
            ("GET", "/login", self._arrive),
            ("GET", "/services/callbacklogin", self._let_in),
        )
        calls: tuple[tuple[str, str, _Answer], ...] = (
            ("GET", f"{_API}/consent/me/vehicles", self._vehicles),
            ("GET", f"{_API}/vum/v2/users/me/relations/{{vin}}", self._relation),
            ("GET", f"{_REQUESTS}/metadata/partial", self._metadata),
            ("POST", f"{_REQUESTS}/requests/partial", self._create),
            ("GET", f"{_DELIVERY}/list", self._list),
            ("GET", f"{_DELIVERY}/download", self._download),
        )
        return (*routes_of(plain, guarded), *routes_of(calls, self._admitted))

    def who(self, request: web.Request) -> str | None:
        """Return whose session a call belongs to."""
        token = self._token(request)
        return None if token is None else self._register.name_of(token)

    # The end of a sign-in

    async def _home(self, _request: web.Request) -> web.Response:
        return page("EU Data Act")

    async def _arrive(self, request: web.Request) -> web.Response:
        """Lead to the end of the sign-in, perhaps by some more addresses of its own."""
        query = dict(request.query)
        passed = int(query.pop(_DETOUR, "0"))
        where = "/services/callbacklogin"
        if self._register.settings.consent_after_response:
            identity = self._site.origin(IDENTITY, request)
            where = f"{identity}/signin-service/v1/consent/dataprivacy/users/u-1/portal"
        if passed < self._register.settings.detours:
            where, query = "/login", {**query, _DETOUR: str(passed + 1)}
        answer = web.Response(
            status=302, headers={"Location": f"{where}?{urlencode(query)}"}
        )
        if not passed:
            name = secrets.token_hex(16)
            answer.set_cookie(_AFFINITY, name, path="/", httponly=True, samesite="Lax")
        return answer

    async def _let_in(self, request: web.Request) -> web.Response:
        grant = self._sign_in.redeem(request.query.get("code", ""))
        if grant is None or "state" not in request.query:
            return page("Unauthorized", 401)
        answer = web.Response(status=302, headers={"Location": _LANDING})
        self._set_session(answer, grant.account, grant.client)
        return answer

    def _set_session(
        self, answer: web.StreamResponse, account: DataActAccount, client: str
    ) -> None:
        settings = self._register.settings
        token = token_for(
            account,
            "access_token",
            client=client,
            now=self._site.clock.now(),
            lifetime=settings.session_lifetime,
        )
        if settings.opaque_session:
            name = secrets.token_urlsafe(48)
            self._opaque[name], token = token, name
        answer.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Lax")

    # Who is let in

    def _token(self, request: web.Request) -> str | None:
        cookie = request.cookies.get(COOKIE)
        return None if cookie is None else self._opaque.get(cookie, cookie)

    def _admitted(self, answer: _Answer) -> Handler:
        async def admit(request: web.Request) -> web.StreamResponse:
            headers = request.headers
            if not is_product(headers.get("User-Agent", "")):
                raise Refused(page("Forbidden", 403))
            if "application/json" not in headers.get("Accept", ""):
                raise Refused(refused(406))
            token = self._token(request)
            claims = token and self._register.alive(
                token, "access_token", self._site.clock.now()
            )
            account = claims and self._register.by_id(claims.sub)
            settings = self._register.settings
            sticks = _AFFINITY in request.cookies or not settings.affinity
            if not (claims and account and sticks) or account.unauthorised:
                raise Refused(self._sent_away())
            self._check_trace(request)
            request["brands_client"] = claims.aud
            vin = request.match_info.get("vin")
            if vin is not None and vin not in self._cars(request, account):
                raise Refused(refused(403))
            said = await answer(request, account)
            used = (self._site.clock.now().timestamp() - claims.iat) > _SLIDES_AFTER
            if settings.sliding_session and used:
                self._set_session(said, account, claims.aud)
            return said

        return guarded(admit)

    def _sent_away(self) -> web.Response:
        """Refuse a browser that has no session."""
        if not self._register.settings.ends_in_redirect:
            return refused(401)
        return web.Response(status=302, headers={"Location": _LANDING})

    def _check_trace(self, request: web.Request) -> None:
        if not request.path.startswith((_EUDA, f"{_API}/vum")):
            return
        try:
            UUID(request.headers.get("traceId", ""))
        except ValueError:
            status = 503 if request.method == "POST" else 400
            raise Refused(refused(status, "traceid is missing")) from None

    def _cars(self, request: web.Request, account: DataActAccount) -> list[str]:
        """Return the cars of the brand that was signed in for."""
        if account.empty or request["brands_client"] != account.client:
            return []
        return account.vins

    # Cars and requests

    async def _vehicles(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        if request.query.get("viewPosition") != "FRONT_LEFT":
            return refused(400)
        cars = [
            {"vin": vin, "enrollmentStatus": "COMPLETED", "image": None}
            for vin in self._cars(request, account)
        ]
        shaped = self._register.settings.vehicles_in_object
        return said({"vehicles": cars} if shaped else cars)

    async def _relation(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        spec = self._site.twin(request.match_info["vin"]).spec
        name = spec.nickname or spec.model
        return said({"relation": {"vehicleNickname": name, "role": "PRIMARY_USER"}})

    async def _metadata(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        now = self._site.clock.now()
        requests = account.requests.get(request.match_info["vin"], [])
        if not requests:
            return refused(404, "No data request found")
        listed = [one.listed(now) for one in reversed(requests)]
        shape = self._register.settings.metadata_shape
        if shape in {"object", "one_in_data"} and len(listed) == 1:
            return said(listed[0] if shape == "object" else {"data": listed[0]})
        return said(listed if shape in {"object", "list"} else {shape: listed})

    async def _create(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        now, vin = self._site.clock.now(), request.match_info["vin"]
        if account.creation != "ok":
            return refused(400 if account.creation == "refused" else 500)
        if account.active(vin, now) is not None:
            return refused(409, "An active request exists for this vehicle")
        body = await json_object(request)
        try:
            made = request_of(
                body or {},
                now,
                all_data_needed=self._register.settings.all_data_needed,
            )
        except Invalid as reason:
            return refused(400, str(reason))
        if account.request(vin, made.identifier) is not None:
            return refused(409, "Identifier is in use")
        account.requests.setdefault(vin, []).append(made)
        return said(made.listed(now), 201)

    # Deliveries

    async def _list(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        one = self._request_of_call(request, account)
        if account.not_ready:
            return refused(400, "Delivery is not ready")
        vin = request.match_info["vin"]
        files = [] if one is None else self._depot.files(account, vin, one)
        if one is not None and not files:
            return refused(404, "No files available for this request")
        listed = [file.listed() for file in files]
        shaped = self._register.settings.files_in_object
        return said({"files": listed} if shaped else listed)

    async def _download(
        self, request: web.Request, account: DataActAccount
    ) -> web.Response:
        one = self._request_of_call(request, account)
        name = request.headers.get("filename")
        if not name:
            return refused(400, "filename is missing")
        vin = request.match_info["vin"]
        files = [] if one is None else self._depot.files(account, vin, one)
        for file in files:
            if file.name == name and file.status != 200:
                return refused(file.status)
            if file.name == name:
                return web.Response(body=file.content, content_type="application/zip")
        return refused(404, "File not found")

    def _request_of_call(
        self, request: web.Request, account: DataActAccount
    ) -> DataRequest | None:
        """Return the data request a call names, if any, where it may be asked now."""
        if request.headers.get("type") != "partial":
            raise Refused(page("Internal Server Error", 500))
        now, settings = self._site.clock.now(), self._register.settings
        if not account.reads.take(
            now,
            size=settings.reads_limit,
            window=settings.reads_window,
            pause=settings.reads_pause,
        ):
            wait = max(round(account.reads.left(now)), 1)
            answer = refused(429)
            answer.headers["Retry-After"] = str(wait)
            raise Refused(answer)
        identifier = request.match_info["identifier"]
        if not _IDENTIFIER.fullmatch(identifier):
            raise Refused(refused(400))
        return account.request(request.match_info["vin"], identifier)
