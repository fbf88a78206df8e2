"""The three tokens: what they say, how long they live, and who may still use them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ..signing import Signer
from .account import AccountState, CarDataRegister

_SIGNER: Final = Signer(
    b"carport simulator, car data", {"alg": "RS256", "typ": "JWT", "kid": "sim"}
)

ACCESS: Final = "access"
REFRESH: Final = "refresh"
ID: Final = "id"


class Tokens:
    """Sells tokens and knows its own again."""

    def __init__(self, register: CarDataRegister) -> None:
        """Serve the accounts of a register."""
        self._register = register

    def sell(
        self, account: AccountState, scopes: list[str], now: datetime
    ) -> dict[str, Any]:
        """Return a new set of all three; the refresh token before it is dead."""
        settings = self._register.settings
        account.generation += 1
        granted = [scope for scope in scopes if account.may(scope)]

        def token(kind: str, lifetime: float) -> str:
            return _SIGNER.sign(
                {
                    "kind": kind,
                    "sub": account.gcid,
                    "aud": account.client_id,
                    "iat": now.timestamp(),
                    "exp": now.timestamp() + lifetime,
                    "scope": granted,
                    "generation": account.generation,
                }
            )

        answer: dict[str, Any] = {
            "gcid": account.gcid,
            "token_type": "Bearer",
            "access_token": token(ACCESS, settings.token_lifetime),
            "refresh_token": token(REFRESH, settings.refresh_lifetime),
            "scope": " ".join(granted),
            "expires_in": round(settings.token_lifetime) - 1,
        }
        if "openid" in granted:
            answer["id_token"] = token(ID, settings.token_lifetime)
        return answer

    def read(self, token: str, kind: str) -> Mapping[str, Any] | None:
        """Return what a token of ours says, alive or not."""
        claims = _SIGNER.open(token) if token.count(".") == 2 else None
        return claims if claims is not None and claims["kind"] == kind else None

    def owner(self, claims: Mapping[str, Any]) -> AccountState | None:
        """Return whose token it is, unless it was revoked."""
        account = self._register.by_gcid(claims["sub"])
        if account is None or claims["generation"] < account.dead_below:
            return None
        dead = claims["generation"] < account.access_dead_below
        if dead and claims["kind"] == ACCESS:
            return None
        # A client that was deleted in the portal takes its tokens along.
        return account if claims["aud"] == account.client_id else None
