"""The portal's session: a cookie, renewed with the owner's password, and seldom.

Nobody says how long it lasts, so that is measured. Signing in too often locks the
owner out of the whole account, in the app too.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import json
import math
from typing import ClassVar, Final, Self, override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Context
from ...cloud.errors import (
    BadAnswer,
    CloudError,
    LoginExpired,
    NothingSent,
    Outage,
    SignInFailed,
    Throttled,
)
from ...cloud.jwt import end_by_our_clock, end_of
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from ..volkswagen_group.identity_pages import AskCode
from .hosts import BRANDS, PORTAL, Brand
from .login import COOKIE, Entry, cookies_after, enter

A_DAY: Final = 5
"""Sign-ins with the password within 24 hours; one that failed counts as two."""
PAUSE: Final = timedelta(minutes=15)
SHORT_LIFE: Final = timedelta(hours=5)
_DAY: Final = timedelta(days=1)
_SPREAD: Final = _DAY / A_DAY
_LIFETIMES_KEPT: Final = 2
_WHAT: Final = "portal sign-in"

_FOR_THE_OWNER: Final = frozenset(
    {
        SignInOutcome.ACCESS_REFUSED,
        SignInOutcome.ACCOUNT_LOCKED,
        SignInOutcome.CAPTCHA,
        SignInOutcome.CODE_WANTED,
        SignInOutcome.CONSENT_MISSING,
        SignInOutcome.NEW_TERMS,
        SignInOutcome.UNKNOWN_ACCOUNT,
        SignInOutcome.CLIENT_REFUSED,
    }
)
"""Ends that no further try can mend: only the owner can, so nobody tries again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The cookies; `expires_at` is infinite where the session's own does not say."""

    cookies: Mapping[str, str] = field(repr=False)
    expires_at: float

    @classmethod
    def of(cls, cookies: Mapping[str, str], now: float) -> Self | None:
        """Make a session of cookies set just now; None where its own is not there."""
        access = cookies.get(COOKIE)
        if not access:
            return None
        ends_at = end_by_our_clock(access, now)
        return cls(cookies=cookies, expires_at=math.inf if ends_at is None else ends_at)

    @classmethod
    def from_state(cls, account_state: AccountState) -> Self | None:
        """Bring the session of the last run back."""
        # Earlier versions kept nothing but the session's own cookie.
        cookies = _texts(account_state.text("cookies")) or {
            COOKIE: account_state.text("cookie") or ""
        }
        access = cookies.get(COOKIE)
        if not access:
            return None
        ends_at = account_state.number("expires_at")
        if ends_at is None:
            # Kept by an earlier version, or of a session that does not say.
            ends_at = end_of(access)
        return cls(cookies=cookies, expires_at=math.inf if ends_at is None else ends_at)

    def to_state(self) -> dict[str, str | float | None]:
        """Return what brings it back."""
        return {
            "cookies": json.dumps(dict(self.cookies)),
            "cookie": None,
            "expires_at": None if math.isinf(self.expires_at) else self.expires_at,
        }

    @property
    def access(self) -> str:
        """The session's own cookie."""
        return self.cookies[COOKIE]

    @property
    def header(self) -> str:
        """All of the portal's cookies, as a browser sends them."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


class SessionManager(TokenManager[Session]):
    """Hands out the session, and signs in again when it has died."""

    what: ClassVar[str] = _WHAT
    ahead: ClassVar[float] = 60.0
    harmless: ClassVar[tuple[type[CloudError], ...]] = (Outage, Throttled, BadAnswer)

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the session of the last run."""
        super().__init__(context, account_state, Session.from_state(account_state))
        self._username = context.username

    @property
    def brand(self) -> Brand:
        """The brand the account was signed in for."""
        brand = BRANDS.get(self._account_state.text("brand") or "")
        if brand is None:
            raise LoginExpired(_WHAT)
        return brand

    @property
    def lifetimes(self) -> tuple[timedelta, ...]:
        """How long the last sessions lasted."""
        return tuple(
            timedelta(hours=hours)
            for hours in _floats(self._account_state.text("lives"))
        )

    @property
    def spread(self) -> bool:
        """Whether sessions die so early that sign-ins are spread over the day."""
        lifetimes = self.lifetimes
        return len(lifetimes) == _LIFETIMES_KEPT and max(lifetimes) < SHORT_LIFE

    def tries_today(self) -> int:
        """Return how much of a day's sign-ins is used."""
        return len(self._tries())

    async def sign_in(self, typed: Mapping[str, str], ask_code: AskCode | None) -> str:
        """Sign in as the owner asks for it, and keep the password; return the account.

        What is not typed again stays as it was.
        """
        key = typed.get("brand") or self._account_state.text("brand")
        password = typed.get("password") or self._account_state.text("password")
        if key is None or key not in BRANDS or password is None:
            raise NothingSent(SignInOutcome.CLIENT_REFUSED)
        username = typed.get("username") or self._username
        if (country := typed.get("country")) is not None:
            await self._account_state.keep(country=country)
        entry = await self._enter(BRANDS[key], username, password, ask_code)
        await self._take(entry, brand=key, password=password, stopped=None)
        return entry.account_id

    @override
    async def authorised[R](self, call: Callable[[Session], Awaitable[R]]) -> R:
        """Make a call, and remember that the portal has taken the session."""

        async def noted(session: Session) -> R:
            result = await call(session)
            if self._account_state.number("taken") is None:
                await self._account_state.keep(taken=1.0)
            return result

        return await super().authorised(noted)

    async def hear(self, session: Session, answer: Answer) -> None:
        """Go on with the cookies that the portal has set in an answer, if it has.

        Only a session that was set anew is worth keeping: others may change with every
        answer.
        """
        known = self._tokens
        if known is None or known.access != session.access:
            return  # The answer is to a session that another has replaced meanwhile.
        fresh = Session.of(cookies_after(known.cookies, answer), self._now())
        if fresh is None:
            return
        if fresh.access == known.access:
            self._tokens = replace(known, cookies=fresh.cookies)
        else:
            await self._keep(fresh, **fresh.to_state())

    @override
    async def _renew(self, tokens: Session) -> Session:
        """Sign in again with the kept password, if it may be tried now."""
        stopped, password = (
            self._account_state.text("stopped"),
            self._account_state.text("password"),
        )
        if stopped is not None:
            raise SignInFailed(_outcome(stopped), address=PORTAL)
        if password is None:
            raise LoginExpired(_WHAT)
        if tokens.expires_at > self._now() and self._was_refused_at_once():
            # For some accounts a session is refused from the first call, for ever.
            refused = SignInFailed(SignInOutcome.ACCESS_REFUSED, address=PORTAL)
            raise await self._end_of(refused)
        await self._note_death()
        # First when, then now: the clock runs on between the two.
        if (until := self.opens_at()) > self._clock.now():
            self._transport.ledger.throttle(until)
            raise Throttled(_WHAT, until=until)
        try:
            entry = await self._enter(self.brand, self._username, password, None)
        except SignInFailed as error:
            raise await self._end_of(error) from None
        return await self._take(entry)

    def _was_refused_at_once(self) -> bool:
        since = self._account_state.number("signed_in_at")
        return (
            self._account_state.number("taken") is None
            and since is not None
            and self._now() - since < PAUSE.total_seconds()
        )

    def opens_at(self) -> datetime:
        """Return since when, or when again, the password may be used."""
        tries = self._tries()
        if not tries:
            return self._clock.now()
        opens = tries[-1] + (_SPREAD if self.spread else PAUSE)
        if len(tries) >= A_DAY:
            opens = max(opens, tries[len(tries) - A_DAY] + _DAY)
        return opens

    async def _enter(
        self, brand: Brand, username: str, password: str, ask_code: AskCode | None
    ) -> Entry:
        """Sign in; the try is counted before it is made, twice if it fails."""
        await self._count()
        try:
            return await enter(
                self._transport,
                brand,
                username,
                password,
                country=self._account_state.text("country"),
                remembered=_texts(self._account_state.text("remembered")),
                ask_code=ask_code,
            )
        except SignInFailed:
            await self._count()
            raise

    async def _take(self, entry: Entry, **more: str | None) -> Session:
        if (session := Session.of(entry.cookies, self._now())) is None:
            raise BadAnswer(_WHAT)
        return await self._keep(
            session,
            **session.to_state(),
            signed_in_at=self._now(),
            taken=None,
            remembered=json.dumps(entry.remembered),
            **more,
        )

    async def _end_of(self, error: SignInFailed) -> CloudError:
        """Return what a failed renewal means; the owner's password is not sent again."""
        if error.outcome is SignInOutcome.WRONG_PASSWORD:
            await self._account_state.keep(password=None)
            return LoginExpired(_WHAT)
        if error.outcome in _FOR_THE_OWNER:
            await self._account_state.keep(stopped=str(error.outcome))
            return error
        if error.outcome is SignInOutcome.PAGE_NOT_UNDERSTOOD:
            return BadAnswer(_WHAT)
        if error.outcome is SignInOutcome.MAKER_OUTAGE:
            return Outage(_WHAT)
        return Throttled(_WHAT, until=self.opens_at())

    async def _note_death(self) -> None:
        """Measure how long the session has lasted, once."""
        since = self._account_state.number("signed_in_at")
        if since is None:
            return
        hours = max(self._now() - since, 0) / 3600
        lifetimes = [*_floats(self._account_state.text("lives")), hours][
            -_LIFETIMES_KEPT:
        ]
        await self._account_state.keep(
            signed_in_at=None, lives=",".join(f"{life:.2f}" for life in lifetimes)
        )

    def _tries(self) -> list[datetime]:
        """Return the tries of the last day, oldest first; a failed one stands twice."""
        since = self._now() - _DAY.total_seconds()
        kept = sorted(_floats(self._account_state.text("tries")))
        return [
            datetime.fromtimestamp(at, UTC) for at in kept if since < at <= self._now()
        ]

    async def _count(self) -> None:
        tries = [*(moment.timestamp() for moment in self._tries()), self._now()]
        await self._account_state.keep(tries=",".join(f"{at:.0f}" for at in tries))


def _outcome(kept: str) -> SignInOutcome:
    try:
        return SignInOutcome(kept)
    except ValueError:
        return SignInOutcome.PAGE_NOT_UNDERSTOOD


def _floats(kept: str | None) -> list[float]:
    try:
        return [float(part) for part in (kept or "").split(",") if part]
    except ValueError:
        return []


def _texts(kept: str | None) -> Mapping[str, str]:
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}
