"""MyRenault as a cloud of the simulator: three regions, and the host of the pictures."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from aiohttp import web

from ..account import Account
from ..bodies import form_fields
from ..cloud import Cloud, Route, Site
from . import answers, cloud_state
from .account import ACCOUNT_SETTINGS
from .codes import Codes
from .damages import DAMAGES
from .gigya import Login, gigya_routes
from .kamereon import Kamereon, Pictures
from .regions import GIGYA_HOSTS, HOSTS, KAMEREON_HOSTS
from .register import MyRenaultRegister
from .settings import SERVICE_SETTINGS


class MyRenault(Cloud):
    """Gigya and Kamereon, for Renault, Dacia and Alpine."""

    key = "my_renault"
    hosts = HOSTS
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: MyRenaultRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = MyRenaultRegister(site, self.specs)
        self._codes = Codes(site, self.register)
        self._login = Login(self.register, self._codes.begin)
        self._kamereon = Kamereon(site, self.register)
        self._pictures = Pictures(self.register)

    @override
    def reset(self) -> None:
        super().reset()
        self._codes.forget()

    @override
    def saved_state(self) -> dict[str, Any]:
        accounts = self.register.accounts
        return {
            account.spec.username: cloud_state.to_json(account) for account in accounts
        }

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if account.spec.username in kept:
                cloud_state.take_up(account, kept[account.spec.username])

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host in GIGYA_HOSTS:
            calls = {**self._login.calls(), **self._codes.calls()}
            return gigya_routes(self.site, self.register, host, calls)
        if host in KAMEREON_HOSTS:
            return self._kamereon.routes(host)
        return self._pictures.routes(host)

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        if host in KAMEREON_HOSTS:
            return answers.plainly(status)
        return answers.bad_gateway(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        if request.path == "/accounts.login":
            form = await form_fields(request) if request.method == "POST" else None
            account = self.register.by_name(
                {**request.query, **(form or {})}.get("loginID")
            )
        else:
            account = self.register.owner(request)
        return None if account is None else account.username
