"""One account of Car-Net as the cloud keeps it, and the settings that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from ..account import Account
from ..identity.account import (
    IDENTITY_ACCOUNT_SETTINGS,
    IDENTITY_KINDS,
    IdentityAccount,
)
from ..settings import ControlError, Setting, action, table
from ..throttle import Bucket
from .regions import REGIONS

PIN_TRIES: Final = 6


@dataclass(slots=True, kw_only=True)
class TspToken:
    """What a PIN was traded for: good for one car, and for a while."""

    vin: str
    since: datetime


@dataclass(slots=True, kw_only=True)
class AccountState(IdentityAccount):
    """What the cloud knows of an account."""

    pin_tries: float = PIN_TRIES
    tsp_tokens: dict[str, TspToken] = field(default_factory=dict)
    commands: Bucket = field(default_factory=Bucket)

    @property
    def vw_id(self) -> str:
        """The telematics provider's id of the owner, which follows from the name."""
        vw_id = uuid5(NAMESPACE_URL, f"vw:{self.username}")
        return f"{vw_id}vwcarnetportal-prod-002-appserver-000"


def open_account(spec: Account) -> AccountState:
    """Open an account in its country."""
    return AccountState(spec=spec, region=REGIONS[spec.region])


def vehicle_id(vin: str) -> str:
    """Return the cloud's own id of a car."""
    return str(uuid5(NAMESPACE_URL, f"vehicle:{vin}"))


def account_number(vin: str) -> str:
    """Return the telematics provider's account number of a car."""
    return f"4{uuid5(NAMESPACE_URL, f'tsp:{vin}').int % 10**7:07}"


def _unthrottle(account: AccountState, value: Any) -> None:
    if value is not True:
        raise ControlError("unthrottle takes true")
    account.commands.reset()
    account.sign_ins.reset()


_REVOKE: Final[Setting[AccountState]] = action(
    "revoke",
    access=lambda account: account.revoke("access_token", "id_token"),
    refresh=lambda account: account.revoke("refresh_token"),
    tsp=lambda account: account.tsp_tokens.clear(),
    all=lambda account: account.revoke(*IDENTITY_KINDS),
)

ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    *IDENTITY_ACCOUNT_SETTINGS,
    _REVOKE,
    Setting(name="unthrottle", takes="true: limits start anew", apply=_unthrottle),
)
