"""Signing in and renewing, in both generations, and who may call."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any, Final, override
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from ..account import Account
from ..bodies import json_object
from ..cloud import Route, Site, routes_of
from ..register import Register
from ..signing import Signer
from . import answers
from .account import ZONE, AccountState, SignInMode, open_account
from .answers import Refused
from .settings import Settings

BASE: Final = "/api"
LOGIN: Final = f"{BASE}/user/login"
REFRESH: Final = f"{BASE}/user/token/refresh"

_SIGNER: Final = Signer(b"carport simulator, ze", {"alg": "HS256", "typ": "JWT"})
_COOKIE: Final = "refreshToken"
_STATUSES: Final = {SignInMode.THROTTLED: 429, SignInMode.OUTAGE: 503}


class ZeRegister(Register[AccountState, Settings]):
    """All accounts, and the tokens they are known by."""

    def __init__(self, site: Site, specs: Iterable[Account]) -> None:
        """Open the accounts."""
        self._site = site
        super().__init__(specs, open_account, Settings)

    @override
    def open_all(self, specs: Iterable[Account]) -> None:
        for account in self.accounts:
            for car in account.cars.values():
                car.stop_timer()
        super().open_all(specs)

    def owner(self, request: web.BaseRequest) -> AccountState | None:
        """Return whose token a call carries, alive or not."""
        claims = _SIGNER.open(bearer(request))
        return None if claims is None else self.by_name(claims["sub"])

    def admit(self, request: web.BaseRequest) -> AccountState:
        """Return who calls with a token that is good."""
        claims = _SIGNER.open(bearer(request))
        account = None if claims is None else self.by_name(claims["sub"])
        if claims is None or account is None:
            raise Refused(answers.WRONG)
        now = self._site.clock.now().timestamp()
        if now >= claims["exp"] or claims["iat"] <= account.dead_until:
            raise Refused(answers.EXPIRED)
        return account

    def issue(self, account: AccountState, jti: str) -> str:
        """Make a token, of the present generation."""
        now = int(self._site.clock.now().timestamp())
        account.last_issued = max(now, account.last_issued + 1)
        own = {"jti": jti}
        if self.settings.generation != 1:
            own = {"userId": account.user_id}
        return _SIGNER.sign(
            {
                "sub": account.username,
                **own,
                "iat": account.last_issued,
                "exp": int(account.last_issued + self.settings.lifetime),
            }
        )


class Login:
    """The two calls that need no token that is good."""

    def __init__(self, site: Site, register: ZeRegister) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register

    def routes(self) -> tuple[Route, ...]:
        """Return the calls."""
        calls = (("POST", LOGIN, self._login), ("POST", REFRESH, self._refresh))
        return routes_of(calls, partial(answers.guarded, self._site.clock))

    async def _login(self, request: web.Request) -> web.Response:
        now = self._site.clock.now()
        body = await parsed(request)
        account = self._register.by_name(body.get("username"))
        if account is None or body.get("password") != account.password:
            return answers.refused(answers.WRONG, now)
        request["account"] = account.username
        if account.migrated:
            return answers.moved(now, self._register.settings.moved_status)
        mode = SignInMode(account.sign_in)
        if mode is SignInMode.LOCKED:
            return answers.refused(answers.LOCKED, now)
        if mode is SignInMode.REFUSED:
            return answers.refused(answers.FORBIDDEN, now)
        if mode is not SignInMode.OK:
            return answers.refused_plainly(_STATUSES[mode])
        token = self._register.issue(account, _jti(account, now))
        second = self._register.settings.generation != 1
        answer = answers.json(
            {
                "token": token,
                **(
                    {"xsrfToken": account.xsrf_token}
                    if second
                    else {"refresh_token": account.refresh_token}
                ),
                "user": _user(account),
            }
        )
        if second:
            answer.set_cookie(
                _COOKIE, _cookie_for(account, token), path=BASE, httponly=True
            )
        return answer

    async def _refresh(self, request: web.Request) -> web.Response:
        """Renew a token; of the second generation only by the cookie of its login."""
        now = self._site.clock.now()
        body = await parsed(request)
        token = body.get("token")
        claims = _SIGNER.open(token) if isinstance(token, str) else None
        account = None if claims is None else self._register.by_name(claims["sub"])
        if claims is None or account is None:
            return answers.refused(answers.WRONG, now)
        request["account"] = account.username
        if account.migrated:
            return answers.moved(now, self._register.settings.moved_status)
        if self._register.settings.generation == 1:
            pairs = body.get("refresh_token") == account.refresh_token
        else:
            cookie = request.cookies.get(_COOKIE)
            if cookie is None:
                return answers.refused(answers.NO_COOKIE, now)
            word = request.headers.get("X-XSRF-TOKEN")
            pairs = word == account.xsrf_token and cookie == _cookie_for(
                account, str(token)
            )
        if not pairs:
            return answers.refused(answers.WRONG, now)
        jti = str(claims.get("jti") or _jti(account, now))
        return answers.json({"token": self._register.issue(account, jti)})


def _user(account: AccountState) -> dict[str, Any]:
    phone = "+447700900456"
    return {
        "id": account.user_id,
        "locale": "en_GB",
        "country": "GB",
        "timezone": ZONE.key,
        "email": account.username,
        "first_name": "Robin",
        "last_name": "Driver",
        "phone_number": phone,
        **(
            {}
            if account.active is None
            else {
                "vehicle_details": {
                    "timezone": ZONE.key,
                    "VIN": account.active,
                    "activation_code": _code(account.active),
                    "phone_number": phone,
                }
            }
        ),
        "scopes": list(account.scopes),
        "active_account": uuid5(NAMESPACE_URL, account.user_id).hex[:24],
        "associated_vehicles": [
            {"VIN": vin, "activation_code": _code(vin), "user_id": account.user_id}
            for vin in account.vins
        ],
        "gdc_uid": f"ZE00{uuid5(NAMESPACE_URL, account.username).int % 10**8:08}",
    }


def _code(vin: str) -> str:
    return uuid5(NAMESPACE_URL, f"code:{vin}").hex[:8].upper()


def _jti(account: AccountState, now: datetime) -> str:
    return uuid5(NAMESPACE_URL, f"{account.username}:{now.timestamp()}").hex


def _cookie_for(account: AccountState, token: str) -> str:
    """Return the cookie that fits one token only."""
    return _SIGNER.seal(f"{account.refresh_revision}:{token}")


async def parsed(request: web.Request) -> dict[str, Any]:
    """Return a JSON object, whatever the body says it is."""
    if (body := await json_object(request)) is None:
        raise Refused(answers.BAD_REQUEST)
    return body


def bearer(request: web.BaseRequest) -> str:
    """Return the token in the authorization header, empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else ""
