"""Calls to i Remote with a good token, and what its refusals mean."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from ...car.receipts import Reason
from ...service.contract import Car, Context
from ...service.errors import ClosedByMaker, CloudError, Outage, SignInFailed
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.sign_in import SignInOutcome
from . import cars
from .parts import address_of
from .regions import Region, home_of
from .tokens import BoughtToken, Token

# A command waits for the cloud only, but the cloud is slow at times.
_TIME_OUT: Final = 60.0


class CarUnavailable(Outage):
    """The cloud is there, the car is not; it may answer yet."""

    reason = Reason.NO_ANSWER_FROM_CAR


class Calls:
    """One account's calls; a token that was refused is renewed once."""

    def __init__(self, context: Context, region: Region, tokens: BoughtToken) -> None:
        """Call by the account's region, unless a car is at home in another."""
        self._transport = context.transport
        self._region = region
        self._tokens = tokens

    async def fetch_list(self) -> Answer:
        """Fetch the list of cars, which any region has."""
        return await self._authorised(
            lambda token: self._transport.request(
                "GET",
                f"{self._region.api}{cars.WHAT}",
                purpose=Purpose.LIST,
                what=cars.WHAT,
                headers=_headers(token),
                repeatable=True,
            )
        )

    async def get(
        self,
        car: Car,
        what: str,
        purpose: Purpose,
        *,
        params: Mapping[str, str] | None = None,
        accept: str = "application/json",
    ) -> Answer:
        """Fetch something of a car."""
        return await self._authorised(
            lambda token: self._transport.request(
                "GET",
                address_of(what, car, self._home(car)),
                purpose=purpose,
                what=what,
                headers=_headers(token, accept),
                params=params,
                repeatable=True,
            )
        )

    async def post(
        self,
        car: Car,
        what: str,
        form: Mapping[str, str],
        *,
        allowed: Collection[int],
        purpose: Purpose = Purpose.COMMAND,
    ) -> Answer:
        """Send something to a car, once unless the cloud refused our token."""
        return await self._authorised(
            lambda token: self._transport.request(
                "POST",
                address_of(what, car, self._home(car)),
                purpose=purpose,
                what=what,
                headers=_headers(token),
                form=form,
                time_out=_TIME_OUT,
                allowed=allowed,
            )
        )

    def _home(self, car: Car) -> Region:
        return home_of(car.handle.get("hub"), self._region)

    async def _authorised(self, call: Callable[[Token], Awaitable[Answer]]) -> Answer:
        async def named(token: Token) -> Answer:
            try:
                return await call(token)
            except CloudError as error:
                raise _named(error) from None

        answer = await self._tokens.authorised(named)
        self._tokens.prove()
        return answer


def _headers(token: Token, accept: str = "application/json") -> dict[str, str]:
    return {"Authorization": f"Bearer {token.access}", "Accept": accept}


def _named(error: CloudError) -> CloudError:
    """Give a refusal the name that this cloud's statuses stand for."""
    what = str(error).partition(" answered ")[0]
    match error.status:
        case 405:
            # Remote access is switched off, in the portal or in the car.
            return SignInFailed(SignInOutcome.CONSENT_MISSING)
        case 408:
            return CarUnavailable(what, status=error.status)
        case 410:
            return ClosedByMaker(what, status=error.status)
        case 423:
            return SignInFailed(SignInOutcome.ACCOUNT_LOCKED)
    return error
