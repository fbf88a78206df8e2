"""The Demo garage keeps the contract of every service."""

from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.carport.makers.demo.garage import DemoGarage
from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.contract import Service
from simulator.clock import ManualClock
from tests.service_contract import ServiceContract, ServiceUnderTest

from .doors import GarageDoor, open_garage


@dataclass(slots=True, kw_only=True)
class DemoUnderTest(ServiceUnderTest):
    """The Demo garage, whose cloud is itself."""

    service: DemoGarage
    clock: ManualClock
    door: GarageDoor

    @override
    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        return await call

    @override
    async def advance(self, seconds: float) -> None:
        self.clock.step(seconds)

    @override
    async def rebuild(self) -> Service:
        return self.door.build()

    @override
    def twin(self, vin: str) -> Twin:
        return self.service.twin(vin)


@pytest.mark.parametrize("number", [5, 6, 7, 8])
class TestDemoGarage(ServiceContract):
    """One car of each of the four kinds, which nobody drives."""

    @pytest.fixture
    async def under_test(self, number: int) -> AsyncIterator[DemoUnderTest]:
        """Open a garage with four cars that live and four that stay."""
        async with open_garage("demo:8") as door:
            service = door.build()
            cars = await service.cars()
            yield DemoUnderTest(
                service=service,
                clock=door.clock,
                vin=cars[number - 1].vin,
                credentials={},
                door=door,
            )
