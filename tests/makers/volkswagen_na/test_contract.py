"""Car-Net keeps the contract of every service."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.contract import Service
from tests.conftest import TESTER, account_of
from tests.service_contract import ServiceContract, ServiceUnderTest
from tests.world import World

from .account import CarNetAccount


@dataclass(slots=True, kw_only=True)
class CarNetUnderTest(ServiceUnderTest):
    """Car-Net and its simulator."""

    world: World
    account: CarNetAccount

    @override
    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        return await self.account.run(call)

    @override
    async def advance(self, seconds: float) -> None:
        await self.world.advance(seconds)

    @override
    async def rebuild(self) -> Service:
        return self.account.rebuild()

    @override
    def twin(self, vin: str) -> Twin:
        return self.world.simulator.twin(vin)


@pytest.mark.parametrize("number", [0, 1])
class TestCarNet(ServiceContract):
    """An electric car and one with a tank."""

    @pytest.fixture
    def under_test(self, world: World, number: int) -> CarNetUnderTest:
        """Return an account whose commands keep the cloud's ration."""
        account = CarNetAccount(world, account_of(TESTER))
        return CarNetUnderTest(
            service=account.service,
            clock=world.clock,
            vin=account.spec.vins[number],
            credentials=account.credentials,
            pin=account.pin,
            pause=1000,
            world=world,
            account=account,
        )
