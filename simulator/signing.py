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
        if not hmac.compare_digest(self.seal(signed).encode(), _raw(seal)):
            return None
        payload = signed.partition(".")[2]
        padding = "=" * (-len(payload) % 4)
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + padding))
        return claims

    def seal(self, text: str) -> str:
        """Return the seal of a text."""
        return unpadded(hmac.digest(self._key, _raw(text), hashlib.sha256))


def unpadded(raw: bytes) -> str:
    """Write bytes in base64 as addresses and tokens have it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _encode(content: Mapping[str, Any]) -> str:
    return unpadded(json.dumps(content, separators=(",", ":")).encode())


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
