"""The base host's own part of a sign-in: authorize, callback, tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
import secrets
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import web

from ..bodies import form_fields
from ..cloud import Route, Site, routes_of
from ..identity.account import IDENTITY_KINDS, IdentityAccount
from ..identity.keys import key_set
from ..identity.pages import redirect
from ..identity.region import Region
from ..identity.tokens import challenge_of, token_for
from .answers import refused
from .regions import CALLBACK, IDENTITY, region_of_base
from .register import Register

_CODE_LIVES: Final = timedelta(minutes=5)
_LONGEST_VERIFIER: Final = range(43, 129)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A sign-in that a client has asked for."""

    region: Region
    client: str
    redirect: str
    challenge: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A code that has been handed out, and what it is bound to."""

    wish: Wish
    account: IdentityAccount
    until: datetime


class Oidc:
    """Authorization codes and tokens of both countries."""

    def __init__(self, site: Site, register: Register) -> None:
        """Begin with no sign-in under way."""
        self._site = site
        self._register = register
        self._wishes: dict[str, Wish] = {}
        self._passes: dict[str, tuple[str, IdentityAccount]] = {}
        self._grants: dict[str, Grant] = {}

    def routes(self, host: str) -> tuple[Route, ...]:
        """Return what a base host answers of this."""
        region = region_of_base(host)
        calls: tuple[tuple[str, str, Any], ...] = (
            ("GET", "/oidc/v1/authorize", self._authorize),
            ("GET", CALLBACK, self._callback),
            ("POST", "/oidc/v1/token", self._token),
            ("GET", "/oidc/v1/.well-known/openid-configuration", self._discovery),
            ("GET", "/oidc/v1/jwks", self._keys),
        )
        return routes_of(calls, lambda handler: partial(handler, region))

    def admit(self, state: str, account: IdentityAccount) -> str:
        """Hand the identity host a code for the base host."""
        code = secrets.token_hex(32)
        self._passes[code] = (state, account)
        return code

    async def who(self, request: web.Request) -> str | None:
        """Return whose token call this is."""
        fields = await _fields(request)
        if fields is None:
            return None
        if grant := self._grants.get(fields.get("code", "")):
            return grant.account.username
        return self._register.name_of(fields.get("refresh_token", ""))

    # Authorize

    async def _authorize(self, region: Region, request: web.Request) -> web.Response:
        query = request.query
        redirects = region.clients.get(query.get("client_id", ""), ())
        challenge = query.get("code_challenge", "").rstrip("=")
        if (
            query.get("redirect_uri") not in redirects
            or query.get("response_type") != "code"
            or "openid" not in query.get("scope", "").split()
            or query.get("code_challenge_method", "S256") != "S256"
            or not challenge
        ):
            return refused(400, "INVALID_REQUEST", "Request is not valid", "OIDC")
        state = str(uuid4())
        self._wishes[state] = Wish(
            region=region,
            client=query["client_id"],
            redirect=query["redirect_uri"],
            challenge=challenge,
            state=query.get("state"),
        )
        onward = {
            "client_id": region.sign_in_client,
            "redirect_uri": self._site.origin(region.base, request) + CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": state,
            "prompt": "login",
            "ui_locales": query.get("ui_locales", region.locale),
        }
        if "nonce" in query:
            onward["nonce"] = query["nonce"]
        identity = self._site.origin(IDENTITY, request)
        return redirect(f"{identity}/oidc/v1/authorize?{urlencode(onward)}")

    async def _callback(self, region: Region, request: web.Request) -> web.Response:
        state, account = self._passes.pop(request.query.get("code", ""), ("", None))
        wish = self._wishes.get(request.query.get("state", ""))
        if (
            account is None
            or wish is None
            or wish.region is not region
            or request.query["state"] != state
        ):
            return refused(400, "INVALID_REQUEST", "Request is not valid", "OIDC")
        del self._wishes[state]
        code = secrets.token_hex(48)
        self._grants[code] = Grant(
            wish=wish, account=account, until=self._site.clock.now() + _CODE_LIVES
        )
        answer = {"code": code}
        if wish.state is not None:
            answer = {"state": wish.state, **answer}
        mark = "#" if self._register.settings.code_in_fragment else "?"
        return redirect(f"{wish.redirect}{mark}{urlencode(answer)}")

    # Tokens

    async def _token(self, region: Region, request: web.Request) -> web.Response:
        fields = await _fields(request)
        if fields is None:
            return _bad_token_call("Content type not supported")
        attestation = self._register.settings.attestation
        if attestation == "enforced" or (
            attestation == "presence" and not fields.get("play_integrity_token")
        ):
            return _attestation_refusal(self._register.settings.attestation_refusal)
        match fields.get("grant_type"):
            case "authorization_code":
                return self._exchange(region, fields)
            case "refresh_token":
                return self._refresh(region, fields)
        return _bad_token_call("Unsupported grant type")

    def _exchange(self, region: Region, fields: Mapping[str, str]) -> web.Response:
        grant = self._grants.pop(fields.get("code", ""), None)
        verifier = fields.get("code_verifier", "")
        if (
            grant is None
            or self._site.clock.now() >= grant.until
            or grant.wish.region is not region
            or grant.wish.client != fields.get("client_id")
            or grant.wish.redirect != fields.get("redirect_uri")
            or not _meets(verifier, grant.wish.challenge)
        ):
            return _bad_token_call("Invalid grant")
        return web.json_response(
            self._issue(grant.account, grant.wish.client, grant.wish.challenge)
        )

    def _refresh(self, region: Region, fields: Mapping[str, str]) -> web.Response:
        token = fields.get("refresh_token", "")
        now = self._site.clock.now()
        claims = self._register.alive(token, "refresh_token", now)
        account = self._register.owner(token)
        if claims is None or account is None:
            return refused(401, "INVALID_TOKEN", "Token is not valid", "OIDC")
        if claims.aud != fields.get("client_id") or claims.region != region.key:
            return _bad_token_call("Invalid client")
        if not _meets(fields.get("code_verifier", ""), claims.challenge or ""):
            return _bad_token_call("Internal Service validation failure")
        rotation = self._register.settings.rotation
        if not account.may_renew(claims.jti, rotation):
            return refused(401, "INVALID_TOKEN", "Token is not valid", "OIDC")
        answer = self._issue(account, claims.aud, claims.challenge or "")
        if rotation == "keep":
            for name in ("refresh_token", "refreshToken", "refresh_expires_in"):
                answer.pop(name, None)
        return web.json_response(answer)

    def _issue(
        self, account: IdentityAccount, client: str, challenge: str
    ) -> dict[str, Any]:
        settings = self._register.settings
        made = {
            kind: token_for(
                account,
                kind,
                client=client,
                now=self._site.clock.now(),
                lifetime=settings.refresh_lifetime
                if kind == "refresh_token"
                else settings.access_lifetime,
                challenge=challenge if kind == "refresh_token" else None,
            )
            for kind in IDENTITY_KINDS
        }
        camel = settings.camel_case
        return {
            "accessToken" if camel else "access_token": made["access_token"],
            "expires_in": int(settings.access_lifetime),
            "idToken" if camel else "id_token": made["id_token"],
            "id_expires_in": int(settings.access_lifetime),
            "token_type": "Bearer",
            "refreshToken" if camel else "refresh_token": made["refresh_token"],
            "refresh_expires_in": int(settings.refresh_lifetime),
        }

    # Documents

    async def _discovery(self, region: Region, request: web.Request) -> web.Response:
        here = f"{self._site.origin(region.base, request)}/oidc/v1"
        return web.json_response(
            {
                "issuer": f"https://{IDENTITY}",
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/jwks",
                "response_types_supported": ["code"],
                "scopes_supported": ["openid"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, region: Region, request: web.Request) -> web.Response:
        return web.json_response(key_set())


async def _fields(request: web.Request) -> dict[str, str] | None:
    """Return the fields of a form, or those of the query where there is no body."""
    if not request.body_exists:
        return dict(request.query)
    return await form_fields(request)


def _meets(verifier: str, challenge: str) -> bool:
    return (
        len(verifier) in _LONGEST_VERIFIER
        and verifier.isascii()
        and secrets.compare_digest(challenge_of(verifier), challenge.rstrip("="))
    )


def _bad_token_call(description: str) -> web.Response:
    return refused(400, "INVALID_REQUEST", description, "OIDC")


_ATTESTATION_REFUSALS: Final[Mapping[str, tuple[int, str, str]]] = {
    "request": (401, "INVALID_REQUEST", "Request is not valid"),
    # Of these only the words are known, and that they came with either status.
    "attestation": (401, "UNAUTHORIZED", "App attestation failed"),
    "integrity": (403, "FORBIDDEN", "play_integrity_token is not valid"),
}


def _attestation_refusal(form: str) -> web.Response:
    """Refuse a client that is not the maker's own app."""
    status, code, description = _ATTESTATION_REFUSALS[form]
    error = {
        "errorCode": code,
        "errorDescription": description,
        "origin": "CarnetSPAuthorizationServer",
        "path": "/azs/v1/token",
    }
    return web.json_response({"error": error}, status=status)
