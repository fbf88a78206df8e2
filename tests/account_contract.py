"""What every service must do for whole accounts: beside others, and over hours."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from carport.cloud.cadence import Profile as ReadingProfile
from carport.cloud.errors import CloudError
from carport.engine import (
    AccountOptions,
    AccountStore,
    Engine,
    MemoryStorage,
    OpenAccount,
)
from carport.engine.face import PlainFace
from tests.service_under_test import ServiceUnderTest

_ACCOUNT: Final = "home"
_STEP: Final = 60.0
_READING: Final = 65.0
"""The seconds of a reading, and of a pause before a last try."""


class AccountContract:
    """The tests; each one signs in anew."""

    async def test_a_gap_does_not_raise_the_read_rate(
        self, under_test: ServiceUnderTest
    ) -> None:
        """While a part is missing the cars are read as often as before, not oftener."""
        sut, requests = under_test, under_test.profile.requests
        if requests is None or sut.control is None:
            return  # Nothing can be missing where nothing is asked for.
        await sut.sign_in()
        path = requests.part or requests.reads
        fault = sut.control.fault("status", path=path, status=503)
        async with running(sut, ReadingProfile.NORMAL) as run:
            for vin in await run.hours(1):
                sut.control.twin(vin, unreachable=True)
            # What is known of the cars grows old, and is read seldom.
            await run.hours(4)
            missing = await run.hours(4)
            sut.control.clear_faults(fault.number)
            await run.hours(1)
            whole = await run.hours(4)
        assert fault.hits
        # Where a stream tells of the cars there may be nothing to read.
        assert max(whole.values()) >= 1 or sut.service.info.streams
        # Looks are spread at random. What fails altogether is tried again soon, but ever
        # more seldom.
        more = 1 if requests.part is not None else 8
        for vin, reads in whole.items():
            most = reads + max(more, reads // 4)
            assert missing[vin] <= most, (vin, reads, missing[vin])

    async def test_two_accounts_do_not_meet(self, under_test: ServiceUnderTest) -> None:
        """Each has its own id, cars and tokens; the end of one is not the other's."""
        sut = under_test
        first = await sut.sign_in()
        other = sut.neighbour()
        second = await other.sign_in()
        assert first != second
        cars = await sut.run(sut.service.cars())
        others = await other.run(other.service.cars())
        assert cars
        assert others
        if sut.control is not None:
            assert not {car.vin for car in cars} & {car.vin for car in others}
        await sut.run(sut.service.sign_out())
        await sut.run(sut.service.close())
        assert await other.run(other.service.cars()) == others
        assert (await other.run(other.service.read(others[0]))).readings

    async def test_a_silent_cloud_costs_a_minute(
        self, under_test: ServiceUnderTest
    ) -> None:
        """However many calls a reading takes, and however often each is tried."""
        sut, requests = under_test, under_test.profile.requests
        if requests is None or sut.control is None:
            return  # Nobody can be silent where nobody is asked.
        await sut.sign_in()
        async with running(sut, ReadingProfile.MANUAL) as run:
            await run.hours(1)
            # What lets it in is fresh then.
            await run.reading(sut.vin)
            sut.control.fault("slow", path="*", seconds=600)
            assert await run.reading(sut.vin) <= _READING
            # The simulator comes to its late answers.
            sut.control.clear_faults()
            await sut.advance(1200)
            await run.reading(sut.vin)

    async def test_the_reads_of_an_hour_are_within_the_limit(
        self, under_test: ServiceUnderTest
    ) -> None:
        """The liveliest profile and a car that charges: no limit is overrun."""
        sut = under_test
        await sut.sign_in()
        await sut.car()
        state = sut.twin(sut.vin).state
        if sut.twin(sut.vin).spec.battery_capacity:
            state.plugged_in = state.charging = True
            state.battery_level = 20
        if sut.control is not None:
            sut.control.forget_calls()
        async with running(sut, ReadingProfile.LIVELY) as run:
            reads = await run.hours(3)
        assert max(reads.values()) >= 1
        # A car is read every minute at the most, whatever its cloud would bear.
        assert max(reads.values()) <= 3 * 60
        if sut.control is None or sut.profile.requests is None:
            return
        calls = sut.control.calls(sut.profile.requests.reads)
        assert calls
        assert [call for call in calls if call.status == 429] == []
        for limit in sut.service.info.call_limits:
            most = limit.for_cars(len(reads)).calls
            assert busiest([call.at for call in calls], limit.per) <= most, limit


class Run:
    """An engine with the account of a service under test."""

    def __init__(self, sut: ServiceUnderTest, engine: Engine) -> None:
        """Watch the engine's cars."""
        self._sut, self._engine = sut, engine

    async def hours(self, hours: int) -> Counter[str]:
        """Let hours pass, and count the readings of each car."""
        reads: Counter[str] = Counter(dict.fromkeys(self._engine.cars, 0))
        tried = self._tried()
        for _ in range(round(hours * 3600 / _STEP)):
            await self._sut.advance(_STEP)
            now = self._tried()
            reads.update(vin for vin in now if now[vin] != tried.get(vin))
            tried = now
        return reads

    async def reading(self, vin: str) -> float:
        """Read a car now, whatever comes of it, and return the seconds that it took."""
        began = self._sut.clock.now()
        with suppress(CloudError):
            await self._sut.run(self._engine.accounts[_ACCOUNT].read(vin))
        return (self._sut.clock.now() - began).total_seconds()

    def _tried(self) -> dict[str, datetime | None]:
        return {
            vin: car.channels[_ACCOUNT].attempted_at
            for vin, car in self._engine.cars.items()
        }


@asynccontextmanager
async def running(sut: ServiceUnderTest, profile: ReadingProfile) -> AsyncIterator[Run]:
    """Let an engine run the account, and close it at the end."""
    service, options = sut.service, AccountOptions(profile=profile, pin=sut.pin)
    transport = service.context.transport
    engine = Engine(MemoryStorage(), clock=sut.clock)
    store = AccountStore(MemoryStorage(None))
    await store.load()
    opened = OpenAccount(
        service=service,
        transport=transport,
        ledger=transport.ledger,
        clock=sut.clock,
        pin=None,
    )
    face = PlainFace(engine.garage, _ACCOUNT, options)
    account = engine.add(_ACCOUNT, opened, store, face)
    face.watch = account.watch
    await sut.run(account.begin())
    account.start()
    try:
        yield Run(sut, engine)
    finally:
        await sut.run(engine.close())


def busiest(times: Sequence[datetime], window: timedelta) -> int:
    """Return how many of the moments fall into one window at the most."""
    return max(
        (
            sum(start <= other < start + window for other in times[at:])
            for at, start in enumerate(times)
        ),
        default=0,
    )
