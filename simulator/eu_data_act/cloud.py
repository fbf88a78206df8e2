"""The portal as a cloud of the simulator: its host, and its part of the identity host."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, override

from aiohttp import web

from ..account import Account
from ..cloud import Cloud, Route, Site
from ..identity.pages import error_page
from ..identity.register import IdentityRegister
from .account import ACCOUNT_SETTINGS, DataActRegister, open_account
from .answers import refused
from .damages import DAMAGES
from .data_requests import DataRequest
from .deliveries import Depot
from .hosts import HOSTS, IDENTITY, REGIONS
from .portal import Portal
from .settings import SERVICE_SETTINGS, DataActSettings
from .sign_in import CHALLENGE, DataActSignIn


class EuDataAct(Cloud):
    """One portal for seven brands."""

    key = "eu_data_act"
    hosts = HOSTS
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: DataActRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        opened = partial(open_account, since=site.clock.now())
        self.register = IdentityRegister(self.specs, opened, DataActSettings)
        self._sign_in = DataActSignIn(site, self.register)
        self._depot = Depot(site, self.register)
        self._portal = Portal(site, self.register, self._sign_in, self._depot)

    @override
    def reset(self) -> None:
        super().reset()
        self._depot.clear()

    @override
    def saved_state(self) -> dict[str, Any]:
        return {
            account.username: {
                vin: [one.to_json() for one in requests]
                for vin, requests in account.requests.items()
            }
            for account in self.register.accounts
        }

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if account.username in kept:
                account.requests = {
                    vin: [DataRequest.from_json(one) for one in requests]
                    for vin, requests in kept[account.username].items()
                    if vin in account.vins
                }

    @override
    def claims(self, request: web.Request) -> bool:
        client = request.query.get("client_id") or request.query.get("clientId")
        parts = request.path.split("/")
        return (
            client in REGIONS
            or any(client in parts for client in REGIONS)
            or request.path == CHALLENGE
            or self._sign_in.knows(request)
        )

    @override
    def routes(self, host: str) -> Iterable[Route]:
        return self._sign_in.routes() if host == IDENTITY else self._portal.routes()

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        if host == IDENTITY and status != 429:
            return error_page(status)
        return refused(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        return self._portal.who(request) or self._sign_in.who(request)
