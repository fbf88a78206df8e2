"""The session that commands need: a token for the owner's PIN, by car.

These calls are rationed for the whole account, so a token is kept for as long as it
lives, a pause is waited out without asking, and a refused PIN is never sent again.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hmac
from http import HTTPStatus
import secrets
from typing import Final

from ...service.contract import Car, Context
from ...service.errors import BadAnswer, PinMissing, PinRefused, Throttled
from ...service.http import Answer
from ...service.ledger import Purpose
from ...service.pins import RefusedPins
from ...service.rows import opened
from ...service.vault import Vault
from .tokens import AppTokens, TokenSet

WHAT: Final = "/ss/v1/user/{userId}/vehicle/{vehicleId}/session"

# Found dead after 45 minutes; nobody knows the exact time.
_RENEW_AFTER: Final = timedelta(minutes=30)
_REFUSALS: Final = (400, 401, 403, 422, 423)


@dataclass(frozen=True, slots=True, kw_only=True)
class TspToken:
    """A token for commands to one car."""

    value: str = field(repr=False)
    pin: bytes = field(repr=False)
    """A digest of the PIN it was opened with: another PIN has no claim on it."""
    minted_at: datetime


class TspKeeper:
    """Hands out tokens for commands, each minted once and renewed by age."""

    def __init__(
        self, context: Context, base: str, tokens: AppTokens, vault: Vault
    ) -> None:
        """Start without a token; a refused PIN and a pause outlast a restart."""
        self._transport = context.transport
        self._ledger = context.transport.ledger
        self._clock = context.clock
        self._base = base
        self._tokens = tokens
        self.pins = RefusedPins(vault)
        self._minted: dict[str, TspToken] = {}
        self._minting = asyncio.Lock()
        self._key = secrets.token_bytes(32)

    async def token(self, car: Car, pin: str | None) -> TspToken:
        """Return a token that is good for a while.

        Without a PIN only a token that is already there can be had.
        """
        self.check(pin)
        async with self._minting:
            minted = self._minted.get(car.vin)
            if minted is not None and self.age(minted) < _RENEW_AFTER:
                if pin is None or minted.pin == self._mark(pin):
                    await self._accept_pin(pin)
                    return minted
            return await self._mint(car, pin)

    async def another(self, car: Car, pin: str | None, refused: TspToken) -> TspToken:
        """Return another token than the one the cloud has refused."""
        async with self._minting:
            minted = self._minted.get(car.vin)
            if minted is not None and minted is not refused:
                return minted
            self._minted.pop(car.vin, None)
            return await self._mint(car, pin)

    def age(self, token: TspToken) -> timedelta:
        """Return how old a token is."""
        return self._clock.now() - token.minted_at

    def check(self, pin: str | None) -> None:
        """Raise if there is a pause, or if this PIN was refused before."""
        if (until := self._ledger.commands_paused_until) is not None:
            raise Throttled(WHAT, until=until)
        if pin and self.pins.holds(pin):
            raise PinRefused(WHAT)

    def pause(self, until: datetime) -> None:
        """Note that the account made too many such calls."""
        self._ledger.pause_commands(until)

    async def _mint(self, car: Car, pin: str | None) -> TspToken:
        # Another command may have learnt something while this one waited.
        self.check(pin)
        if not pin:
            raise PinMissing(WHAT)
        answer = await self._open_session(car, pin)
        if answer.status != 200:
            await self.pins.note(pin)
            raise PinRefused(WHAT, status=answer.status)
        value = opened(answer.json(), WHAT, "data").get("tspToken")
        if not isinstance(value, str) or not value:
            raise BadAnswer(WHAT)
        await self._accept_pin(pin)
        minted = TspToken(value=value, pin=self._mark(pin), minted_at=self._clock.now())
        self._minted[car.vin] = minted
        return minted

    async def _open_session(self, car: Car, pin: str) -> Answer:
        """Send the PIN; once more only if it was an access token that was refused."""
        tokens = await self._tokens.fresh()
        answer = await self._send(car, pin, tokens)
        if (
            answer.status == HTTPStatus.UNAUTHORIZED
            and "pin" not in answer.text.lower()
        ):
            answer = await self._send(car, pin, await self._tokens.renewed(tokens))
        return answer

    async def _send(self, car: Car, pin: str, tokens: TokenSet) -> Answer:
        handle = car.handle
        try:
            return await self._transport.request(
                "POST",
                f"{self._base}/ss/v1/user/{handle['user_id']}"
                f"/vehicle/{handle['vehicle_id']}/session",
                purpose=Purpose.TOKEN,
                what=WHAT,
                headers={
                    "Content-Type": "application/json;charset=UTF-8",
                    "Authorization": f"Bearer {tokens.access}",
                },
                json={
                    "accountNumber": handle["account"],
                    "idToken": tokens.identity,
                    "tspPin": pin,
                    "tsp": handle["tsp"],
                },
                allowed=(200, *_REFUSALS),
            )
        except Throttled as error:
            self.pause(error.until)
            raise

    async def _accept_pin(self, pin: str | None) -> None:
        if pin is not None:
            await self.pins.accept()

    def _mark(self, pin: str) -> bytes:
        secret = pin.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, secret, "sha256")
