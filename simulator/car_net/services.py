"""The base hosts' services: account, status, health, PIN sessions, commands."""

from datetime import timedelta
from functools import partial
import hmac
import secrets
from typing import Any, Final

from aiohttp import web

from carport.car.commands import Wake

from ..bodies import json_object
from ..cloud import Route, Site, routes_of
from ..identity.region import Region
from ..refusal import Refused, guarded
from .account import PIN_TRIES, AccountState, TspToken, account_number, vehicle_id
from .answers import data, refused
from .commands import CHARGING_PATH, COMMAND_ROUTES, HEALTH_PATH, BadBody, CommandRoute
from .reads import climate, enrollment, health, status
from .regions import region_of_base
from .register import Register

_TSP_TOKEN_BEGINS: Final = b"<wsse:Security xml:ns=simulator>".hex()
_PROVIDERS: Final = frozenset({"VZT", "ATC", "WCT", "Unknown"})


class Services:
    """Everything that needs an access token."""

    def __init__(self, site: Site, register: Register) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a base host answers of this."""
        region = region_of_base(host)
        vehicle = "/vehicle/{vehicle}"
        calls: tuple[tuple[str, str, Any], ...] = (
            ("GET", "/account/v1/enrollment/status", self._enrollment),
            ("GET", f"/rvs/v1{vehicle}", self._status),
            ("GET", f"/vhs/v2{vehicle}", self._health),
            ("POST", f"/ss/v1/user/{{user}}{vehicle}/session", self._session),
            *(
                (
                    row.method,
                    f"/mps/v1/vehicles/{{number}}{row.path}",
                    partial(self._command, row),
                )
                for row in COMMAND_ROUTES
            ),
        )
        return routes_of(calls, lambda handler: guarded(partial(handler, region)))

    # Reads

    async def _enrollment(self, region: Region, request: web.Request) -> web.Response:
        account = self._admit(region, request)
        self._check_id_token(account, request.query.get("idToken"))
        vins = [] if account.empty else account.vins
        return data(enrollment(account, [self._site.twin(vin) for vin in vins]))

    async def _status(self, region: Region, request: web.Request) -> web.Response:
        account = self._admit(region, request)
        return data(status(self._site.twin(self._vehicle(account, request))))

    async def _health(self, region: Region, request: web.Request) -> web.Response:
        account = self._admit(region, request)
        return data(health(self._site.twin(self._vehicle(account, request))))

    # PIN

    async def _session(self, region: Region, request: web.Request) -> web.Response:
        account = self._admit(region, request)
        if request.match_info["user"] != account.user_id:
            raise Refused(refused(403))
        vin = self._vehicle(account, request)
        body = await _json(request)
        self._check_id_token(account, body.get("idToken"))
        if body.get("tsp") not in _PROVIDERS:
            raise Refused(refused(400, "BAD_REQUEST", "Unknown value of tsp"))
        if body.get("accountNumber") != account_number(vin):
            raise Refused(refused(400, "BAD_REQUEST", "Unknown account number"))
        pin = body.get("tspPin")
        if not isinstance(pin, str):
            raise Refused(refused(400, "BAD_REQUEST", "tspPin is missing"))
        # How many wrong ones lock it is not known of this generation; the next has
        # a count of tries, and after those nothing helps.
        right = hmac.compare_digest(pin.encode(), account.pin.encode())
        if account.pin_tries <= 0 or not right:
            account.pin_tries = max(account.pin_tries - 1, 0)
            raise Refused(refused(403, "PIN_INVALID", "Not authorized", "ss"))
        account.pin_tries = PIN_TRIES
        token = _TSP_TOKEN_BEGINS + secrets.token_hex(64)
        account.tsp_tokens[token] = TspToken(vin=vin, since=self._site.clock.now())
        return data({"tspToken": token})

    # Commands

    async def _command(
        self, row: CommandRoute, region: Region, request: web.Request
    ) -> web.Response:
        account = self._admit(region, request)
        number = request.match_info["number"]
        vins = [vin for vin in account.vins if account_number(vin) == number]
        if not vins:
            raise Refused(refused(404))
        vin = vins[0]
        body = await _json(request)
        if body.get("email") != account.username or body.get("vw_id") != account.vw_id:
            raise Refused(refused(400, "BAD_REQUEST", "Request is not valid"))
        self._check_limit(account)
        self._check_tsp_token(account, vin, body.get("tsp_token"))
        spec = self._site.twin(vin).spec
        if not row.is_for(spec):
            raise Refused(refused(404))
        try:
            parsed = row.read_body and row.read_body(body, spec)
        except BadBody as error:
            text = f"{error} is not valid"
            raise Refused(refused(400, "BAD_REQUEST", text)) from None
        settings = self._register.settings
        if row.method != "POST":
            # The cloud waits for the car's modem before it answers.
            least, most = settings.answer_least, settings.answer_most
            await self._site.wait(request, self._site.rng.uniform(least, most))
        twin = self._site.twin(vin)
        if parsed is None:
            return data(climate(twin.report))
        now = self._site.clock.now()
        is_wake = isinstance(parsed.command, Wake) or row.path == HEALTH_PATH
        twin.accept(
            parsed.command, now, settings.wake_latency if is_wake else settings.latency
        )
        if row.path == HEALTH_PATH:
            return data({"requested": True})
        mark = secrets.token_hex(16)
        if row.path == CHARGING_PATH:
            return web.json_response(
                {"value": {"transaction_id": mark, "command": parsed.word}}
            )
        return data({"correlationId": mark, "command": parsed.word, "result": 0})

    # What every call has to bring

    def _admit(self, region: Region, request: web.Request) -> AccountState:
        return self._register.admit(region, request, self._site.clock.now())

    def _check_id_token(self, account: AccountState, token: object) -> None:
        if not isinstance(token, str) or not token:
            raise Refused(refused(400, "BAD_REQUEST", "idToken is missing"))
        claims = self._register.alive(token, "id_token", self._site.clock.now())
        if claims is None or claims.sub != account.user_id:
            raise Refused(refused(401))

    def _vehicle(self, account: AccountState, request: web.Request) -> str:
        """Return the VIN of the car in the path, if it is the account's own."""
        wanted = request.match_info["vehicle"]
        for vin in account.vins:
            if vehicle_id(vin) == wanted:
                return vin
        others = {vin for one in self._register.accounts for vin in one.vins}
        known = wanted in {vehicle_id(vin) for vin in others}
        raise Refused(refused(403 if known else 404))

    def _check_limit(self, account: AccountState) -> None:
        """Count a call that carries a TSP token: per account, not per token."""
        settings = self._register.settings
        if not account.commands.take(
            self._site.clock.now(),
            size=settings.bucket_size,
            window=settings.bucket_window,
            pause=settings.bucket_pause,
        ):
            raise Refused(refused(429))

    def _check_tsp_token(self, account: AccountState, vin: str, token: object) -> None:
        known = account.tsp_tokens.get(token) if isinstance(token, str) else None
        lifetime = timedelta(seconds=self._register.settings.tsp_lifetime)
        now = self._site.clock.now()
        if known is None or known.vin != vin or now - known.since >= lifetime:
            answer = refused(
                int(self._register.settings.tsp_refusal),
                "TSP_TOKEN_INVALID",
                "Security token is not valid",
            )
            raise Refused(answer)


async def _json(request: web.Request) -> dict[str, Any]:
    """Return the body, which has to be a JSON object and to say that it is JSON."""
    if request.content_type != "application/json":
        raise Refused(refused(415))
    if (body := await json_object(request)) is None:
        raise Refused(refused(400))
    return body
