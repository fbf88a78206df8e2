"""Tokens as OAuth gives them: read from an answer, kept, and brought back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, NamedTuple, Self

from .account_state import AccountState
from .answer import Answer
from .contract import Context
from .errors import BadAnswer
from .field_map import text_at, to_float
from .token_manager import TokenManager

LIFETIME: Final = 3600.0
"""Seconds that a token is taken to live, where nobody says how long."""


class KeptNames(NamedTuple):
    """Under which names a service keeps a set of tokens."""

    access: str = "access_token"
    identity: str = "id_token"
    refresh: str = "refresh_token"
    expires_at: str = "expires_at"

    @classmethod
    def after(cls, prefix: str) -> Self:
        """Return the names of one of several sets."""
        return cls(*(f"{prefix}_{name}" for name in cls._fields))


USUAL_NAMES: Final = KeptNames()


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthTokens:
    """One set of tokens; the time is in epoch seconds."""

    access: str = field(repr=False)
    identity: str | None = field(default=None, repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: float

    @property
    def bearer(self) -> dict[str, str]:
        """The header that a call is authorised by."""
        return {"Authorization": f"Bearer {self.access}"}

    @classmethod
    def from_answer(
        cls,
        body: Mapping[str, Any],
        what: str,
        now: float,
        before: OAuthTokens | None = None,
        lifetime: float = LIFETIME,
    ) -> OAuthTokens:
        """Read an answer; but for the access token, what it leaves out stays as before.

        `lifetime` is for answers that do not say it.
        """
        if (access := _either(body, "access_token", "accessToken")) is None:
            raise BadAnswer(what)
        identity = _either(body, "id_token", "idToken")
        refresh = _either(body, "refresh_token", "refreshToken")
        return OAuthTokens(
            access=access,
            identity=identity or (before.identity if before else None),
            refresh=refresh or (before.refresh if before else None),
            expires_at=now + (seconds_at(body, "expires_in") or lifetime),
        )

    @classmethod
    def from_state(
        cls, kept: AccountState, names: KeptNames = USUAL_NAMES
    ) -> OAuthTokens | None:
        """Bring a set back; None where there is none."""
        if (access := kept.text(names.access)) is None:
            return None
        return OAuthTokens(
            access=access,
            identity=kept.text(names.identity),
            refresh=kept.text(names.refresh),
            expires_at=kept.number(names.expires_at) or 0,
        )

    def to_state(self, names: KeptNames = USUAL_NAMES) -> dict[str, str | float | None]:
        """Return what is kept of the set."""
        values = (self.access, self.identity, self.refresh, self.expires_at)
        return dict(zip(names, values, strict=True))


class OAuthTokenManager(TokenManager[OAuthTokens]):
    """Hands out one of an account's sets of tokens, and renews it."""

    names: ClassVar[KeptNames] = USUAL_NAMES

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the tokens of the last run."""
        kept = OAuthTokens.from_state(account_state, self.names)
        super().__init__(context, account_state, kept)

    async def _take(
        self, answer: Answer, before: OAuthTokens | None, **more: str | float | None
    ) -> OAuthTokens:
        """Use what an answer brings, once it is safe; `more` is kept with it."""
        body, now = answer.json(), self._now()
        tokens = OAuthTokens.from_answer(body, answer.what, now, before)
        return await self._keep(tokens, **tokens.to_state(self.names), **more)


def seconds_at(body: Mapping[str, Any], key: str) -> float | None:
    """Return a length of time that an answer says, if it is one."""
    found = to_float(body.get(key))
    return found if found is not None and found > 0 else None


def _either(body: Mapping[str, Any], *keys: str) -> str | None:
    return next(filter(None, (text_at(body, key) for key in keys)), None)
