"""One person at MyRenault: their accounts, their cars, and the settings to change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, override
from uuid import NAMESPACE_URL, uuid5

from carport.cloud.clock import Timer
from carport.twin.twin import AcceptedCommand

from ..account import Account
from ..register import OpenAccount
from ..settings import ControlError, Setting, action, choice, flag, table, text
from .models import MODELS, Model
from .people import DRIVEN, EMPTY_SLOTS, model_of


@dataclass(slots=True, kw_only=True)
class Pending:
    """A setting on its way: what the cloud shows once the car has taken it."""

    order: AcceptedCommand
    shows: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class CarState:
    """What the cloud keeps of a car besides its reports."""

    model: Model
    charging: list[dict[str, Any]] = field(default_factory=lambda: list(EMPTY_SLOTS))
    """The charging programmes as the car has them, in the cloud's own shape."""
    climate: list[dict[str, Any]] = field(default_factory=lambda: list(EMPTY_SLOTS))
    settings: dict[str, Any] = field(default_factory=dict)
    """The object of the newer cars, for charging and climate together."""
    settings_at: datetime | None = None
    pending: list[Pending] = field(default_factory=list)
    climate_due: datetime | None = None
    charge_due: datetime | None = None
    timers: dict[str, Timer] = field(default_factory=dict)
    contract_ended: bool = False
    private: bool = False
    unreached: bool = False
    """Whether the cloud cannot reach the cars' own service for it, as in an outage."""

    def settle(self, now: datetime) -> None:
        """Show what the car has taken by now; what it declined is forgotten."""
        left = []
        for pending in self.pending[-20:]:
            if pending.order.done is None:
                left.append(pending)
            elif pending.order.done:
                for name, value in pending.shows.items():
                    setattr(self, name, value)
                self.settings_at = now
        self.pending = left


@dataclass(slots=True, kw_only=True)
class BrandAccount:
    """One of a person's accounts: of a brand, or of the customer service."""

    id: str
    kind: str
    vins: list[str]


@dataclass(slots=True, kw_only=True)
class AccountState(OpenAccount):
    """What the clouds know of a person."""

    cars: dict[str, CarState]
    accounts: list[BrandAccount] = field(default_factory=list)
    sign_in: str = "ok"
    code: str = "never"
    several_addresses: bool = False
    passes: dict[str, datetime] = field(default_factory=dict)
    """Devices that may sign in once more without a code, until when."""
    remembered: dict[str, datetime] = field(default_factory=dict)
    """Devices that are known, until when."""
    revision: int = 0
    """Login tokens of another revision are dead."""
    jwt_revision: int = 0
    no_details: list[str] = field(default_factory=list)
    borrowed: dict[str, str] = field(default_factory=dict)
    """Cars that another account lists too, without being their driver's: its kind."""
    renumbered: int = 0

    @property
    def uid(self) -> str:
        """Gigya's id, which follows from the name."""
        return uuid5(NAMESPACE_URL, f"gigya:{self.spec.username}").hex

    @property
    def person_id(self) -> str:
        """Kamereon's id of the person."""
        return str(uuid5(NAMESPACE_URL, f"kamereon:{self.spec.username}"))

    @property
    def country(self) -> str:
        """The country in which the person is at home."""
        return self.spec.more.get("country", "FR")

    @property
    def addresses(self) -> dict[str, str]:
        """The addresses to which a code can be sent, by their ids."""
        own = [self.username]
        if self.several_addresses:
            own.append(f"other.{self.username}")
        return {uuid5(NAMESPACE_URL, address).hex[:16]: address for address in own}

    def account_id(self, kind: str) -> str:
        """Return the id of an account as it is now."""
        name = f"{kind}:{self.spec.username}:{self.renumbered or ''}"
        return str(uuid5(NAMESPACE_URL, name))

    def home_of(self, vin: str) -> BrandAccount | None:
        """Return the account through which a car is reached."""
        return next((one for one in self.accounts if vin in one.vins), None)

    @override
    def listed(self) -> dict[str, Any]:
        return {**super(AccountState, self).listed(), "country": self.country}


