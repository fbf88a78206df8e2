"""What shows an account: what its owner wants of it, and what hears of its cars."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ..cloud.cadence import Profile
from .channel import Channel

if TYPE_CHECKING:
    from .cars import GarageCar, Tell
    from .garage import Garage


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOptions:
    """What the owner wants of an account."""

    hidden_cars: frozenset[str] = frozenset()
    profile: Profile = Profile.NORMAL
    fuel_heaters: frozenset[str] = frozenset()
    """The cars whose heater may burn fuel, as the owner has confirmed."""
    pin: str | None = None
    share_position: bool = True
    capacities: Mapping[str, float] = field(default_factory=dict)
    """What the owner says of batteries, in kWh by VIN."""


class AccountFace(Protocol):
    """What an account asks of the face that shows it, and tells it."""

    @property
    def options(self) -> AccountOptions:
        """What the owner wants now."""

    def connect(self, channels: Iterable[Channel]) -> None:
        """Give the garage the account's channels, and take those away that are gone."""

    def disconnect(self) -> None:
        """Take all of the account's channels out of the garage."""

    def updated(self) -> None:
        """Hear that there may be news of the account itself: readings, errors, notes."""


@dataclass(slots=True, kw_only=False)
class PlainFace:
    """A face without devices: the first account that has a car owns it."""

    garage: Garage
    account: str
    options: AccountOptions
    tell: Callable[[], None] = field(default=lambda: None)
    watch: Callable[[GarageCar], tuple[Tell, ...]] = field(default=lambda car: ())
    """Lets the account follow the profile and the receipts of a car."""
    _watched: dict[str, tuple[Tell, ...]] = field(default_factory=dict)

    def connect(self, channels: Iterable[Channel]) -> None:
        """Connect the account's cars, and leave those that it has no more."""
        channels = tuple(channels)
        shown = {channel.car.vin for channel in channels}
        for car in tuple(self.garage.cars.values()):
            if car.vin not in shown and self.account in car.channels:
                self._leave(car)
        self.garage.connect(channels)
        for channel in channels:
            car = self.garage.cars[channel.car.vin]
            if not channel.share_position:
                self.garage.drop_places(car.vin)
            if car.owner is None or car.owner not in car.channels:
                self.garage.set_owner(car.vin, self.account)
            if car.vin not in self._watched:
                self._watched[car.vin] = self.watch(car)

    def disconnect(self) -> None:
        """Leave all cars to the next account that has them."""
        for car in tuple(self.garage.cars.values()):
            if self.account in car.channels:
                self._leave(car)

    def updated(self) -> None:
        """Pass it on."""
        self.tell()

    def _leave(self, car: GarageCar) -> None:
        for undo in self._watched.pop(car.vin, ()):
            undo()
        self.garage.disconnect(car.vin, self.account)
        if car.owner == self.account and car.channels:
            self.garage.set_owner(car.vin, next(iter(car.channels)))
