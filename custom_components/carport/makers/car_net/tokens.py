"""Tokens of one account: exchanged, kept with their verifier, renewed once for all."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final, override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    Outage,
    SignInFailed,
    map_login_errors,
)
from ...cloud.jwt import end_of
from ...cloud.ledger import Purpose
from ...cloud.oauth import LIFETIME, OAuthTokens, seconds_at
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from ..volkswagen_group.app_login import Grant
from . import endpoints as e

# What is kept beside the tokens.
_VERIFIER: Final = "code_verifier"
_LIFETIME: Final = "lifetime"
_REFRESH_END: Final = "refresh_expires_at"
_ATTESTATION: Final = "INVALID_REQUEST"
"""What the token call says, with 401, since it wants proof of being the maker's own app."""
_PROOF: Final = ("attestation", "integrity")
"""What else its refusals were seen to speak of then, with 401 or 403."""

_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Language": "en-us",
    "User-Agent": "Car-Net/60 CFNetwork/1121.2.2 Darwin/19.3.0",
}


class AppTokens(TokenManager[OAuthTokens]):
    """The tokens that the maker's app gets for a sign-in's code."""

    what = e.TOKEN
    harmless = (Outage, BadAnswer)

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the tokens of the last run."""
        kept = OAuthTokens.from_state(account_state)
        whole = kept and kept.identity and account_state.text(_VERIFIER)
        super().__init__(context, account_state, kept if whole else None)

    async def exchange(self, grant: Grant) -> OAuthTokens:
        """Turn a sign-in's code into tokens and keep them."""
        with map_login_errors():
            answer = await self._ask(
                grant_type="authorization_code",
                code=grant.code,
                redirect_uri=e.REDIRECT_URI,
                code_verifier=grant.pkce.verifier,
            )
            if answer.status != HTTPStatus.OK:
                # The credentials were good: it is us whom the maker refuses.
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED)
            return await self._take(answer, grant.pkce.verifier, None)

    @override
    async def _renew(self, tokens: OAuthTokens) -> OAuthTokens:
        end = self._account_state.number(_REFRESH_END)
        verifier = self._account_state.text(_VERIFIER) or ""
        if tokens.refresh is None or (end is not None and end <= self._now()):
            raise LoginExpired(e.TOKEN)
        answer = await self._ask(
            grant_type="refresh_token",
            refresh_token=tokens.refresh,
            # Not in the standard, but asked for: that of the sign-in.
            code_verifier=verifier,
        )
        if answer.status != HTTPStatus.OK:
            if _wants_own_app(answer):
                raise ClosedByMaker(e.TOKEN, status=answer.status)
            if answer.status == HTTPStatus.FORBIDDEN:
                # Not what is said of tokens that ended: it may pass.
                raise BadAnswer(e.TOKEN, status=answer.status)
            raise LoginExpired(e.TOKEN, status=answer.status)
        return await self._take(answer, verifier, tokens)

    async def _ask(self, **form: str) -> Answer:
        return await self._transport.request(
            "POST",
            f"{e.BASE}{e.TOKEN}",
            purpose=Purpose.TOKEN,
            what=e.TOKEN,
            headers=_HEADERS,
            form={"client_id": e.CLIENT_ID, **form},
            allowed=(200, 400, 401, 403),
        )

    async def _take(
        self, answer: Answer, verifier: str, before: OAuthTokens | None
    ) -> OAuthTokens:
        """Keep what an answer says, with the verifier that renews it."""
        body, now = answer.json(), self._now()
        known = self._account_state.number(_LIFETIME) if before else None
        lifetime = seconds_at(body, "expires_in") or known
        found = OAuthTokens.from_answer(body, e.TOKEN, now, before)
        if found.identity is None:
            raise BadAnswer(e.TOKEN)
        lifetime = lifetime or _left_by_claim(found.identity, now) or LIFETIME
        tokens = replace(found, expires_at=now + lifetime)
        end = None
        if (seconds := seconds_at(body, "refresh_expires_in")) is not None:
            end = now + seconds
        elif before is not None and before.refresh == tokens.refresh:
            end = self._account_state.number(_REFRESH_END)
        return await self._keep(
            tokens,
            **tokens.to_state(),
            code_verifier=verifier,
            lifetime=lifetime,
            refresh_expires_at=end,
        )


def _wants_own_app(answer: Answer) -> bool:
    """Return whether a refusal is about the program that asks, and not about its token."""
    if answer.status not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return False
    if answer.status == HTTPStatus.UNAUTHORIZED and _ATTESTATION in answer.text:
        return True
    said = answer.text.casefold()
    return any(word in said for word in _PROOF)


def _left_by_claim(token: str, now: float) -> float | None:
    end = end_of(token)
    return end - now if end is not None and end > now else None
