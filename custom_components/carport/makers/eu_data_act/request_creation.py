"""Creating a car's data request, after the owner has agreed to it."""

from datetime import datetime
from typing import Protocol

from ...cloud.answer import Answer
from ...cloud.contract import Car
from ...cloud.errors import CloudError, LoginExpired, SignInFailed
from ...cloud.ledger import Purpose
from ...cloud.requests import Request
from . import endpoints
from .data_requests import DataRequest, body_of_request


class Requesting(Protocol):
    """What can look for a car's data request, and call the portal."""

    def now(self) -> datetime:
        """Return the time at the portal."""

    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make a call with the account's session."""

    async def request_of(self, car: Car, purpose: Purpose) -> DataRequest | None:
        """Return the request of a car, if there is one."""


async def create_request(
    service: Requesting, car: Car, clusters: tuple[str, ...]
) -> bool:
    """Create a request, unless one runs; return whether there is one afterwards.

    It is looked for before and after: two for one car are refused, and what nobody
    answered may have been done.
    """
    if await _runs(service, car):
        return True
    body = body_of_request(service.now(), clusters)
    try:
        await service.call(endpoints.create(body), Purpose.COMMAND, car)
    except LoginExpired, SignInFailed:
        raise
    except CloudError:
        pass  # It may be there all the same: that is looked at, not tried again.
    return await _runs(service, car)


async def _runs(service: Requesting, car: Car) -> bool:
    request = await service.request_of(car, Purpose.LIST)
    return request is not None and not request.is_over(service.now())
