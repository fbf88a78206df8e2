"""Calls about a car: with a good token, and with that car being the active one."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from ...service.contract import Car, Context
from ...service.errors import NotPermitted, NotSupported
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.vault import Vault
from .ze_tokens import Session, ZeTokens
from .ze_wire import BASE, REFUSALS, TAKEN, error_of, is_moved

ACTIVE: Final = "/vehicle"

_OUTAGES: Final = 500
_JSON: Final = {"Content-Type": "application/json"}


class Calls:
    """One account's calls; those of an account with several cars go one by one.

    The cloud only answers for one of them at a time, and has to be told for which.
    """

    def __init__(self, context: Context, vault: Vault, tokens: ZeTokens) -> None:
        """Take up what the last run knew."""
        self._context = context
        self._vault = vault
        self._tokens = tokens
        self._lane = asyncio.Lock()

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
        async with self._lane:
            active = self._vault.text("active")
            if active != car.vin:
                await self._activate(car, purpose)
            try:
                return await self._authorised(order)
            except NotPermitted:
                if active != car.vin:
                    raise
                # The owner's own app may have turned to another car meanwhile; a
                # refusal proves that nothing was done.
                await self._activate(car, purpose)
                return await self._authorised(order)

    async def _activate(self, car: Car, purpose: Purpose) -> None:
        body = {"active_vehicle": car.vin}
        order = _Order(
            method="POST", path=ACTIVE, what=ACTIVE, purpose=purpose, body=body
        )
        with suppress(NotSupported):
            # The first description did not have this call: any car may be asked then.
            await self._authorised(order)
        await self._vault.keep(active=car.vin)

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
