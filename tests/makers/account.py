"""One account in a world, built as Home Assistant would build it."""

from collections.abc import Coroutine
from dataclasses import dataclass, field
import json
from typing import Any, ClassVar, cast

from carport.car.commands import Command
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Service, Ticket, Tokens
from carport.cloud.errors import SignInFailed
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger
from carport.cloud.sign_in import SignInOutcome
from simulator.accounts import Account
from tests.service_context import context_of
from tests.world import World


@dataclass
class ServiceAccount[S: Service]:
    """Builds services that share a memory, as one account does over restarts."""

    kind: ClassVar[type[Service]]

    world: World
    spec: Account
    stored: str | None = None
    saves: int = 0
    service: S = field(init=False)
    ledger: Ledger = field(init=False)
    transport: Transport = field(init=False)

    def __post_init__(self) -> None:
        """Build the first service."""
        limits = self.kind.info.call_limits
        self.ledger = Ledger(self.world.clock, limits=limits)
        self.rebuild()

    def rebuild(self) -> S:
        """Build the service from what it stored, as after a restart."""
        clock = self.world.clock
        hosts = HostMap(self.world.simulator.hosts)
        kept = json.loads(json.dumps(self.ledger.to_json()))
        limits = self.kind.info.call_limits
        self.ledger = Ledger(clock, limits=limits, data=kept)
        self.transport = Transport(self.world.session, clock, hosts, self.ledger)
        self.world.attach(self.transport)
        context = context_of(
            clock,
            self.transport,
            region=self.region,
            username=self.spec.username,
            tokens=None if self.stored is None else json.loads(self.stored),
            save_tokens=self.save,
        )
        self.service = cast(S, self.kind(context))
        return self.service

    async def save(self, tokens: Tokens | None) -> None:
        """Store tokens as JSON, as on a disk."""
        self.stored = json.dumps(tokens)
        self.saves += 1

    @property
    def region(self) -> str:
        """Where the account was opened."""
        return self.spec.region

    @property
    def credentials(self) -> dict[str, str]:
        """What the owner types."""
        return self.spec.typed(self.kind.info.sign_in_fields)

    @property
    def pin(self) -> str | None:
        """The owner's PIN."""
        return self.spec.pin

    async def run[T](self, call: Coroutine[Any, Any, T]) -> T:
        """Let time pass until a call has returned."""
        return await self.world.result(call)

    async def sign_in(self, **changes: str) -> SignInOutcome | None:
        """Sign in and return how it failed, if it did."""
        try:
            await self.run(self.service.sign_in({**self.credentials, **changes}))
        except SignInFailed as error:
            return error.outcome
        return None

    async def enter(self) -> None:
        """Sign in, and forget the calls that took."""
        assert await self.sign_in() is None
        self.world.control.forget_calls()

    async def known_car(self, number: int = 0) -> Car:
        """Return one of the account's cars, and forget the calls that took."""
        car = await self.car(number)
        self.world.control.forget_calls()
        return car

    async def car(self, number: int = 0) -> Car:
        """Return one of the account's cars."""
        return (await self.run(self.service.cars()))[number]

    async def read(self, car: Car) -> Snapshot:
        """Return what is read of a car now."""
        result = await self.run(self.service.read(car))
        return Snapshot().merge(result.readings).snapshot

    async def send(self, car: Car, command: Command) -> Ticket:
        """Send a command with the owner's PIN, where there is one."""
        return await self.run(self.service.execute(car, command, self.pin))