def open_account(spec: Account) -> AccountState:
    """Open a person's accounts: one for each brand of the cars, and one without cars."""
    cars = {vin: CarState(model=MODELS[model_of(vin)]) for vin in spec.vins}
    account = AccountState(spec=spec, cars=cars)
    for vin, car in cars.items():
        if "ev/settings" in car.model.serves:
            car.settings = dict(DRIVEN)
        _join(account, f"MY{car.model.brand}", vin)
    kinds = [one.kind for one in account.accounts] or ["MYRENAULT"]
    if not account.accounts:
        _join(account, kinds[0])
    account.accounts.append(
        BrandAccount(id=account.account_id("SFDC"), kind="SFDC", vins=[])
    )
    return account


def _join(account: AccountState, kind: str, *vins: str) -> None:
    """Put cars into an account of a kind, which is opened where there is none."""
    home = next((one for one in account.accounts if one.kind == kind), None)
    if home is None:
        home = BrandAccount(id=account.account_id(kind), kind=kind, vins=[])
        account.accounts.insert(0, home)
    home.vins.extend(vins)


def _own(account: AccountState, name: str, vin: Any) -> str:
    if not isinstance(vin, str) or vin not in account.cars:
        raise ControlError(f"{name} takes {' | '.join(account.cars)}")
    return vin


def _move(account: AccountState, value: Any) -> None:
    vin = _own(account, "move", value)
    old = account.home_of(vin)
    if old is None:
        raise ControlError("this car was sold")
    old.vins.remove(vin)
    _join(account, "MYDACIA" if old.kind != "MYDACIA" else "MYRENAULT", vin)


def _borrow(account: AccountState, value: Any) -> None:
    vin = _own(account, "borrow", value)
    home = account.home_of(vin)
    kind = "MYRENAULT" if home is None or home.kind != "MYRENAULT" else "MYDACIA"
    _join(account, kind)
    account.borrowed[vin] = kind


def _sell(account: AccountState, value: Any) -> None:
    vin = _own(account, "sell", value)
    account.vins.remove(vin)
    for one in account.accounts:
        if vin in one.vins:
            one.vins.remove(vin)


def _end_contract(account: AccountState, value: Any) -> None:
    account.cars[_own(account, "end_contract", value)].contract_ended = True


def _hide(account: AccountState, value: Any) -> None:
    account.cars[_own(account, "hide", value)].private = True


def _drop_details(account: AccountState, value: Any) -> None:
    account.no_details.append(_own(account, "drop_details", value))


def _renumber(account: AccountState) -> None:
    account.renumbered += 1
    for one in account.accounts:
        one.id = account.account_id(one.kind)


def _revoke_login(account: AccountState) -> None:
    account.revision += 1


def _revoke_jwt(account: AccountState) -> None:
    account.jwt_revision += 1


def _revoke_all(account: AccountState) -> None:
    _revoke_login(account)
    _revoke_jwt(account)


def _forget_devices(account: AccountState) -> None:
    account.remembered.clear()


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    choice("sign_in", "ok", "locked", "throttled", "outage"),
    choice("code", "never", "always", "unknown_device"),
    flag("several_addresses"),
    text("password"),
    Setting(name="sell", takes="a car that leaves the person", apply=_sell),
    Setting(name="move", takes="a car that goes to another account", apply=_move),
    Setting(name="borrow", takes="a car that another account lists too", apply=_borrow),
    Setting(
        name="end_contract",
        takes="a car whose services have ended",
        apply=_end_contract,
    ),
    Setting(name="hide", takes="a car in privacy mode", apply=_hide),
    Setting(name="drop_details", takes="a car without details", apply=_drop_details),
    action("renumber", accounts=_renumber),
    action("revoke", login=_revoke_login, jwt=_revoke_jwt, all=_revoke_all),
    action("forget", devices=_forget_devices),
)
