"""What every call for a car has to bring: token, headers, the right home, licences."""

from datetime import timedelta
import hashlib
from typing import Any, Final

from aiohttp import web

from carport.twin.twin import Twin

from ..bodies import bearer
from ..cloud import Site
from ..refusal import Refused
from .account import PIN_TRIES, WeAccount, WeRegister
from .answers import refused
from .hosts import home_of
from .reads import services_of

_APP_HEADERS: Final = ("X-App-Name", "X-App-Version")


class Admission:
    """Lets calls in that have a token for cars, at all hosts."""

    def __init__(self, site: Site, register: WeRegister) -> None:
        """Judge by a register."""
        self.site = site
        self.register = register

    def account(self, request: web.Request, kind: str = "mbb_token") -> WeAccount:
        """Return who calls, by a token of the right tier."""
        claims = self.register.alive(bearer(request), kind, self.site.clock.now())
        account = None if claims is None else self.register.by_id(claims.sub)
        if account is None:
            raise Refused(refused(401))
        self._count(account)
        return account

    def car(
        self, request: web.Request, host: str | None, *, app: bool = False
    ) -> tuple[WeAccount, Twin]:
        """Return whose car this is; at a data host it has to be at home there."""
        account = self.account(request)
        vin = request.match_info["vin"]
        if vin not in account.vins:
            raise Refused(refused(403))
        if vin == account.not_enrolled:
            raise Refused(refused(401))
        if host is not None and home_of(vin) != host:
            raise Refused(refused(404, "gw.error.routing", "Not the home region"))
        if app and not all(request.headers.get(name) for name in _APP_HEADERS):
            raise Refused(refused(400))
        return account, self.site.twin(vin)

    def licensed(
        self, request: web.Request, host: str | None, service: str, *, app: bool = False
    ) -> tuple[WeAccount, Twin]:
        """Return whose car this is, if it has a service and may use it."""
        account, twin = self.car(request, host, app=app)
        self.service(account, twin, service)
        return account, twin

    def service(
        self, account: WeAccount, twin: Twin, service: str, operation: str | None = None
    ) -> None:
        """Refuse what the car lacks, what is not licensed, and what is switched off."""
        operations = services_of(twin.spec).get(service)
        if operations is None or account.unlicensed == service:
            raise Refused(refused(403))
        if account.switched_off == service:
            raise Refused(
                refused(
                    403,
                    "mbbc.rolesandrights.servicelocallydisabled",
                    "Service is disabled in the vehicle",
                )
            )
        if operation is not None and operation not in operations:
            raise Refused(refused(403))

    def remote(self, account: WeAccount, twin: Twin) -> int:
        """Count a request to a car; return how many are left until it is driven."""
        most = self.register.settings.remote_requests
        vin, odometer = twin.spec.vin, twin.state.odometer
        driven, used = account.remote.get(vin, (odometer, 0))
        if driven != odometer:
            used = 0
        if most is not None and used >= most:
            raise Refused(refused(429))
        account.remote[vin] = (odometer, used + 1)
        return 99 if most is None else int(most) - used - 1

    def _count(self, account: WeAccount) -> None:
        today = self.site.clock.now().date()
        if account.counted_on != today:
            account.counted_on, account.calls = today, 0
        most = self.register.settings.calls_a_day
        if most is not None and account.calls >= most:
            raise Refused(refused(429))
        account.calls += 1

    # S-PIN

    def challenge(self, request: web.Request) -> web.Response:
        """Ask for the S-PIN of one operation."""
        account, twin = self.car(request, None)
        service = request.match_info["service"]
        operation = request.match_info["operation"]
        # Clients ask before every climate call, whatever heats the car.
        anyway = (service, operation) == ("rclima_v1", "P_START_CLIMA_AU")
        known = {"timerprogramming_v1": "P_SETTINGS_AU"}.get(service, operation)
        self.service(account, twin, service, None if anyway else known)
        token, challenge = account.challenge(
            twin.spec.vin, f"{service}/{operation}", self.site.clock.now()
        )
        tries = {"remainingTries": account.tries_left(self.site.clock.now())}
        inside = self.register.settings.tries_inside
        info: dict[str, Any] = {
            "securityToken": token,
            **({} if inside else tries),
            "securityPinTransmission": {
                "hashProcedureVersion": 2,
                "challenge": challenge,
                **(tries if inside else {}),
            },
        }
        return web.json_response({"securityPinAuthInfo": info})

    async def solve(self, request: web.Request) -> web.Response:
        """Check the hash, and give the token that the command has to carry."""
        account = self.account(request)
        try:
            wish = (await request.json())["securityPinAuthentication"]
            token, pin = wish["securityToken"], wish["securityPin"]
            said, challenge = pin["securityPinHash"], pin["challenge"]
        except KeyError, TypeError, ValueError:
            raise Refused(refused(400)) from None
        asked = account.challenges.pop(token, None)
        lifetime = timedelta(seconds=self.register.settings.challenge_lifetime)
        if (
            asked is None
            or asked.challenge != challenge
            or self.site.clock.now() - asked.since > lifetime
        ):
            raise Refused(refused(400))
        secret = bytes.fromhex(account.pin + challenge)
        right = str(said).upper() == hashlib.sha512(secret).hexdigest().upper()
        now = self.site.clock.now()
        if account.tries_left(now) <= 0 or not right:
            locked = account.count_wrong_pin(now)
            raise Refused(
                refused(
                    403,
                    "mbbc.rolesandrights.invalidSecurityPin",
                    "The Security PIN is invalid.",
                    challenge="",
                    user=account.mbb_id,
                    reason="SECURITY_PIN_LOCKED" if locked else "SECURITY_PIN_INVALID",
                    delay=str(int(locked.total_seconds())),
                )
            )
        account.pin_tries = PIN_TRIES
        made = token.replace("lvl1", "lvl2")
        account.security_tokens[made] = (asked.vin, asked.operation)
        return web.json_response({"securityToken": made})

    def check_pin(
        self, account: WeAccount, twin: Twin, request: web.Request, operation: str
    ) -> None:
        """Take the token of a solved challenge, which is good once."""
        headers = request.headers
        token = headers.get("X-MBBSecToken") or headers.get("X-securityToken") or ""
        if account.security_tokens.pop(token, None) != (twin.spec.vin, operation):
            raise Refused(
                refused(
                    403, "mbbc.rolesandrights.securityTokenInvalid", "Invalid token"
                )
            )
