"""Calls to the cars' cloud: with both tokens, one after the other, and not too many."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Car, Context
from ...cloud.errors import CloudError, LoginExpired, Throttled
from ...cloud.ledger import Purpose
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from .quota import QuotaPause
from .refusals import QuotaRefused, error_of, refusal_in
from .tokens import MyRenaultTokens, Session


class KamereonService(RestService):
    """How one account calls the cloud of its cars."""

    base = "https://api-wired-prod-1-euw1.wrd-aws.com"

    def __init__(self, context: Context) -> None:
        """Take up tokens and pauses of the last run; nothing is called."""
        super().__init__(context)
        self._account_state = AccountState(context)
        self._tokens = MyRenaultTokens(context, self._account_state)
        self._quota = QuotaPause(self._account_state)
        self._line = asyncio.Lock()

    @override
    async def authorise(self, send: Send) -> Answer:
        """Make a call with the token, renewed once; refused again it is the quota."""

        async def call(session: Session) -> Answer:
            return await send(
                {
                    "apikey": self._tokens.kamereon_key,
                    "x-gigya-id_token": session.access,
                    "Content-Type": "application/vnd.api+json",
                }
            )

        session = await self._tokens.fresh()
        try:
            return await call(session)
        except LoginExpired:
            # After a burst of calls a good token is refused as if it were dead.
            if self._quota.recent(self.now()):
                raise await self._too_many() from None
        session = await self._tokens.renewed(session)
        try:
            return await call(session)
        except LoginExpired:
            raise await self._too_many() from None

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call when it is its turn: the cloud refuses bursts, so one at a time."""
        country = self._tokens.country
        placed = replace(
            request,
            base=f"https://{country.cloud.kamereon}",
            params={"country": country.code, **(request.params or {})},
        )
        async with self._line:
            self._check_pause(purpose, request.path)
            try:
                answer = await super().call(placed, purpose, car)
            except QuotaRefused:
                raise await self._too_many() from None
            except Throttled as error:
                raise await self._too_many(error.until) from None
        if (refusal := refusal_in(answer)) is not None:
            raise refusal
        return answer

    def _check_pause(self, purpose: Purpose, what: str) -> None:
        """Raise while a pause lasts: then nothing is read at all."""
        until = self.context.transport.ledger.throttled_until
        if until is not None and purpose in {Purpose.READ, Purpose.LIST}:
            raise Throttled(what, until=until)

    async def _too_many(self, least: datetime | None = None) -> Throttled:
        """Return the pause after too many calls, which holds for all readings."""
        until = await self._quota.note(self.now())
        # The cloud's own word counts where it is longer than what we would wait.
        until = until if least is None else max(until, least)
        self.context.transport.ledger.throttle(until)
        return Throttled("quota", until=until)

    @override
    def error_of(self, answer: Answer) -> CloudError:
        return error_of(answer)

    @override
    async def close(self) -> None:
        await self._tokens.close()
