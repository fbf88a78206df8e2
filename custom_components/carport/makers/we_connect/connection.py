"""How one account calls We Connect: which tokens, which address, which errors."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, override

from ...cloud.account_state import AccountState
from ...cloud.answer import Answer
from ...cloud.contract import Car, Context
from ...cloud.errors import CloudError, LoginExpired, Outage
from ...cloud.ledger import Purpose
from ...cloud.oauth import OAuthTokens
from ...cloud.requests import Request
from ...cloud.rest import RestService
from ...cloud.rest_calls import Send
from . import endpoints as e
from .endpoints import NotEnrolled, TokenRefused
from .tokens import CarTokens, IdentityTokens

_ASK_AGAIN: Final = timedelta(hours=12)
NOT_ENROLLED: Final = "not_enrolled"
COUNTRY: Final = "DE"
"""The country of an account that names none."""


class WeConnectConnection(RestService):
    """An account with tokens of two kinds, and cars at several addresses."""

    base = e.DATA
    judged = e.JUDGED

    def __init__(self, context: Context) -> None:
        """Take up the tokens of the last run."""
        super().__init__(context)
        self._account_state = AccountState(context)
        self._identity = IdentityTokens(context, self._account_state)
        self._tokens = CarTokens(context, self._account_state, self._identity)

    @override
    async def authorise(self, send: Send) -> Answer:
        return await self._tokens.authorised(lambda tokens: send(_headers(tokens)))

    @override
    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call with the tokens that its host takes."""
        if request.base not in e.OF_THE_OWNER:
            return await self._call_for_cars(request, purpose, car)

        async def send(tokens: OAuthTokens) -> Answer:
            whole = request
            if request.path == e.CAR_USERS.path:
                whole = replace(request, json={"idP_IT": tokens.identity})
            return await self.send(whole, purpose, car, _headers(tokens))

        return await self._identity.authorised(send)

    async def _call_for_cars(
        self, request: Request, purpose: Purpose, car: Car | None
    ) -> Answer:
        """Make a call with the tokens for cars.

        A car that refuses tokens which were just renewed is not enrolled: it is left
        alone for half a day, and nobody has to sign in again.
        """
        try:
            answer = await super().call(request, purpose, car)
        except NotEnrolled:
            pass
        except LoginExpired as error:
            if car is None or self._tokens.expired:
                raise
            if not isinstance(error, TokenRefused):
                # A gateway in front refuses with this status too.
                raise Outage(request.path, status=error.status) from None
        else:
            if request.path == e.OPERATIONS.path and car is not None:
                await self._note_enrolled(car.vin, enrolled=True)
            return answer
        vin = "" if car is None else car.vin
        until = self.now() + _ASK_AGAIN
        await self._account_state.keep(**{f"away_{vin}": until.timestamp()})
        await self._note_enrolled(vin, enrolled=False)
        raise NotEnrolled(request.path)

    @property
    def not_enrolled(self) -> frozenset[str]:
        """The cars that were refused for good when they were last asked for."""
        kept = self._account_state.text(NOT_ENROLLED) or ""
        return frozenset(vin for vin in kept.split(",") if vin)

    async def _note_enrolled(self, vin: str, *, enrolled: bool) -> None:
        before = self.not_enrolled
        after = before - {vin} if enrolled else before | {vin}
        if after != before:
            kept = ",".join(sorted(after)) or None
            await self._account_state.keep(**{NOT_ENROLLED: kept})

    def left_alone(self, vin: str) -> bool:
        """Return whether a car was refused for good less than half a day ago."""
        return self._account_state.ahead(f"away_{vin}", self.now()) is not None

    async def json(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Mapping[str, object]:
        """Make a call that is answered with a JSON object."""
        values = {} if car is not None else self._account_values()
        answer = await self.call(request.with_values(**values), purpose, car)
        return answer.json()

    @override
    def base_for(self, car: Car | None) -> str:
        return e.DATA if car is None else car.handle["base"]

    @override
    def values(self, car: Car) -> Mapping[str, str]:
        return {"vin": car.vin, **self._account_values()}

    def _account_values(self) -> dict[str, str]:
        return {
            "user": self._account_state.text("user_id") or "",
            "mbb": self._account_state.text("mbb_user") or "",
            "country": self._account_state.text("country") or COUNTRY,
        }

    @override
    def error_of(self, answer: Answer) -> CloudError:
        return e.error_of(answer, self.now())

    @override
    async def sign_out(self) -> None:
        # First the tokens that were made of the others.
        for tier in (self._tokens, self._identity):
            await tier.give_back()

    @override
    async def close(self) -> None:
        await self._tokens.close()
        await self._identity.close()


def _headers(tokens: OAuthTokens) -> Mapping[str, str]:
    return {**e.HEADERS, **tokens.bearer}
