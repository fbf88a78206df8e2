"""The accounts of the service, and how a token leads to one."""

from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from ..accounts import Account
from .account import AccountState, open_account
from .answers import refused
from .regions import Region
from .settings import Settings
from .tokens import Claims, open_token


class Register:
    """All accounts, as they are now, and the settings of the service."""

    def __init__(self, specs: Iterable[Account]) -> None:
        """Open the accounts."""
        self.open_all(specs)

    def open_all(self, specs: Iterable[Account]) -> None:
        """Open the accounts as on the first day, with the service's own settings."""
        self.settings = Settings()
        self.accounts = [open_account(spec) for spec in specs]

    def by_name(self, username: str) -> AccountState | None:
        """Find an account by its e-mail address, in whatever case it is typed."""
        wanted = username.strip().casefold()
        for account in self.accounts:
            if account.username.casefold() == wanted:
                return account
        return None

    def by_id(self, user_id: str) -> AccountState | None:
        """Find an account by its user id."""
        for account in self.accounts:
            if account.user_id == user_id:
                return account
        return None

    def owner(self, token: str) -> AccountState | None:
        """Return whose token this is, alive or not."""
        claims = open_token(token)
        return None if claims is None else self.by_id(claims.sub)

    def alive(self, token: str, kind: str, now: datetime) -> Claims | None:
        """Return what a token says if it is of this kind and still good."""
        claims = open_token(token)
        if claims is None or claims.jtt != kind or claims.is_over(now):
            return None
        account = self.by_id(claims.sub)
        if account is None or claims.generation < account.generations[kind]:
            return None
        return claims

    def admit(
        self, region: Region, request: web.BaseRequest, now: datetime
    ) -> AccountState | web.Response:
        """Return who calls with an access token, or the refusal."""
        token = bearer(request)
        claims = open_token(token)
        if claims is not None and claims.jtt != "access_token":
            return refused(401, "UNAUTHORIZED", "jtt must be 'access_token'")
        account = self.owner(token)
        if account is None or self.alive(token, "access_token", now) is None:
            return refused(401)
        if account.region is not region:
            return refused(500)
        return account


def bearer(request: web.BaseRequest) -> str:
    """Return the token in the authorization header, empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
