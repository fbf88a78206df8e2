"""Where everything is kept: the accounts, each in a folder, and the cars of them all."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
import os
from pathlib import Path
import shutil
import time
from typing import Any, ClassVar, Final, Self, override

import platformdirs

from carport.cloud.http import Transport
from carport.cloud.identity import account_name, account_title
from carport.cloud.ledger import Purpose
from carport.cloud.service_info import ServiceInfo
from carport.engine import AccountStore, Login, Storage
from carport.engine.opening import MakeTransport
from carport.engine.vehicle_list import KnownVehicles
from carport.makers.registry import SERVICES

from .announced import FileRecord, KeptRecord
from .exits import Exit, Failure
from .files import FileStorage, locked, make_folder, read_json, write_json
from .journal import Journal

_LOGIN: Final = "login.json"
_STORE: Final = "account.json"
_JOURNAL: Final = "commands.json"
_GARAGE: Final = "garage.json"

_PATIENCE: Final = 5.0
_LOOK_AGAIN: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An account as it was added, under its short name here."""

    name: str
    service: str
    region: str
    server: str | None = None
    account_id: str | None = field(default=None, repr=False)
    """What the maker calls the account."""
    identity: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    pin: str | None = field(default=None, repr=False)
    fuel_heaters: Collection[str] = field(default=(), repr=False)
    """The cars whose heater may burn fuel, as the owner has confirmed."""

    @classmethod
    def from_json(cls, name: str, data: object) -> Self | None:
        """Bring an account back; None if it is damaged or of no known service."""
        if not isinstance(data, dict) or not all(
            _FITS[key](value) for key, value in data.items() if key in _FITS
        ):
            return None
        try:
            return cls(**{**data, "name": name})
        except TypeError:
            return None

    @property
    def info(self) -> ServiceInfo:
        """What its service is."""
        return SERVICES[self.service].info

    @property
    def login(self) -> Login:
        """The account, as the engine opens it."""
        return Login(
            service=self.service,
            region=self.region,
            username=account_name(self.info, self.identity),
            server=self.server,
        )

    @property
    def title(self) -> str:
        """A label that does not tell who the owner is."""
        return account_title(self.info, self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class DamagedAccount:
    """An account that was added, and of which too little is left to open it."""

    name: str
    place: str
    """Where it is kept."""
    is_foreign: bool
    """Whether it is whole, but of a service that is not known here."""

    @classmethod
    def of(cls, name: str, data: object, place: str) -> Self:
        """Look at what is kept of it."""
        service = data.get("service") if isinstance(data, dict) else None
        is_foreign = isinstance(service, str) and service not in SERVICES
        return cls(name=name, place=place, is_foreign=is_foreign)

    @property
    def problem(self) -> str:
        """What is wrong, and the way out; nothing of what is kept is told."""
        if self.is_foreign:
            return (
                f"The account {self.name} cannot be used: this Carport does not know its "
                "service. Use the version that added it, or take it away: "
                f"carport remove {self.name}"
            )
        return (
            f"The account {self.name} cannot be used: {self.place} is damaged. Put it "
            "back from a backup, or take the account away and add it anew: carport "
            f"remove {self.name}"
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "service": lambda value: isinstance(value, str) and value in SERVICES,
    "region": _is_text,
    "server": _is_text_or_none,
    "account_id": _is_text_or_none,
    "identity": _are_texts,
    "settings": _are_texts,
    "pin": _is_text_or_none,
    "fuel_heaters": lambda value: isinstance(value, list) and all(map(_is_text, value)),
}
"""What a file may hold under each key; somebody may have changed it by hand."""


class Home:
    """The state folder; a subclass keeps the same in another place."""

    shared: ClassVar[bool] = False
    """Whether other machines may serve the same accounts."""

    def __init__(self, path: Path, *, patience: float = _PATIENCE) -> None:
        """Name the folder; it is made when something is kept."""
        self.path = path
        self.patience = patience
        """How long to wait for a sign-in of another process, in seconds."""

    @classmethod
    def of_owner(cls) -> Home:
        """Return the home of the user who runs the command: a folder, or a database."""
        named = os.environ.get("CARPORT_HOME")
        path = Path(named) if named else platformdirs.user_state_path("carport")
        address = os.environ.get("CARPORT_DATABASE")
        if not address:
            return cls(path)
        try:
            # Few need it, and it needs packages of its own.
            from .database import open_home  # noqa: PLC0415
        except ImportError:
            raise postgres_missing() from None
        return open_home(path, address)

    # Accounts

    def accounts(self) -> list[AccountRecord]:
        """Return all accounts, by name; what is damaged or of no known service is none."""
        found = (AccountRecord.from_json(*login) for login in self._logins())
        return [record for record in found if record is not None]

    def damaged(self) -> list[DamagedAccount]:
        """Return what else was added once, by name."""
        return [
            DamagedAccount.of(name, data, self._place(name))
            for name, data in self._logins()
            if AccountRecord.from_json(name, data) is None
        ]

    def damage(self, name: str) -> DamagedAccount | None:
        """Return what is wrong with an account that cannot be used; None without that."""
        return next((one for one in self.damaged() if one.name == name), None)

    def _logins(self) -> Iterator[tuple[str, object]]:
        """Yield what is kept of each account, by name; None where it is no JSON."""
        for name in self._names():
            path = self.folder(name) / _LOGIN
            if path.exists():
                yield name, read_json(path)

    def _place(self, name: str) -> str:
        """Return where an account is kept, in words."""
        return str(self.folder(name) / _LOGIN)

    def _names(self) -> list[str]:
        """Return what there is a folder of, by name; not each is an account."""
        folder = self.path / "accounts"
        names = folder.iterdir() if folder.is_dir() else ()
        return sorted(one.name for one in names if one.is_dir())

    def account(self, name: str) -> AccountRecord:
        """Return an account by its name; raise `Failure` where there is none."""
        known = {record.name: record for record in self.accounts()}
        if name not in known:
            if (damage := self.damage(name)) is not None:
                raise Failure(Exit.REFUSED, "account_damaged", damage.problem)
            listed = ", ".join(known) or "none; add one with: carport add"
            raise Failure(
                Exit.USAGE,
                "unknown_account_name",
                f"There is no account of this name. Accounts: {listed}.",
            )
        return known[name]

    def free_name(self, service: str) -> str:
        """Return a name for another account of a service."""
        taken = self._names()
        number, name = 1, service
        while name in taken:
            number += 1
            name = f"{service}-{number}"
        return name

    def keep(self, record: AccountRecord) -> None:
        """Keep an account."""
        write_json(self.folder(record.name) / _LOGIN, asdict(record))

    def remove(self, name: str) -> None:
        """Forget an account with all that was kept of it."""
        shutil.rmtree(self.folder(name))

    def folder(self, name: str) -> Path:
        """Return the folder of an account."""
        return self.path / "accounts" / name

    def store(self, name: str) -> AccountStore:
        """Return an account's private memory; only who holds the account writes there."""
        return AccountStore(FileStorage(self.folder(name) / _STORE))

    def journal(self, name: str) -> Path | Journal:
        """Return where an account's commands are while they are under way."""
        return self.folder(name) / _JOURNAL

    def announced(self, broker: str) -> KeptRecord:
        """Return what bridges have announced at a broker, which a digest names."""
        return FileRecord(self.path / "announced" / broker, self._names)

    def transport(self, name: str) -> MakeTransport:
        """Return what makes an account's way to its cloud."""
        return Transport

    def count_calls(self, name: str, made: Iterable[tuple[Purpose, float]]) -> None:
        """Count calls that were made before there was the account; here its ledger does."""

    def kept(self, name: str) -> Mapping[str, Any]:
        """Return what an account's memory has on disk."""
        data = read_json(self.folder(name) / _STORE)
        return data if isinstance(data, dict) else {}

    def vehicles(self, name: str) -> KnownVehicles:
        """Return the cars of an account as last listed."""
        return KnownVehicles.from_json(self.kept(name).get("cars"))

    # What all accounts share

    @property
    def garage(self) -> Path:
        """The file of what is known of all cars."""
        return self.path / _GARAGE

    @contextmanager
    def held(self, names: Collection[str]) -> Iterator[None]:
        """Hold accounts, so that no other process opens or changes them."""
        with ExitStack() as stack:
            for name in sorted(names):
                lock = self.path / "locks" / name
                if not stack.enter_context(locked(lock, wait=False)):
                    raise account_in_use(name)
            yield

    @contextmanager
    def signing_in(self) -> Iterator[None]:
        """Hold the sign-ins, so that no other process adds the same account.

        One that is short is waited for; another may be waiting for its owner.
        """
        until = time.monotonic() + self.patience
        while True:
            with locked(self.path / "locks" / ".sign-in", wait=False) as is_mine:
                if is_mine:
                    yield
                    return
            if time.monotonic() >= until:
                raise sign_in_under_way("folder")
            time.sleep(_LOOK_AGAIN)

    def garage_storage(
        self, mine: Callable[[], Collection[str]], *, signs_in: bool
    ) -> Storage:
        """Return where all that is known of cars is kept; some of them are mine."""
        return GarageStorage(self, mine, signs_in=signs_in)

    def make(self) -> None:
        """Make the folder, for its owner alone."""
        make_folder(self.path)


def postgres_missing() -> Failure:
    """Return what to say where the packages for a database are not installed."""
    return Failure(
        Exit.USAGE,
        "postgres_missing",
        "CARPORT_DATABASE needs more packages. In the copy of the repository that "
        "carport was installed from: pip install '.[postgres]'",
    )


def account_in_use(name: str) -> Failure:
    """Return what to say where another process holds an account."""
    return Failure(
        Exit.REFUSED,
        "account_in_use",
        f"Another carport uses the account {name} now, and only one at a time can. "
        "Wait until it is done, or end it.",
    )


def sign_in_under_way(shared: str) -> Failure:
    """Return what to say where another process signs in over the same place."""
    return Failure(
        Exit.REFUSED,
        "sign_in_under_way",
        f"Another carport that uses this {shared} is signing in now, and only one at a "
        "time can. Wait until it is done, or end it, and try again.",
    )


class GarageStorage(FileStorage):
    """The garage's file, which processes with different accounts share.

    Each writes the cars of the accounts that it holds, and leaves the others as they
    are on disk. The guard of sign-ins is written only by who signs in.
    """

    def __init__(
        self, home: Home, mine: Callable[[], Collection[str]], *, signs_in: bool
    ) -> None:
        """Keep which cars belong to this process."""
        super().__init__(home.garage)
        self._lock = home.path / "locks" / ".garage"
        self._mine = mine
        self._signs_in = signs_in

    @override
    def _write(self, data: dict[str, Any]) -> None:
        with locked(self._lock, wait=True):
            super()._write(data)

    @override
    def _merged(self, data: dict[str, Any]) -> dict[str, Any]:
        kept = read_json(self.path)
        if not isinstance(kept, dict):
            return data
        mine = self._mine()
        cars = {row["vin"]: row for row in _cars(kept) if row["vin"] not in mine}
        cars |= {row["vin"]: row for row in _cars(data) if row["vin"] in mine}
        guard = data["guard"] if self._signs_in else kept.get("guard", data["guard"])
        return {"garage": {"cars": list(cars.values())}, "guard": guard}


def _cars(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a garage that are of cars."""
    garage = data.get("garage")
    rows = garage.get("cars") if isinstance(garage, dict) else None
    if not isinstance(rows, list):
        return []
    return [
        row for row in rows if isinstance(row, dict) and isinstance(row.get("vin"), str)
    ]
