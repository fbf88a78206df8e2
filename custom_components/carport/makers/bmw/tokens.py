"""Tokens of an i Remote account: bought with the password, every eight hours anew.

The cloud hands out a refresh token that nobody ever saw work. So the password and the
app's key and secret are kept with the tokens; one that was refused is thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
import json
from typing import Any, Final, Self, override

from aiohttp import encode_basic_auth

from ...service.contract import Context
from ...service.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    Outage,
    SignInFailed,
    Throttled,
    named_ends,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.rows import number
from ...service.sign_in import SignInOutcome
from ...service.token_keeper import TokenKeeper
from ...service.vault import Vault
from .regions import Region

WHAT: Final = "/webapi/oauth/token/"
_OF_THE_APP: Final = ("client_id", "client_secret")
CREDENTIALS: Final = ("username", "password", *_OF_THE_APP)

_SCOPE: Final = "authenticate_user vehicle_data remote_services"
_LIFETIME: Final = 28_800.0

_REFUSALS: Final[Mapping[int, SignInOutcome]] = {
    # The key of an app that BMW takes no longer, too.
    400: SignInOutcome.CLIENT_REFUSED,
    401: SignInOutcome.CLIENT_REFUSED,
    403: SignInOutcome.CLIENT_REFUSED,
    405: SignInOutcome.CONSENT_MISSING,
    410: SignInOutcome.CLIENT_REFUSED,
    423: SignInOutcome.ACCOUNT_LOCKED,
}
# A failed login was recorded as `invalid_client`, in spite of the standard; what the
# cloud said of a wrong key was not. Its description has to tell the two apart.
_WRONG_PASSWORD: Final = frozenset(
    {"invalid_client", "invalid_grant", "access_denied", "unauthorized"}
)
_ABOUT_THE_CLIENT: Final = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An access token; the time is in epoch seconds."""

    access: str = field(repr=False)
    expires_at: float

    @classmethod
    def from_vault(cls, vault: Vault) -> Self | None:
        """Bring the token of the last run back."""
        if (access := vault.text("access_token")) is None:
            return None
        return cls(access=access, expires_at=vault.number("expires_at") or 0)


class BoughtToken(TokenKeeper[Token]):
    """Keeps a token that is good, and buys a new one with what the owner typed."""

    what = WHAT
    # What does not need the owner may mend itself until the token ends.
    harmless = (Outage, BadAnswer, Throttled)

    def __init__(self, context: Context, region: Region, vault: Vault) -> None:
        """Take up the token of the last run."""
        super().__init__(context, vault, Token.from_vault(vault))
        self._region = region
        # A token that never worked is not replaced: the next would not work either.
        self._proven = True

    async def sign_in(self, credentials: Mapping[str, str]) -> None:
        """Trade the owner's words for a token, and keep all that is needed later."""
        known = {key: credentials.get(key, "") for key in CREDENTIALS}
        for key in _OF_THE_APP:
            # Whoever signs in again may leave out what has not changed.
            known[key] = known[key] or self._vault.text(key) or ""
        with named_ends():
            token = await self._buy(known)
        await self._use(token, stopped=None, **known)

    @override
    async def renewed(self, stale: Token) -> Token:
        if self._known().access == stale.access and not self._proven:
            raise LoginExpired(WHAT)
        return await super().renewed(stale)

    def prove(self) -> None:
        """Note that the cloud took the token."""
        self._proven = True

    @override
    def _known(self) -> Token:
        """Return the token, unless a sign-in was refused: that is not tried again."""
        stopped = self._vault.text("stopped")
        if stopped == SignInOutcome.CLIENT_REFUSED:
            raise ClosedByMaker(WHAT)
        if stopped in {SignInOutcome.ACCOUNT_LOCKED, SignInOutcome.CONSENT_MISSING}:
            raise SignInFailed(SignInOutcome(stopped))
        if stopped is not None:
            raise LoginExpired(WHAT)
        return super()._known()

    @override
    async def _renew(self, tokens: Token) -> Token:
        known = {key: self._vault.text(key) or "" for key in CREDENTIALS}
        if not known["password"]:
            raise LoginExpired(WHAT)
        try:
            token = await self._buy(known)
        except SignInFailed as error:
            await self._stop(error.outcome)
            self._known()
            raise
        return await self._use(token)

    async def _stop(self, outcome: SignInOutcome) -> None:
        """Note that only the owner can go on; a refused password is not kept."""
        if outcome is SignInOutcome.WRONG_PASSWORD:
            await self._vault.keep(stopped=str(outcome), password=None)
        else:
            await self._vault.keep(stopped=str(outcome))

    async def _buy(self, known: Mapping[str, str]) -> Token:
        try:
            key = encode_basic_auth(known["client_id"], known["client_secret"])
        except ValueError:
            # A colon in it, for one: no app ever had such a key.
            raise SignInFailed(SignInOutcome.CLIENT_REFUSED) from None
        answer = await self._transport.request(
            "POST",
            self._region.token,
            purpose=Purpose.TOKEN,
            what=WHAT,
            headers={"Authorization": key, "Accept": "application/json"},
            form={
                "grant_type": "password",
                "username": known["username"],
                "password": known["password"],
                "scope": _SCOPE,
            },
            allowed=(200, *_REFUSALS),
        )
        if answer.status != HTTPStatus.OK:
            raise SignInFailed(_outcome_of(answer))
        body = answer.json()
        access = body.get("access_token")
        if not isinstance(access, str) or not access:
            raise BadAnswer(WHAT)
        lifetime = number(body.get("expires_in"))
        if lifetime is None or lifetime <= 0:
            lifetime = _LIFETIME
        return Token(access=access, expires_at=self._now() + lifetime)

    async def _use(self, token: Token, **values: str | None) -> Token:
        await self._keep(
            token, access_token=token.access, expires_at=token.expires_at, **values
        )
        self._proven = False
        return token


def _outcome_of(answer: Answer) -> SignInOutcome:
    """Say what a refusal means, by its words, which need not be JSON."""
    outcome = _REFUSALS[answer.status]
    if outcome is not SignInOutcome.CLIENT_REFUSED:
        return outcome
    try:
        body: Any = json.loads(answer.text)
    except ValueError, RecursionError:
        return outcome
    if not isinstance(body, Mapping):
        return outcome
    about = str(body.get("error_description", "")).casefold()
    if str(body.get("error")) in _WRONG_PASSWORD and _ABOUT_THE_CLIENT not in about:
        return SignInOutcome.WRONG_PASSWORD
    return outcome
