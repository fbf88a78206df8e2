"""Signing in at ZE Services and its token, in both generations.

The first generation has a refresh token in the answer, the second one (from December
2018) a cookie and a word to send along. The token says itself when it ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from yarl import URL

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
from ...service.jwt import claims
from ...service.ledger import Purpose
from ...service.rows import dig, text_at
from ...service.sign_in import SignInOutcome
from ...service.single_flight import SingleFlight
from ...service.vault import Vault
from .ze_wire import BASE, REFUSALS, is_moved, moved_to, vins

LOGIN: Final = "/user/login"
REFRESH: Final = "/user/token/refresh"

_AHEAD: Final = 60.0
# What a token without a date of its own is given: the shorter of the two seen.
_LIFETIME: Final = 15 * 60.0
_COOKIE: Final = "refreshToken"
# Only 401 for wrong credentials is likely; the others are what they usually mean.
_OUTCOMES: Final[Mapping[int, SignInOutcome]] = {
    401: SignInOutcome.WRONG_PASSWORD,
    403: SignInOutcome.CLIENT_REFUSED,
    423: SignInOutcome.ACCOUNT_LOCKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A token, and the word that every call of the second generation has."""

    token: str = field(repr=False)
    expires_at: float
    xsrf: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What every call carries."""
        carried = {"Authorization": f"Bearer {self.token}"}
        return carried if self.xsrf is None else carried | {"X-XSRF-TOKEN": self.xsrf}


class TokenKeeper:
    """Signs in, hands out tokens that are good, and renews them for all at once."""

    def __init__(self, context: Context, vault: Vault) -> None:
        """Take up the token of the last run."""
        self._transport = context.transport
        self._clock = context.clock
        self._vault = vault
        self._dead = False
        self._renewal = SingleFlight(self._renew)

    async def sign_in(self, username: str, password: str) -> Mapping[str, Any]:
        """Sign in, keep what it gave, and return what the cloud says of the user."""
        jar = aiohttp.CookieJar(quote_cookie=False)
        try:
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
        except SignInFailed:
            raise
        except Throttled:
            raise SignInFailed(SignInOutcome.ACCOUNT_THROTTLED) from None
        except Outage:
            raise SignInFailed(SignInOutcome.MAKER_OUTAGE) from None
        except CloudError:
            raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD) from None

    async def fresh(self) -> Session:
        """Return a token that is good for a while, renewing it ahead of its end."""
        session = self._known()
        left = session.expires_at - self._now()
        if left > _AHEAD:
            return session
        try:
            return await self._renewal.run()
        except Outage:
            if left > 0:
                return session
            raise

    async def renewed(self, stale: Session) -> Session:
        """Return another token than this one, which the cloud has refused."""
        session = self._known()
        return session if session.token != stale.token else await self._renewal.run()

    async def close(self) -> None:
        """Stop a renewal that is under way."""
        await self._renewal.close()

    def _known(self) -> Session:
        token = self._vault.text("token")
        if token is None or self._dead:
            raise LoginExpired(REFRESH)
        return Session(
            token=token,
            expires_at=self._vault.number("expires_at") or 0,
            xsrf=self._vault.text("xsrf"),
        )

    async def _take_login(
        self, body: Mapping[str, Any], jar: aiohttp.CookieJar
    ) -> Mapping[str, Any]:
        """Keep token, pair and cars; which generation it is, the answer's keys tell."""
        token, user = text_at(body, "token"), body.get("user")
        if token is None or not isinstance(user, Mapping):
            raise BadAnswer(LOGIN)
        cookie = jar.filter_cookies(URL(f"{BASE}{REFRESH}")).get(_COOKIE)
        await self._vault.keep(
            token=token,
            expires_at=self._end_of(token),
            # The cookie fits only the token it came with: that one renews for ever.
            pair=token,
            refresh=text_at(body, "refresh_token"),
            xsrf=text_at(body, "xsrfToken"),
            cookie=None if cookie is None else cookie.value,
            **_described(user),
        )
        self._dead = False
        return user

    async def _renew(self) -> Session:
        session, pair = self._known(), self._vault.text("pair")
        refresh, cookie = self._vault.text("refresh"), self._vault.text("cookie")
        if pair is None or (refresh is None and cookie is None):
            self._dead = True
            raise LoginExpired(REFRESH)
        jar = aiohttp.CookieJar(quote_cookie=False)
        if cookie is not None:
            jar.update_cookies({_COOKIE: cookie}, URL(f"{BASE}{REFRESH}"))
        # The refresh token takes whichever token ended last; a cookie only its own.
        ended = pair if refresh is None else session.token
        old = Session(token=ended, expires_at=0, xsrf=session.xsrf)
        answer = await self._transport.request(
            "POST",
            f"{BASE}{REFRESH}",
            purpose=Purpose.TOKEN,
            what=REFRESH,
            headers=old.headers,
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
        if answer.status != HTTPStatus.OK:
            self._dead = True
            raise LoginExpired(REFRESH, status=answer.status)
        token = text_at(answer.json(), "token")
        if token is None:
            raise BadAnswer(REFRESH)
        await self._vault.keep(token=token, expires_at=self._end_of(token))
        return self._known()

    def _end_of(self, token: str) -> float:
        """Return when a token ends by its own word, in epoch seconds."""
        end = claims(token).get("exp")
        if isinstance(end, (int, float)) and not isinstance(end, bool):
            return float(end)
        return self._now() + _LIFETIME

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _failure(answer: Answer) -> SignInFailed:
    if is_moved(answer):
        return SignInFailed(SignInOutcome.CLIENT_REFUSED, address=moved_to(answer))
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SignInFailed(SignInOutcome.MAKER_OUTAGE)
    outcome = _OUTCOMES.get(answer.status, SignInOutcome.PAGE_NOT_UNDERSTOOD)
    return SignInFailed(outcome)


def _described(user: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what is kept of a user: nothing tells the cars but the sign-in."""
    active = user.get("vehicle_details")
    others = user.get("associated_vehicles")
    cars = vins([active, *(others if isinstance(others, list) else [])])
    scopes = user.get("scopes")
    zones = (dig(active, ("timezone",)), user.get("timezone"))
    return {
        "cars": ",".join(cars),
        "active": next(iter(vins([active])), None),
        "scopes": ",".join(scope for scope in scopes if isinstance(scope, str))
        if isinstance(scopes, list)
        else None,
        "zone": next((zone for zone in zones if isinstance(zone, str) and zone), None),
    }
