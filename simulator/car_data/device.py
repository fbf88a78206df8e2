"""The device sign-in: a code, its approval in a browser, and tokens for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import secrets
import string
from typing import Final

from aiohttp import web

from ..bodies import form_fields
from ..cloud import Route, Site, routes_of
from ..refusal import Refused, guarded
from ..signing import unpadded
from .account import AccountState, CarDataRegister
from .answers import gateway_fault, oauth_refused
from .hosts import SIGN_IN
from .tokens import REFRESH, Tokens

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_PATH: Final = "/gcdm/oauth/token"
LINK_PATH: Final = "/oneid/link"
_SCOPES: Final = {
    "authenticate_user",
    "openid",
    "cardata:api:read",
    "cardata:streaming:read",
}
_VERIFIER: Final = range(43, 129)
_CODES_KEPT: Final = 100


@dataclass(slots=True, kw_only=True)
class DeviceCode:
    """One attempt to sign in."""

    code: str
    user_code: str
    client_id: str
    challenge: str
    scopes: list[str]
    issued_at: datetime
    polled_at: datetime | None = None
    approved_by: AccountState | None = None
    declined: bool = False
    used: bool = False
    faulted: bool = False


class DeviceSignIn:
    """Hands out codes, and tokens for those that were approved."""

    def __init__(self, site: Site, register: CarDataRegister, tokens: Tokens) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register
        self._tokens = tokens
        self._codes: dict[str, DeviceCode] = {}

    def forget(self) -> None:
        """Forget all codes."""
        self._codes.clear()

    def routes(self) -> tuple[Route, ...]:
        """Return the calls of programs."""
        return routes_of(
            (
                ("POST", "/gcdm/oauth/device/code", self._device_code),
                ("POST", TOKEN_PATH, self._token),
            ),
            guarded,
        )

    async def who(self, request: web.Request) -> str | None:
        """Return whose client calls."""
        form = await form_fields(request) or {}
        account = self._register.by_client(form.get("client_id", ""))
        return None if account is None else account.username

    def waiting(self, user_code: str) -> DeviceCode | None:
        """Return the code that waits for its owner, by what the owner types."""
        for code in self._codes.values():
            if code.user_code == user_code and self._open(code):
                return code
        return None

    def _open(self, code: DeviceCode) -> bool:
        decided = code.approved_by is not None or code.declined or code.used
        return not decided and not self._expired(code)

    def _expired(self, code: DeviceCode) -> bool:
        lifetime = timedelta(seconds=self._register.settings.code_lifetime)
        return self._site.clock.now() >= code.issued_at + lifetime

    # A code

    async def _device_code(self, request: web.Request) -> web.Response:
        form = await _form(request)
        account = self._register.by_client(form.get("client_id", ""))
        scopes = form.get("scope", "").split()
        usable = (
            account is not None
            and (account.api or account.stream)
            and form.get("response_type") == "device_code"
            and form.get("code_challenge_method") == "S256"
            and len(form.get("code_challenge", "")) == 43
            and set(scopes) <= _SCOPES
        )
        if not usable:
            return oauth_refused(400, "invalid_request")
        code = DeviceCode(
            code=f"{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(24)}",
            user_code="".join(secrets.choice(string.ascii_letters) for _ in range(8)),
            client_id=form["client_id"],
            challenge=form["code_challenge"],
            # Without any named, those that the portal registered lack the services.
            scopes=scopes or ["authenticate_user", "openid"],
            issued_at=self._site.clock.now(),
        )
        self._codes[code.code] = code
        for old in list(self._codes)[:-_CODES_KEPT]:
            del self._codes[old]
        settings = self._register.settings
        link = f"{self._site.origin(SIGN_IN, request)}{LINK_PATH}"
        content = {
            "user_code": code.user_code,
            "device_code": code.code,
            "interval": round(settings.interval),
            "expires_in": round(settings.code_lifetime),
            "verification_uri": link,
        }
        if settings.complete_link:
            content["verification_uri_complete"] = f"{link}?user_code={code.user_code}"
        return web.json_response(content)

    # Tokens

    async def _token(self, request: web.Request) -> web.Response:
        form = await _form(request)
        match form.get("grant_type"):
            case "refresh_token":
                return self._refresh(form)
            case grant if grant == DEVICE_GRANT:
                return self._poll(form)
        return oauth_refused(400, "invalid_request")

    def _poll(self, form: Mapping[str, str]) -> web.Response:
        client_id = form.get("client_id", "")
        account = self._register.by_client(client_id)
        code = self._codes.get(form.get("device_code", ""))
        if account is None:
            return oauth_refused(401, "invalid_client")
        if "code_verifier" not in form or "device_code" not in form:
            return oauth_refused(400, "invalid_request")
        # In upper case a client gets a code, and no tokens for it.
        if code is None or code.used or client_id != account.client_id:
            return oauth_refused(400, "invalid_grant")
        if code.client_id != client_id or not _fits(form["code_verifier"], code):
            return oauth_refused(400, "invalid_grant")
        if self._expired(code):
            return oauth_refused(401, "expired_token")
        settings, now = self._register.settings, self._site.clock.now()
        last, code.polled_at = code.polled_at, now
        if last is not None and now < last + timedelta(seconds=settings.interval):
            return oauth_refused(400, "slow_down")
        if code.declined or code.faulted:
            return oauth_refused(403, "access_denied")
        if code.approved_by is None:
            return oauth_refused(403, "authorization_pending")
        if settings.gateway_fault:
            code.faulted = True
            return gateway_fault()
        if code.approved_by is not account:
            return oauth_refused(403, "access_denied")
        code.used = True
        account.signed_in_at = now
        return web.json_response(self._tokens.sell(account, code.scopes, now))

    def _refresh(self, form: Mapping[str, str]) -> web.Response:
        claims = self._tokens.read(form.get("refresh_token", ""), REFRESH)
        if self._register.by_client(form.get("client_id", "")) is None:
            return oauth_refused(401, "invalid_client")
        if claims is None or claims["aud"] != form["client_id"]:
            return oauth_refused(400, "invalid_request")
        account, now = self._tokens.owner(claims), self._site.clock.now()
        spent = account is None or claims["generation"] != account.generation
        if account is None or spent or claims["exp"] <= now.timestamp():
            return oauth_refused(400, "invalid_request", "The refresh token is invalid")
        # Unsubscribing a service ends a session at once.
        if not all(account.may(scope) for scope in claims["scope"]):
            return oauth_refused(400, "invalid_request", "The refresh token is invalid")
        return web.json_response(self._tokens.sell(account, claims["scope"], now))


def _fits(verifier: str, code: DeviceCode) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return len(verifier) in _VERIFIER and secrets.compare_digest(
        unpadded(digest).encode(), code.challenge.encode()
    )


async def _form(request: web.Request) -> dict[str, str]:
    form = await form_fields(request)
    if form is None:
        raise Refused(oauth_refused(400, "invalid_request"))
    return form
