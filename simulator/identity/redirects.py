"""The chain that leads from the right password back to the client that asked."""

from collections.abc import Callable

from aiohttp import web

from ..cloud import Handler
from .account import IdentityAccount, SignInMode
from .addresses import (
    SERVICE,
    SSO,
    SUCCESS,
    consent_address,
    marketing_address,
    success_address,
    terms_address,
)
from .browsers import Browsers
from .flow import Flow, login_model
from .pages import landing_page, redirect

type Leave = Callable[[Flow, IdentityAccount], web.Response]
"""Sends the browser to the client that asked for the sign-in."""
type Detour = Callable[[web.Request, Flow, IdentityAccount], web.Response | None]
"""Sends it to a page that stands between; None where there is none."""


class RedirectChain:
    """One signed step after the other, with consents between them."""

    def __init__(self, browsers: Browsers, leave: Leave, detour: Detour) -> None:
        """Lead these browsers back."""
        self._browsers = browsers
        self._leave = leave
        self._detour = detour

    def calls(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return what the identity host answers of this."""
        consent, ends = f"{SERVICE}/consent", "users/{user}/{client}"
        return (
            ("GET", SSO, self._sso),
            ("GET", f"{consent}/{ends}", self._consent),
            ("GET", f"{consent}/marketing/{ends}", self._show_marketing),
            ("GET", SUCCESS, self._success),
        )

    async def _sso(self, request: web.Request) -> web.Response:
        hmac = request.query.get("HMAC")
        _, flow, account = self._browsers.hop(request, "sso", hmac)
        if account.is_due(SignInMode.TERMS):
            return redirect(terms_address(flow))
        identity = self._browsers.origin(request)
        return redirect(consent_address(identity, flow, account))

    async def _consent(self, request: web.Request) -> web.Response:
        hmac = request.query.get("hmac")
        session, flow, account = self._browsers.hop(request, "consent", hmac)
        if (detour := self._detour(request, flow, account)) is not None:
            return detour
        identity = self._browsers.origin(request)
        if account.meets(SignInMode.CONSENT):
            model = login_model(flow, "consent", flow.seal("consent"), None)
            return self._browsers.script(request, session, flow, model)
        if account.meets(SignInMode.MARKETING):
            return redirect(marketing_address(identity, flow, account))
        return redirect(success_address(identity, flow, account))

    async def _show_marketing(self, request: web.Request) -> web.Response:
        hmac = request.query.get("hmac")
        session, flow, _ = self._browsers.hop(request, "marketing", hmac)
        model = login_model(flow, "marketingConsent", flow.seal("marketing"), None)
        model["callback"] = request.query.get("callback")
        return self._browsers.script(request, session, flow, model)

    async def _success(self, request: web.Request) -> web.Response:
        hmac = request.query.get("hmac")
        session, flow, account = self._browsers.hop(request, "success", hmac)
        if account.meets(SignInMode.NO_CODE):
            return landing_page()
        del session.flows[flow.relay_state]
        return self._leave(flow, account)
