"""The newer sign-in software: e-mail and password on one page, known by its state."""

from html import escape
from string import Template
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from ..cloud import Handler, Site
from .account import SignInMode
from .addresses import LOGIN, sso_address, terms_address
from .browsers import Browsers
from .flow import Flow, Refused
from .pages import changed_page, error_page, new_style_refusal, redirect
from .register import IdentityRegister

_RESUME: Final = "/authorize/resume"
_PAGE: Final = Template("""<!DOCTYPE html><html lang="en"><head><title>Log in</title>
</head><body><main><form method="POST" class="ulp-login-form">
<input type="hidden" name="state" value="$state"/>
<input type="text" name="username" id="username" autocomplete="username"/>
<input type="password" name="password" id="password" autocomplete="current-password"/>
<button type="submit" name="action" value="default">Continue</button></form>
<form method="POST" action="/u/signup"><input type="hidden" name="state" value="$state"/>
<button type="submit">Register</button></form></main></body></html>
""")


class OnePage:
    """Who somebody is and whether it is true, asked for at once."""

    def __init__(
        self, site: Site, register: IdentityRegister[Any, Any], browsers: Browsers
    ) -> None:
        """Ask these browsers for the accounts of a register."""
        self._site = site
        self._register = register
        self._browsers = browsers

    def calls(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return what the identity host answers of this."""
        return (
            ("GET", LOGIN, self._show),
            ("POST", LOGIN, self._take),
            ("GET", _RESUME, self._resume),
        )

    def knows(self, request: web.Request) -> bool:
        """Return whether a call is of a sign-in that began here."""
        here = request.path in {LOGIN, _RESUME}
        return here and self._browsers.has(request.query.get("state", ""))

    async def _show(self, request: web.Request) -> web.Response:
        _, flow = self._browsers.flow(request, request.query.get("state"))
        return _page(flow)

    async def _take(self, request: web.Request) -> web.Response:
        """Take both; a caller without a name of its own is turned away."""
        if not request.headers.get("User-Agent"):
            return error_page(401)
        form = await request.post()
        state = request.query.get("state")
        if form.get("state") != state:
            raise Refused
        _, flow = self._browsers.flow(request, state)
        flow.email = str(form.get("username", "")).strip()
        account = flow.account = self._register.by_name(flow.email)
        if account is None or form.get("password") != account.password:
            return new_style_refusal()
        request["account"] = account.username
        if not account.signs_in_at(flow.region) or account.meets(SignInMode.OUTAGE):
            return error_page(500)
        if account.meets(SignInMode.PAGE_CHANGED):
            return changed_page()
        flow.accepted = True
        if account.is_due(SignInMode.DATA_PRIVACY):
            return redirect(terms_address(flow, updated="dataprivacy"))
        return redirect(f"{_RESUME}?{urlencode({'state': flow.relay_state})}")

    async def _resume(self, request: web.Request) -> web.Response:
        _, flow = self._browsers.flow(request, request.query.get("state"))
        if flow.account is None or not flow.accepted:
            raise Refused
        return redirect(sso_address(self._browsers.origin(request), flow, flow.account))


def _page(flow: Flow) -> web.Response:
    text = _PAGE.substitute(state=escape(flow.relay_state))
    return web.Response(text=text, content_type="text/html")
