"""Proof key for code exchange (RFC 7636)."""

import base64
from dataclasses import dataclass
import hashlib
import secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkce:
    """A secret of this sign-in, and what the cloud is shown of it beforehand."""

    verifier: str

    @property
    def challenge(self) -> str:
        """The verifier's SHA-256 in URL-safe base64, without padding (S256)."""
        return self.padded_challenge.rstrip("=")

    @property
    def padded_challenge(self) -> str:
        """The challenge with its padding, as some clouds have always been sent it."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).decode("ascii")


def new_pkce() -> Pkce:
    """Make a verifier of 64 hexadecimal characters."""
    return Pkce(verifier=secrets.token_hex(32))
