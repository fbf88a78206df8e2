"""A service and its simulator, as the contract of every service meets them."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self, override

from carport.cloud.contract import Service
from carport.twin.twin import Twin
from tests.service_under_test import ServiceUnderTest

from .account import ServiceAccount


@dataclass(slots=True, kw_only=True)
class CloudUnderTest(ServiceUnderTest):
    """One account, and one of its cars."""

    account: ServiceAccount[Any]

    @classmethod
    def of(
        cls, account: ServiceAccount[Any], number: int = 0, *, pause: float = 0
    ) -> Self:
        """Put an account that has not signed in to the test, with one of its cars."""
        return cls(
            service=account.service,
            clock=account.world.clock,
            vin=account.spec.vins[number],
            credentials=account.credentials,
            pin=account.pin,
            pause=pause,
            control=account.world.control,
            account=account,
        )

    @override
    def saved(self) -> str | None:
        return self.account.stored

    @override
    def restore(self, saved: str | None) -> None:
        self.account.stored = saved

    @override
    def neighbour(self) -> ServiceUnderTest:
        profile, world = self.profile, self.account.world
        mine = self.account.spec.username
        other = profile.driver if mine == profile.tester.username else profile.tester
        return CloudUnderTest.of(type(self.account)(world=world, spec=other))

    @override
    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        return await self.account.run(call)

    @override
    async def advance(self, seconds: float) -> None:
        await self.account.world.advance(seconds)

    @override
    async def rebuild(self) -> Service:
        service: Service = self.account.rebuild()
        return service

    @override
    def twin(self, vin: str) -> Twin:
        return self.account.world.simulator.twin(vin)
