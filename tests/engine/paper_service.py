"""A service on paper: no cloud, only what a test writes down."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Set as AbstractSet
from datetime import UTC, datetime
from typing import Any, override

from carport.car.commands import Command, CommandKind
from carport.car.limits import Limits
from carport.car.receipts import Receipt
from carport.car.refusals import Reason, Refusal
from carport.car.signals import Signal, Value
from carport.car.snapshot import Reading, Snapshot
from carport.cloud.cadence import CadenceDefaults
from carport.cloud.call_limits import CallLimit, daily
from carport.cloud.contract import (
    Car,
    Confirmation,
    Context,
    ReadResult,
    Service,
    Ticket,
)
from carport.cloud.errors import CloudError
from carport.cloud.ledger import Ledger
from carport.cloud.service_info import Openness, ServiceInfo
from carport.engine import Channel, Dispatcher, Garage
from simulator.clock import ManualClock
from tests.service_context import context_of, unused_transport

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
VIN = "WVWZZZTESTGARAGE1"


class PaperService(Service):
    """Answers what the test put down, and remembers what it was told."""

    info = ServiceInfo(
        key="paper",
        name="Paper",
        manufacturer="Paper",
        openness=Openness.DEMO,
        hosts={},
        cadence=CadenceDefaults(
            driving=180, charging=240, after_command=60, parked=3600, asleep=10800
        ),
    )

    def __init__(self, context: Context, limits: Mapping[CommandKind, Limits]) -> None:
        """Offer these commands."""
        super().__init__(context)
        self.limits = limits
        self.sent: list[tuple[Command, str | None]] = []
        self.fails: CloudError | None = None
        self.refused: Reason | None = None
        self.look: Callable[[Ticket], Confirmation | CloudError] = lambda _: (
            Confirmation()
        )

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        return "paper"

    @override
    async def cars(self) -> tuple[Car, ...]:
        return (Car(vin=VIN, manufacturer="Paper"),)

    @override
    async def read(self, car: Car) -> ReadResult:
        return ReadResult()

    @override
    async def execute(self, car: Car, command: Command, pin: str | None) -> Ticket:
        self.sent.append((command, pin))
        await self.context.clock.sleep(1)
        if self.fails is not None:
            raise self.fails
        return Ticket(
            vin=car.vin, command=command, accepted_at=self.context.clock.now()
        )

    @override
    async def confirm(self, car: Car, ticket: Ticket) -> Confirmation:
        look = self.look(ticket)
        if isinstance(look, CloudError):
            raise look
        return look

    @override
    def commands(
        self, car: Car, observed: AbstractSet[str]
    ) -> Mapping[CommandKind, Limits]:
        return self.limits

    @override
    def blocked_by(
        self, car: Car, command: Command, snapshot: Snapshot
    ) -> Refusal | None:
        return None if self.refused is None else Refusal(reason=self.refused)


class Bench:
    """A garage with one car on one channel, and time that a test moves."""

    def __init__(
        self,
        limits: Mapping[CommandKind, Limits],
        stored: Mapping[str, Any] | None = None,
        a_day: int | None = None,
    ) -> None:
        """Connect the car; its cloud allows so many calls a day."""
        self.clock = ManualClock(NOON)
        self.saves = 0
        self.garage = Garage(self.clock, self._saved, stored)
        self.dispatcher = Dispatcher(self.garage, _spawn)
        self.service = PaperService(paper_context(self.clock, "first", a_day), limits)
        self.channel = Channel(
            account="first",
            service=self.service,
            car=Car(vin=VIN, manufacturer="Paper"),
        )
        self.garage.connect([self.channel])
        self.garage.set_owner(VIN, "first")
        self.receipts: list[Receipt] = []
        self.garage.subscribe_receipts(VIN, self.receipts.append)
        self.car = self.garage.cars[VIN]

    def says[T: Value](self, signal: Signal[T], value: T) -> ReadResult:
        """Make a result with one reading captured now."""
        now = self.clock.now()
        return ReadResult(
            readings=(
                Reading(
                    signal=signal,
                    value=value,
                    captured_at=now,
                    received_at=now,
                    channel="first",
                ),
            )
        )

    def take[T: Value](self, signal: Signal[T], value: T) -> frozenset[str]:
        """Let the car report one value captured now."""
        return self.garage.take(VIN, "first", self.says(signal, value))

    async def finish[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Run something to its end, moving the clock whenever nothing else can."""
        task = asyncio.ensure_future(work)
        while not task.done():
            await self.settle()
            if not task.done():
                due = self.clock.next_due()
                assert due is not None, "it waits for something that never comes"
                self.clock.step(due)
        return await task

    async def settle(self) -> None:
        """Let everything run that can run without the clock."""
        for _ in range(20):
            await asyncio.sleep(0)

    def _saved(self) -> None:
        self.saves += 1


def paper_context(
    clock: ManualClock,
    account: str,
    a_day: int | None = None,
    limits: tuple[CallLimit, ...] = (),
) -> Context:
    """Make a context whose transport is never used."""
    a_day_long = () if a_day is None else (daily(a_day),)
    ledger = Ledger(clock, limits=(*limits, *a_day_long))
    return context_of(
        clock, unused_transport(clock, ledger), account=account, region=""
    )


def _spawn(work: Coroutine[Any, Any, Receipt], name: str) -> asyncio.Task[Receipt]:
    return asyncio.get_running_loop().create_task(work, name=name, eager_start=False)
