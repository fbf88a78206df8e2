"""Škoda's public interface as a cloud of the simulator: one host for everything."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, override

from aiohttp import web

from ..account import Account
from ..cloud import Cloud, Route, Site
from .account import ACCOUNT_SETTINGS, Key, KeyRegister
from .damages import DAMAGES
from .problems import HOST, problem
from .settings import SERVICE_SETTINGS
from .vehicles import Vehicles


class Skoda(Cloud):
    """One read and a handful of commands, by key."""

    key = "skoda"
    hosts = (HOST,)
    service_settings = SERVICE_SETTINGS
    account_settings = ACCOUNT_SETTINGS
    damages = DAMAGES
    register: KeyRegister

    def __init__(self, site: Site, accounts: Iterable[Account]) -> None:
        """Open the cloud for these accounts."""
        super().__init__(site, accounts)
        self.register = KeyRegister(site.clock, self.specs)
        self._vehicles = Vehicles(site, self.register)

    @override
    def saved_state(self) -> dict[str, Any]:
        return {
            account.username: [
                {
                    "text": key.text,
                    "vins": key.vins,
                    "expires_at": key.expires_at.timestamp(),
                    "revoked": key.revoked,
                }
                for key in account.keys
            ]
            for account in self.register.accounts
        }

    @override
    def restore_state(self, kept: Mapping[str, Any]) -> None:
        for account in self.register.accounts:
            if keys := kept.get(account.username):
                account.keys = [
                    Key(
                        text=str(key["text"]),
                        vins=list(key["vins"]),
                        expires_at=datetime.fromtimestamp(key["expires_at"], UTC),
                        revoked=bool(key["revoked"]),
                    )
                    for key in keys
                ]

    @override
    def routes(self, host: str) -> Iterable[Route]:
        return self._vehicles.routes()

    @override
    def refusal(self, host: str, status: int) -> web.Response:
        return problem(status)

    @override
    async def who(self, request: web.Request) -> str | None:
        found = self.register.owner(request)
        return None if found is None else found[0].username
