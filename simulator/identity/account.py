"""An account as the identity host knows it, and the settings that change that."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, override
from uuid import NAMESPACE_URL, uuid5

from ..register import SELL, OpenAccount
from ..settings import Setting, choice, flag, number, text
from ..throttle import Bucket
from .region import Region
from .settings import PASSWORD_PAGES


class SignInMode(StrEnum):
    """What becomes of a sign-in with the right password."""

    OK = "ok"
    THROTTLED = "throttled"
    LOCKED = "locked"
    BLOCKED = "blocked"
    MALFORMED_EMAIL = "malformed_email"
    UNKNOWN = "unknown"
    UNKNOWN_ERROR_CODE = "unknown_error_code"
    TERMS = "terms"
    DATA_PRIVACY = "dataprivacy"
    CONSENT = "consent"
    MARKETING = "marketing"
    OUTAGE = "outage"
    PAGE_CHANGED = "page_changed"
    NEW_STYLE = "new_style"
    NO_CODE = "no_code"


IDENTITY_KINDS: Final = ("access_token", "id_token", "refresh_token")


@dataclass(slots=True, kw_only=True)
class IdentityAccount(OpenAccount):
    """What the pages and the tokens have to know of an account."""

    region: Region
    pin: str = field(init=False)
    user_id: str = field(init=False)
    """Follows from the name, so that it stays the same."""
    sign_in: str = SignInMode.OK
    sign_in_count: float | None = None
    password_page: str | None = None
    empty: bool = False
    generations: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(IDENTITY_KINDS, 0)
    )
    """Tokens of an older generation are revoked."""
    used_refreshes: set[str] = field(default_factory=set)
    sign_ins: Bucket = field(default_factory=Bucket)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.pin = self.spec.pin or ""
        self.user_id = str(uuid5(NAMESPACE_URL, f"user:{self.username}"))

    @override
    def listed(self) -> dict[str, Any]:
        return {**super().listed(), "pin": self.pin}

    def signs_in_at(self, region: Region) -> bool:
        """Return whether its password is taken by the clients of a region."""
        return self.region is region

    def meets(self, *modes: SignInMode) -> bool:
        """Return whether the sign-in comes to this, and count that it did."""
        if self.sign_in not in modes or self.sign_in_count == 0:
            return False
        if self.sign_in_count is not None:
            self.sign_in_count -= 1
        return True

    def is_due(self, mode: SignInMode) -> bool:
        """Return whether a mode is on, without counting."""
        return self.sign_in == mode and self.sign_in_count != 0

    def revoke(self, *kinds: str) -> None:
        """Let all tokens of some kinds die at once."""
        for kind in kinds:
            self.generations[kind] += 1

    def may_renew(self, jti: str, rotation: str) -> bool:
        """Use a refresh token; return whether it may be used, perhaps once only."""
        if rotation == "single_use" and jti in self.used_refreshes:
            return False
        self.used_refreshes.add(jti)
        return True


IDENTITY_ACCOUNT_SETTINGS: Final[tuple[Setting[Any], ...]] = (
    choice("sign_in", *(str(mode) for mode in SignInMode)),
    number("sign_in_count", none="until changed"),
    choice("password_page", None, *PASSWORD_PAGES),
    text("password"),
    text("pin"),
    number("pin_tries"),
    flag("empty"),
    SELL,
)
"""Every account here has a PIN, and tries of it."""
