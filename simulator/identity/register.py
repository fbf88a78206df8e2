"""How a token leads to an account."""

from datetime import datetime

from ..register import Register
from .account import IdentityAccount
from .settings import IdentitySettings
from .tokens import Claims, open_token


class IdentityRegister[A: IdentityAccount, S: IdentitySettings](Register[A, S]):
    """The accounts of a service whose sign-in is the identity host's."""

    def by_id(self, user_id: str) -> A | None:
        """Find an account by its user id."""
        return next((one for one in self.accounts if one.user_id == user_id), None)

    def owner(self, token: str) -> A | None:
        """Return whose token this is, alive or not."""
        claims = open_token(token)
        return None if claims is None else self.by_id(claims.sub)

    def name_of(self, token: str) -> str | None:
        """Return the name of the account a token belongs to."""
        account = self.owner(token)
        return None if account is None else account.username

    def alive(self, token: str, kind: str, now: datetime) -> Claims | None:
        """Return what a token says if it is of this kind and still good."""
        claims = open_token(token)
        if claims is None or claims.jtt != kind or claims.is_over(now):
            return None
        account = self.by_id(claims.sub)
        if account is None or claims.generation < account.generations[kind]:
            return None
        return claims
