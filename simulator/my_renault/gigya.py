"""Signing in at Gigya: every call is answered with status 200, errors in the body."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from aiohttp import web

from ..bodies import form_fields
from ..cloud import Route, Site, routes_of
from . import answers
from .account import AccountState
from .register import MyRenaultRegister

GMID: Final = "gmid"
UCID: Final = "ucid"
ONE_MORE_SIGN_IN: Final = 900.0
"""Seconds within which a confirmed device signs in without being asked again."""

_TROUBLES: Final[Mapping[str, int]] = {
    "locked": 403120,
    "throttled": 403048,
    "outage": 500001,
}


class GigyaError(Exception):
    """A call ends with one of Gigya's errors."""

    def __init__(self, code: int, **members: object) -> None:
        """Keep the error, and what else the body holds."""
        super().__init__()
        self.code = code
        self.members = members


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call to Gigya: its fields, and the device its cookies name."""

    request: web.Request
    host: str
    now: datetime
    fields: Mapping[str, str]

    def need(self, name: str) -> str:
        """Return a field that has to be there."""
        if not self.fields.get(name):
            raise GigyaError(400002)
        return self.fields[name]

    @property
    def device(self) -> str | None:
        """The device's two ids as its cookies bring them."""
        gmid, ucid = (self.request.cookies.get(name) for name in (GMID, UCID))
        return f"{gmid} {ucid}" if gmid and ucid else None


type Answering = Callable[[Ask], Awaitable[web.Response]]


def gigya_routes(
    site: Site,
    register: MyRenaultRegister,
    host: str,
    calls: Mapping[str, Answering],
) -> tuple[Route, ...]:
    """Return the calls of a host, each with the app's key checked before."""

    async def answer(answering: Answering, request: web.Request) -> web.Response:
        now = site.clock.now()
        form = await form_fields(request) if request.method == "POST" else None
        fields = {**request.query, **(form or {})}
        ask = Ask(request=request, host=host, now=now, fields=fields)
        try:
            _check_key(fields, register.gigya_key(host))
            return await answering(ask)
        except GigyaError as error:
            return answers.gigya_error(error.code, now, **error.members)

    return routes_of(
        (
            (method, f"/accounts.{name}", partial(answer, answering))
            for name, answering in calls.items()
            for method in ("GET", "POST")
        ),
        lambda handler: handler,
    )


def _check_key(fields: Mapping[str, str], good: str) -> None:
    """Refuse a call whose app is not known; the key's name is written in two ways."""
    keys = [value for name, value in fields.items() if name.lower() == "apikey"]
    if not keys:
        raise GigyaError(400002)
    if keys != [good]:
        raise GigyaError(403042)


class Login:
    """The calls that know a password or a login token."""

    def __init__(
        self,
        register: MyRenaultRegister,
        begin: Callable[[AccountState, datetime], str],
    ) -> None:
        """Serve a register; `begin` opens a run in which a code has to be given."""
        self._register = register
        self._begin = begin

    def calls(self) -> Mapping[str, Answering]:
        """Return the calls by their names."""
        return {
            "login": self._login,
            "getAccountInfo": self._info,
            "getJWT": self._jwt,
            "finalizeRegistration": self._finalize_registration,
        }

    async def _login(self, ask: Ask) -> web.Response:
        username, password = ask.need("loginID"), ask.need("password")
        account = self._register.person(ask.host, username)
        if account is not None:
            ask.request["account"] = account.username
            if (trouble := _TROUBLES.get(account.sign_in)) is not None:
                raise GigyaError(trouble)
        if account is None or password != account.password:
            raise GigyaError(403042)
        if self._wants_code(account, ask):
            raise GigyaError(
                403101,
                UID=account.uid,
                regToken=self._begin(account, ask.now),
                sessionInfo={
                    "expires_in": f"{self._register.settings.reg_token_life:g}"
                },
            )
        return answers.gigya(
            ask.now,
            UID=account.uid,
            isActive=True,
            isRegistered=True,
            isVerified=True,
            loginProvider="site",
            newUser=False,
            profile={"email": account.username},
            sessionInfo={
                "cookieName": f"gac_{self._register.gigya_key(ask.host)}",
                "cookieValue": self._register.login_token(account),
            },
        )

    def _wants_code(self, account: AccountState, ask: Ask) -> bool:
        device = ask.device or ""
        if account.code == "never":
            return False
        # What was just confirmed signs in once more, without being asked again.
        if account.passes.pop(device, ask.now) > ask.now:
            return False
        known = account.remembered.get(device, ask.now) > ask.now
        return account.code == "always" or not known

    async def _info(self, ask: Ask) -> web.Response:
        account = self._by_token(ask)
        return answers.gigya(
            ask.now,
            UID=account.uid,
            data={
                "personId": account.person_id,
                "gigyaDataCenter": ask.host.removeprefix("accounts."),
            },
            profile={"email": account.username},
            emails={"verified": [account.username], "unverified": []},
            isVerified=True,
        )

    async def _jwt(self, ask: Ask) -> web.Response:
        account = self._by_token(ask)
        asked = ask.fields.get("expiration", "300")
        if not asked.isdecimal():
            raise GigyaError(400006)
        life = self._register.settings.jwt_life or float(asked)
        fields = ask.fields.get("fields", "")
        token = self._register.jwt(ask.host, account, life, fields)
        return answers.gigya(ask.now, ignoredFields="", id_token=token)

    async def _finalize_registration(self, ask: Ask) -> web.Response:
        # With the app's key it is always refused: people got stuck here.
        raise GigyaError(400093)

    def _by_token(self, ask: Ask) -> AccountState:
        account = self._register.by_login_token(ask.host, ask.need("login_token"))
        if account is None:
            raise GigyaError(int(self._register.settings.dead_token))
        ask.request["account"] = account.username
        return account
