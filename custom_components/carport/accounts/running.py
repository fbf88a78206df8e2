"""What rooms below the coordinator know of an account that runs."""

from typing import Protocol

from homeassistant.config_entries import ConfigEntry

from ..cloud.clock import Clock
from ..cloud.contract import Service
from ..cloud.sign_in import SignInOutcome
from ..engine import Garage, GarageCar
from ..engine.vehicle_list import KnownVehicles


class CarOwner(Protocol):
    """What can take a car over."""

    def adopt(self, car: GarageCar) -> None:
        """Own a car that another account has left."""


class Mender(Protocol):
    """What can do something at the maker that the owner has agreed to."""

    async def mend(self, key: str) -> None:
        """Mend what an advice is about."""


class RunningAccount(Protocol):
    """The coordinator of an account, as those see it who are told by it."""

    @property
    def account(self) -> str:
        """The id of its entry."""

    @property
    def config_entry(self) -> ConfigEntry:
        """Its entry."""

    @property
    def garage(self) -> Garage:
        """The cars of all accounts."""

    @property
    def service(self) -> Service:
        """Its service."""

    @property
    def clock(self) -> Clock:
        """The clock of its cloud."""

    @property
    def vehicle_list(self) -> KnownVehicles:
        """The cars that its maker lists."""

    @property
    def stored_pin(self) -> str | None:
        """The owner's PIN, where it is stored."""

    @property
    def trouble(self) -> SignInOutcome | None:
        """What only the owner can mend."""

    @property
    def trouble_page(self) -> str | None:
        """Where that is mended."""

    @property
    def ownership(self) -> CarOwner:
        """What owns its cars."""

    @property
    def runner(self) -> Mender:
        """What runs it."""

    def async_update_issues(self) -> None:
        """Let the repairs follow what is the matter now."""


type RunningEntry = ConfigEntry[RunningAccount]
