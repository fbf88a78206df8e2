"""Car-Net as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable
from typing import Final, override

from aiohttp import web

from ..account import Account
from ..bodies import bearer
from ..cloud import Cloud, Route, Site
from ..identity.pages import error_page
from .account import ACCOUNT_SETTINGS, open_account
from .answers import refused
from .damages import DAMAGES
from .oidc import Oidc
from .regions import IDENTITY, REGIONS
from .register import Register
from .services import Services
from .settings import SERVICE_SETTINGS, Settings
from .sign_in import CarNetSignIn

_TOKEN_PATH: Final = "/oidc/v1/token"


class CarNet(Cloud):
    """Both countries' bases and the identity host they share."""

    key = "car_net"
    hosts = (*(region.base for region in REGIONS.values()), IDENTITY)
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: Register

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = Register(self.specs, open_account, Settings)
        self._oidc = Oidc(site, self.register)
        self._sign_in = CarNetSignIn(site, self.register, self._oidc)
        self._services = Services(site, self.register)

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host == IDENTITY:
            return self._sign_in.routes()
        return (*self._oidc.routes(host), *self._services.routes(host))

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        if host == IDENTITY and status != 429:
            return error_page(status)
        return refused(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        if token := bearer(request):
            return self.register.name_of(token)
        if request.path == _TOKEN_PATH:
            return await self._oidc.who(request)
        return self._sign_in.who(request)
