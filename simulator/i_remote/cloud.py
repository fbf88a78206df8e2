"""i Remote as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from aiohttp import web

from ..account import Account
from ..cloud import Cloud, Route, Site
from .account import ACCOUNT_SETTINGS, RemoteRegister, open_account
from .answers import refused
from .damages import DAMAGES
from .regions import APIS, NAVIGATION, TOKEN_HOSTS
from .services import Services
from .settings import SERVICE_SETTINGS, Settings
from .tokens import PATHS, TokenCall


class IRemote(Cloud):
    """Three regions, the two token hosts of later years, and the portal."""

    key = "i_remote"
    hosts = (*APIS, *TOKEN_HOSTS, NAVIGATION)
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: RemoteRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = RemoteRegister(self.specs, open_account, Settings)
        self._tokens = TokenCall(site, self.register)
        self._services = Services(site, self.register)

    @override
    def reset(self) -> None:
        super().reset()
        self._services.forget()

    @override
    def saved_state(self) -> dict[str, Any]:
        return self._services.cloud_state.to_json()

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        self._services.cloud_state.take_up(kept)

    @override
    def routes(self, host: str) -> Iterable[Route]:
        return (*self._tokens.routes(host), *self._services.routes(host))

    @override
    def claims(self, request: web.Request) -> bool:
        """Take the calls of an app that names itself; the host went on without it."""
        return request.headers.get("Authorization", "").lower().startswith("basic ")

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        return refused(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        if request.path in PATHS:
            return await self._tokens.who(request)
        account = self.register.owner(request)
        return None if account is None else account.username
