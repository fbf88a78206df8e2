"""The Demo garage keeps the contract of every service."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, override

import pytest

from carport.cloud.contract import Service
from carport.makers.demo.service import DemoGarage
from carport.twin.twin import Twin
from simulator.clock import ManualClock
from tests.service_contract import CarContract, ServiceContract
from tests.service_under_test import ServiceUnderTest

from .adapter import GarageAdapter, open_garage


@dataclass(slots=True, kw_only=True)
class DemoUnderTest(ServiceUnderTest):
    """The Demo garage, whose cloud is itself."""

    service: DemoGarage
    clock: ManualClock
    adapter: GarageAdapter

    @override
    def saved(self) -> str | None:
        return self.adapter.stored

    @override
    def restore(self, saved: str | None) -> None:
        self.adapter.stored = saved

    @override
    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        return await call

    @override
    async def advance(self, seconds: float) -> None:
        left = seconds
        while (due := self.clock.next_due()) is not None and due <= left:
            self.clock.step(due)
            left -= due
            await _settle()
        self.clock.step(left)
        await _settle()

    @override
    def neighbour(self) -> ServiceUnderTest:
        adapter = replace(self.adapter, username="demo:3", stored=None, saves=0)
        return replace(self, service=adapter.build(), adapter=adapter)

    @override
    async def rebuild(self) -> Service:
        return self.adapter.build()

    @override
    def twin(self, vin: str) -> Twin:
        return self.service.twin(vin)


async def _settle() -> None:
    """Let everything happen that needs no time."""
    for _ in range(30):
        await asyncio.sleep(0)


class TestDemoGarage(ServiceContract):
    """One car that nobody drives."""

    key = "demo"

    @pytest.fixture
    async def under_test(self) -> AsyncIterator[DemoUnderTest]:
        """Open a garage with four cars that live and four that stay."""
        async with opened(5) as under_test:
            yield under_test


@pytest.mark.parametrize("number", [6, 7, 8])
class TestOtherCars(CarContract):
    """Cars of the other three kinds."""

    @pytest.fixture
    async def under_test(self, number: int) -> AsyncIterator[DemoUnderTest]:
        """Open the same garage."""
        async with opened(number) as under_test:
            yield under_test


@asynccontextmanager
async def opened(number: int) -> AsyncIterator[DemoUnderTest]:
    """Open a garage of eight cars, and choose one."""
    async with open_garage("demo:8") as adapter:
        service = adapter.build()
        cars = await service.cars()
        yield DemoUnderTest(
            service=service,
            clock=adapter.clock,
            vin=cars[number - 1].vin,
            credentials={},
            adapter=adapter,
        )
