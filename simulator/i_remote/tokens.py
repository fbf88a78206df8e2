"""The token call: a password and the app's key for eight hours of access."""

import base64
import binascii
from collections.abc import Mapping
from datetime import timedelta
import hmac
import secrets
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import web

from ..cloud import Route, Site, routes_of
from ..refusal import guarded
from .account import AccountState, RemoteRegister
from .answers import refused, token_refused
from .regions import APIS, TOKEN_HOSTS

OLD_PATHS: Final = ("/webapi/oauth/token/", "/webapi/oauth/token")
NEW_PATH: Final = "/gcdm/oauth/token"
PATHS: Final = (*OLD_PATHS, NEW_PATH)

_FORMS: Final = (
    "application/x-www-form-urlencoded",
    # As it was once printed, and copied since.
    "application/x-www-form-urlencode",
)
_SCOPES: Final = {"authenticate_user", "vehicle_data", "remote_services"}
_MODES: Final[Mapping[str, int]] = {
    "locked": 423,
    "throttled": 429,
    "outage": 503,
    "mobile_disabled": 405,
}


class TokenCall:
    """Sells tokens at every address at which the service ever did."""

    def __init__(self, site: Site, register: RemoteRegister) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a host answers of this."""
        paths = PATHS if host in APIS else (NEW_PATH,) if host in TOKEN_HOSTS else ()
        return routes_of((("POST", path, self._token) for path in paths), guarded)

    async def who(self, request: web.Request) -> str | None:
        """Return who signs in."""
        account = self._register.by_name(_username(await form_of(request)))
        return None if account is None else account.username

    async def _token(self, request: web.Request) -> web.Response:
        form = await form_of(request)
        if request.content_type not in _FORMS or form.get("grant_type") != "password":
            return token_refused(400, "unsupported_grant_type", "Not supported")
        scope = set(form.get("scope", "").split())
        if "vehicle_data" not in scope or not scope <= _SCOPES:
            return token_refused(400, "invalid_scope", "The scope is invalid")
        settings = self._register.settings
        if settings.client_disabled:
            return token_refused(
                401, "client disabled", "provided clients are disabled"
            )
        account = self._register.by_name(_username(form))
        if not self._knows_client(request):
            return token_refused(401, "invalid_client", "Bad client credentials")
        if account is None:
            return token_refused(401, "invalid_client", "Login failed")
        if account.sign_in == "text":
            return web.Response(text="INTERNAL SERVER ERROR")
        if account.sign_in in _MODES:
            return refused(_MODES[account.sign_in])
        return self._sell(account, form.get("password", ""))

    def _sell(self, account: AccountState, password: str) -> web.Response:
        settings, now = self._register.settings, self._site.clock.now()
        if account.wrong_passwords >= settings.wrong_passwords:
            return refused(423)
        if not account.sign_ins.take(
            now,
            size=settings.sign_in_limit,
            window=settings.sign_in_window,
            pause=settings.sign_in_pause,
        ):
            return refused(429)
        if not hmac.compare_digest(password.encode(), account.password.encode()):
            account.wrong_passwords += 1
            return token_refused(401, "invalid_client", "Login failed")
        account.wrong_passwords = 0
        token = secrets.token_hex(16)
        account.tokens[token] = now + timedelta(seconds=settings.token_lifetime)
        return web.json_response(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": round(settings.token_lifetime),
                "refresh_token": secrets.token_hex(24),
                "scope": "vehicle_data remote_services",
            }
        )

    def _knows_client(self, request: web.Request) -> bool:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            key, _, secret = base64.b64decode(value).decode().partition(":")
        except binascii.Error, UnicodeDecodeError:
            return False
        return any(
            (key, secret) == (account.client_id, account.client_secret)
            for account in self._register.accounts
        )


def _username(form: Mapping[str, str]) -> str:
    return form.get("username", "").strip()


async def form_of(request: web.Request) -> dict[str, str]:
    """Return the fields of a form; what does not say that it is one has none."""
    if request.content_type not in _FORMS:
        return {}
    return dict(parse_qsl(await request.text(), keep_blank_values=True))
