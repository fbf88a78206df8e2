"""ZE Services keeps the contract of every service, in both generations."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.contract import Service
from tests.service_contract import ServiceContract, ServiceUnderTest
from tests.world import World

from .account import ZeAccount


@dataclass(slots=True, kw_only=True)
class ZeUnderTest(ServiceUnderTest):
    """ZE Services and its simulator."""

    world: World
    account: ZeAccount

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


@pytest.mark.parametrize("generation", [1, 2])
class TestZeServices(ServiceContract):
    """A plugged-in Zoe."""

    @pytest.fixture
    def under_test(self, account: ZeAccount, generation: int) -> ZeUnderTest:
        """Return an account whose commands are far enough apart."""
        world = account.world
        world.control.service("ze_services", generation=generation)
        return ZeUnderTest(
            service=account.service,
            clock=world.clock,
            vin=account.spec.vins[0],
            credentials=account.credentials,
            pause=1300,
            world=world,
            account=account,
        )
