"""Signed tokens: they outlive the simulator, which keeps none of them."""

import base64
from collections.abc import Mapping
import hashlib
import hmac
import json
from typing import Any


class Signer:
    """Signs claims with a key, and knows its own tokens again."""

    def __init__(self, key: bytes, header: Mapping[str, str]) -> None:
        """Keep the key: what these tokens open is invented, so everybody may know it."""
        self._key = key
        self._header = header

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Make a token: three parts, none of them padded."""
        signed = f"{_encode(self._header)}.{_encode(claims)}"
        return f"{signed}.{self.seal(signed)}"

    def open(self, token: str) -> dict[str, Any] | None:
        """Return what a token says, None if it is not ours."""
        signed, _, seal = token.rpartition(".")
        if not self.fits(signed, seal):
            return None
        claims: dict[str, Any] = json.loads(decoded(signed.partition(".")[2]))
        return claims

    def fits(self, text: str, seal: str) -> bool:
        """Return whether a seal is that of a text."""
        return hmac.compare_digest(self.seal(text).encode(), _raw(seal))

    def seal(self, text: str) -> str:
        """Return the seal of a text."""
        return unpadded(hmac.digest(self._key, _raw(text), hashlib.sha256))


def unpadded(raw: bytes) -> str:
    """Write bytes in base64 as addresses and tokens have it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Read base64 as addresses and tokens have it; ValueError if it is none."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encode(content: Mapping[str, Any]) -> str:
    return unpadded(json.dumps(content, separators=(",", ":")).encode())


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
