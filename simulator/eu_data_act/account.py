"""One account of the portal, its data requests, and the settings that change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hashlib
from typing import Any, Final, override

from ..account import Account
from ..identity.account import (
    IDENTITY_ACCOUNT_SETTINGS,
    IDENTITY_KINDS,
    IdentityAccount,
)
from ..identity.region import Region
from ..identity.register import IdentityRegister
from ..settings import ControlError, Setting, action, choice, flag, number, table, text
from ..throttle import Bucket
from .data_requests import DataRequest, usual_request
from .hosts import CLIENTS, REGIONS
from .settings import DataActSettings


@dataclass(slots=True, kw_only=True)
class DataActAccount(IdentityAccount):
    """What the portal knows of an account, and what goes wrong for it."""

    brand: str
    since: datetime
    """When the simulator began: requests of the owner's are older."""
    requests: dict[str, list[DataRequest]] = field(init=False)
    """By VIN, oldest first."""
    email_code: bool = False
    """Whether a code by e-mail is asked for after the password."""
    mailed_code: str | None = None
    mails: int = 0
    devices: set[str] = field(default_factory=set)
    """The browsers that need no code any more."""
    consent_kind: str = ""
    """A consent that stands in the way, by the word in its address."""
    unauthorised: bool = False
    """Whether everything is answered 401, although the sign-in worked."""
    creation: str = "ok"
    outage: bool = False
    """Whether deliveries are made empty."""
    late: float = 0
    """Seconds that reports of the cars are late."""
    corrupt: float = 0
    """How many of the next deliveries are broken."""
    unreadable: float = 200
    """What the download of the next delivery is answered with, for ever."""
    several: bool = False
    """Whether a ZIP holds several files."""
    format: str | None = None
    miles: bool = False
    two_doors: bool = False
    """Whether the cars have no rear doors."""
    word_numbers: bool = False
    """Whether some words come as their number in the maker's list."""
    not_ready: bool = False
    """Whether the list of deliveries is answered 400."""
    reads: Bucket = field(default_factory=Bucket)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.requests = {
            vin: [usual_request(_identifier(vin), self.since)] for vin in self.vins
        }

    @property
    def client(self) -> str:
        """The client of the account's brand."""
        return CLIENTS[self.brand]

    @override
    def signs_in_at(self, region: Region) -> bool:
        """Take the password from every brand: only the cars are the brand's."""
        return region.sign_in_client in REGIONS

    @override
    def listed(self) -> dict[str, Any]:
        more = {} if self.mailed_code is None else {"mailed_code": self.mailed_code}
        return {
            **super().listed(),
            "pin": None,
            "brand": self.brand,
            "country": self.spec.more["country"],
            **more,
        }

    def active(self, vin: str, now: datetime) -> DataRequest | None:
        """Return the request of a car that has not run out."""
        running = (one for one in self.requests.get(vin, ()) if not one.is_over(now))
        return next(running, None)

    def request(self, vin: str, identifier: str) -> DataRequest | None:
        """Return a request of a car."""
        found = (
            one for one in self.requests.get(vin, ()) if one.identifier == identifier
        )
        return next(found, None)


type DataActRegister = IdentityRegister[DataActAccount, DataActSettings]
"""All accounts of the portal."""


def open_account(spec: Account, since: datetime) -> DataActAccount:
    """Open an account whose cars are set up as owners do it in the browser."""
    brand = spec.more["brand"]
    return DataActAccount(
        spec=spec,
        region=REGIONS[CLIENTS[brand]],
        generations=dict.fromkeys(IDENTITY_KINDS, 0),
        brand=brand,
        since=since,
    )


def _identifier(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _change_identifiers(account: DataActAccount) -> None:
    for requests in account.requests.values():
        for one in requests:
            one.identifier = _identifier(one.identifier)


def _lapse(account: DataActAccount) -> None:
    """Let all requests have run out a while ago."""
    for requests in account.requests.values():
        for one in requests:
            one.end = one.start + timedelta(hours=1)


def _end_in(account: DataActAccount, value: Any) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ControlError("ends_in takes a number of days")
    for requests in account.requests.values():
        for one in requests:
            one.end = account.since + timedelta(days=value)


def _create(account: DataActAccount, value: Any) -> None:
    if value not in account.vins:
        raise ControlError("create_request takes a VIN of this account")
    name = f"{value} {len(account.requests.setdefault(value, []))}"
    account.requests[value] = [usual_request(_identifier(name), account.since)]


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    *(
        setting
        for setting in IDENTITY_ACCOUNT_SETTINGS
        if not setting.name.startswith("pin")
    ),
    flag("email_code"),
    text("consent_kind"),
    flag("unauthorised"),
    choice("creation", "ok", "refused", "broken"),
    flag("outage"),
    number("late"),
    number("corrupt"),
    number("unreadable"),
    flag("several"),
    choice("format", None, "dotted", "flat", "both"),
    flag("miles"),
    flag("two_doors"),
    flag("word_numbers"),
    flag("not_ready"),
    action(
        "requests",
        change_identifiers=_change_identifiers,
        lapse=_lapse,
        delete=lambda account: account.requests.clear(),
    ),
    action("revoke", session=lambda account: account.revoke("access_token")),
    Setting(
        name="ends_in",
        takes="a number: the days after the simulator's beginning when requests end",
        apply=_end_in,
    ),
    Setting(
        name="create_request",
        takes="a VIN: the owner makes the request on the portal's own page",
        apply=_create,
    ),
)
