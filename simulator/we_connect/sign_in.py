"""The identity host of Europe: the same pages, and all tokens in the last address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import secrets
from typing import ClassVar, Final, override
from urllib.parse import urlencode

from aiohttp import web

from ..car_net.account import AccountState
from ..car_net.flow import Flow
from ..car_net.oidc import redirect
from ..car_net.pages import error_page
from ..car_net.sign_in import SignIn
from ..car_net.tokens import new_claims, sign
from ..cloud import Site
from .account import WeRegister
from .hosts import CLIENT, EUROPE, IDENTITY, REDIRECT, SCOPE

_CODE_LIVES: Final = timedelta(minutes=5)
_RESPONSE: Final = "code id_token token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A code that has been handed out, and what it is bound to."""

    account: AccountState
    challenge: str
    until: datetime


class WeSignIn(SignIn):
    """The pages for Europe's app, which asks the identity host itself."""

    host: ClassVar[str] = IDENTITY

    def __init__(self, site: Site, register: WeRegister) -> None:
        """Begin without anybody signing in."""
        super().__init__(site, register, self)
        self._wishes: dict[str, tuple[str, str]] = {}
        self._grants: dict[str, Grant] = {}

    @override
    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        challenge = query.get("code_challenge", "").rstrip("=")
        if (
            query.get("client_id") != CLIENT
            or query.get("redirect_uri") != REDIRECT
            or query.get("response_type") != _RESPONSE
            or set(query.get("scope", "").split()) != set(SCOPE.split())
            or query.get("code_challenge_method", "").lower() != "s256"
            or not (challenge and query.get("state") and query.get("nonce"))
        ):
            return error_page()
        # Between the pages a sign-in goes by a name of its own.
        name = secrets.token_hex(16)
        self._wishes[name] = (query["state"], challenge)
        return self._begin(request, EUROPE, REDIRECT, name)

    def admit(self, state: str, account: AccountState) -> str:
        """Make a code for an account."""
        code = secrets.token_hex(32)
        self._grants[code] = Grant(
            account=account,
            challenge=self._wishes[state][1],
            until=self._site.clock.now() + _CODE_LIVES,
        )
        return code

    def redeem(self, code: str) -> Grant | None:
        """Take a code back, which works once and not for long."""
        grant = self._grants.pop(code, None)
        if grant is None or self._site.clock.now() >= grant.until:
            return None
        return grant

    @override
    def _leave(self, flow: Flow, account: AccountState) -> web.Response:
        code = self.admit(flow.state, account)
        state, _ = self._wishes.pop(flow.state)
        made = {
            kind: sign(
                new_claims(
                    kind,
                    sub=account.user_id,
                    aud=CLIENT,
                    region=EUROPE.key,
                    generation=account.generations[kind],
                    now=self._site.clock.now(),
                    lifetime=self._register.settings.access_lifetime,
                )
            )
            for kind in ("access_token", "id_token")
        }
        answer = {
            "state": state,
            "code": code,
            **made,
            "token_type": "bearer",
            "expires_in": str(int(self._register.settings.access_lifetime)),
        }
        return redirect(f"{REDIRECT}#{urlencode(answer)}")
