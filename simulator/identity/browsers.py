"""The browsers that are signing in, and what each of their calls has to bring."""

from collections.abc import Callable
import secrets
from typing import Any, Final

from aiohttp import web

from ..cloud import Site
from .account import IdentityAccount
from .addresses import email_address, login_address
from .flow import Flow, Refused, Session, new_csrf, variant
from .pages import redirect, script_page
from .region import Region
from .register import IdentityRegister

_COOKIE: Final = "SESSION"
_FORM: Final = "application/x-www-form-urlencoded"


class Browsers:
    """Sessions by their cookie, and the flows in each."""

    def __init__(
        self, site: Site, host: str, register: IdentityRegister[Any, Any]
    ) -> None:
        """Begin without anybody signing in."""
        self._site = site
        self._register = register
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
            session = Session(since=now)
            key = self._keep(session)
        flow = Flow(
            relay_state=secrets.token_hex(20),
            region=region,
            callback=callback,
            state=state,
        )
        session.flows[flow.relay_state] = session.last = flow
        one_page = self._register.settings.email_page == "one_page"
        answer = redirect(login_address(flow) if one_page else email_address(flow))
        if fresh:
            _set_cookie(answer, key)
        return answer

    def take_in(
        self, request: web.Request, show: Callable[[Session, Flow], web.Response]
    ) -> web.Response:
        """Show the first page; a caller that brings no cookie at all is given one.

        It keeps none of those that were set on the way here, and knows the page's address.
        """
        relay_state = request.query.get("relayState", "")
        if _COOKIE in request.cookies:
            return show(*self.flow(request, relay_state))
        now = self._site.clock.now()
        for session in tuple(self._sessions.values()):
            flow = session.flows.get(relay_state)
            if flow is not None and not session.is_over(now):
                self._check_client(request, flow)
                answer = show(session, flow)
                _set_cookie(answer, self._keep(session))
                return answer
        raise Refused

    def _keep(self, session: Session) -> str:
        key = secrets.token_urlsafe(36)
        self._sessions[key] = session
        return key

    def has(self, relay_state: str) -> bool:
        """Return whether a sign-in that is not over began here."""
        return any(relay_state in session.flows for session in self._sessions.values())

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
        if flow is None:
            raise Refused
        self._check_client(request, flow)
        return session, flow

    @staticmethod
    def _check_client(request: web.Request, flow: Flow) -> None:
        client = request.match_info.get("client")
        if client not in {None, flow.region.sign_in_client}:
            raise Refused

    async def form(
        self, request: web.Request, step: str
    ) -> tuple[Flow, dict[str, str]]:
        """Return the fields of a page, if they are those that the page held.

        Without a body they may stand in the address.
        """
        fields = dict(request.query)
        if request.body_exists:
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
        settings = self._register.settings
        tidy = "B_tidy" in {settings.email_page, variant(flow, settings)}
        return script_page(flow.region, self.origin(request), csrf, model, tidy=tidy)

    def origin(self, request: web.BaseRequest) -> str:
        """Return where the identity host is, as the caller addresses us."""
        return self._site.origin(self._host, request)


def _set_cookie(answer: web.Response, key: str) -> None:
    answer.set_cookie(_COOKIE, key, path="/", httponly=True, samesite="Lax")
