"""The accounts of the service, and who may call with which token."""

from datetime import datetime

from aiohttp import web

from ..bodies import bearer
from ..identity.region import Region
from ..identity.register import IdentityRegister
from ..identity.tokens import open_token
from ..refusal import Refused
from .account import AccountState
from .answers import refused
from .settings import Settings


class Register(IdentityRegister[AccountState, Settings]):
    """All accounts of both countries."""

    def admit(
        self, region: Region, request: web.BaseRequest, now: datetime
    ) -> AccountState:
        """Return who calls with an access token."""
        token = bearer(request)
        claims = open_token(token)
        if claims is not None and claims.jtt != "access_token":
            raise Refused(refused(401, "UNAUTHORIZED", "jtt must be 'access_token'"))
        account = self.owner(token)
        if account is None or self.alive(token, "access_token", now) is None:
            raise Refused(refused(401))
        if account.region is not region:
            raise Refused(refused(500))
        return account
