"""Calls of a service that is declared: with credentials, and refusals by their name."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import ClassVar, Final

from .answer import Answer
from .contract import Car, Service
from .errors import CloudError, SignInFailed, error_for
from .ledger import Purpose
from .requests import Request
from .sign_in import SignInOutcome

type Send = Callable[[Mapping[str, str]], Awaitable[Answer]]
"""Makes a call with these headers; the answer has any status the caller allowed."""

ANY_REFUSAL: Final = frozenset(
    status for status in range(400, 600) if status not in {408, 429, 502, 504}
)
"""Statuses whose bodies are read before they are named."""


class RestCalls(Service):
    """One account at a cloud that is called by the requests of a table."""

    base: ClassVar[str]
    """The address that paths of the tables are below."""
    errors: ClassVar[Mapping[int, type[CloudError] | SignInOutcome]] = {}
    """What a status means here, where it is not what it usually means.

    An outcome means that the account's sign-in has ended so.
    """
    judged: ClassVar[frozenset[int]] = ANY_REFUSAL
    """Statuses that `error_of` names; any other is what it usually means."""
    outages: ClassVar[frozenset[int]] = frozenset()
    """Statuses after which a read is tried again, whatever their bodies say."""

    async def authorise(self, send: Send) -> Answer:
        """Make a call with the account's credentials, renewed once if need be."""
        raise NotImplementedError

    def values(self, car: Car) -> Mapping[str, str]:
        """Return what path templates are filled in with."""
        return {"vin": car.vin, **car.handle}

    def base_for(self, car: Car | None) -> str:
        """Return the address that paths are below, where each car may have its own."""
        return self.base

    def heard(self, answer: Answer, car: Car | None) -> None:
        """Take note of an answer, a refusal too; raise what only its body tells."""

    def error_of(self, answer: Answer) -> CloudError:
        """Name a refusal; by its body where the cloud's bodies say more."""
        kind = self.errors.get(answer.status)
        if isinstance(kind, SignInOutcome):
            return SignInFailed(kind)
        return error_for(answer.what, answer.status, kind)

    async def call(
        self, request: Request, purpose: Purpose, car: Car | None = None
    ) -> Answer:
        """Make an authorised call; raise what a status that is no success means."""
        return await self.authorise(
            lambda headers: self.send(request, purpose, car, headers)
        )

    async def send(
        self,
        request: Request,
        purpose: Purpose,
        car: Car | None,
        headers: Mapping[str, str],
    ) -> Answer:
        """Make a call with these headers; raise what its status means."""
        known = {} if car is None else self.values(car)
        allowed = self.judged | request.accepted
        answer = await self.context.transport.request(
            request.method,
            request.address(self.base_for(car), known),
            purpose=purpose,
            what=request.path,
            headers={**headers, **request.headers},
            json=request.json,
            form=request.form,
            xml=request.xml,
            params=request.params,
            time_out=request.time_out,
            repeatable=request.safe,
            allowed=allowed - self.outages if request.safe else allowed,
            pause=request.pause,
            bound=request.bound,
        )
        self.heard(answer, car)
        if answer.status not in request.accepted:
            raise self.error_of(answer)
        return answer

    def now(self) -> datetime:
        """Return what time it is at the cloud."""
        return self.context.clock.now()
