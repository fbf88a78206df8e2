"""A service as the contract of every service meets it, and the cloud behind it."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from carport.car.signals import SIGNALS
from carport.cloud.clock import Clock
from carport.cloud.contract import Car, ReadResult, Service
from carport.twin.twin import Twin
from simulator.control import Control
from tests.makers.profile import Profile
from tests.makers.profiles import PROFILES


@dataclass(slots=True, kw_only=True)
class ServiceUnderTest(ABC):
    """A service, the cloud it speaks to, and the passing of time."""

    service: Service
    clock: Clock
    vin: str
    """A car that can be commanded and does not drive away meanwhile."""
    credentials: Mapping[str, str]
    pin: str | None = None
    pause: float = 0
    """Seconds to leave between two commands, where the cloud rations them."""
    control: Control | None = None
    """The control of its cloud; None where there is none."""

    @property
    def profile(self) -> Profile:
        """What the shared tests know of the service."""
        return PROFILES[self.service.info.key]

    @abstractmethod
    def saved(self) -> str | None:
        """Return what the service has saved, as text."""

    @abstractmethod
    def restore(self, saved: str | None) -> None:
        """Have the next one built from what was saved then."""

    @abstractmethod
    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        """Let time pass for both sides until a call has returned."""

    @abstractmethod
    async def advance(self, seconds: float) -> None:
        """Let time pass for both sides."""

    @abstractmethod
    async def rebuild(self) -> Service:
        """Build the service again from what it saved, as after a restart."""

    @abstractmethod
    def neighbour(self) -> ServiceUnderTest:
        """Return another account of the service beside this one, not signed in."""

    @abstractmethod
    def twin(self, vin: str) -> Twin:
        """Return the car at the other end."""

    async def sign_in(self) -> str:
        """Sign in, and return the account's id."""
        return await self.run(self.service.sign_in(self.credentials))

    async def car(self) -> Car:
        """Return the description of the car that is commanded."""
        cars = await self.run(self.service.cars())
        return next(car for car in cars if car.vin == self.vin)


def check_readings(result: ReadResult, now: datetime) -> None:
    """Expect known signals, possible values and aware times."""
    for reading in result.readings:
        signal = reading.signal
        assert SIGNALS[signal.key] is signal
        if reading.value is not None:  # None says that it is no longer so.
            assert signal.accept(reading.value) == reading.value
            assert isinstance(reading.value, signal.kind)
        assert reading.channel
        assert reading.received_at.utcoffset() is not None
        assert reading.received_at <= now
        if reading.captured_at is not None:
            assert reading.captured_at.utcoffset() is not None
