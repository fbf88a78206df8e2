"""The browsers that are signing in, and what each of their calls has to bring."""

import secrets
from typing import Any, Final

from aiohttp import web

from ..cloud import Site
from .account import IdentityAccount
from .addresses import email_address
from .flow import Flow, Refused, Session, new_csrf
from .pages import redirect, script_page
from .region import Region

_COOKIE: Final = "SESSION"
_FORM: Final = "application/x-www-form-urlencoded"


class Browsers:
    """Sessions by their cookie, and the flows in each."""

    def __init__(self, site: Site, host: str) -> None:
        """Begin without anybody signing in."""
        self._site = site
        self._host = host
        self._sessions: dict[str, Session] = {}

    def begin(
        self, request: web.Request, region: Region, callback: str, state: str
    ) -> web.Response:
        """Open a flow in the browser's session, and show the first page."""
        now = self._site.clock.now()
        self._sessions = {
            key: session
            for key, session in self._sessions.items()
            if not session.is_over(now)
        }
        key = request.cookies.get(_COOKIE, "")
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
        answer = redirect(email_address(flow))
        if fresh:
            answer.set_cookie(_COOKIE, key, path="/", httponly=True, samesite="Lax")
        return answer

    def who(self, request: web.Request) -> str | None:
        """Return whose sign-in this is, once the e-mail address is known."""
        session = self._sessions.get(request.cookies.get(_COOKIE, ""))
        flow = session and session.last
        return flow.account.username if flow and flow.account else None

    def flow(self, request: web.Request, relay_state: object) -> tuple[Session, Flow]:
        """Return the browser's session and the flow it names."""
        session = self._sessions.get(request.cookies.get(_COOKIE, ""))
        if session is None or session.is_over(self._site.clock.now()):
            raise Refused
        flow = session.flows.get(str(relay_state))
        client = request.match_info.get("client")
        if flow is None or client not in {None, flow.region.sign_in_client}:
            raise Refused
        return session, flow

    async def form(
        self, request: web.Request, step: str
    ) -> tuple[Flow, dict[str, str]]:
        """Return the fields of a page, if they are those that the page held."""
        if request.content_type != _FORM:
            raise Refused
        form = await request.post()
        fields = {name: str(value) for name, value in form.items()}
        session, flow = self.flow(request, fields.get("relayState"))
        if fields.get("_csrf") not in session.csrf:
            raise Refused
        if not flow.allows(step, fields.get("hmac")):
            raise Refused
        return flow, fields

    def hop(
        self, request: web.Request, step: str, hmac: str | None
    ) -> tuple[Session, Flow, IdentityAccount]:
        """Return whose way back this is, if the step is signed."""
        session, flow = self.flow(request, request.query.get("relayState"))
        user = request.match_info.get("user")
        if flow.account is None or not (flow.accepted and flow.allows(step, hmac)):
            raise Refused
        if user not in {None, flow.account.user_id}:
            raise Refused
        return session, flow, flow.account

    def script(
        self,
        request: web.Request,
        session: Session,
        flow: Flow,
        model: dict[str, Any],
    ) -> web.Response:
        """Show a page that a script renders, with a token of the session."""
        csrf = new_csrf(session, script=True)
        return script_page(flow.region, self.origin(request), csrf, model)

    def origin(self, request: web.BaseRequest) -> str:
        """Return where the identity host is, as the caller addresses us."""
        return self._site.origin(self._host, request)
