"""An engine with one account of a tiny service, on a clock that a test moves."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, override

from carport.car import signals as s
from carport.car.commands import CommandKind
from carport.car.limits import Limits
from carport.car.snapshot import Reading
from carport.cloud.contract import Car, ReadResult, StreamSink
from carport.cloud.errors import CloudError
from carport.cloud.service_info import ServiceInfo
from carport.engine import (
    Account,
    AccountOptions,
    AccountStore,
    Engine,
    MemoryStorage,
    OpenAccount,
)
from carport.engine.face import PlainFace
from simulator.clock import ManualClock

from .paper_service import NOON, PaperService, paper_context

FIRST = "WVWZZZTESTRUNNER1"
SECOND = "WVWZZZTESTRUNNER2"
HOUR = 3600.0
LOCKS = {CommandKind.LOCK: Limits(), CommandKind.UNLOCK: Limits()}

type Read = Callable[[str], ReadResult | CloudError]
type Stream = Callable[[StreamSink], Coroutine[Any, Any, None]]


class TinyService(PaperService):
    """Reads as a test says, and remembers when."""

    def __init__(
        self,
        clock: ManualClock,
        account: str,
        info: ServiceInfo,
        vins: tuple[str, ...],
        limits: Mapping[CommandKind, Limits],
    ) -> None:
        """Have these cars."""
        context = paper_context(clock, account, limits=info.call_limits)
        super().__init__(context, limits)
        self.info = info  # type: ignore[misc]  # one service for many tests
        self.vins = vins
        self.listed: list[datetime] = []
        self.reads: list[tuple[str, datetime]] = []
        self.answer: Read = lambda vin: ReadResult()
        self.list_fails: CloudError | None = None
        self.streams_run: list[tuple[str, ...]] = []
        self.streaming: Stream | None = None

    @override
    async def cars(self) -> tuple[Car, ...]:
        self.listed.append(self.context.clock.now())
        if self.list_fails is not None:
            raise self.list_fails
        return tuple(Car(vin=vin, manufacturer="Tiny") for vin in self.vins)

    @override
    async def read(self, car: Car) -> ReadResult:
        self.reads.append((car.vin, self.context.clock.now()))
        answer = self.answer(car.vin)
        if isinstance(answer, CloudError):
            raise answer
        return answer

    @override
    async def stream(self, cars: tuple[Car, ...], sink: StreamSink) -> None:
        self.streams_run.append(tuple(car.vin for car in cars))
        assert self.streaming is not None
        await self.streaming(sink)

    def times(self, vin: str) -> list[datetime]:
        """Return when a car was read."""
        return [when for read, when in self.reads if read == vin]


class Running:
    """An engine, its account, and everything it told."""

    def __init__(
        self,
        *vins: str,
        info: ServiceInfo = PaperService.info,
        limits: Mapping[CommandKind, Limits] | None = None,
        options: AccountOptions | None = None,
        stored: dict[str, Any] | None = None,
        start: datetime = NOON,
    ) -> None:
        """Build both; nothing is called yet."""
        self.clock = ManualClock(start)
        self.storage = MemoryStorage(stored)
        self.engine = Engine(MemoryStorage(), clock=self.clock)
        self.service = TinyService(
            self.clock, "tiny", info, vins or (FIRST,), limits or {}
        )
        self.options = options or AccountOptions()
        self.told: list[CloudError | None] = []
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """The account, once it is open."""
        assert self._account is not None
        return self._account

    async def open(self) -> Account:
        """Open the account as a face does, and let it run."""
        store = AccountStore(self.storage)
        await store.load()
        context = self.service.context
        opened = OpenAccount(
            service=self.service,
            transport=context.transport,
            ledger=context.transport.ledger,
            clock=self.clock,
            pin=None,
        )
        face = PlainFace(
            self.engine.garage,
            "tiny",
            self.options,
            lambda: self.told.append(self.account.error),
        )
        self._account = self.engine.add("tiny", opened, store, face)
        face.watch = self.account.watch
        await self.account.begin()
        self.account.start()
        await self.settle()
        return self.account

    async def advance(self, seconds: float) -> None:
        """Let time pass, with everything that happens in it."""
        left = seconds
        await self.settle()
        while (due := self.clock.next_due()) is not None and due <= left:
            self.clock.step(due)
            left -= due
            await self.settle()
        self.clock.step(left)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that needs no time."""
        for _ in range(30):
            await asyncio.sleep(0)

    def says(self, charging: bool) -> ReadResult:
        """Make a result of a car that says now whether it charges."""
        now = self.clock.now()
        reading = Reading(
            signal=s.CHARGING,
            value=charging,
            captured_at=now,
            received_at=now,
            channel="tiny",
        )
        return ReadResult(readings=(reading,))
