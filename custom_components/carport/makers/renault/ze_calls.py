"""Calls about a car: with a good token, and with that car being the active one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from ...service.contract import Car, Context
from ...service.errors import NotPermitted, NotSupported
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.vault import Vault
from .ze_tokens import Session, ZeTokens
from .ze_turns import Turns
from .ze_wire import BASE, REFUSALS, TAKEN, error_of, is_moved

ACTIVE: Final = "/vehicle"

_OUTAGES: Final = 500
_JSON: Final = {"Content-Type": "application/json"}


class Calls:
    """One account's calls; where it has several cars, those of one at a time.

    The cloud only answers for one of them, and has to be told for which. What it was
    told is forgotten with the run: the first call of the next one tells it again.
    """

    def __init__(self, context: Context, vault: Vault, tokens: ZeTokens) -> None:
        """Take up what the last run knew."""
        self._context = context
        self._vault = vault
        self._tokens = tokens
        self._turns = Turns()
        self._choosing = asyncio.Lock()
        self._choice: _Choice | None = None

    async def get(
        self,
        car: Car,
        path: str,
        purpose: Purpose,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read something of a car."""
        return await self.send(car, "GET", path, purpose, params=params)

    async def send(
        self,
        car: Car,
        method: str,
        path: str,
        purpose: Purpose,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make a call about a car, below its own path."""
        order = _Order(
            method=method,
            path=f"/vehicle/{car.vin}{path}",
            what=f"/vehicle/{{VIN}}{path}",
            purpose=purpose,
            body=body,
            params=params,
        )

        if "," not in (self._vault.text("cars") or ""):
            return await self._authorised(order)
        async with self._turns.of(car.vin):
            return await self._as_chosen(car, order)

    async def _as_chosen(self, car: Car, order: _Order) -> Answer:
        """Make a call in its car's turn, once the cloud answers for that car."""
        before = self._choice
        choice = await self._chosen(car, order.purpose)
        try:
            return await self._authorised(order)
        except NotPermitted:
            if choice is not before:
                raise
            # The owner's own app may have turned to another car meanwhile; a refusal
            # proves that nothing was done.
            if self._choice is choice:
                self._choice = None
            await self._chosen(car, order.purpose)
            return await self._authorised(order)

    async def _chosen(self, car: Car, purpose: Purpose) -> _Choice:
        """Have the cloud answer for a car: told once for all calls that wait for it."""
        async with self._choosing:
            if (known := self._choice) is not None and known.vin == car.vin:
                return known
            # Until it is answered, nobody knows for which car it answers.
            self._choice = None
            order = _Order(
                method="POST",
                path=ACTIVE,
                what=ACTIVE,
                purpose=purpose,
                body={"active_vehicle": car.vin},
            )
            try:
                await self._authorised(order)
            except NotSupported:
                pass  # The first description did not have this: any car may be asked.
            except NotPermitted:
                self._choice = known
                raise
            self._choice = choice = _Choice(car.vin)
            return choice

    async def _authorised(self, order: _Order) -> Answer:
        """Make a call; once more with a new token if the cloud refused ours."""
        session = await self._tokens.fresh()
        answer = await self._make(session, order)
        if answer.status == HTTPStatus.UNAUTHORIZED and not is_moved(answer):
            session = await self._tokens.renewed(session)
            answer = await self._make(session, order)
        if answer.status not in TAKEN or is_moved(answer):
            raise error_of(answer, self._context.clock.now())
        return answer

    async def _make(self, session: Session, order: _Order) -> Answer:
        reads = order.method == "GET"
        # A command that comes too soon is told so by a 503; a read by nothing.
        refusals = [code for code in REFUSALS if not (reads and code >= _OUTAGES)]
        return await self._context.transport.request(
            order.method,
            f"{BASE}{order.path}",
            purpose=order.purpose,
            what=order.what,
            headers=session.headers if reads else session.headers | _JSON,
            json=order.body,
            params=order.params,
            repeatable=reads,
            allowed=(*TAKEN, *refusals),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """One call; `what` is its path without the VIN, which is all that logs say."""

    method: str
    path: str
    what: str
    purpose: Purpose
    body: Mapping[str, Any] | None = None
    params: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """One time that the cloud was told for which car to answer."""

    vin: str
