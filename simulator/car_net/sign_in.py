"""The identity host: pages, cookies, hidden fields, and the chain back to the app."""

import re
import secrets
from typing import Any, ClassVar, Final, Protocol
from urllib.parse import quote, urlencode

from aiohttp import web

from ..cloud import Route, Site
from .account import AccountState, SignInMode
from .flow import (
    COOKIE,
    LIVES,
    Flow,
    Refused,
    Session,
    guarded_page,
    login_model,
    new_csrf,
)
from .oidc import redirect
from .pages import (
    changed_page,
    email_page,
    error_page,
    landing_page,
    new_style_refusal,
    password_page,
    script_page,
)
from .regions import CALLBACK, IDENTITY, Region, region_of_sign_in
from .register import Register
from .terms import DOCUMENT, accepts, terms_model

_FORM: Final = "application/x-www-form-urlencoded"
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_SERVICE: Final = "/signin-service/v1"
_SUCCESS: Final = "/oidc/v1/oauth/client/callback/success"


class Gate(Protocol):
    """Who hands out codes to those who have signed in."""

    def admit(self, state: str, account: AccountState) -> str:
        """Make a code for an account."""


class SignIn:
    """The pages of the identity host, for both countries."""

    host: ClassVar[str] = IDENTITY

    def __init__(self, site: Site, register: Register, oidc: Gate) -> None:
        """Begin without anybody signing in."""
        self._site = site
        self._register = register
        self._oidc = oidc
        self._sessions: dict[str, Session] = {}

    def routes(self) -> tuple[Route, ...]:
        """Return what the identity host answers."""
        client = f"{_SERVICE}/{{client}}"
        calls: tuple[tuple[str, str, Any], ...] = (
            ("GET", "/oidc/v1/authorize", self._authorize),
            ("GET", f"{_SERVICE}/signin/{{client}}", self._show_email),
            ("POST", f"{client}/login/identifier", self._take_email),
            ("GET", f"{client}/login/authenticate", self._show_password),
            ("POST", f"{client}/login/authenticate", self._take_password),
            ("GET", f"{client}/terms-and-conditions", self._show_terms),
            ("POST", f"{client}/terms-and-conditions", self._take_terms),
            ("GET", "/oidc/v1/oauth/sso", self._sso),
            ("GET", f"{_SERVICE}/consent/users/{{user}}/{{client}}", self._consent),
            (
                "GET",
                f"{_SERVICE}/consent/marketing/users/{{user}}/{{client}}",
                self._show_marketing,
            ),
            ("GET", _SUCCESS, self._success),
        )
        return tuple(
            Route(method=method, path=path, handler=guarded_page(handler))
            for method, path, handler in calls
        )

    def who(self, request: web.Request) -> str | None:
        """Return whose sign-in this is, once the e-mail address is known."""
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        flow = session and session.last
        return flow.account.username if flow and flow.account else None

    # The pages

    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        region = region_of_sign_in(query.get("client_id", ""))
        if region is None:
            return error_page()
        callback = self._site.origin(region.base, request) + CALLBACK
        if query.get("redirect_uri") != callback or "state" not in query:
            return error_page()
        return self._begin(request, region, callback, query["state"])

    def _begin(
        self, request: web.Request, region: Region, callback: str, state: str
    ) -> web.Response:
        """Open a flow in the browser's session, and show the first page."""
        now = self._site.clock.now()
        self._sessions = {
            key: session
            for key, session in self._sessions.items()
            if now - session.since <= LIVES
        }
        key = request.cookies.get(COOKIE, "")
        session = self._sessions.get(key)
        fresh = session is None
        if session is None:
            key = secrets.token_urlsafe(36)
            session = Session(since=now)
            self._sessions[key] = session
        flow = Flow(
            relay_state=secrets.token_hex(20),
            region=region,
            callback=callback,
            state=state,
        )
        session.flows[flow.relay_state] = session.last = flow
        # Relative, as a Location may be.
        client = region.sign_in_client
        answer = redirect(
            f"{_SERVICE}/signin/{client}?{urlencode({'relayState': flow.relay_state})}"
        )
        if fresh:
            answer.set_cookie(COOKIE, key, path="/", httponly=True, samesite="Lax")
        return answer

    async def _show_email(self, request: web.Request) -> web.Response:
        session, flow = self._flow(request, request.query.get("relayState"))
        variant = self._register.settings.email_page
        if variant == "changed":
            return changed_page()
        hmac = flow.seal("identifier")
        if variant == "A":
            csrf = new_csrf(session, script=False)
            client = flow.region.sign_in_client
            return email_page(client, csrf, flow.relay_state, hmac)
        model = login_model(flow, "loginIdentifier", hmac, None)
        return self._script(request, session, flow, model)

    async def _take_email(self, request: web.Request) -> web.Response:
        _, flow, fields = await self._form(request, "identifier")
        email = fields.get("email")
        if email is None:
            raise Refused
        del flow.seals["identifier"]
        flow.email = email.strip()
        flow.account = self._register.by_name(email)
        request["account"] = None if flow.account is None else flow.account.username
        query = urlencode({"relayState": flow.relay_state, "email": flow.email})
        client = flow.region.sign_in_client
        return web.Response(
            status=303,
            headers={"Location": f"{_SERVICE}/{client}/login/authenticate?{query}"},
        )

    async def _show_password(self, request: web.Request) -> web.Response:
        session, flow = self._flow(request, request.query.get("relayState"))
        if flow.email is None or request.query.get("email", flow.email) != flow.email:
            raise Refused
        account = flow.account
        malformed = _EMAIL.fullmatch(flow.email) is None
        if malformed or (account and account.meets(SignInMode.MALFORMED_EMAIL)):
            model = login_model(
                flow, "loginAuthenticate", "", "validator.email.invalid"
            )
            return self._script(request, session, flow, model)
        if account is None or account.meets(SignInMode.UNKNOWN):
            model = login_model(flow, "register", "", None)
            model["registerCredentialsPath"] = "register"
            return self._script(request, session, flow, model)
        if account.meets(SignInMode.UNKNOWN_ERROR_CODE):
            model = login_model(flow, "loginIdentifier", "", None)
            model["errorCode"] = "login.error.user_unknown"
            return self._script(request, session, flow, model)
        if account.meets(SignInMode.PAGE_CHANGED):
            return changed_page()
        hmac = flow.seal("authenticate")
        error = request.query.get("error")
        if self._password_variant(account, flow.region) == "A":
            return password_page(flow.region.sign_in_client, hmac, error)
        model = login_model(flow, "loginAuthenticate", hmac, error)
        if "nextButtonDisabled" in request.query:
            seconds = request.query.get("enableNextButtonAfterSeconds", "0")
            model["nextButtonDisabled"] = True
            model["enableNextButtonAfterSeconds"] = int(seconds)
        return self._script(request, session, flow, model)

    def _password_variant(self, account: AccountState, region: Region) -> str:
        wanted = account.password_page or self._register.settings.password_page
        return wanted or ("A" if region.key == "us" else "B")

    async def _take_password(self, request: web.Request) -> web.Response:
        _, flow, fields = await self._form(request, "authenticate")
        account = flow.account
        if account is None or fields.get("email", "").strip() != flow.email:
            raise Refused
        del flow.seals["authenticate"]
        if account.region is not flow.region or account.meets(SignInMode.OUTAGE):
            return error_page(500)
        if account.meets(SignInMode.NEW_STYLE):
            return new_style_refusal()
        if wait := self._throttled(account):
            return self._again(
                flow,
                "login.error.throttled",
                nextButtonDisabled="true",
                enableNextButtonAfterSeconds=str(wait),
            )
        if account.meets(SignInMode.LOCKED):
            return self._again(flow, "login.error.locked")
        if account.meets(SignInMode.BLOCKED):
            return self._again(flow, "login.error.blocked")
        if fields.get("password") != account.password:
            return self._again(flow, "login.errors.password_invalid")
        flow.accepted = True
        if account.is_due(SignInMode.DATA_PRIVACY):
            return redirect(self._terms_address(flow, updated="dataprivacy"))
        query = {
            "clientId": flow.region.sign_in_client,
            "relayState": flow.relay_state,
            "userId": account.user_id,
            "HMAC": flow.seal("sso"),
        }
        identity = self._site.origin(self.host, request)
        return redirect(f"{identity}/oidc/v1/oauth/sso?{urlencode(query)}")

    def _throttled(self, account: AccountState) -> int:
        """Count a password; return the seconds to wait, 0 if it may be tried."""
        settings, now = self._register.settings, self._site.clock.now()
        if account.meets(SignInMode.THROTTLED):
            return 28
        if account.sign_ins.take(
            now,
            size=settings.sign_in_limit,
            window=settings.sign_in_window,
            pause=settings.sign_in_pause,
        ):
            return 0
        return max(round(account.sign_ins.left(now)), 1)

    def _again(self, flow: Flow, error: str, **more: str) -> web.Response:
        """Send the browser to the password page again, with the reason."""
        query = urlencode(
            {
                "relayState": flow.relay_state,
                "email": flow.email or "",
                "error": error,
                **more,
            }
        )
        client = flow.region.sign_in_client
        return redirect(f"{_SERVICE}/{client}/login/authenticate?{query}")

    # The chain back

    async def _sso(self, request: web.Request) -> web.Response:
        flow, account = self._hop(request, "sso", request.query.get("HMAC"))
        if account.is_due(SignInMode.TERMS):
            return redirect(self._terms_address(flow))
        return redirect(self._consent_address(request, flow, account))

    async def _consent(self, request: web.Request) -> web.Response:
        flow, account = self._hop(request, "consent", request.query.get("hmac"))
        if account.meets(SignInMode.CONSENT):
            session, _ = self._flow(request, flow.relay_state)
            model = login_model(flow, "consent", flow.seal("consent"), None)
            return self._script(request, session, flow, model)
        if account.meets(SignInMode.MARKETING):
            client = flow.region.sign_in_client
            query = {
                "relayState": flow.relay_state,
                # The spaces in it are as the real page has them.
                "callback": self._success_address(request, flow, account, " dealers"),
                "hmac": flow.seal("marketing"),
            }
            path = f"{_SERVICE}/consent/marketing/users/{account.user_id}/{client}"
            return redirect(f"{path}?{urlencode(query, quote_via=quote)}")
        return redirect(self._success_address(request, flow, account))

    async def _show_marketing(self, request: web.Request) -> web.Response:
        flow, _ = self._hop(request, "marketing", request.query.get("hmac"))
        session, _ = self._flow(request, flow.relay_state)
        model = login_model(flow, "marketingConsent", flow.seal("marketing"), None)
        model["callback"] = request.query.get("callback")
        return self._script(request, session, flow, model)

    async def _success(self, request: web.Request) -> web.Response:
        flow, account = self._hop(request, "success", request.query.get("hmac"))
        if account.meets(SignInMode.NO_CODE):
            return landing_page()
        session, _ = self._flow(request, flow.relay_state)
        del session.flows[flow.relay_state]
        return self._leave(flow, account)

    def _leave(self, flow: Flow, account: AccountState) -> web.Response:
        """Send the browser back to whoever asked for the sign-in."""
        code = self._oidc.admit(flow.state, account)
        return redirect(
            f"{flow.callback}?{urlencode({'code': code, 'state': flow.state})}"
        )

    def _consent_address(
        self, request: web.Request, flow: Flow, account: AccountState
    ) -> str:
        identity = self._site.origin(self.host, request)
        query = {
            "scopes": "openid",
            "relayState": flow.relay_state,
            "callback": f"{identity}/oidc/v1/oauth/client/callback",
            "hmac": flow.seal("consent"),
        }
        client = flow.region.sign_in_client
        path = f"{_SERVICE}/consent/users/{account.user_id}/{client}"
        return f"{identity}{path}?{urlencode(query)}"

    def _success_address(
        self, request: web.Request, flow: Flow, account: AccountState, more: str = ""
    ) -> str:
        identity = self._site.origin(self.host, request)
        query = urlencode(
            {
                "user_id": account.user_id,
                "client_id": flow.region.sign_in_client,
                "scopes": "openid",
                "relayState": flow.relay_state,
                "hmac": flow.seal("success"),
            }
        )
        return f"{identity}{_SUCCESS}?{query}&consentedScopes=openid{more}"

    # New terms

    def _terms_address(self, flow: Flow, **more: str) -> str:
        query = {
            "relayState": flow.relay_state,
            "hmac": flow.seal("show_terms"),
            **more,
        }
        client = flow.region.sign_in_client
        return f"{_SERVICE}/{client}/terms-and-conditions?{urlencode(query)}"

    async def _show_terms(self, request: web.Request) -> web.Response:
        flow, _ = self._hop(request, "show_terms", request.query.get("hmac"))
        session, _ = self._flow(request, flow.relay_state)
        model = terms_model(flow.relay_state, flow.seal("terms"), flow.region)
        return self._script(request, session, flow, model)

    async def _take_terms(self, request: web.Request) -> web.Response:
        _, flow, fields = await self._form(request, "terms")
        account = flow.account
        if account is None or not flow.accepted:
            raise Refused
        if not accepts(fields, DOCUMENT, flow.region):
            raise Refused
        del flow.seals["terms"]
        account.sign_in = SignInMode.OK
        return redirect(self._consent_address(request, flow, account))

    # What every call has to bring

    def _flow(self, request: web.Request, relay_state: object) -> tuple[Session, Flow]:
        """Return the browser's session and the flow it names."""
        session = self._sessions.get(request.cookies.get(COOKIE, ""))
        if session is None or self._site.clock.now() - session.since > LIVES:
            raise Refused
        flow = session.flows.get(str(relay_state))
        client = request.match_info.get("client")
        if flow is None or client not in {None, flow.region.sign_in_client}:
            raise Refused
        return session, flow

    async def _form(
        self, request: web.Request, step: str
    ) -> tuple[Session, Flow, dict[str, str]]:
        """Return the fields of a page, if they are those that the page held."""
        if request.content_type != _FORM:
            raise Refused
        form = await request.post()
        fields = {name: str(value) for name, value in form.items()}
        session, flow = self._flow(request, fields.get("relayState"))
        if fields.get("_csrf") not in session.csrf:
            raise Refused
        if not flow.allows(step, fields.get("hmac")):
            raise Refused
        return session, flow, fields

    def _hop(
        self, request: web.Request, step: str, hmac: str | None
    ) -> tuple[Flow, AccountState]:
        """Return whose way back this is, if the step is signed."""
        _, flow = self._flow(request, request.query.get("relayState"))
        user = request.match_info.get("user")
        if flow.account is None or not (flow.accepted and flow.allows(step, hmac)):
            raise Refused
        if user not in {None, flow.account.user_id}:
            raise Refused
        return flow, flow.account

    def _script(
        self,
        request: web.Request,
        session: Session,
        flow: Flow,
        model: dict[str, Any],
    ) -> web.Response:
        origin = self._site.origin(self.host, request)
        csrf = new_csrf(session, script=True)
        return script_page(flow.region, origin, csrf, model)
