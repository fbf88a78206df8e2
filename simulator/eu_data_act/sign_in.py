"""The identity host for the portal: a password, perhaps a code, and a cookie at the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
import re
import secrets
from typing import ClassVar, Final, override
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from ..cloud import Handler, Route, Site, routes_of
from ..identity.account import IdentityAccount
from ..identity.addresses import SERVICE, consent_address
from ..identity.flow import Flow, Refused, login_model
from ..identity.pages import redirect
from ..identity.sign_in import SignIn
from ..refusal import guarded
from .account import DataActAccount, DataActRegister
from .hosts import IDENTITY, PORTAL, REDIRECT, REGIONS, SCOPES, client_of_state

AUTHORIZE: Final = "/oidc/v1/authorize"
CHALLENGE: Final = "/u/email-challenge"
_DEVICE: Final = "device"
_REMEMBERED: Final = 30 * 24 * 3600
"""Seconds for which a browser is known again."""
_CODE_LIVES: Final = timedelta(minutes=5)
_PRODUCT: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CODE_PAGE: Final = """<!DOCTYPE html><html lang="en"><head><title>Code</title></head>
<body><main><h1>We have sent you a code</h1>
<form method="POST" action="{path}?state={state}">
<input type="hidden" name="state" value="{state}">
<input type="text" name="code" inputmode="numeric" autocomplete="one-time-code">
<input type="checkbox" name="rememberBrowser" value="true">
{error}<button type="submit" name="action" value="default">Continue</button>
</form></main></body></html>
"""
_CODE_WRONG: Final = (
    '<span id="error-element-code" data-error-code="invalid-code">Wrong code</span>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A code that has been handed out."""

    account: DataActAccount
    client: str
    until: datetime


