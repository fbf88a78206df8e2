"""One account of CarData as the cloud keeps it, and the settings that change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, override
from uuid import NAMESPACE_URL, uuid5

from ..account import Account
from ..register import SELL, OpenAccount, Register
from ..settings import ControlError, Setting, action, choice, flag, number, table, text
from .descriptors import CATALOGUE
from .settings import Settings

SCOPES: Final[Mapping[str, str]] = {
    "cardata:api:read": "api",
    "cardata:streaming:read": "stream",
}


@dataclass(slots=True, kw_only=True)
class Container:
    """A named list of keys, kept by the cloud."""

    id: str
    name: str
    purpose: str
    keys: tuple[str, ...]
    created: datetime
    deleted: datetime | None = None


@dataclass(slots=True, kw_only=True)
class AccountState(OpenAccount):
    """What the cloud knows of an account, its client and its use."""

    client_id: str
    gcid: str
    secondary: set[str]
    """Cars of which the account is not the main user."""
    api: bool = True
    stream: bool = True
    """Whether the client has subscribed to the service."""
    empty: bool = False
    calls: list[datetime] = field(default_factory=list)
    calls_elsewhere: float = 0
    """How many of today's calls other programs have made."""
    containers: list[Container] = field(default_factory=list)
    generation: int = 0
    """How often tokens were issued; only the last refresh token is good."""
    dead_below: int = 0
    """Tokens of earlier generations are dead."""
    access_dead_below: int = 0
    """Access tokens of earlier generations are dead."""
    signed_in_at: datetime | None = None
    unticked: set[str] = field(default_factory=set)
    """Descriptors that are not chosen for the stream."""
    frozen_level: bool = False
    """Whether the charge level stands still until a charge is over."""
    level_key: str = "header"
    miles: bool = False
    """Whether the cars' displays show miles."""
    night: bool = False
    """Whether idle connections are closed, and refused until a newer token comes."""

    @override
    def listed(self) -> dict[str, Any]:
        return {**super().listed(), "client_id": self.client_id, "gcid": self.gcid}

    def may(self, scope: str) -> bool:
        """Return whether its client has subscribed to what a scope is for."""
        service = SCOPES.get(scope)
        return service is None or bool(getattr(self, service))

    @property
    def everything_unticked(self) -> bool:
        """Whether no descriptor is chosen for the stream."""
        return self.unticked >= set(CATALOGUE)

    def readable(self, vin: str) -> bool:
        """Return whether it is the main user of a car."""
        return vin in self.vins and vin not in self.secondary and not self.empty


class CarDataRegister(Register[AccountState, Settings]):
    """All accounts, and how often each was issued tokens."""

    @override
    def open_all(self, specs: Iterable[Account]) -> None:
        kept = {one.username: one for one in self.accounts}
        super().open_all(specs)
        for account in self.accounts:
            if before := kept.get(account.username):
                account.generation = before.generation
                account.dead_below = before.dead_below
                account.access_dead_below = before.access_dead_below
                account.signed_in_at = before.signed_in_at

    def by_client(self, client_id: str) -> AccountState | None:
        """Find an account by its client, in whatever case it is typed."""
        wanted = client_id.casefold()
        for account in self.accounts:
            if account.client_id == wanted:
                return account
        return None

    def by_gcid(self, gcid: object) -> AccountState | None:
        """Find an account by its id."""
        return next((one for one in self.accounts if one.gcid == gcid), None)


def open_account(spec: Account) -> AccountState:
    """Open an account, with its client."""
    name = f"{spec.service}:{spec.username}"
    return AccountState(
        spec=spec,
        client_id=spec.more["client_id"],
        gcid=str(uuid5(NAMESPACE_URL, name)),
        secondary=set(spec.more.get("secondary", "").split()),
    )


def _untick(account: AccountState, value: Any) -> None:
    account.unticked |= _descriptors("untick", value)


def _tick(account: AccountState, value: Any) -> None:
    account.unticked -= _descriptors("tick", value)


def _descriptors(name: str, value: Any) -> set[str]:
    if value == "*":
        return set(CATALOGUE)
    if value not in CATALOGUE:
        raise ControlError(f"{name} takes a descriptor, or * for all")
    return {value}


def _demote(account: AccountState, value: Any) -> None:
    if value not in account.vins:
        raise ControlError("secondary takes a VIN of this account")
    account.secondary.add(value)


def _revoke_access(account: AccountState) -> None:
    """Let the cloud take no access token that was issued so far."""
    account.access_dead_below = account.generation + 1


def _revoke(account: AccountState) -> None:
    account.generation += 1
    account.dead_below = account.generation + 1


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    text("password"),
    text("client_id"),
    flag("api"),
    flag("stream"),
    flag("empty"),
    flag("frozen_level"),
    choice("level_key", "header", "displayed"),
    flag("miles"),
    flag("night"),
    number("calls_elsewhere"),
    SELL,
    Setting(name="secondary", takes="a VIN: its main user is another", apply=_demote),
    Setting(name="untick", takes="a descriptor, or *: off the stream", apply=_untick),
    Setting(name="tick", takes="a descriptor, or *: back on the stream", apply=_tick),
    action("revoke", access=_revoke_access, all=_revoke),
)
