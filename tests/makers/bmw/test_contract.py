"""I Remote keeps the contract of every service."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, override

import pytest

from custom_components.carport.makers.demo.twin import Twin
from custom_components.carport.service.contract import Service
from tests.conftest import account_of
from tests.service_contract import ServiceContract, ServiceUnderTest
from tests.world import World

from .account import AMERICAN, TESTER, IRemoteAccount


@dataclass(slots=True, kw_only=True)
class IRemoteUnderTest(ServiceUnderTest):
    """I Remote and its simulator."""

    world: World
    account: IRemoteAccount

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


@pytest.mark.parametrize(
    ("username", "number"), [(TESTER, 0), (TESTER, 1), (TESTER, 2), (AMERICAN, 0)]
)
class TestIRemote(ServiceContract):
    """An electric car, a hybrid, a diesel, and one that asks a question."""

    @pytest.fixture
    def under_test(self, world: World, username: str, number: int) -> IRemoteUnderTest:
        """Return an account and one of its cars."""
        account = IRemoteAccount(world, account_of(username))
        return IRemoteUnderTest(
            service=account.service,
            clock=world.clock,
            vin=account.spec.vins[number],
            credentials=account.credentials,
            pin=account.pin,
            world=world,
            account=account,
        )
