"""Reads of one car over time, as the engine makes them."""

from datetime import datetime, timedelta
from typing import Any

from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car

from .account import DataActAccount

QUARTER = 900
LISTS = "*/list"
DOWNLOADS = "*/download"
METADATA = "*/metadata/partial"


class Reads:
    """Reads a car as the engine does: whenever the service says that it is due."""

    def __init__(self, account: DataActAccount, car: Car) -> None:
        """Begin with nothing known."""
        self.account, self.car = account, car
        self.snapshot = Snapshot()
        self.gaps: frozenset[str] = frozenset()

    async def read(self) -> None:
        """Read once."""
        result = await self.account.run(self.account.service.read(self.car))
        self.gaps = result.gaps
        self.snapshot = self.snapshot.merge(result.readings).snapshot

    async def keep_reading(self, seconds: float) -> None:
        """Read for a while."""
        world = self.account.world
        end = world.clock.now() + timedelta(seconds=seconds)
        while (due := self.due()) <= end:
            await world.advance(max((due - world.clock.now()).total_seconds(), 1))
            await self.read()
        await world.advance(max((end - world.clock.now()).total_seconds(), 0))

    def due(self) -> datetime:
        """Return when the car is read next."""
        now = self.account.world.clock.now()
        due = self.account.service.next_reading(self.car, now + timedelta(hours=1))
        return max(due, now)

    def value(self, key: str) -> Any:
        """Return what is known of a signal."""
        reading = self.snapshot.readings.get(key)
        return None if reading is None else reading.value
