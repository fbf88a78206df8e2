"""The S-PIN: a challenge, a hash, and a token that one command may carry."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
import hashlib
from typing import Any, Final

from ...cloud.answer import Answer
from ...cloud.clock import Clock
from ...cloud.contract import Car
from ...cloud.errors import BadAnswer, PinLastTry, PinLocked, PinMissing, PinRefused
from ...cloud.field_map import get_path, to_float
from ...cloud.ledger import Purpose
from ...cloud.pins import PinGuard
from ...cloud.requests import Request
from .endpoints import PIN_ANSWER, PIN_CHALLENGE

type Call = Callable[[Request, Purpose, Car | None], Awaitable[Answer]]

_ASK: Final = PIN_CHALLENGE.path
_WHAT: Final = PIN_ANSWER.path
_DIGITS: Final = 4
_LAST: Final = 1
# How long the cloud locks a PIN is only told when one is tried, which nobody does then.
_ASK_AGAIN: Final = timedelta(minutes=15)


class SecurityPin:
    """Trades the owner's S-PIN for tokens; a refused one is never sent again."""

    def __init__(self, call: Call, pins: PinGuard, clock: Clock) -> None:
        """Make calls by `call`; remember refusals where the account's memory is."""
        self._call = call
        self.pins = pins
        self._clock = clock
        self._turn = asyncio.Lock()

    async def token(self, car: Car, operation: str, pin: str | None) -> str:
        """Return a token for one operation, such as `rlu_v1/LOCK`, good for once."""
        if not pin:
            raise PinMissing(_WHAT)
        async with self._turn:
            # What waited may have learnt that the PIN is wrong.
            if not _is_pin(pin):
                raise PinRefused(_WHAT)
            self.pins.check(_WHAT, pin)
            info = await self._ask(car, operation)
            self._spare_last_try(info, pin)
            await self.pins.begin(_WHAT, pin)
            try:
                token = await self._solve(info, pin)
            except PinLocked as error:
                raise await self.pins.lock(_WHAT, error.until, error.status) from None
            except PinRefused as error:
                raise await self.pins.refuse(_WHAT, pin, error.status) from None
            await self.pins.accept(pin)
        return token

    def _spare_last_try(self, info: Any, pin: str) -> None:
        """Raise where a wrong PIN would lock the account, or did; asking costs no try."""
        left = _tries(info)
        if left is None:
            return
        if left < 1:
            # Somebody else has used them up.
            raise PinLocked(_ASK, until=self._clock.now() + _ASK_AGAIN)
        if left <= _LAST and not self.pins.is_proven(pin):
            raise PinLastTry(_ASK)

    async def _ask(self, car: Car, operation: str) -> Any:
        """Fetch a challenge for one operation."""
        service, _, name = operation.partition("/")
        request = PIN_CHALLENGE.with_values(service=service, operation=name)
        answer = await self._call(request, Purpose.TOKEN, car)
        return get_path(answer.json(), ("securityPinAuthInfo",))

    async def _solve(self, info: Any, pin: str) -> str:
        """Send the answer to a challenge; return the token."""
        challenge = _text(info, _ASK, "securityPinTransmission", "challenge")
        body = {
            "securityPin": {
                "challenge": challenge,
                "securityPinHash": pin_hash(pin, challenge),
            },
            "securityToken": _text(info, _ASK, "securityToken"),
        }
        request = replace(PIN_ANSWER, json={"securityPinAuthentication": body})
        answer = await self._call(request, Purpose.TOKEN, None)
        return _text(answer.json(), _WHAT, "securityToken")


def pin_hash(pin: str, challenge: str) -> str:
    """Return the SHA-512 of both, where the digits count as hexadecimal ones."""
    try:
        secret = bytes.fromhex(pin + challenge)
    except ValueError:
        raise BadAnswer(_ASK) from None
    return hashlib.sha512(secret).hexdigest().upper()


def _is_pin(pin: str) -> bool:
    return len(pin) == _DIGITS and pin.isascii() and pin.isdigit()


def _tries(info: Any) -> float | None:
    """Return how many tries are left, which stands in one of two places."""
    for path in (("remainingTries",), ("securityPinTransmission", "remainingTries")):
        if (left := to_float(get_path(info, path))) is not None:
            return left
    return None


def _text(data: Mapping[str, Any], what: str, *path: str) -> str:
    found = get_path(data, path)
    if not isinstance(found, str) or not found:
        raise BadAnswer(what)
    return found
