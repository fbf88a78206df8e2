"""One CarData account in a world, whose owner approves what it asks for."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
import re
from typing import Any, ClassVar, override

from carport.cloud.contract import Car, ReadResult, Service
from carport.cloud.login import Visit
from carport.makers.car_data.service import CarData
from simulator.car_data import CarData as CarDataCloud
from tests.login_dialog import ScriptedDialog
from tests.makers.account import ServiceAccount

TESTER = "i4.tester@example.com"
DRIVER = "i4.driver@example.com"


class ApprovedCarData(CarData):
    """CarData with an owner who approves in the browser at once."""

    approve: ClassVar[Callable[[Visit], object]]

    @override
    async def sign_in(self, credentials: Mapping[str, str]) -> str:
        dialog = ScriptedDialog(
            credentials=credentials,
            clock=self.context.clock,
            on_visit=type(self).approve,
        )
        return await self.login(dialog)


class Sink:
    """Where a stream brings what it hears, in a test."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.results: list[tuple[str, ReadResult]] = []
        self.grants = 0

    def take(self, vin: str, result: ReadResult) -> None:
        """Keep what came."""
        self.results.append((vin, result))

    def alive(self) -> None:
        """Count the granted subscriptions."""
        self.grants += 1

    def lost(self) -> None:
        """Know that it is tried again."""

    def values(self, vin: str) -> dict[str, object]:
        """Return the newest values of a car."""
        return {
            reading.signal.key: reading.value
            for seen, result in self.results
            if seen == vin
            for reading in result.readings
        }


class CarDataAccount(ServiceAccount[CarData]):
    """An account whose owner has a browser."""

    kind: ClassVar[type[Service]] = ApprovedCarData

    @override
    def __post_init__(self) -> None:
        """Build the first service, and the owner's browser."""
        ApprovedCarData.approve = self.approve
        self.sink = Sink()
        self.streams: list[asyncio.Task[None]] = []
        super().__post_init__()
        self.world.attach(self)

    @property
    def cloud(self) -> CarDataCloud:
        """The cloud itself, for what no client sees."""
        cloud = self.world.simulator.clouds["car_data"]
        assert isinstance(cloud, CarDataCloud)
        return cloud

    @property
    def gcid(self) -> str:
        """The account's id at BMW."""
        account = self.cloud.register.by_name(self.spec.username)
        assert account is not None
        return account.gcid

    @property
    def in_flight(self) -> int:
        """What the broker and the stream have yet to hear of each other.

        It does not matter who runs the stream: a test, or the engine. Connecting and
        leaving take the wall clock's time, in which the world's must stand still.
        """
        ours = self.service.streaming.connection
        if ours.in_flight or ours.leaving:
            return 1
        there = self.cloud.broker.connection(self.gcid)
        if ours.client_id is None:
            return 0
        if there is None or there.client_id != ours.client_id:
            return 1  # The end of the connection is on its way.
        return there.sent - ours.received

    def approve(self, visit: Visit) -> None:
        """Open the link, log in and approve, as the owner would."""
        self.browse(visit, "approve")

    def browse(self, visit: Visit, decision: str) -> None:
        """Open the link, log in and decide."""
        self._browsing = asyncio.ensure_future(self._decide(visit, decision))

    async def _decide(self, visit: Visit, decision: str) -> None:
        address = self.world.address("customer.bmwgroup.com", "/oneid/link")
        session = self.world.session
        form = {
            "user_code": visit.user_code,
            "email": self.spec.username,
            "password": self.spec.password,
        }
        async with session.post(address, data=form) as answer:
            ticket = re.search(r'name="ticket" value="([^"]+)"', await answer.text())
        if ticket is None:
            return  # Who was told a wrong code sees an empty page.
        form = {"ticket": ticket[1], "decision": decision}
        async with session.post(f"{address}/decide", data=form) as answer:
            assert answer.status == 200

    def dialog(self, **answers: object) -> ScriptedDialog:
        """Return the owner, who gives the client id first."""
        return ScriptedDialog(
            credentials=self.credentials,
            clock=self.world.clock,
            **{"on_visit": self.approve, **answers},  # type: ignore[arg-type]
        )

    # The stream

    async def follow(self) -> tuple[Car, ...]:
        """Follow the stream of all cars, and return when it is granted."""
        cars = await self.run(self.service.cars())
        grants = self.sink.grants
        self.start(self.service.stream(cars, self.sink))
        await self.world.until(lambda: self.sink.grants > grants, 600)
        return cars

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something follow the stream."""
        self.streams.append(asyncio.ensure_future(work))

    async def leave(self) -> None:
        """Stop following."""
        for stream in self.streams:
            stream.cancel()
        await asyncio.gather(*self.streams, return_exceptions=True)
        self.streams.clear()
