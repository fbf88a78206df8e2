"""What every layout has: cars under topics, an outbox, and lanes for commands."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
import logging
from typing import Final

from ..car.signals import SIGNALS
from ..cloud.clock import Clock
from ..engine import Garage, GarageCar
from .announced import Announcements
from .freshness import Freshness
from .lanes import Gateway, Lanes
from .outbox import Outbox
from .preferences import Preferences
from .settings import CarSettings, Settings

LOGGER: Final = logging.getLogger(__package__)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BridgeCar:
    """A car, and what the owner chose for it."""

    car: GarageCar
    settings: CarSettings
    known_since: datetime
    """Since when this run knows it, by its own clock; what is older is of an earlier run."""

    @property
    def topic(self) -> str:
        """Its level in every topic of its own."""
        return self.settings.topic

    def told_signals(self) -> Iterator[str]:
        """Yield the signals that may go out of what is known or assumed of the car."""
        known = self.car.snapshot.readings.keys() | self.car.assumed.keys()
        for key in SIGNALS:
            if key in known and self.settings.tells(key):
                yield key


@dataclass(slots=True, kw_only=True)
class Core:
    """What the layouts share."""

    settings: Settings
    gateway: Gateway
    clock: Clock
    """By which waiting is measured: that of this machine, whatever a simulator says."""
    outbox: Outbox
    lanes: Lanes
    freshness: Freshness
    preferences: Preferences
    announcements: Announcements

    @property
    def garage(self) -> Garage:
        """The cars."""
        return self.gateway.garage


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What came from the broker."""

    topic: str
    text: str | None
    """None where the payload is no text, or far too long."""
    retain: bool


class Layout(ABC):
    """Topics of one kind, in both directions."""

    def __init__(self, core: Core) -> None:
        """Begin without cars."""
        self.core = core
        self.cars: dict[str, BridgeCar] = {}
        self._undo: dict[str, tuple[Callable[[], None], ...]] = {}

    def add(self, car: BridgeCar) -> None:
        """Tell of a car from now on."""
        self.cars[car.topic] = car
        self._undo[car.topic] = tuple(self.watch(car))

    def remove(self, car: BridgeCar) -> None:
        """Tell no more of a car: it is gone, or another bridge tells of it by now."""
        self.cars.pop(car.topic, None)
        for undo in self._undo.pop(car.topic, ()):
            undo()

    @abstractmethod
    def places(self, about: BridgeCar | str) -> Iterable[str]:
        """Return where something of a car, or of an account by its name, is retained."""

    @abstractmethod
    def forget_account(self, account: str) -> None:
        """Tell no more of an account."""

    def close(self) -> None:
        """Stop telling."""
        for car in tuple(self.cars.values()):
            self.remove(car)

    @property
    @abstractmethod
    def subscriptions(self) -> tuple[str, ...]:
        """What to hear from the broker."""

    @abstractmethod
    def watch(self, car: BridgeCar) -> Iterable[Callable[[], None]]:
        """Listen to the garage; return how to undo it."""

    def publish_all(self) -> None:
        """Publish everything, as after each new connection."""
        for car in self.cars.values():
            self.publish_car(car)

    @abstractmethod
    def publish_car(self, car: BridgeCar) -> None:
        """Publish everything of a car."""

    @abstractmethod
    def take(self, message: Message) -> bool:
        """Handle a message; return whether it was for this layout."""