class DataActSignIn(SignIn[DataActRegister]):
    """The pages for the portal. A client that looks like none a person uses is led astray."""

    host: ClassVar[str] = IDENTITY

    def __init__(self, site: Site, register: DataActRegister) -> None:
        """Begin without anybody signing in."""
        super().__init__(site, register)
        self._grants: dict[str, Grant] = {}
        self._challenges: dict[str, tuple[Flow, DataActAccount]] = {}
        self._passed: set[str] = set()
        self._suspects: set[str] = set()

    @override
    def routes(self) -> tuple[Route, ...]:
        consent = f"{SERVICE}/consent/{{kind}}/users/{{user}}/{{client}}"
        calls: tuple[tuple[str, str, Handler], ...] = (
            ("GET", CHALLENGE, self._show_code),
            ("POST", CHALLENGE, self._take_code),
            ("GET", consent, self._show_consent),
        )
        return (*super().routes(), *routes_of(calls, guarded))

    def redeem(self, code: str) -> Grant | None:
        """Take a code back, which works once and not for long."""
        grant = self._grants.pop(code, None)
        if grant is None or self._site.clock.now() >= grant.until:
            return None
        return grant

    @override
    def who(self, request: web.Request) -> str | None:
        challenge = self._challenges.get(request.query.get("state", ""))
        if request.path == CHALLENGE and challenge is not None:
            return challenge[1].username
        return super().who(request)

    @override
    def _checked(self, handler: Handler) -> Handler:
        async def check(request: web.Request) -> web.StreamResponse:
            if request.method == "POST" and request.path.endswith("/authenticate"):
                # With the page's query the relay state would come twice.
                if request.query_string:
                    raise Refused
            if request.path != AUTHORIZE and not _looks_right(request):
                self._suspects.add(await _relay_state(request))
            return await handler(request)

        return guarded(check)

    @override
    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        client = query.get("client_id", "")
        state = query.get("state", "")
        if (
            client not in REGIONS
            or client_of_state(state) != client
            or query.get("redirect_uri") != REDIRECT
            or query.get("response_type") != "code"
            or set(query.get("scope", "").split()) != SCOPES
        ):
            raise Refused
        callback = f"{self._site.origin(PORTAL, request)}{urlsplit(REDIRECT).path}"
        answer = self._browsers.begin(request, REGIONS[client], callback, state)
        if not _looks_right(request, first=True):
            _, _, state = answer.headers["Location"].partition("=")
            self._suspects.add(state)
        return answer

    @override
    def _detour(
        self, request: web.Request, flow: Flow, account: IdentityAccount
    ) -> web.Response | None:
        if not isinstance(account, DataActAccount):
            return None
        kind = "legal" if flow.relay_state in self._suspects else account.consent_kind
        if kind:
            client = flow.region.sign_in_client
            path = f"{SERVICE}/consent/{kind}/users/{account.user_id}/{client}"
            query = {"relayState": flow.relay_state, "hmac": flow.seal("kind")}
            return redirect(f"{path}?{urlencode(query)}")
        if (
            account.email_code
            and flow.relay_state not in self._passed
            and request.cookies.get(_DEVICE) not in account.devices
        ):
            account.mails += 1
            account.mailed_code = f"{secrets.randbelow(1_000_000):06}"
            state = secrets.token_urlsafe(24)
            self._challenges[state] = flow, account
            return redirect(f"{CHALLENGE}?{urlencode({'state': state})}")
        return None

    async def _show_consent(self, request: web.Request) -> web.Response:
        hmac = request.query.get("hmac")
        session, flow, _ = self._browsers.hop(request, "kind", hmac)
        model = login_model(flow, "consent", flow.seal("kind"), None)
        return self._browsers.script(request, session, flow, model)

    async def _show_code(self, request: web.Request) -> web.Response:
        state = request.query.get("state", "")
        if state not in self._challenges:
            raise Refused
        return _code_page(state)

    async def _take_code(self, request: web.Request) -> web.Response:
        form = await request.post()
        state = str(form.get("state", ""))
        if state not in self._challenges or request.query.get("state") != state:
            raise Refused
        flow, account = self._challenges[state]
        if form.get("code") != account.mailed_code:
            return _code_page(state, _CODE_WRONG)
        del self._challenges[state]
        account.mailed_code = None
        self._passed.add(flow.relay_state)
        identity = self._browsers.origin(request)
        answer = redirect(consent_address(identity, flow, account))
        if form.get("rememberBrowser") == "true":
            device = secrets.token_urlsafe(24)
            account.devices.add(device)
            answer.set_cookie(
                _DEVICE, device, path="/", httponly=True, max_age=_REMEMBERED
            )
        return answer

    @override
    def _leave(self, flow: Flow, account: IdentityAccount) -> web.Response:
        code = secrets.token_hex(32)
        self._suspects.discard(flow.relay_state)
        self._passed.discard(flow.relay_state)
        if isinstance(account, DataActAccount):
            self._grants[code] = Grant(
                account=account,
                client=flow.region.sign_in_client,
                until=self._site.clock.now() + _CODE_LIVES,
            )
        query = urlencode({"code": code, "state": flow.state})
        return redirect(f"{flow.callback}?{query}")


def is_product(agent: str) -> bool:
    """Return whether a client names itself by one product token, as the maker asks."""
    return _PRODUCT.fullmatch(agent) is not None


def _looks_right(request: web.Request, *, first: bool = False) -> bool:
    """Return whether a page is asked for as a browser would, but by a client's name."""
    headers = request.headers
    referer = urlsplit(headers.get("Referer", "")).path
    return (
        is_product(headers.get("User-Agent", ""))
        and "text/html" in headers.get("Accept", "")
        and bool(headers.get("Accept-Language"))
        and headers.get("Upgrade-Insecure-Requests") == "1"
        and (first or bool(referer))
    )


async def _relay_state(request: web.Request) -> str:
    for name in ("relayState", "state"):
        if name in request.query:
            return request.query[name]
    return str((await request.post()).get("relayState", ""))


def _code_page(state: str, error: str = "") -> web.Response:
    text = _CODE_PAGE.format(path=CHALLENGE, state=escape(state), error=error)
    return web.Response(
        text=text, content_type="text/html", status=400 if error else 200
    )
