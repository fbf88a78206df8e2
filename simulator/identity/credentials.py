"""The pages that ask for the e-mail address and the password."""

import re
from typing import Any, Final

from aiohttp import web

from ..cloud import Handler, Site
from .account import IdentityAccount, SignInMode
from .addresses import SERVICE, password_address, sso_address, terms_address
from .browsers import Browsers
from .flow import Flow, Refused, Session, login_model, new_csrf, variant
from .pages import (
    changed_page,
    email_page,
    error_page,
    new_style_refusal,
    password_page,
    redirect,
)
from .register import IdentityRegister

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Credentials:
    """Who somebody is, and whether it is true."""

    def __init__(
        self, site: Site, register: IdentityRegister[Any, Any], browsers: Browsers
    ) -> None:
        """Ask these browsers for the accounts of a register."""
        self._site = site
        self._register = register
        self._browsers = browsers

    def calls(self) -> tuple[tuple[str, str, Handler], ...]:
        """Return what the identity host answers of this."""
        client = f"{SERVICE}/{{client}}"
        return (
            ("GET", f"{SERVICE}/signin/{{client}}", self._show_email),
            ("POST", f"{client}/login/identifier", self._take_email),
            ("GET", f"{client}/login/authenticate", self._show_password),
            ("POST", f"{client}/login/authenticate", self._take_password),
        )

    async def _show_email(self, request: web.Request) -> web.Response:
        wanted = self._register.settings.email_page

        def show(session: Session, flow: Flow) -> web.Response:
            if wanted == "changed":
                return changed_page()
            hmac = flow.seal("identifier")
            if wanted == "A":
                csrf = new_csrf(session, script=False)
                client = flow.region.sign_in_client
                return email_page(client, csrf, flow.relay_state, hmac)
            model = login_model(flow, "loginIdentifier", hmac, None)
            return self._browsers.script(request, session, flow, model)

        return self._browsers.take_in(request, show)

    async def _take_email(self, request: web.Request) -> web.Response:
        flow, fields = await self._browsers.form(request, "identifier")
        email = fields.get("email")
        if email is None:
            raise Refused
        del flow.seals["identifier"]
        flow.email = email.strip()
        flow.account = self._register.by_name(flow.email)
        request["account"] = None if flow.account is None else flow.account.username
        return web.Response(status=303, headers={"Location": password_address(flow)})

    async def _show_password(self, request: web.Request) -> web.Response:
        session, flow = self._browsers.flow(request, request.query.get("relayState"))
        if flow.email is None or request.query.get("email", flow.email) != flow.email:
            raise Refused
        account = flow.account
        malformed = _EMAIL.fullmatch(flow.email) is None
        if malformed or (account and account.meets(SignInMode.MALFORMED_EMAIL)):
            model = login_model(
                flow, "loginAuthenticate", "", "validator.email.invalid"
            )
            return self._browsers.script(request, session, flow, model)
        if account is None or account.meets(SignInMode.UNKNOWN):
            model = login_model(flow, "register", "", None)
            model["registerCredentialsPath"] = "register"
            return self._browsers.script(request, session, flow, model)
        if account.meets(SignInMode.UNKNOWN_ERROR_CODE):
            model = login_model(flow, "loginIdentifier", "", None)
            model["errorCode"] = "login.error.user_unknown"
            return self._browsers.script(request, session, flow, model)
        if account.meets(SignInMode.PAGE_CHANGED):
            return changed_page()
        hmac = flow.seal("authenticate")
        error = request.query.get("error")
        hidden = {"hmac": hmac}
        match variant(flow, self._register.settings):
            case "A":
                csrf = new_csrf(session, script=False)
                known = {"_csrf": csrf, "relayState": flow.relay_state}
                hidden = {**known, "email": flow.email, **hidden}
                return password_page(flow.region.sign_in_client, hidden, error)
            case "A_short":
                return password_page(flow.region.sign_in_client, hidden, error)
        model = login_model(flow, "loginAuthenticate", hmac, error)
        if "nextButtonDisabled" in request.query:
            seconds = request.query.get("enableNextButtonAfterSeconds", "0")
            model["nextButtonDisabled"] = True
            model["enableNextButtonAfterSeconds"] = int(seconds)
        return self._browsers.script(request, session, flow, model)

    async def _take_password(self, request: web.Request) -> web.Response:
        flow, fields = await self._browsers.form(request, "authenticate")
        account = flow.account
        if account is None or fields.get("email", "").strip() != flow.email:
            raise Refused
        del flow.seals["authenticate"]
        if not account.signs_in_at(flow.region) or account.meets(SignInMode.OUTAGE):
            return error_page(500)
        if account.meets(SignInMode.NEW_STYLE):
            return new_style_refusal()
        if wait := self._throttled(account):
            return _again(
                flow,
                "login.error.throttled",
                nextButtonDisabled="true",
                enableNextButtonAfterSeconds=str(wait),
            )
        if account.meets(SignInMode.LOCKED):
            return _again(flow, "login.error.locked")
        if account.meets(SignInMode.BLOCKED):
            return _again(flow, "login.error.blocked")
        if fields.get("password") != account.password:
            return _again(flow, "login.errors.password_invalid")
        flow.accepted = True
        if account.is_due(SignInMode.DATA_PRIVACY):
            return redirect(terms_address(flow, updated="dataprivacy"))
        return redirect(sso_address(self._browsers.origin(request), flow, account))

    def _throttled(self, account: IdentityAccount) -> int:
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


def _again(flow: Flow, error: str, **more: str) -> web.Response:
    """Send the browser to the password page again, with the reason."""
    return redirect(password_address(flow, error=error, **more))
