"""One account of Z.E. Services as the cloud keeps it, and the settings that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from carport.cloud.clock import Timer
from carport.twin.twin import AcceptedCommand

from ..account import Account
from ..register import OpenAccount
from ..settings import ControlError, Setting, action, choice, flag, table, text

ZONE: Final = ZoneInfo("Europe/London")
"""Where the cars of all accounts are at home."""

SCOPES: Final = (
    "BATTERY_CHARGE_STATUS",
    "BATTERY_CHARGE_HISTORY",
    "BATTERY_CHARGE_REMOTE_ACTIVATION",
    "BATTERY_CHARGE_SCHEDULING",
    "AC_REMOTE_CONTROL",
    "BATTERY_CHARGE_LOWALERT",
)
_NOTIFICATION_SETTINGS: Final[Mapping[str, Any]] = {
    "battery_status": "EMAIL",
    "charge_start": "NONE",
    "charge_end": "SMS",
    "charge_problem": "SMS",
    "low_battery": "SMS",
    "low_battery_reminder": "EMAIL",
    "do_not_disturb": {"start": "2215", "end": "0650"},
}


class SignInMode(StrEnum):
    """What becomes of a sign-in with the right password."""

    OK = "ok"
    LOCKED = "locked"
    THROTTLED = "throttled"
    REFUSED = "refused"
    OUTAGE = "outage"


@dataclass(slots=True, kw_only=True)
class CarState:
    """What the cloud keeps of a car besides its reports."""

    calendar: dict[str, Any] | None = None
    """The calendar as it was last written, whether the car has it or not."""
    notification_settings: dict[str, Any] = field(
        default_factory=lambda: dict(_NOTIFICATION_SETTINGS)
    )
    runs: list[AcceptedCommand] = field(default_factory=list)
    charges: list[AcceptedCommand] = field(default_factory=list)
    taken_at: dict[str, datetime] = field(default_factory=dict)
    """When a command of each kind was last taken."""
    climate_due: datetime | None = None
    """When the cabin is to be conditioned; the cloud sees to it."""
    climate_timer: Timer | None = None

    def stop_timer(self) -> None:
        """Forget when the cabin was to be conditioned."""
        self.climate_due = None
        if self.climate_timer is not None:
            self.climate_timer.cancel()
            self.climate_timer = None


@dataclass(slots=True, kw_only=True)
class AccountState(OpenAccount):
    """What the cloud knows of an account."""

    active: str | None
    sign_in: str = SignInMode.OK
    migrated: bool = False
    no_calendar: str = "object"
    """What is said where no calendar was ever written: many look for `enabled`."""
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    cars: dict[str, CarState] = field(default_factory=dict)
    last_issued: int = 0
    """In epoch seconds; no two tokens have the same."""
    dead_until: int = 0
    """Tokens issued by then are not taken any more."""
    refresh_revision: int = 0

    @property
    def user_id(self) -> str:
        """The cloud's own id, which follows from the name."""
        return uuid5(NAMESPACE_URL, f"ze:{self.username}").hex[:24]

    @property
    def refresh_token(self) -> str:
        """The one that works again and again, of the first generation."""
        return self._secret("refresh")

    @property
    def xsrf_token(self) -> str:
        """The word to send along, of the second generation."""
        return self._secret("xsrf")

    def _secret(self, kind: str) -> str:
        name = f"{kind}:{self.username}:{self.refresh_revision}"
        return str(uuid5(NAMESPACE_URL, name))


def open_account(spec: Account) -> AccountState:
    """Open an account; the first of its cars is the active one."""
    return AccountState(
        spec=spec,
        active=spec.vins[0] if spec.vins else None,
        cars={vin: CarState() for vin in spec.vins},
    )


def _revoke_access(account: AccountState) -> None:
    account.dead_until = account.last_issued


def _revoke_refresh(account: AccountState) -> None:
    account.refresh_revision += 1


def _revoke_all(account: AccountState) -> None:
    _revoke_access(account)
    _revoke_refresh(account)


def _unsubscribe(account: AccountState, value: Any) -> None:
    if value not in account.scopes:
        raise ControlError(f"unsubscribe takes {' | '.join(account.scopes)}")
    account.scopes.remove(value)


def _sell(account: AccountState, value: Any) -> None:
    if value not in account.vins:
        raise ControlError(f"sell takes {' | '.join(account.vins)}")
    account.vins.remove(value)
    if account.active == value:
        account.active = account.vins[0] if account.vins else None


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    choice("sign_in", *(str(mode) for mode in SignInMode)),
    flag("migrated"),
    choice("no_calendar", "object", "nothing"),
    text("password"),
    text("active"),
    Setting(name="sell", takes="a car that leaves the account", apply=_sell),
    Setting(name="unsubscribe", takes="a scope that ends", apply=_unsubscribe),
    action("revoke", access=_revoke_access, refresh=_revoke_refresh, all=_revoke_all),
)
