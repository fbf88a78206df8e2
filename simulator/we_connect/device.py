"""The device sign-in: a code, its approval in a browser, and tokens for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
import string
from typing import Any, Final

from aiohttp import web

from ..bodies import form_fields
from ..cloud import Route, Site, routes_of
from ..identity.account import IdentityAccount
from ..identity.addresses import SERVICE
from ..identity.pages import code_page, confirmation_page, landing_page
from ..refusal import guarded
from .account import WeAccount, WeRegister
from .answers import oauth_refused
from .hosts import CLIENT, IDENTITY

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_SCOPES: Final = frozenset({"openid", "profile", "mbb", "cars"})
_PAGE: Final = f"{SERVICE}/device"
_LETTERS: Final = string.ascii_uppercase
_CODES_KEPT: Final = 100

type Issue = Callable[[IdentityAccount], dict[str, Any]]
type Renew = Callable[[str], IdentityAccount | None]
type Begin = Callable[[web.Request, str], web.Response]


@dataclass(slots=True, kw_only=True)
class DeviceCode:
    """One attempt to sign in."""

    user_code: str
    since: datetime
    polled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A page that asks its owner whether a code may sign in."""

    user_code: str
    account: IdentityAccount
    csrf: str


class DeviceSignIn:
    """Hands out codes, and tokens for those that were approved."""

    def __init__(self, site: Site, register: WeRegister, begin: Begin) -> None:
        """Serve the accounts of a register; `begin` shows the pages to an owner."""
        self._site = site
        self._register = register
        self._begin = begin
        self._codes: dict[str, DeviceCode] = {}
        self._confirmations: dict[str, Confirmation] = {}

    def routes(self, issue: Issue, renew: Renew) -> tuple[Route, ...]:
        """Return what the identity host answers of this."""

        async def token(request: web.Request) -> web.Response:
            return await self._token(request, issue, renew)

        return routes_of(
            (
                ("POST", "/oidc/v1/device_authorization", self._hand_out),
                ("POST", "/oidc/v1/token", token),
                ("GET", _PAGE, self._show),
                ("POST", f"{_PAGE}/{{client}}/{{user_code}}", self._decide),
            ),
            guarded,
        )

    async def _hand_out(self, request: web.Request) -> web.Response:
        fields = await form_fields(request) or {}
        if self._register.settings.device_closed or fields.get("client_id") != CLIENT:
            return oauth_refused(
                "unauthorized_client",
                "The client is not allowed to use the device_code grant.",
                status=403,
            )
        if set(fields.get("scope", "").split()) != _SCOPES:
            return oauth_refused("invalid_scope", "Unknown scope")
        halves = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in "12")
        code, user_code = secrets.token_urlsafe(30), "-".join(halves)
        self._codes[code] = DeviceCode(
            user_code=user_code, since=self._site.clock.now()
        )
        for old in list(self._codes)[:-_CODES_KEPT]:
            del self._codes[old]
        page = f"{self._site.origin(IDENTITY, request)}{_PAGE}"
        settings = self._register.settings
        return web.json_response(
            {
                "device_code": code,
                "user_code": user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={user_code}",
                "expires_in": int(settings.code_lifetime),
                "interval": int(settings.poll_interval),
            }
        )

    # Tokens

    async def _token(
        self, request: web.Request, issue: Issue, renew: Renew
    ) -> web.Response:
        fields = await form_fields(request)
        if fields is None:
            return web.Response(status=415)
        if fields.get("client_id") != CLIENT:
            return oauth_refused("invalid_client", "Unknown client", status=401)
        match fields.get("grant_type"):
            case "refresh_token":
                account = renew(fields.get("refresh_token", ""))
                if account is None:
                    return oauth_refused("invalid_grant", "Token is not valid")
                return web.json_response(issue(account))
            case grant if grant == _GRANT:
                return self._poll(fields.get("device_code", ""), issue)
        return oauth_refused("unsupported_grant_type", "Unknown grant")

    def _poll(self, device_code: str, issue: Issue) -> web.Response:
        code, now = self._codes.get(device_code), self._site.clock.now()
        settings = self._register.settings
        if code is None or now - code.since > timedelta(seconds=settings.code_lifetime):
            return oauth_refused("expired_token", "The code has expired")
        before, code.polled_at = code.polled_at, now
        account = self._account_with("approved", code.user_code)
        if account is not None:
            del self._codes[device_code]
            return web.json_response(issue(account))
        if self._account_with("declined", code.user_code) is not None:
            del self._codes[device_code]
            return oauth_refused("access_denied", "The owner declined")
        pause = timedelta(seconds=settings.poll_interval)
        if before is not None and now - before < pause:
            return oauth_refused("slow_down", "Asked too often")
        return oauth_refused("authorization_pending", "Not decided yet")

    def _account_with(self, decision: str, user_code: str) -> WeAccount | None:
        return next(
            (
                account
                for account in self._register.accounts
                if getattr(account, decision) == user_code
            ),
            None,
        )

    # Pages

    async def _show(self, request: web.Request) -> web.Response:
        user_code = request.query.get("user_code", "").strip().upper()
        if all(code.user_code != user_code for code in self._codes.values()):
            return code_page(_PAGE, unknown=bool(user_code))
        return self._begin(request, user_code)

    def confirm(self, user_code: str, account: IdentityAccount) -> web.Response:
        """Ask an owner who has signed in whether the code may."""
        hmac, csrf = secrets.token_hex(32), secrets.token_urlsafe(36)
        self._confirmations[hmac] = Confirmation(
            user_code=user_code, account=account, csrf=csrf
        )
        action = f"{_PAGE}/{CLIENT}/{user_code}?hmac={hmac}&user_id={account.user_id}"
        return confirmation_page(action, csrf, user_code)

    async def _decide(self, request: web.Request) -> web.Response:
        fields = await form_fields(request) or {}
        asked = self._confirmations.pop(request.query.get("hmac", ""), None)
        if (
            asked is None
            or asked.user_code != request.match_info["user_code"]
            or asked.csrf != fields.get("_csrf")
            or not isinstance(asked.account, WeAccount)
        ):
            return oauth_refused("invalid_request", "Not what the page held")
        if "allow" in fields:
            asked.account.approved = asked.user_code
        else:
            asked.account.declined = asked.user_code
        return landing_page()
