"""Z.E. Services as a cloud of the simulator: one host for everything."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, override

from aiohttp import web

from ..account import Account
from ..cloud import Cloud, Route, Site
from . import cloud_state
from .account import ACCOUNT_SETTINGS
from .answers import refused_plainly
from .damages import DAMAGES
from .login import Login, ZeRegister
from .settings import SERVICE_SETTINGS
from .vehicle import Vehicle

HOST: Final = "www.services.renault-ze.com"


class ZeServices(Cloud):
    """Both generations; which of them, a setting says."""

    key = "ze_services"
    hosts = (HOST,)
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: ZeRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = ZeRegister(site, self.specs)
        self._login = Login(site, self.register)
        self._vehicle = Vehicle(site, self.register)

    @override
    def saved_state(self) -> dict[str, Any]:
        accounts = self.register.accounts
        return {account.username: cloud_state.to_json(account) for account in accounts}

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if account.username in kept:
                cloud_state.take_up(account, kept[account.username])
                for vin, car in account.cars.items():
                    self._vehicle.arm(vin, car)

    @override
    def routes(self, host: str) -> Iterable[Route]:
        return (*self._login.routes(), *self._vehicle.routes())

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        return refused_plainly(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        account = self.register.owner(request)
        return None if account is None else account.username
