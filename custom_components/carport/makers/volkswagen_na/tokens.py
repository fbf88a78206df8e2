"""Tokens of one account: exchanged, kept with their verifier, renewed once for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Self, override

from ...service.contract import Context
from ...service.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    SignInFailed,
    named_ends,
)
from ...service.http import Answer
from ...service.jwt import end_of
from ...service.ledger import Purpose
from ...service.sign_in import SignInOutcome
from ...service.token_keeper import TokenKeeper
from ...service.vault import Vault
from .sign_in import Client, Grant

_WHAT: Final = "/oidc/v1/token"
_LIFETIME: Final = 3600.0
_REFUSALS: Final = (400, 401, 403)
# What the token call says since it wants proof of being the maker's own app.
_ATTESTATION: Final = "INVALID_REQUEST"

_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Language": "en-us",
    "User-Agent": "Car-Net/60 CFNetwork/1121.2.2 Darwin/19.3.0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """One set of tokens; times are epoch seconds."""

    access: str = field(repr=False)
    identity: str = field(repr=False)
    refresh: str | None = field(repr=False)
    verifier: str = field(repr=False)
    expires_at: float
    refresh_expires_at: float | None
    lifetime: float

    @classmethod
    def from_answer(
        cls, body: Mapping[str, Any], verifier: str, now: float, before: Self | None
    ) -> Self:
        """Read a token answer; what it leaves out stays as it was before."""
        access = _text(body, "access_token", "accessToken")
        identity = _text(body, "id_token", "idToken")
        refresh = _text(body, "refresh_token", "refreshToken")
        if access is None or identity is None:
            raise BadAnswer(_WHAT)
        lifetime = (
            _seconds(body.get("expires_in"))
            or (before.lifetime if before else None)
            or _left_by_claim(identity, now)
            or _LIFETIME
        )
        refresh_lifetime = _seconds(body.get("refresh_expires_in"))
        if refresh_lifetime is not None:
            refresh_end: float | None = now + refresh_lifetime
        else:
            refresh_end = before.refresh_expires_at if before and not refresh else None
        return cls(
            access=access,
            identity=identity,
            refresh=refresh or (before.refresh if before else None),
            verifier=verifier,
            expires_at=now + lifetime,
            refresh_expires_at=refresh_end,
            lifetime=lifetime,
        )

    @classmethod
    def from_vault(cls, vault: Vault) -> Self | None:
        """Bring a set back; None where there is none that could be used."""
        access, identity = vault.text("access_token"), vault.text("id_token")
        verifier = vault.text("code_verifier")
        if access is None or identity is None or verifier is None:
            return None
        return cls(
            access=access,
            identity=identity,
            refresh=vault.text("refresh_token"),
            verifier=verifier,
            expires_at=vault.number("expires_at") or 0,
            refresh_expires_at=vault.number("refresh_expires_at"),
            lifetime=vault.number("lifetime") or _LIFETIME,
        )

    def to_vault(self) -> dict[str, str | float | None]:
        """Return what is to be kept."""
        return {
            "access_token": self.access,
            "id_token": self.identity,
            "refresh_token": self.refresh,
            "code_verifier": self.verifier,
            "expires_at": self.expires_at,
            "refresh_expires_at": self.refresh_expires_at,
            "lifetime": self.lifetime,
        }


class AppTokens(TokenKeeper[TokenSet]):
    """The tokens that one of the maker's apps gets for a sign-in's code."""

    what = _WHAT

    def __init__(self, context: Context, client: Client, vault: Vault) -> None:
        """Take up the tokens of the last run."""
        super().__init__(context, vault, TokenSet.from_vault(vault))
        self._client = client

    async def exchange(self, grant: Grant) -> TokenSet:
        """Turn a sign-in's code into tokens and keep them."""
        with named_ends():
            answer = await self._ask(
                {
                    "grant_type": "authorization_code",
                    "code": grant.code,
                    "client_id": self._client.client_id,
                    "redirect_uri": self._client.redirect_uri,
                    "code_verifier": grant.pkce.verifier,
                }
            )
            if answer.status != HTTPStatus.OK:
                # The credentials were good: it is us whom the maker refuses.
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
            return await self._take(answer, grant.pkce.verifier, None)

    @override
    async def _renew(self, tokens: TokenSet) -> TokenSet:
        end = tokens.refresh_expires_at
        if tokens.refresh is None or (end is not None and end <= self._now()):
            raise LoginExpired(_WHAT)
        answer = await self._ask(
            {
                "grant_type": "refresh_token",
                "client_id": self._client.client_id,
                "refresh_token": tokens.refresh,
                # Not in the standard, but asked for: that of the sign-in.
                "code_verifier": tokens.verifier,
            }
        )
        if answer.status != HTTPStatus.OK:
            if answer.status == HTTPStatus.UNAUTHORIZED and _ATTESTATION in answer.text:
                raise ClosedByMaker(_WHAT, status=answer.status)
            raise LoginExpired(_WHAT, status=answer.status)
        return await self._take(answer, tokens.verifier, tokens)

    async def _ask(self, form: Mapping[str, str]) -> Answer:
        return await self._transport.request(
            "POST",
            f"{self._client.base}{_WHAT}",
            purpose=Purpose.TOKEN,
            what=_WHAT,
            headers=_HEADERS,
            form=form,
            allowed=(200, *_REFUSALS),
        )

    async def _take(
        self, answer: Answer, verifier: str, before: TokenSet | None
    ) -> TokenSet:
        tokens = TokenSet.from_answer(answer.json(), verifier, self._now(), before)
        return await self._keep(tokens, **tokens.to_vault())


def _left_by_claim(token: str, now: float) -> float | None:
    end = end_of(token)
    return end - now if end is not None and end > now else None


def _text(body: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        if isinstance(value := body.get(key), str) and value:
            return value
    return None


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if value > 0 else None
