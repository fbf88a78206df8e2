"""Good tokens for every call of an account, renewed once for all that wait for them.

What a sign-in gives, and how it is renewed, is a maker's own; when that is done, who
waits for it and when it is over is the same at every cloud.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import ClassVar, Protocol

from .account_state import AccountState
from .contract import Context
from .errors import (
    BadAnswer,
    CloudError,
    LoginExpired,
    NotPermitted,
    NotSupported,
    Outage,
)
from .single_flight import SingleFlight


class Expiring(Protocol):
    """Tokens that calls are made with, until a time in epoch seconds."""

    @property
    def access(self) -> str:
        """What the cloud is shown; other tokens differ in it."""

    @property
    def expires_at(self) -> float:
        """When they end."""


class TokenManager[T: Expiring](ABC):
    """Hands out tokens that are good, and renews them for all callers at once."""

    what: ClassVar[str]
    """The path template of the call that renews them, which is all that errors say."""
    ahead: ClassVar[float] = 120.0
    """How many seconds before their end they are renewed."""
    harmless: ClassVar[tuple[type[CloudError], ...]] = (Outage,)
    """What a renewal may end in while the old ones last."""

    def __init__(
        self, context: Context, account_state: AccountState, tokens: T | None
    ) -> None:
        """Take up the tokens of the last run."""
        self._transport = context.transport
        self._clock = context.clock
        self._account_state = account_state
        self._tokens = tokens
        self._expired = False
        self._renewal = SingleFlight(self._renew_or_expire)

    @property
    def expired(self) -> bool:
        """Whether only another sign-in brings tokens."""
        return self._tokens is None or self._expired

    async def fresh(self) -> T:
        """Return tokens that are good for a while, renewing them ahead of their end."""
        tokens = self._known()
        left = tokens.expires_at - self._now()
        if left > self.ahead:
            return tokens
        try:
            return await self._renewal.run()
        except self.harmless:
            if left > 0:
                return tokens
            raise

    async def renewed(self, stale: T) -> T:
        """Return other tokens than these, which the cloud has refused."""
        tokens = self._known()
        return tokens if tokens.access != stale.access else await self._renewal.run()

    async def authorised[R](self, call: Callable[[T], Awaitable[R]]) -> R:
        """Make a call with good tokens; once more with others if they are refused.

        Such a refusal proves that nothing was done. Nothing else does.
        """
        tokens = await self.fresh()
        try:
            return await call(tokens)
        except LoginExpired:
            tokens = await self.renewed(tokens)
        return await call(tokens)

    async def close(self) -> None:
        """Stop a renewal that is under way."""
        await self._renewal.close()

    @abstractmethod
    async def _renew(self, tokens: T) -> T:
        """Get new tokens for old ones and keep them; `LoginExpired` if that is over."""

    async def _keep(self, tokens: T, **values: str | float | None) -> T:
        """Use tokens once they are safe, in a maker's own words, for the next run."""
        await self._account_state.keep(**values)
        self._tokens, self._expired = tokens, False
        return tokens

    def _known(self) -> T:
        """Return the tokens there are; raise if only the owner can get others."""
        if self._tokens is None or self._expired:
            raise LoginExpired(self.what)
        return self._tokens

    async def _renew_or_expire(self) -> T:
        try:
            return await self._renew(self._known())
        except LoginExpired:
            # Nothing but a sign-in mends this: ask no more.
            self._expired = True
            raise
        except (NotPermitted, NotSupported) as error:
            # It says nothing of the car or the account that the tokens are for.
            raise BadAnswer(self.what, status=error.status) from None

    def _now(self) -> float:
        return self._clock.now().timestamp()
