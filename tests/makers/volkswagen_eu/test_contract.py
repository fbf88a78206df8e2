"""We Connect keeps the contract of every service."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.contract import Service
from tests.conftest import account_of
from tests.service_contract import ServiceContract, ServiceUnderTest
from tests.world import World

from .account import WeConnectAccount
from .conftest import TESTER


@dataclass(slots=True, kw_only=True)
class WeConnectUnderTest(ServiceUnderTest):
    """We Connect and its simulator."""

    world: World
    account: WeConnectAccount

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
class TestWeConnect(ServiceContract):
    """A plug-in hybrid, and a diesel with a heater."""

    @pytest.fixture
    def under_test(self, world: World, number: int) -> WeConnectUnderTest:
        """Return an account whose cars stay where they are."""
        account = WeConnectAccount(world, account_of(TESTER))
        return WeConnectUnderTest(
            service=account.service,
            clock=world.clock,
            vin=account.spec.vins[number],
            credentials=account.credentials,
            pin=account.pin,
            pause=5,
            world=world,
            account=account,
        )
