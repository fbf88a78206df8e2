"""The identity host of both countries: the base host asks it for a sign-in."""

from typing import ClassVar, override
from urllib.parse import urlencode

from aiohttp import web

from ..cloud import Site
from ..identity.account import IdentityAccount
from ..identity.flow import Flow, Refused
from ..identity.pages import redirect
from ..identity.sign_in import SignIn
from .oidc import Oidc
from .regions import CALLBACK, IDENTITY, region_of_sign_in
from .register import Register


class CarNetSignIn(SignIn[Register]):
    """The pages, which lead back to the country's base host."""

    host: ClassVar[str] = IDENTITY

    def __init__(self, site: Site, register: Register, oidc: Oidc) -> None:
        """Begin without anybody signing in."""
        super().__init__(site, register)
        self._oidc = oidc

    @override
    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        region = region_of_sign_in(query.get("client_id", ""))
        if region is None:
            raise Refused
        callback = self._site.origin(region.base, request) + CALLBACK
        if query.get("redirect_uri") != callback or "state" not in query:
            raise Refused
        return self._browsers.begin(request, region, callback, query["state"])

    @override
    def _leave(self, flow: Flow, account: IdentityAccount) -> web.Response:
        code = self._oidc.admit(flow.state, account)
        return redirect(
            f"{flow.callback}?{urlencode({'code': code, 'state': flow.state})}"
        )
