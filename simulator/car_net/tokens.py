"""Tokens: signed, so that they outlive the simulator, and checked claim by claim."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import hmac
import json
import secrets
from typing import Any, Final

# What these tokens open is invented, so the key may be known to everybody.
_KEY: Final = b"carport simulator"
_HEADER: Final = {"kid": "simulator-1", "typ": "JWT", "alg": "HS256"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says."""

    sub: str
    aud: str
    jtt: str
    """The kind of token: the real ones say it under this name too."""
    jti: str
    iat: float
    exp: float
    region: str
    generation: int
    challenge: str | None = None
    """Of the sign-in a refresh token comes from: it has to be met again."""

    def is_over(self, now: datetime) -> bool:
        """Return whether the token has expired."""
        return now.timestamp() >= self.exp


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier, without padding."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def sign(claims: Claims) -> str:
    """Make a token."""
    content = {
        "iss": "https://identity.na.vwgroup.io",
        **{name: getattr(claims, name) for name in Claims.__dataclass_fields__},
    }
    signed = f"{_encode(_HEADER)}.{_encode(content)}"
    return f"{signed}.{_seal(signed)}"


def open_token(token: str) -> Claims | None:
    """Return what a token says, None if it is not ours."""
    signed, _, seal = token.rpartition(".")
    if not hmac.compare_digest(_seal(signed).encode(), _raw(seal)):
        return None
    payload = signed.partition(".")[2]
    content = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return Claims(**{name: content[name] for name in Claims.__dataclass_fields__})


def new_claims(
    kind: str,
    *,
    sub: str,
    aud: str,
    region: str,
    generation: int,
    now: datetime,
    lifetime: float,
    challenge: str | None = None,
) -> Claims:
    """Write the claims of a new token."""
    return Claims(
        sub=sub,
        aud=aud,
        jtt=kind,
        jti=secrets.token_hex(8),
        iat=int(now.timestamp()),
        exp=(now + timedelta(seconds=lifetime)).timestamp(),
        region=region,
        generation=generation,
        challenge=challenge,
    )


def _encode(content: Any) -> str:
    text = json.dumps(content, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _seal(signed: str) -> str:
    seal = hmac.new(_KEY, _raw(signed), hashlib.sha256)
    return base64.urlsafe_b64encode(seal.digest()).decode().rstrip("=")


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
