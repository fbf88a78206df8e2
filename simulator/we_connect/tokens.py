"""Both tiers of tokens: those of the identity, and those the car's services take."""

import hashlib
import secrets
from typing import Any, Final
from uuid import uuid4

from aiohttp import web

from ..bodies import bearer, form_fields, json_object
from ..cloud import Route, Site, routes_of
from ..identity.account import IDENTITY_KINDS, IdentityAccount
from ..identity.keys import key_set
from ..identity.tokens import challenge_of, token_for
from ..refusal import guarded
from .account import MBB_KINDS, WeRegister
from .answers import oauth_refused, refused
from .hosts import CLIENT, EXCHANGE
from .sign_in import WeSignIn

_SCOPES: Final = ("sc2:fal", "t2_v:cubic")
_REGISTRATION: Final = ("appId", "appName", "appVersion", "client_brand", "platform")


_MARK: Final = 12
"""How many digits of a registered id prove that it was given out."""


def new_client_id() -> str:
    """Register an app; the id is known again after a restart."""
    first = str(uuid4())[:-_MARK]
    return f"{first}{_mark(first)}"


def is_client_id(said: str) -> bool:
    """Return whether an id was given out by a registration."""
    return said[-_MARK:] == _mark(said[:-_MARK])


def _mark(first: str) -> str:
    return hashlib.sha256(f"registered {first}".encode()).hexdigest()[:_MARK]


