"""The identity host: how a sign-in begins and ends is each service's own."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from aiohttp import web

from ..cloud import Route, Site, routes_of
from ..refusal import guarded
from .account import IdentityAccount
from .browsers import Browsers
from .credentials import Credentials
from .flow import Flow
from .register import IdentityRegister
from .terms import Terms
from .way_back import WayBack


class SignIn[R: IdentityRegister[Any, Any]](ABC):
    """The pages of one identity host."""

    host: ClassVar[str]

    def __init__(self, site: Site, register: R) -> None:
        """Begin without anybody signing in."""
        self._site = site
        self._register = register
        self._browsers = Browsers(site, self.host)

    def routes(self) -> tuple[Route, ...]:
        """Return what the identity host answers."""
        pages = (
            Credentials(self._site, self._register, self._browsers),
            Terms(self._browsers),
            WayBack(self._browsers, self._leave),
        )
        begin = ("GET", "/oidc/v1/authorize", self._authorize)
        calls = (begin, *(call for page in pages for call in page.calls()))
        return routes_of(calls, guarded)

    def who(self, request: web.Request) -> str | None:
        """Return whose sign-in this is, once the e-mail address is known."""
        return self._browsers.who(request)

    @abstractmethod
    async def _authorize(self, request: web.Request) -> web.Response:
        """Begin a sign-in, if it is asked for as it has to be."""

    @abstractmethod
    def _leave(self, flow: Flow, account: IdentityAccount) -> web.Response:
        """Send the browser back to whoever asked for the sign-in."""
