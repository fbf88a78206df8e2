"""Signing in at ZE Services and its token, in both generations.

The first generation has a refresh token in the answer, the second one (from December
2018) a cookie and a word to send along. The token says itself when it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Self, override

import aiohttp
from yarl import URL

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
from ...cloud.field_map import text_at
from ...cloud.jwt import end_by_our_clock
from ...cloud.ledger import Purpose
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from .cars import described
from .endpoints import BASE, LOGIN, REFRESH, REFUSALS, is_moved, moved_to

# What a token without a date of its own is given: the shorter of the two seen.
_LIFETIME: Final = 15 * 60.0
_COOKIE: Final = "refreshToken"
_ENDED: Final = frozenset({400, 401, 410, 422})
"""What a renewal may say of the pair it was given; a passing failure says others."""
# Only 401 for wrong credentials is likely; the others are what they usually mean.
_OUTCOMES: Final[Mapping[int, SignInOutcome]] = {
    401: SignInOutcome.WRONG_PASSWORD,
    403: SignInOutcome.CLIENT_REFUSED,
    423: SignInOutcome.ACCOUNT_LOCKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A token, and the word that every call of the second generation has."""

    access: str = field(repr=False)
    expires_at: float
    xsrf: str | None = field(default=None, repr=False)

    @classmethod
    def from_state(cls, account_state: AccountState) -> Self | None:
        """Bring the token of the last run back."""
        if (access := account_state.text("token")) is None:
            return None
        return cls(
            access=access,
            expires_at=account_state.number("expires_at") or 0,
            xsrf=account_state.text("xsrf"),
        )

    @property
    def headers(self) -> dict[str, str]:
        """What every call carries."""
        carried = {"Authorization": f"Bearer {self.access}"}
        return carried if self.xsrf is None else carried | {"X-XSRF-TOKEN": self.xsrf}


class ZeTokens(TokenManager[Session]):
    """Signs in, and renews the token by what the sign-in gave."""

    what = REFRESH
    ahead = 60.0
    harmless = (Outage, BadAnswer)

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the token of the last run."""
        super().__init__(context, account_state, Session.from_state(account_state))

    async def sign_in(self, username: str, password: str) -> Mapping[str, Any]:
        """Sign in, keep what it gave, and return what the cloud says of the user."""
        jar = aiohttp.CookieJar(quote_cookie=False)
        with map_login_errors():
            answer = await self._transport.request(
                "POST",
                f"{BASE}{LOGIN}",
                purpose=Purpose.SIGN_IN,
                what=LOGIN,
                json={"username": username, "password": password},
                jar=jar,
                allowed=(HTTPStatus.OK, *REFUSALS),
            )
            if answer.status != HTTPStatus.OK or is_moved(answer):
                raise _failure(answer)
            return await self._take_login(answer.json(), jar)

    async def _take_login(
        self, body: Mapping[str, Any], jar: aiohttp.CookieJar
    ) -> Mapping[str, Any]:
        """Keep token, pair and cars; which generation it is, the answer's keys tell."""
        token, user = text_at(body, "token"), body.get("user")
        if token is None or not isinstance(user, Mapping):
            raise BadAnswer(LOGIN)
        cookie = jar.filter_cookies(URL(f"{BASE}{REFRESH}")).get(_COOKIE)
        xsrf = text_at(body, "xsrfToken")
        await self._use(
            Session(access=token, expires_at=self._end_of(token), xsrf=xsrf),
            # The cookie fits only the token it came with: that one renews for ever.
            pair=token,
            refresh=text_at(body, "refresh_token"),
            cookie=None if cookie is None else cookie.value,
            **described(user),
        )
        return user

    @override
    async def _renew(self, tokens: Session) -> Session:
        pair = self._account_state.text("pair")
        refresh, cookie = (
            self._account_state.text("refresh"),
            self._account_state.text("cookie"),
        )
        if pair is None or (refresh is None and cookie is None):
            raise LoginExpired(REFRESH)
        jar = aiohttp.CookieJar(quote_cookie=False)
        if cookie is not None:
            jar.update_cookies({_COOKIE: cookie}, URL(f"{BASE}{REFRESH}"))
        # The refresh token takes whichever token ended last; a cookie only its own.
        ended = pair if refresh is None else tokens.access
        answer = await self._transport.request(
            "POST",
            f"{BASE}{REFRESH}",
            purpose=Purpose.TOKEN,
            what=REFRESH,
            headers=replace(tokens, access=ended).headers,
            json={"token": ended}
            if refresh is None
            else {"token": ended, "refresh_token": refresh},
            jar=jar,
            allowed=(HTTPStatus.OK, *REFUSALS),
        )
        if is_moved(answer):
            raise ClosedByMaker(REFRESH, status=answer.status)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Outage(REFRESH, status=answer.status)
        if answer.status in _ENDED:
            raise LoginExpired(REFRESH, status=answer.status)
        if answer.status != HTTPStatus.OK:
            raise BadAnswer(REFRESH, status=answer.status)
        token = text_at(answer.json(), "token")
        if token is None:
            raise BadAnswer(REFRESH)
        return await self._use(
            replace(tokens, access=token, expires_at=self._end_of(token))
        )

    async def _use(self, session: Session, **values: str | None) -> Session:
        return await self._keep(
            session,
            token=session.access,
            expires_at=session.expires_at,
            xsrf=session.xsrf,
            **values,
        )

    def _end_of(self, token: str) -> float:
        now = self._now()
        end = end_by_our_clock(token, now)
        return now + _LIFETIME if end is None else end


def _failure(answer: Answer) -> SignInFailed:
    if is_moved(answer):
        return SignInFailed(SignInOutcome.CLIENT_REFUSED, address=moved_to(answer))
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SignInFailed(SignInOutcome.MAKER_OUTAGE)
    outcome = _OUTCOMES.get(answer.status, SignInOutcome.PAGE_NOT_UNDERSTOOD)
    return SignInFailed(outcome)
