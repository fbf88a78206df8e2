"""Tokens of an i Remote account: bought with the password, every eight hours anew.

The cloud hands out a refresh token that nobody ever saw work. So the password and the
app's key and secret are kept with the tokens; one that was refused is thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
import json
from typing import Any, Final

from aiohttp import encode_basic_auth

from ...service.contract import Context
from ...service.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    Outage,
    SignInFailed,
    Throttled,
)
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.rows import number
from ...service.sign_in import SignInOutcome
from ...service.single_flight import SingleFlight
from ...service.vault import Vault
from .regions import Region

WHAT: Final = "/webapi/oauth/token/"
_OF_THE_APP: Final = ("client_id", "client_secret")
CREDENTIALS: Final = ("username", "password", *_OF_THE_APP)

_SCOPE: Final = "authenticate_user vehicle_data remote_services"
_LIFETIME: Final = 28_800.0
_AHEAD: Final = 120.0

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

    value: str = field(repr=False)
    expires_at: float


class TokenKeeper:
    """Hands out a token that is good, and buys a new one for all callers at once."""

    def __init__(self, context: Context, region: Region, vault: Vault) -> None:
        """Take up the token of the last run."""
        self._transport = context.transport
        self._clock = context.clock
        self._region = region
        self._vault = vault
        self._renewal = SingleFlight(self._renew)
        value = vault.text("access_token")
        self._token = value and Token(
            value=value, expires_at=vault.number("expires_at") or 0
        )
        # A token that never worked is not replaced: the next would not work either.
        self._proven = True

    async def sign_in(self, credentials: Mapping[str, str]) -> None:
        """Trade the owner's words for a token, and keep all that is needed later."""
        known = {key: credentials.get(key, "") for key in CREDENTIALS}
        for key in _OF_THE_APP:
            # Whoever signs in again may leave out what has not changed.
            known[key] = known[key] or self._vault.text(key) or ""
        try:
            token = await self._buy(known)
        except Throttled:
            raise SignInFailed(SignInOutcome.ACCOUNT_THROTTLED) from None
        except Outage:
            raise SignInFailed(SignInOutcome.MAKER_OUTAGE) from None
        except SignInFailed:
            raise
        except CloudError:
            raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD) from None
        await self._keep(token, stopped=None, **known)

    async def fresh(self) -> Token:
        """Return a token that is good for a while, renewing it ahead of its end."""
        token = self._known()
        left = token.expires_at - self._now()
        if left > _AHEAD:
            return token
        try:
            return await self._renewal.run()
        except Outage, BadAnswer, Throttled:
            if left > 0:
                return token
            raise

    async def renewed(self, stale: Token) -> Token:
        """Return another token than this, which the cloud has refused."""
        token = self._known()
        if token.value != stale.value:
            return token
        if not self._proven:
            raise LoginExpired(WHAT)
        return await self._renewal.run()

    def prove(self) -> None:
        """Note that the cloud took the token."""
        self._proven = True

    async def close(self) -> None:
        """Stop a renewal that is under way."""
        await self._renewal.close()

    def _known(self) -> Token:
        """Return the token, unless a sign-in was refused: that is not tried again."""
        stopped = self._vault.text("stopped")
        if stopped == SignInOutcome.CLIENT_REFUSED:
            raise ClosedByMaker(WHAT)
        if stopped in {SignInOutcome.ACCOUNT_LOCKED, SignInOutcome.CONSENT_MISSING}:
            raise SignInFailed(SignInOutcome(stopped))
        if stopped is not None or not self._token:
            raise LoginExpired(WHAT)
        return self._token

    async def _renew(self) -> Token:
        self._known()
        known = {key: self._vault.text(key) or "" for key in CREDENTIALS}
        if not known["password"]:
            raise LoginExpired(WHAT)
        try:
            token = await self._buy(known)
        except SignInFailed as error:
            await self._stop(error.outcome)
            self._known()
            raise
        await self._keep(token)
        return token

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
        value = body.get("access_token")
        if not isinstance(value, str) or not value:
            raise BadAnswer(WHAT)
        lifetime = number(body.get("expires_in"))
        if lifetime is None or lifetime <= 0:
            lifetime = _LIFETIME
        return Token(value=value, expires_at=self._now() + lifetime)

    async def _keep(self, token: Token, **values: str | None) -> None:
        await self._vault.keep(
            access_token=token.value, expires_at=token.expires_at, **values
        )
        self._token, self._proven = token, False

    def _now(self) -> float:
        return self._clock.now().timestamp()


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
