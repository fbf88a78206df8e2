"""One account of Car-Net as the cloud keeps it, and the knobs to change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from ..accounts import Account
from ..knobs import ControlError, Knob, choice, flag, number, text
from .regions import REGIONS, Region
from .throttle import Bucket


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


PIN_TRIES: Final = 6
_TOKEN_KINDS: Final = ("access_token", "id_token", "refresh_token")


@dataclass(slots=True, kw_only=True)
class TspToken:
    """What a PIN was traded for: good for one car, and for a while."""

    vin: str
    since: datetime


@dataclass(slots=True, kw_only=True)
class AccountState:
    """What the cloud knows of an account."""

    username: str
    password: str
    pin: str
    region: Region
    vins: list[str]
    user_id: str
    vw_id: str
    sign_in: str = SignInMode.OK
    sign_in_count: float | None = None
    password_page: str | None = None
    empty: bool = False
    pin_tries: float = PIN_TRIES
    tsp_tokens: dict[str, TspToken] = field(default_factory=dict)
    generations: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(_TOKEN_KINDS, 0)
    )
    """Tokens of an older generation are revoked."""
    used_refreshes: set[str] = field(default_factory=set)
    commands: Bucket = field(default_factory=Bucket)
    sign_ins: Bucket = field(default_factory=Bucket)

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


def open_account(spec: Account) -> AccountState:
    """Open an account; its ids follow from its name, so that they stay the same."""
    user_id = str(uuid5(NAMESPACE_URL, f"user:{spec.username}"))
    vw_id = str(uuid5(NAMESPACE_URL, f"vw:{spec.username}"))
    return AccountState(
        username=spec.username,
        password=spec.password,
        pin=spec.pin or "",
        region=REGIONS[spec.region],
        vins=list(spec.vins),
        user_id=user_id,
        vw_id=f"{vw_id}vwcarnetportal-prod-002-appserver-000",
    )


def vehicle_id(vin: str) -> str:
    """Return the cloud's own id of a car."""
    return str(uuid5(NAMESPACE_URL, f"vehicle:{vin}"))


def account_number(vin: str) -> str:
    """Return the telematics provider's account number of a car."""
    return f"4{uuid5(NAMESPACE_URL, f'tsp:{vin}').int % 10**7:07}"


def _revoke(account: AccountState, value: Any) -> None:
    kinds = {
        "access": ("access_token", "id_token"),
        "refresh": ("refresh_token",),
        "all": _TOKEN_KINDS,
    }
    if value == "tsp":
        account.tsp_tokens.clear()
    elif value in kinds:
        account.revoke(*kinds[value])
    else:
        raise ControlError("revoke takes access | refresh | tsp | all")


def _sell(account: AccountState, value: Any) -> None:
    if value not in account.vins:
        raise ControlError("sell takes a VIN of this account")
    account.vins.remove(value)


def _unthrottle(account: AccountState, value: Any) -> None:
    if value is not True:
        raise ControlError("unthrottle takes true")
    account.commands.reset()
    account.sign_ins.reset()


ACCOUNT_KNOBS: Final[Mapping[str, Knob[AccountState]]] = {
    "sign_in": choice("sign_in", *(str(mode) for mode in SignInMode)),
    "sign_in_count": number("sign_in_count", none="until changed"),
    "password_page": choice("password_page", None, "A", "B"),
    "password": text("password"),
    "pin": text("pin"),
    "pin_tries": number("pin_tries"),
    "empty": flag("empty"),
    "sell": Knob(takes="a VIN: the car leaves the account", turn=_sell),
    "revoke": Knob(takes="access | refresh | tsp | all", turn=_revoke),
    "unthrottle": Knob(takes="true: limits start anew", turn=_unthrottle),
}
