"""CarData as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from aiohttp import web

from ..account import Account
from ..cloud import Cloud, Route, Site, Wire
from . import containers
from .account import ACCOUNT_SETTINGS, CarDataRegister, open_account
from .answers import failed
from .broker import Broker
from .damages import DAMAGES
from .device import DeviceSignIn
from .hosts import API, SIGN_IN
from .pages import Pages
from .rest import Rest
from .settings import SERVICE_SETTINGS, Settings
from .tokens import Tokens


class CarData(Cloud):
    """The sign-in, the REST calls and the stream."""

    key = "car_data"
    hosts = (SIGN_IN, API)
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: CarDataRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = CarDataRegister(self.specs, open_account, Settings)
        tokens = Tokens(self.register)
        self.sign_in = DeviceSignIn(site, self.register, tokens)
        self._pages = Pages(self.register, self.sign_in)
        self.broker = Broker(site, self.register, tokens)
        self._rest = Rest(site, self.register, tokens, self.broker.store)

    @override
    def reset(self) -> None:
        self.broker.reset()
        super().reset()
        self.sign_in.forget()

    @override
    def saved_state(self) -> dict[str, Any]:
        return {
            account.username: {
                "generation": account.generation,
                "containers": [containers.to_json(one) for one in account.containers],
            }
            for account in self.register.accounts
        }

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if known := kept.get(account.username):
                account.generation = int(known["generation"])
                account.containers = [
                    containers.from_json(one) for one in known["containers"]
                ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host == API:
            return self._rest.routes()
        return (*self.sign_in.routes(), *self._pages.routes())

    @override
    def wires(self) -> Iterable[Wire]:
        return (self.broker,)

    @override
    def claims(self, request: web.Request) -> bool:
        """Take what is no sign-in of the older app, which names itself."""
        named = request.headers.get("Authorization", "").lower().startswith("basic ")
        return not named

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        return failed(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        return self._rest.who(request) or await self.sign_in.who(request)

    @override
    def apply_to_account(self, username: str, changes: Mapping[str, Any]) -> None:
        super().apply_to_account(username, changes)
        account = self.register.by_name(username)
        if account is not None:
            self.broker.arm_idle(account)
