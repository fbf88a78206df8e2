"""Car-Net as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, override

from aiohttp import web

from ..accounts import Account
from ..cloud import Cloud, Damage, Route, Site
from ..knobs import ControlError, Knob, turn_all
from .account import ACCOUNT_KNOBS
from .answers import refused, throttled
from .damages import DAMAGES
from .oidc import Oidc
from .pages import error_page
from .regions import IDENTITY, REGIONS
from .register import Register, bearer
from .services import Services
from .settings import SERVICE_KNOBS
from .sign_in import SignIn

_TOKEN_PATH: Final = "/oidc/v1/token"


class CarNet(Cloud):
    """Both countries' bases and the identity host they share."""

    key: ClassVar[str] = "car_net"
    hosts: ClassVar[tuple[str, ...]] = (
        *(region.base for region in REGIONS.values()),
        IDENTITY,
    )
    service_knobs: ClassVar[Mapping[str, Knob[Any]]] = SERVICE_KNOBS
    account_knobs: ClassVar[Mapping[str, Knob[Any]]] = ACCOUNT_KNOBS
    damages: ClassVar[Mapping[str, Damage]] = DAMAGES

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = Register(self.specs)
        self._oidc = Oidc(site, self.register)
        self._sign_in = SignIn(site, self.register, self._oidc)
        self._services = Services(site, self.register)

    @override
    def reset(self) -> None:
        self.register.open_all(self.specs)

    @override
    def accounts(self) -> Iterable[dict[str, Any]]:
        return [
            {
                "region": account.region.key,
                "username": account.username,
                "password": account.password,
                "pin": account.pin,
                "vins": list(account.vins),
            }
            for account in self.register.accounts
        ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host == IDENTITY:
            return self._sign_in.routes()
        return (*self._oidc.routes(host), *self._services.routes(host))

    @override
    def refuse(self, host: str, status: int, retry_after: str | None) -> web.Response:
        if status == 429:
            return throttled(retry_after)
        answer = error_page(status) if host == IDENTITY else refused(status)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer

    @override
    async def who(self, request: web.Request) -> str | None:
        if token := bearer(request):
            account = self.register.owner(token)
            return None if account is None else account.username
        if request.path == _TOKEN_PATH:
            return await self._oidc.who(request)
        return self._sign_in.who(request)

    @override
    def turn(self, changes: Mapping[str, Any]) -> None:
        turn_all(self.register.settings, SERVICE_KNOBS, changes)

    @override
    def turn_account(self, username: str, changes: Mapping[str, Any]) -> None:
        account = self.register.by_name(username)
        if account is None:
            raise ControlError("no such account")
        turn_all(account, ACCOUNT_KNOBS, changes)
