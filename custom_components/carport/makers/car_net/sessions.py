"""The session that commands need: a token for the owner's PIN, by car.

These calls are rationed for the whole account, so a token is kept for as long as it
lives, a pause is waited out without asking, and a refused PIN is never sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hmac
from http import HTTPStatus
import secrets
from typing import Final

from ...cloud.answer import Answer
from ...cloud.contract import Car, Context
from ...cloud.errors import BadAnswer, PinMissing, Throttled
from ...cloud.field_map import text_at
from ...cloud.pins import LONGEST_LOCK, PinGuard
from .endpoints import SESSION

# Found dead after 45 minutes; nobody knows the exact time.
_RENEW_AFTER: Final = timedelta(minutes=30)
# A token younger than this is not what the cloud refused a command for.
_YOUNG: Final = timedelta(minutes=1)

type OpenSession = Callable[[Car, str], Awaitable[Answer]]
"""Sends the PIN for one car, and returns whatever the cloud answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A token for commands to one car."""

    token: str = field(repr=False)
    pin: bytes = field(repr=False)
    """A digest of the PIN it was opened with: it is not for another PIN."""
    opened_at: datetime


class CommandSessions:
    """Hands out sessions for commands, each opened once and renewed by age."""

    def __init__(
        self, context: Context, pins: PinGuard, open_session: OpenSession
    ) -> None:
        """Start without a session; a refused PIN and a pause outlast a restart."""
        self._ledger = context.transport.ledger
        self._clock = context.clock
        self._pins = pins
        self._open_session = open_session
        self._sessions: dict[str, Session] = {}
        self._opening = asyncio.Lock()
        self._key = secrets.token_bytes(32)

    async def session(
        self, car: Car, pin: str | None, refused: Session | None = None
    ) -> Session:
        """Return a session that is good for a while, and not the one refused.

        Without a PIN only a session that is already there can be had.
        """
        self._check(pin)
        async with self._opening:
            known = self._sessions.get(car.vin)
            if (
                known is not None
                and known is not refused
                and self._age(known) < _RENEW_AFTER
                and (pin is None or known.pin == self._digest(pin))
            ):
                if pin is not None:
                    await self._pins.accept(pin)
                return known
            if known is refused:
                self._sessions.pop(car.vin, None)
            # Another command may have learnt something while this one waited.
            self._check(pin)
            if not pin:
                raise PinMissing(SESSION.path)
            return await self._open(car, pin)

    def is_young(self, session: Session) -> bool:
        """Return whether a session is too young to be what a command was refused for."""
        return self._age(session) < _YOUNG

    def _age(self, session: Session) -> timedelta:
        return self._clock.now() - session.opened_at

    def _check(self, pin: str | None) -> None:
        """Raise if there is a pause, or if this PIN may not be sent."""
        if (until := self._ledger.commands_paused_until) is not None:
            raise Throttled(SESSION.path, until=until)
        if pin:
            self._pins.check(SESSION.path, pin)

    async def _open(self, car: Car, pin: str) -> Session:
        await self._pins.begin(SESSION.path, pin)
        answer = await self._open_session(car, pin)
        if answer.status == HTTPStatus.LOCKED:
            until = self._clock.now() + LONGEST_LOCK
            raise await self._pins.lock(SESSION.path, until, answer.status)
        if answer.status != HTTPStatus.OK:
            # A locked account answers as to a wrong PIN.
            raise await self._pins.refuse(SESSION.path, pin, answer.status, sure=False)
        if (token := text_at(answer.json(), "data", "tspToken")) is None:
            raise BadAnswer(SESSION.path)
        await self._pins.accept(pin)
        session = Session(
            token=token, pin=self._digest(pin), opened_at=self._clock.now()
        )
        self._sessions[car.vin] = session
        return session

    def _digest(self, pin: str) -> bytes:
        secret = pin.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, secret, "sha256")
