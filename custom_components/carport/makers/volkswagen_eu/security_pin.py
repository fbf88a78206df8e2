"""The S-PIN: a challenge, a hash, and a token that one command may carry."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
import hashlib
from typing import Any, Final

from ...service.clock import Clock
from ...service.contract import Car
from ...service.errors import BadAnswer, PinMissing, PinRefused
from ...service.ledger import Purpose
from ...service.pins import RefusedPins
from ...service.rows import dig, number
from .gateway import Call, Gateway, PinLocked
from .hosts import META

_BASE: Final = "/rolesrights/authorization/v2"
_ASK: Final = (
    f"{_BASE}/vehicles/{{vin}}/services/{{service}}"
    "/operations/{operation}/security-pin-auth-requested"
)
_SOLVE: Final = f"{_BASE}/security-pin-auth-completed"
_DIGITS: Final = 4


class SecurityPin:
    """Trades the owner's S-PIN for tokens; a refused one is never sent again."""

    def __init__(self, gateway: Gateway, pins: RefusedPins, clock: Clock) -> None:
        """Remember refusals where the account's memory is."""
        self._gateway = gateway
        self.pins = pins
        self._clock = clock
        self._locked_until: datetime | None = None
        self._turn = asyncio.Lock()

    async def token(self, car: Car, operation: str, pin: str | None) -> str:
        """Return a token for one operation, such as `rlu_v1/LOCK`, good for once."""
        if not pin:
            raise PinMissing(_SOLVE)
        async with self._turn:
            # What waited may have learnt that the PIN is wrong.
            if not _is_pin(pin) or self.pins.holds(pin):
                raise PinRefused(_SOLVE)
            locked = self._locked_until
            if locked is not None and self._clock.now() < locked:
                raise PinLocked(_SOLVE, until=locked)
            try:
                token = await self._solve(car, operation, pin)
            except PinLocked as error:
                self._locked_until = error.until
                raise
            except PinRefused:
                await self.pins.note(pin)
                raise
            await self.pins.accept()
        return token

    async def _solve(self, car: Car, operation: str, pin: str) -> str:
        service, _, name = operation.partition("/")
        values = {"vin": car.vin, "service": service, "operation": name}
        asked = await self._gateway.json(
            Call(base=META, path=_ASK, values=values), Purpose.TOKEN
        )
        info = dig(asked, ("securityPinAuthInfo",))
        challenge = _text(info, _ASK, "securityPinTransmission", "challenge")
        if _tries(info) == 0:
            # Somebody else has used them up; asking again costs none.
            raise PinLocked(_ASK, until=self._clock.now())
        answer = await self._gateway.json(
            Call(
                base=META,
                path=_SOLVE,
                method="POST",
                json={
                    "securityPinAuthentication": {
                        "securityPin": {
                            "challenge": challenge,
                            "securityPinHash": pin_hash(pin, challenge),
                        },
                        "securityToken": _text(info, _ASK, "securityToken"),
                    }
                },
            ),
            Purpose.TOKEN,
        )
        return _text(answer, _SOLVE, "securityToken")


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
        if (left := number(dig(info, path))) is not None:
            return left
    return None


def _text(data: Mapping[str, Any], what: str, *path: str) -> str:
    found = dig(data, path)
    if not isinstance(found, str) or not found:
        raise BadAnswer(what)
    return found
