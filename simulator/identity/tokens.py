"""Tokens: signed, so that they outlive the simulator, and checked claim by claim."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
import hashlib
from math import ceil
import secrets
from typing import Final

from ..signing import unpadded
from .account import IdentityAccount
from .keys import PublicSigner

_SIGNER: Final = PublicSigner()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says."""

    sub: str
    aud: str
    jtt: str
    """The kind of token: the real ones say it under this name too."""
    jti: str
    iat: int
    exp: int
    region: str
    generation: int
    challenge: str | None = None
    """Of the sign-in a refresh token comes from: it has to be met again."""

    def is_over(self, now: datetime) -> bool:
        """Return whether the token has expired."""
        return now.timestamp() >= self.exp


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier, without padding."""
    return unpadded(hashlib.sha256(verifier.encode()).digest())


def open_token(token: str) -> Claims | None:
    """Return what a token says, None if it is not ours."""
    content = _SIGNER.open(token)
    if content is None:
        return None
    return Claims(**{name: content[name] for name in Claims.__dataclass_fields__})


def token_for(
    account: IdentityAccount,
    kind: str,
    *,
    client: str,
    now: datetime,
    lifetime: float,
    challenge: str | None = None,
) -> str:
    """Make a token of the account's present generation."""
    claims = Claims(
        sub=account.user_id,
        aud=client,
        jtt=kind,
        jti=secrets.token_hex(8),
        iat=int(now.timestamp()),
        exp=ceil((now + timedelta(seconds=lifetime)).timestamp()),
        region=account.region.key,
        generation=account.generations[kind],
        challenge=challenge,
    )
    return _SIGNER.sign({"iss": account.region.issuer, **asdict(claims)})
