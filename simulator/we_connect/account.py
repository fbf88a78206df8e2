"""One account of We Connect as the cloud keeps it, and the settings that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
import secrets
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from ..account import Account
from ..identity.account import (
    IDENTITY_ACCOUNT_SETTINGS,
    IDENTITY_KINDS,
    IdentityAccount,
)
from ..identity.register import IdentityRegister
from ..settings import Setting, action, choice, table, text
from .hosts import EUROPE
from .settings import WeSettings

PIN_TRIES: Final = 3
_LOCKED_FOR: Final = timedelta(minutes=15)
MBB_KINDS: Final = ("mbb_token", "mbb_refresh")


@dataclass(slots=True, kw_only=True)
class Challenge:
    """An S-PIN challenge: for one operation of one car, for once."""

    vin: str
    operation: str
    challenge: str
    since: datetime


@dataclass(slots=True, kw_only=True)
class Action:
    """Something a car was asked, by the number the cloud gave it."""

    vin: str
    family: str
    number: int
    since: datetime
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class WeAccount(IdentityAccount):
    """What the cloud knows of an account, and what it was asked."""

    pin_tries: float = PIN_TRIES
    country: str = "DE"
    approved: str | None = None
    """The code of a device that its owner has let in."""
    declined: str | None = None
    """The code of one that the owner has refused."""
    not_enrolled: str = ""
    """The VIN of a car without the former Car-Net enrolment: refused for good."""
    unlicensed: str | None = None
    """A service id that is switched off for all cars."""
    switched_off: str | None = None
    """A service id that is off in the privacy menu of all cars."""
    position: str | None = None
    """In which envelope positions come; None for the service's own."""
    pin_locked_until: datetime | None = None
    """When the tries of the S-PIN begin anew; None while some are left."""
    challenges: dict[str, Challenge] = field(default_factory=dict)
    security_tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    counted_on: date | None = None
    calls: int = 0
    remote: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By VIN: the odometer at the last request, and the requests since then."""

    @property
    def mbb_id(self) -> str:
        """The id at the cars' services, which follows from the name."""
        return uuid5(NAMESPACE_URL, f"mbb:{self.username}").hex[:28]

    def number(self) -> str:
        """Return a number for something that is asked."""
        return str(31_500_000 + len(self.actions))

    def tries_left(self, now: datetime) -> int:
        """Return how often the S-PIN may still be wrong; waiting brings all back."""
        if self.pin_locked_until is not None and now >= self.pin_locked_until:
            self.pin_tries, self.pin_locked_until = PIN_TRIES, None
        return int(self.pin_tries)

    def count_wrong_pin(self, now: datetime) -> timedelta:
        """Count a try that was wrong; return how long none is taken now."""
        if self.tries_left(now) > 0:
            self.pin_tries -= 1
            if self.pin_tries <= 0:
                self.pin_locked_until = now + _LOCKED_FOR
        end = self.pin_locked_until
        if self.pin_tries > 0:
            return timedelta()
        return _LOCKED_FOR if end is None else end - now

    def challenge(self, vin: str, operation: str, now: datetime) -> tuple[str, str]:
        """Make a challenge and the token that names it."""
        token = f"lvl1-{secrets.token_hex(8)}"
        made = secrets.token_hex(16).upper()
        self.challenges[token] = Challenge(
            vin=vin, operation=operation, challenge=made, since=now
        )
        return token, made


type WeRegister = IdentityRegister[WeAccount, WeSettings]
"""All accounts of Europe."""


def open_account(spec: Account) -> WeAccount:
    """Open an account, for both tiers of tokens."""
    kinds = (*IDENTITY_KINDS, *MBB_KINDS)
    return WeAccount(spec=spec, region=EUROPE, generations=dict.fromkeys(kinds, 0))


_SERVICE_IDS: Final = (
    None,
    "statusreport_v1",
    "rbatterycharge_v1",
    "rclima_v1",
    "rheating_v1",
    "rlu_v1",
    "rhonk_v1",
    "carfinder_v1",
    "trip_statistic_v1",
    "timerprogramming_v1",
)

_REVOKE: Final[Setting[WeAccount]] = action(
    "revoke",
    mbb=lambda account: account.revoke("mbb_token"),
    mbb_all=lambda account: account.revoke(*MBB_KINDS),
    identity=lambda account: account.revoke("access_token", "id_token"),
    all=lambda account: account.revoke(*account.generations),
)

ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    *IDENTITY_ACCOUNT_SETTINGS,
    text("approved"),
    text("declined"),
    text("not_enrolled"),
    choice("unlicensed", *_SERVICE_IDS),
    choice("switched_off", *_SERVICE_IDS),
    choice("position", None, "stored", "found"),
    _REVOKE,
)
