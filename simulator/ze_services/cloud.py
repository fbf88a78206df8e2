"""Z.E. Services as a cloud of the simulator: one host for everything."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, override

from aiohttp import web

from ..accounts import Account
from ..cloud import Cloud, Damage, Route, Site
from ..knobs import ControlError, Knob, turn_all
from . import memory
from .account import ACCOUNT_KNOBS
from .answers import refused_plainly
from .damages import DAMAGES
from .login import Login, Register
from .settings import SERVICE_KNOBS
from .vehicle import Vehicle

HOST: Final = "www.services.renault-ze.com"


class ZeServices(Cloud):
    """Both generations; which of them, a knob says."""

    key: ClassVar[str] = "ze_services"
    hosts: ClassVar[tuple[str, ...]] = (HOST,)
    service_knobs: ClassVar[Mapping[str, Knob[Any]]] = SERVICE_KNOBS
    account_knobs: ClassVar[Mapping[str, Knob[Any]]] = ACCOUNT_KNOBS
    damages: ClassVar[Mapping[str, Damage]] = DAMAGES

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = Register(site, self.specs)
        self._login = Login(site, self.register)
        self._vehicle = Vehicle(site, self.register)

    @override
    def reset(self) -> None:
        self.register.open_all(self.specs)

    @override
    def memory(self) -> dict[str, Any]:
        accounts = self.register.accounts
        return {account.username: memory.to_json(account) for account in accounts}

    @override
    def recall(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if account.username in kept:
                memory.take_up(account, kept[account.username])
                for vin, car in account.cars.items():
                    self._vehicle.arm(vin, car)

    @override
    def accounts(self) -> Iterable[dict[str, Any]]:
        return [
            {
                "region": "eu",
                "username": account.username,
                "password": account.password,
                "pin": None,
                "vins": list(account.vins),
            }
            for account in self.register.accounts
        ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        guarded = self._vehicle.guarded
        return (
            *(
                Route(
                    method=route.method,
                    path=route.path,
                    handler=guarded(route.handler),
                )
                for route in self._login.routes()
            ),
            *self._vehicle.routes(),
        )

    @override
    def refuse(self, host: str, status: int, retry_after: str | None) -> web.Response:
        answer = refused_plainly(status)
        if retry_after is not None:
            answer.headers["Retry-After"] = retry_after
        return answer

    @override
    async def who(self, request: web.Request) -> str | None:
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
