"""Two tiers of tokens: of the identity, and of the cars' services made from them."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Final, Self, override

from ...service.contract import Context
from ...service.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    SignInFailed,
    named_ends,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.rows import text_at
from ...service.sign_in import SignInOutcome
from ...service.token_keeper import TokenKeeper
from ...service.vault import Vault
from .hosts import EXCHANGE, MBB
from .identity import Grant

_LIFETIME: Final = 3600.0
_REFUSALS: Final = (400, 401, 403)
_BRAND: Final = "VW"
_RENEW: Final = "/refreshTokens"
_MBB_TOKEN: Final = "/mobile/oauth2/v1/token"
_REVOKE: Final = "/mobile/oauth2/v1/revoke"
_REGISTER: Final = "/mobile/register/v1"
_REGISTRATION: Final = {
    "appId": "de.volkswagen.car-net.eu.e-remote",
    "appName": "We Connect",
    "appVersion": "5.8.0",
    "client_brand": _BRAND,
    "client_name": "iPhone",
    "platform": "iOS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSet:
    """One set of tokens; times are epoch seconds."""

    access: str = field(repr=False)
    identity: str | None = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: float

    @classmethod
    def from_answer(
        cls, body: Mapping[str, Any], what: str, now: float, before: Self | None
    ) -> Self:
        """Read a token answer; what it leaves out stays as it was before."""
        access = body.get("access_token")
        if not isinstance(access, str) or not access:
            raise BadAnswer(what)
        lifetime = body.get("expires_in")
        known = isinstance(lifetime, (int, float)) and not isinstance(lifetime, bool)
        return cls(
            access=access,
            identity=text_at(body, "id_token") or (before.identity if before else None),
            refresh=text_at(body, "refresh_token")
            or (before.refresh if before else None),
            expires_at=now + (float(lifetime) if known and lifetime else _LIFETIME),
        )

    @classmethod
    def from_vault(cls, vault: Vault, tier: str) -> Self | None:
        """Bring a tier's tokens of the last run back."""
        if (access := vault.text(f"{tier}_access")) is None:
            return None
        return cls(
            access=access,
            identity=vault.text(f"{tier}_identity"),
            refresh=vault.text(f"{tier}_refresh"),
            expires_at=vault.number(f"{tier}_expires_at") or 0,
        )


