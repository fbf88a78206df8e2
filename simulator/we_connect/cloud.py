"""We Connect as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, override

from aiohttp import web

from ..accounts import Account
from ..car_net.pages import error_page
from ..car_net.register import bearer
from ..cloud import Cloud, Damage, Route, Site
from ..knobs import ControlError, Knob, turn_all
from .account import ACCOUNT_KNOBS, WeRegister
from .account_calls import AccountCalls
from .admission import Admission
from .answers import guarded, refused, throttled
from .car_orders import CarOrders
from .car_reads import CarReads
from .damages import DAMAGES
from .hosts import DATA, EXCHANGE, HOSTS, IDENTITY, MBB, OTHER_DATA
from .settings import SERVICE_KNOBS
from .sign_in import WeSignIn
from .tokens import Tokens


class WeConnect(Cloud):
    """Nine hosts for one account."""

    key: ClassVar[str] = "we_connect"
    hosts: ClassVar[tuple[str, ...]] = HOSTS
    service_knobs: ClassVar[Mapping[str, Knob[Any]]] = SERVICE_KNOBS
    account_knobs: ClassVar[Mapping[str, Knob[Any]]] = ACCOUNT_KNOBS
    damages: ClassVar[Mapping[str, Damage]] = DAMAGES

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = WeRegister(self.specs)
        self._sign_in = WeSignIn(site, self.register)
        self._tokens = Tokens(site, self.register, self._sign_in)
        door = Admission(site, self.register)
        self._account_calls = AccountCalls(door)
        self._reads, self._orders = CarReads(door), CarOrders(door)

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
            for account in self.register.people
        ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        if host == IDENTITY:
            return self._sign_in.routes()
        if host in {EXCHANGE, MBB}:
            return self._tokens.routes(host)
        about = self._account_calls.routes(host)
        if host not in {DATA, OTHER_DATA}:
            return about
        calls = (
            *(("GET", *call) for call in self._reads.calls(host).items()),
            *(("GET", *call) for call in self._orders.outcomes(host).items()),
            *(("POST", *call) for call in self._orders.calls(host).items()),
        )
        return (
            *about,
            *(
                Route(method=method, path=path, handler=guarded(call))
                for method, path, call in calls
            ),
        )

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
        if request.method == "POST" and "oken" in request.path:
            return await self._tokens.who(request)
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
