"""PINs that a cloud refused: sent again, they would lock the owner's account."""

import hashlib
import secrets
from typing import Final

from .vault import Vault

_DIGESTS_KEPT: Final = 20


class RefusedPins:
    """What is remembered of refused PINs, in this run and earlier ones."""

    def __init__(self, vault: Vault) -> None:
        """Keep the memory in an account's vault."""
        self._vault = vault

    @property
    def any(self) -> bool:
        """Whether the PIN that was tried last was refused."""
        return self._vault.number("pin_blocked") is not None

    def holds(self, pin: str) -> bool:
        """Return whether this PIN was refused."""
        digests, salt = self._digests(), self._vault.text("pin_salt")
        return bool(digests) and salt is not None and _digest(pin, salt) in digests

    async def note(self, pin: str) -> None:
        """Remember a refused PIN by a digest that takes a while to guess."""
        salt = self._vault.text("pin_salt") or secrets.token_hex(16)
        digests = [*self._digests(), _digest(pin, salt)][-_DIGESTS_KEPT:]
        await self._vault.keep(
            pin_salt=salt, pin_blocked=1, pins_refused=",".join(digests)
        )

    async def accept(self) -> None:
        """Note that a PIN was taken: there is no trouble any more."""
        if self.any:
            await self._vault.keep(pin_blocked=None)

    def _digests(self) -> list[str]:
        kept = self._vault.text("pins_refused")
        return kept.split(",") if kept else []


def _digest(pin: str, salt: str) -> str:
    """Return a digest, slow because a PIN is short."""
    secret = pin.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt.encode(), n=2**12, r=8, p=1).hex()