class Tokens:
    """The exchange of a sign-in's code, and the second exchange for the cars."""

    def __init__(self, site: Site, register: WeRegister, sign_in: WeSignIn) -> None:
        """Serve the accounts of a register."""
        self._site = site
        self._register = register
        self._sign_in = sign_in

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a token host answers."""
        token = "/mbbcoauth/mobile/oauth2/v1"
        calls: tuple[tuple[str, str, Any], ...] = (
            ("POST", "/exchangeAuthCode", self._exchange),
            ("POST", "/refreshTokens", self._refresh),
            ("POST", "/revokeToken", self._revoke),
        )
        if host != EXCHANGE:
            calls = (
                ("POST", "/mbbcoauth/mobile/register/v1", self._register_app),
                ("POST", f"{token}/token", self._mbb_token),
                ("POST", f"{token}/revoke", self._mbb_revoke),
                ("GET", "/mbbcoauth/public/jwk/v1", self._keys),
            )
        return routes_of(calls, guarded)

    def device_routes(self) -> tuple[Route, ...]:
        """Return what the identity host answers of the sign-in of devices."""
        return self._sign_in.device.routes(
            self._issue, lambda token: self._alive(token, "refresh_token")
        )

    async def who(self, request: web.Request) -> str | None:
        """Return whose token call this is."""
        if token := bearer(request):
            return self._register.name_of(token)
        fields = await form_fields(request) or {}
        for name in ("refresh_token", "token", "id_token"):
            if found := self._register.name_of(fields.get(name, "")):
                return found
        return None

    # Identity

    async def _exchange(self, request: web.Request) -> web.Response:
        fields = await form_fields(request)
        if fields is None:
            return web.Response(status=415)
        grant = self._sign_in.redeem(fields.get("auth_code", ""))
        verifier = fields.get("code_verifier", "")
        now = self._site.clock.now()
        said = self._register.alive(fields.get("id_token", ""), "id_token", now)
        if (
            grant is None
            or said is None
            or said.sub != grant.account.user_id
            or not secrets.compare_digest(challenge_of(verifier), grant.challenge)
        ):
            # The real one says so with 200.
            return oauth_refused("invalid_grant", "Code is not valid", status=200)
        return web.json_response(self._issue(grant.account))

    async def _refresh(self, request: web.Request) -> web.Response:
        fields = await form_fields(request)
        if fields is None:
            return web.Response(status=415)
        account = self._alive(fields.get("refresh_token", ""), "refresh_token")
        if account is None:
            return oauth_refused("invalid_grant", "Token is not valid", status=401)
        return web.json_response(self._answer(self._issue(account)))

    async def _revoke(self, request: web.Request) -> web.Response:
        fields = await form_fields(request) or {}
        account = self._register.owner(fields.get("token", ""))
        if account is None:
            return oauth_refused("invalid_request", "Unknown token")
        account.revoke("refresh_token")
        return web.json_response({})

    # The cars' services

    async def _register_app(self, request: web.Request) -> web.Response:
        body = await json_object(request)
        if body is None or not all(
            isinstance(body.get(name), str) for name in _REGISTRATION
        ):
            return refused(400)
        return web.json_response({"client_id": new_client_id()})

    async def _mbb_token(self, request: web.Request) -> web.Response:
        if self._register.settings.mbb_closed:
            return refused(403)
        fields = await form_fields(request)
        if fields is None or request.headers.get("X-Client-Id") is None:
            return oauth_refused("invalid_request", "A field is missing")
        if not is_client_id(request.headers["X-Client-Id"]):
            return oauth_refused("invalid_request", "Id token is invalid.")
        if fields.get("scope") not in _SCOPES:
            return oauth_refused("invalid_scope", "Unknown scope")
        match fields.get("grant_type"):
            case "id_token":
                account = self._alive(fields.get("token", ""), "id_token")
            case "refresh_token":
                if "refresh_token" not in fields:
                    # The field of the old clients.
                    return refused(500, "IllegalStateException")
                account = self._alive(fields["refresh_token"], "mbb_refresh")
            case _:
                return oauth_refused("unsupported_grant_type", "Unknown grant")
        if account is None:
            return oauth_refused("invalid_grant", "Token is not valid", status=401)
        answer = {**self._issue_mbb(account), "scope": fields["scope"]}
        if fields["grant_type"] == "refresh_token":
            answer = self._answer(answer)
        return web.json_response(answer)

    async def _mbb_revoke(self, request: web.Request) -> web.Response:
        fields = await form_fields(request) or {}
        account = self._register.owner(fields.get("token", ""))
        if account is None or request.headers.get("token_type_hint") is None:
            return oauth_refused("invalid_request", "Unknown token")
        account.revoke(*MBB_KINDS)
        return web.json_response({})

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response(key_set())

    # Making and judging

    def _alive(self, token: str, kind: str) -> IdentityAccount | None:
        claims = self._register.alive(token, kind, self._site.clock.now())
        if claims is None:
            return None
        account = self._register.by_id(claims.sub)
        if account is not None and kind in {"refresh_token", "mbb_refresh"}:
            rotation = self._register.settings.rotation
            return account if account.may_renew(claims.jti, rotation) else None
        return account

    def _answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        if self._register.settings.rotation == "keep":
            answer.pop("refresh_token", None)
        return answer

    def _issue(self, account: IdentityAccount) -> dict[str, Any]:
        lifetime = self._register.settings.access_lifetime
        access, identity, refresh = IDENTITY_KINDS
        return {
            "access_token": self._make(account, access, lifetime),
            "id_token": self._make(account, identity, lifetime),
            **self._renewable(account, refresh, lifetime),
        }

    def _issue_mbb(self, account: IdentityAccount) -> dict[str, Any]:
        lifetime = self._register.settings.mbb_lifetime
        access, refresh = MBB_KINDS
        return {
            "access_token": self._make(account, access, lifetime),
            **self._renewable(account, refresh, lifetime),
        }

    def _renewable(
        self, account: IdentityAccount, kind: str, lifetime: float
    ) -> dict[str, Any]:
        refresh_lifetime = self._register.settings.refresh_lifetime
        return {
            "refresh_token": self._make(account, kind, refresh_lifetime),
            "token_type": "bearer",
            "expires_in": int(lifetime),
        }

    def _make(self, account: IdentityAccount, kind: str, lifetime: float) -> str:
        now = self._site.clock.now()
        return token_for(account, kind, client=CLIENT, now=now, lifetime=lifetime)
