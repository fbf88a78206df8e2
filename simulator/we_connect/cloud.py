"""We Connect as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable
from typing import override

from aiohttp import web

from ..account import Account
from ..bodies import bearer
from ..cloud import Cloud, Route, Site, routes_of
from ..identity.pages import error_page
from ..identity.register import IdentityRegister
from ..refusal import guarded
from .account import ACCOUNT_SETTINGS, WeRegister, open_account
from .account_calls import AccountCalls
from .admission import Admission
from .answers import refused
from .car_commands import CarCommands
from .car_reads import CarReads
from .damages import DAMAGES
from .hosts import DATA, EXCHANGE, HOSTS, IDENTITY, MBB, OTHER_DATA
from .settings import SERVICE_SETTINGS, WeSettings
from .sign_in import WeSignIn
from .tokens import Tokens


class WeConnect(Cloud):
    """Nine hosts for one account."""

    key = "we_connect"
    hosts = HOSTS
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: WeRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = IdentityRegister(self.specs, open_account, WeSettings)
        self._sign_in = WeSignIn(site, self.register)
        self._tokens = Tokens(site, self.register, self._sign_in)
        admission = Admission(site, self.register)
        self._account_calls = AccountCalls(admission)
        self._reads, self._commands = CarReads(admission), CarCommands(admission)

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host == IDENTITY:
            return (*self._sign_in.routes(), *self._tokens.device_routes())
        if host in {EXCHANGE, MBB}:
            return self._tokens.routes(host)
        about = self._account_calls.routes(host)
        if host not in {DATA, OTHER_DATA}:
            return about
        calls = (
            *(("GET", *call) for call in self._reads.calls(host).items()),
            *(("GET", *call) for call in self._commands.outcomes(host).items()),
            *(("POST", *call) for call in self._commands.calls(host).items()),
        )
        return (*about, *routes_of(calls, guarded))

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        if host == IDENTITY and status != 429:
            return error_page(status)
        return refused(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        if token := bearer(request):
            return self.register.name_of(token)
        if request.method == "POST" and "oken" in request.path:
            return await self._tokens.who(request)
        return self._sign_in.who(request)
