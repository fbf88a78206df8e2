"""The identity host of Europe: the same pages, and all tokens in the last address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import ClassVar, Final, override
from urllib.parse import urlencode

from aiohttp import web

from ..cloud import Site
from ..identity.account import IdentityAccount
from ..identity.flow import Flow, Refused
from ..identity.pages import redirect
from ..identity.sign_in import SignIn
from ..identity.tokens import token_for
from .account import WeRegister
from .device import DeviceSignIn
from .hosts import CLIENT, EUROPE, IDENTITY, REDIRECT, SCOPE

_CODE_LIVES: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A code that has been handed out, and what it is bound to."""

    account: IdentityAccount
    challenge: str
    until: datetime


class WeSignIn(SignIn[WeRegister]):
    """The pages for Europe's app, which asks the identity host itself."""

    host: ClassVar[str] = IDENTITY
    response_type: ClassVar[str] = "code id_token token"

    def __init__(self, site: Site, register: WeRegister) -> None:
        """Begin without anybody signing in."""
        super().__init__(site, register)
        self._wishes: dict[str, tuple[str, str]] = {}
        self._grants: dict[str, Grant] = {}
        self._waiting: dict[str, str] = {}
        self.device = DeviceSignIn(site, register, self._begin_for_device)

    def _begin_for_device(self, request: web.Request, user_code: str) -> web.Response:
        name = secrets.token_hex(16)
        self._waiting[name] = user_code
        return self._browsers.begin(request, EUROPE, REDIRECT, name)

    @override
    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        challenge = query.get("code_challenge", "").rstrip("=")
        if (
            query.get("client_id") != CLIENT
            or query.get("redirect_uri") != REDIRECT
            or sorted(query.get("response_type", "").split())
            != sorted(self.response_type.split())
            or not set(query.get("scope", "").split()) >= set(SCOPE.split())
            or query.get("code_challenge_method", "").lower() != "s256"
            or not (challenge and query.get("state") and query.get("nonce"))
        ):
            raise Refused
        # Between the pages a sign-in goes by a name of its own.
        name = secrets.token_hex(16)
        self._wishes[name] = (query["state"], challenge)
        return self._browsers.begin(request, EUROPE, REDIRECT, name)

    def redeem(self, code: str) -> Grant | None:
        """Take a code back, which works once and not for long."""
        grant = self._grants.pop(code, None)
        if grant is None or self._site.clock.now() >= grant.until:
            return None
        return grant

    @override
    def _leave(self, flow: Flow, account: IdentityAccount) -> web.Response:
        if (user_code := self._waiting.pop(flow.state, None)) is not None:
            return self.device.confirm(user_code, account)
        state, challenge = self._wishes.pop(flow.state)
        code, now = secrets.token_hex(32), self._site.clock.now()
        self._grants[code] = Grant(
            account=account, challenge=challenge, until=now + _CODE_LIVES
        )
        lifetime = self._register.settings.access_lifetime
        answer = {
            "state": state,
            "code": code,
            **{
                kind: token_for(
                    account, kind, client=CLIENT, now=now, lifetime=lifetime
                )
                for kind in ("access_token", "id_token")
            },
            "token_type": "bearer",
            "expires_in": str(int(lifetime)),
        }
        return redirect(f"{REDIRECT}#{urlencode(answer)}")
