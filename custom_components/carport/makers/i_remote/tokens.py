"""Tokens of an i Remote account: a password grant, repeated every eight hours.

The cloud hands out a refresh token that nobody ever saw work. So the password and the
app's key and secret are kept with the tokens; one that was refused is thrown away.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, override

from aiohttp import encode_basic_auth

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    NothingSent,
    Outage,
    SignInFailed,
    Throttled,
    map_login_errors,
)
from ...cloud.ledger import Purpose
from ...cloud.oauth import OAuthTokens
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from .endpoints import Region

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


class PasswordGrant(TokenManager[OAuthTokens]):
    """Keeps a token that is good, and gets a new one by what the owner typed."""

    what = WHAT
    # What does not need the owner may mend itself until the token ends.
    harmless = (Outage, BadAnswer, Throttled)

    def __init__(
        self, context: Context, region: Region, account_state: AccountState
    ) -> None:
        """Take up the token of the last run."""
        super().__init__(context, account_state, OAuthTokens.from_state(account_state))
        self._region = region
        # A token that never worked is not replaced: the next would not work either.
        self._proven = True

    async def sign_in(self, credentials: Mapping[str, str]) -> None:
        """Trade the owner's words for a token, and keep all that is needed later."""
        known = {key: credentials.get(key, "") for key in CREDENTIALS}
        for key in _OF_THE_APP:
            # A repeated sign-in may leave out what has not changed.
            known[key] = known[key] or self._account_state.text(key) or ""
        with map_login_errors():
            token = await self._grant(known)
        await self._use(token, stopped=None, **known)

    @override
    async def renewed(self, stale: OAuthTokens) -> OAuthTokens:
        if self._known().access == stale.access and not self._proven:
            raise LoginExpired(WHAT)
        return await super().renewed(stale)

    def prove(self) -> None:
        """Note that the cloud took the token."""
        self._proven = True

    @override
    def _known(self) -> OAuthTokens:
        """Return the token, unless a sign-in was refused: that is not tried again."""
        stopped = self._account_state.text("stopped")
        if stopped == SignInOutcome.CLIENT_REFUSED:
            raise ClosedByMaker(WHAT)
        if stopped in {SignInOutcome.ACCOUNT_LOCKED, SignInOutcome.CONSENT_MISSING}:
            raise SignInFailed(SignInOutcome(stopped))
        if stopped is not None:
            raise LoginExpired(WHAT)
        return super()._known()

    @override
    async def _renew(self, tokens: OAuthTokens) -> OAuthTokens:
        known = {key: self._account_state.text(key) or "" for key in CREDENTIALS}
        if not known["password"]:
            raise LoginExpired(WHAT)
        try:
            token = await self._grant(known)
        except SignInFailed as error:
            await self._stop(error.outcome)
            self._known()
            raise
        return await self._use(token)

    async def _stop(self, outcome: SignInOutcome) -> None:
        """Note that only the owner can go on; a refused password is not kept."""
        if outcome is SignInOutcome.WRONG_PASSWORD:
            await self._account_state.keep(stopped=str(outcome), password=None)
        else:
            await self._account_state.keep(stopped=str(outcome))

    async def _grant(self, known: Mapping[str, str]) -> OAuthTokens:
        try:
            key = encode_basic_auth(known["client_id"], known["client_secret"])
        except ValueError:
            # A colon in it, for one: no app ever had such a key.
            raise NothingSent(SignInOutcome.CLIENT_WRONG) from None
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
        body, now = answer.json(), self._now()
        return OAuthTokens.from_answer(body, WHAT, now, lifetime=_LIFETIME)

    async def _use(self, token: OAuthTokens, **values: str | None) -> OAuthTokens:
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
    body = answer.refusal()
    about = str(body.get("error_description", "")).casefold()
    if str(body.get("error")) not in _WRONG_PASSWORD:
        return outcome
    if _ABOUT_THE_CLIENT in about:
        return SignInOutcome.CLIENT_WRONG
    return SignInOutcome.WRONG_PASSWORD