class Tier(TokenKeeper[TokenSet]):
    """The tokens of one tier, which can be given back."""

    name: ClassVar[str]

    def __init__(self, context: Context, vault: Vault) -> None:
        """Take up the tokens of the last run."""
        super().__init__(context, vault, TokenSet.from_vault(vault, self.name))

    async def give_back(self) -> None:
        """Tell the cloud that the tokens are no longer needed."""
        if self._tokens is not None and self._tokens.refresh is not None:
            await self._revoke(self._tokens.refresh)
            self._expired = True

    @abstractmethod
    async def _revoke(self, refresh: str) -> None:
        """Have a token refused from now on."""

    async def _take(
        self, answer: Answer, before: TokenSet | None, **more: str
    ) -> TokenSet:
        tokens = TokenSet.from_answer(answer.json(), answer.what, self._now(), before)
        return await self._keep(
            tokens,
            **{
                f"{self.name}_access": tokens.access,
                f"{self.name}_identity": tokens.identity,
                f"{self.name}_refresh": tokens.refresh,
                f"{self.name}_expires_at": tokens.expires_at,
            },
            **more,
        )

    async def _post(
        self,
        url: str,
        what: str,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return await self._transport.request(
            "POST",
            url,
            purpose=Purpose.TOKEN,
            what=what,
            headers={"Accept": "application/json", **(headers or {})},
            form=form,
            allowed=(200, *_REFUSALS),
        )


class IdentityTokens(Tier):
    """The tokens of a sign-in: for the owner's profile, and to make the others of."""

    name = "identity"
    what = _RENEW

    async def exchange(self, grant: Grant) -> TokenSet:
        """Turn a sign-in's code into tokens and keep them."""
        what = "/exchangeAuthCode"
        answer = await self._post(
            f"{EXCHANGE}{what}",
            what,
            {
                "auth_code": grant.code,
                "code_verifier": grant.pkce.verifier,
                "id_token": grant.id_token,
                "brand": _BRAND,
            },
        )
        # It refuses with 200, too.
        if answer.status != HTTPStatus.OK or "error" in answer.json():
            raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
        return await self._take(answer, None, user_id=grant.user_id)

    @override
    async def _renew(self, tokens: TokenSet) -> TokenSet:
        if tokens.refresh is None:
            raise LoginExpired(_RENEW)
        answer = await self._post(
            f"{EXCHANGE}{_RENEW}",
            _RENEW,
            {
                "grant_type": "refresh_token",
                "refresh_token": tokens.refresh,
                "brand": _BRAND,
            },
        )
        if answer.status != HTTPStatus.OK or "error" in answer.json():
            raise LoginExpired(_RENEW, status=answer.status)
        return await self._take(answer, tokens)

    @override
    async def _revoke(self, refresh: str) -> None:
        what = "/revokeToken"
        await self._post(f"{EXCHANGE}{what}", what, {"token": refresh})


class CarTokens(Tier):
    """The tokens that the cars' services take."""

    name = "mbb"
    what = _MBB_TOKEN

    def __init__(
        self, context: Context, vault: Vault, identity: IdentityTokens
    ) -> None:
        """Make them of the identity's tokens."""
        super().__init__(context, vault)
        self._identity = identity

    async def installation(self) -> str:
        """Return our number at the cloud, asked for once in an account's life."""
        if (known := self._vault.text("mbb_client")) is not None:
            return known
        answer = await self._transport.request(
            "POST",
            f"{MBB}{_REGISTER}",
            purpose=Purpose.TOKEN,
            what=_REGISTER,
            json=_REGISTRATION,
        )
        number = text_at(answer.json(), "client_id")
        if number is None:
            raise BadAnswer(_REGISTER)
        return number

    async def begin(self, installation: str) -> TokenSet:
        """Make the first tokens after a sign-in; raise `SignInFailed` with its end."""
        await self._vault.keep(mbb_client=installation)
        with named_ends():
            answer = await self._from_identity(await self._identity.fresh())
            if answer.status != HTTPStatus.OK:
                # The credentials were good: it is us whom the maker refuses.
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
            return await self._take(answer, None)

    @override
    async def _renew(self, tokens: TokenSet) -> TokenSet:
        if tokens.refresh is not None:
            answer = await self._ask(
                {
                    "grant_type": "refresh_token",
                    # The old clients said `token`; the later ones said this.
                    "refresh_token": tokens.refresh,
                }
            )
            if answer.status == HTTPStatus.OK:
                return await self._take(answer, tokens)
        identity = await self._identity.fresh()
        answer = await self._from_identity(identity)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            answer = await self._from_identity(await self._identity.renewed(identity))
        if answer.status != HTTPStatus.OK:
            raise LoginExpired(_MBB_TOKEN, status=answer.status)
        return await self._take(answer, None)

    @override
    async def _revoke(self, refresh: str) -> None:
        hint = {"token_type_hint": "refresh_token"}
        await self._post(f"{MBB}{_REVOKE}", _REVOKE, {"token": refresh}, hint)

    async def _from_identity(self, tokens: TokenSet) -> Answer:
        if tokens.identity is None:
            raise LoginExpired(_MBB_TOKEN)
        return await self._ask({"grant_type": "id_token", "token": tokens.identity})

    async def _ask(self, form: Mapping[str, str]) -> Answer:
        answer = await self._post(
            f"{MBB}{_MBB_TOKEN}",
            _MBB_TOKEN,
            {**form, "scope": "sc2:fal"},
            {"X-Client-Id": await self.installation()},
        )
        if answer.status == HTTPStatus.FORBIDDEN:
            # How the service ended in 2023: whoever asks, whatever the token.
            raise ClosedByMaker(_MBB_TOKEN, status=answer.status)
        return answer
