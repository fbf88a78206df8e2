"""The identity host: how a sign-in begins and ends is each service's own."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from aiohttp import web

from ..cloud import Handler, Route, Site, routes_of
from ..refusal import guarded
from .account import IdentityAccount
from .browsers import Browsers
from .credentials import Credentials
from .flow import Flow
from .keys import key_set
from .one_page import OnePage
from .redirects import RedirectChain
from .register import IdentityRegister
from .static_files import static_routes
from .terms import Terms


class SignIn[R: IdentityRegister[Any, Any]](ABC):
    """The pages of one identity host."""

    host: ClassVar[str]
    response_type: ClassVar[str] = "code"

    def __init__(self, site: Site, register: R) -> None:
        """Begin without anybody signing in."""
        self._site = site
        self._register = register
        self._browsers = Browsers(site, self.host, register)
        self._one_page = OnePage(site, register, self._browsers)

    def routes(self) -> tuple[Route, ...]:
        """Return what the identity host answers."""
        pages = (
            Credentials(self._site, self._register, self._browsers),
            self._one_page,
            Terms(self._browsers),
            RedirectChain(self._browsers, self._leave, self._detour),
        )
        begin = ("GET", "/oidc/v1/authorize", self._authorize)
        calls = (begin, *(call for page in pages for call in page.calls()))
        documents = (
            ("GET", "/.well-known/openid-configuration", self._configuration),
            ("GET", "/oidc/v1/keys", self._keys),
        )
        return (
            *routes_of(calls, self._checked),
            *routes_of(documents, guarded),
            *static_routes(),
        )

    def knows(self, request: web.Request) -> bool:
        """Return whether a call that names no client is of a sign-in that began here."""
        return self._one_page.knows(request)

    def who(self, request: web.Request) -> str | None:
        """Return whose sign-in this is, once the e-mail address is known."""
        return self._browsers.who(request)

    async def _configuration(self, request: web.Request) -> web.Response:
        here = self._browsers.origin(request)
        return web.json_response(
            {
                "issuer": f"https://{self.host}",
                "authorization_endpoint": f"{here}/oidc/v1/authorize",
                "token_endpoint": f"{here}/oidc/v1/token",
                "jwks_uri": f"{here}/oidc/v1/keys",
                "response_types_supported": [self.response_type],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        return web.json_response(key_set())

    def _checked(self, handler: Handler) -> Handler:
        """Wrap what answers a page; a service may demand more of a call."""
        return guarded(handler)

    def _detour(
        self, request: web.Request, flow: Flow, account: IdentityAccount
    ) -> web.Response | None:
        """Send the browser to a page of the service's own, after the password."""
        return None

    @abstractmethod
    async def _authorize(self, request: web.Request) -> web.Response:
        """Begin a sign-in, if it is asked for as it has to be."""

    @abstractmethod
    def _leave(self, flow: Flow, account: IdentityAccount) -> web.Response:
        """Send the browser back to the client that asked for the sign-in."""
