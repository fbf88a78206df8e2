"""i Remote as a cloud of the simulator: its hosts, and who answers what there."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, override

from aiohttp import web

from ..accounts import Account
from ..cloud import Cloud, Damage, Route, Site
from ..knobs import ControlError, Knob, turn_all
from .account import ACCOUNT_KNOBS, Register
from .answers import refused
from .damages import DAMAGES
from .regions import APIS, NAVIGATION, TOKEN_HOSTS
from .services import Services
from .settings import SERVICE_KNOBS
from .tokens import PATHS, TokenCall


class IRemote(Cloud):
    """Three regions, the two token hosts of later years, and the portal."""

    key: ClassVar[str] = "i_remote"
    hosts: ClassVar[tuple[str, ...]] = (*APIS, *TOKEN_HOSTS, NAVIGATION)
    service_knobs: ClassVar[Mapping[str, Knob[Any]]] = SERVICE_KNOBS
    account_knobs: ClassVar[Mapping[str, Knob[Any]]] = ACCOUNT_KNOBS
    damages: ClassVar[Mapping[str, Damage]] = DAMAGES

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = Register(self.specs)
        self._tokens = TokenCall(site, self.register)
        self._services = Services(site, self.register)

    @override
    def reset(self) -> None:
        self.register.open_all(self.specs)
        self._services.forget()

    @override
    def memory(self) -> dict[str, Any]:
        return self._services.memory.to_json()

    @override
    def recall(self, kept: Mapping[str, Any]) -> None:
        self._services.memory.take_up(kept)

    @override
    def accounts(self) -> Iterable[dict[str, Any]]:
        return [
            {
                "region": account.region,
                "username": account.username,
                "password": account.password,
                "pin": account.answer,
                "client_id": account.client_id,
                "client_secret": account.client_secret,
                "vins": list(account.vins),
            }
            for account in self.register.accounts
        ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        return (*self._tokens.routes(host), *self._services.routes(host))

    @override
    def refuse(self, host: str, status: int, retry_after: str | None) -> web.Response:
        answer = refused(status)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer

    @override
    async def who(self, request: web.Request) -> str | None:
        if request.path in PATHS:
            return await self._tokens.who(request)
        account = self.register.owner(request)
        return None if account is None else account.username

    @override
    def turn(self, changes: Mapping[str, Any]) -> None:
        turn_all(self.register.settings, SERVICE_KNOBS, changes)

    @override
    def turn_account(self, username: str, changes: Mapping[str, Any]) -> None:
        account = self.register.by_name(username)
        if account is None:
            raise ControlError("no such account")
        turn_all(account, ACCOUNT_KNOBS, changes)
