"""The garage on disk, each car in a file of its own."""

from collections.abc import Callable, Iterable
from typing import Any, override

from carport.car import signals as s
from carport.engine import Engine, MemoryStorage
from carport.engine.storage import CarStorage
from simulator.clock import ManualClock

from .paper_service import NOON, VIN, Bench


class CarFiles(CarStorage):
    """A file for each car, in memory."""

    def __init__(self) -> None:
        """Have none."""
        self.files: dict[str, Any] = {}

    @override
    async def load(self, vin: str) -> object:
        return self.files.get(vin)

    @override
    def save_soon(
        self, vin: str, data: Callable[[], dict[str, Any]], delay: float
    ) -> None:
        """Write only when that cannot wait."""

    @override
    async def save_now(self, vin: str, data: dict[str, Any]) -> None:
        self.files[vin] = data

    @override
    def failed(self) -> Iterable[str]:
        return ()

    @override
    def forget(self, vin: str) -> None:
        self.files.pop(vin, None)


class LaterStorage(MemoryStorage):
    """Writes only when that cannot wait."""

    @override
    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        """Wait."""


async def test_saving_writes_what_has_changed_and_nothing_else() -> None:
    """The cars in their files, what they share in another one."""
    common, cars = LaterStorage(), CarFiles()
    engine = await Engine.load(common, cars=cars, clock=ManualClock(NOON))

    async def written() -> tuple[object, set[str]]:
        common.data = None
        cars.files.clear()
        await engine.save()
        kept: dict[str, Any] = common.data or {}
        return kept.get("garage"), set(cars.files)

    assert await written() == (None, set())
    bench = Bench({})
    bench.take(s.BATTERY_LEVEL, 50.0)
    engine.garage.connect([bench.channel])
    assert await written() == ({"vins": [VIN]}, {VIN})
    assert await written() == (None, set())
    engine.save_soon()
    assert await written() == ({"vins": [VIN]}, set())
    await engine.close()
