"""A stream is run, run again after a pause, and stopped, whoever's it is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import override

import pytest

from carport.car import signals as s
from carport.car.snapshot import Reading
from carport.cloud.contract import Car, ReadResult, StreamSink
from carport.cloud.errors import LoginExpired, Outage, Throttled
from carport.engine import StreamRunner
from simulator.clock import ManualClock

from .paper_service import NOON, VIN, PaperService, paper_context


class Ticker(PaperService):
    """A service whose stream tells a higher odometer every minute."""

    runs = 0
    ends_with: Callable[[], BaseException | None] = staticmethod(lambda: None)
    ticks = 3

    @override
    async def stream(self, cars: tuple[Car, ...], sink: StreamSink) -> None:
        self.runs += 1
        sink.alive()
        for number in range(self.ticks):
            await self.context.clock.sleep(60)
            now = self.context.clock.now()
            reading = Reading(
                signal=s.ODOMETER,
                value=1000.0 * self.runs + number,
                captured_at=now,
                received_at=now,
                channel=self.context.account,
            )
            sink.take(cars[0].vin, ReadResult(readings=(reading,)))
        if (error := self.ends_with()) is not None:
            raise error


class Rig:
    """A runner on a clock that is moved by hand."""

    def __init__(self) -> None:
        """Start it."""
        self.clock = ManualClock(NOON)
        self.service = Ticker(paper_context(self.clock, "first"), {})
        self.taken: list[tuple[str, object]] = []
        self.told: list[bool] = []
        self.runner = StreamRunner(
            self.service,
            lambda: (Car(vin=VIN, manufacturer="Paper"),),
            lambda vin, result: self.taken.append((vin, result.readings[0].value)),
            lambda: self.told.append(self.runner.alive_since is not None),
        )
        self.task = asyncio.ensure_future(self.runner.run())

    async def advance(self, seconds: float) -> None:
        """Let time pass in minutes."""
        for _ in range(round(seconds / 30)):
            self.clock.step(30)
            for _ in range(5):
                await asyncio.sleep(0)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """Give a runner under way."""
    rig = Rig()
    await asyncio.sleep(0)
    yield rig
    rig.task.cancel()
    await asyncio.wait({rig.task})


async def test_it_brings_readings(rig: Rig) -> None:
    """And tells since when it lives, and when it last said something."""
    begun = rig.clock.now()
    await rig.advance(120)
    assert rig.taken == [(VIN, 1000.0), (VIN, 1001.0)]
    assert rig.runner.alive_since == begun
    assert rig.runner.last_message_at == begun + timedelta(seconds=120)


async def test_it_is_run_again(rig: Rig) -> None:
    """Sooner after a failure than after an end that it chose itself."""
    rig.service.ends_with = lambda: Outage("stream")
    await rig.advance(181)
    assert rig.runner.alive_since is None
    assert rig.runner.failures == 1
    assert rig.service.runs == 1
    await rig.advance(60)
    assert rig.service.runs == 2
    assert rig.told == [True, False, True]


async def test_a_pause_is_obeyed(rig: Rig) -> None:
    """Not a minute earlier."""
    until = rig.clock.now() + timedelta(hours=2)
    rig.service.ends_with = lambda: Throttled("stream", until=until)
    await rig.advance(7100)
    assert rig.service.runs == 1
    await rig.advance(120)
    assert rig.service.runs == 2


async def test_the_owner_is_not_asked_by_a_stream(rig: Rig) -> None:
    """Reading meets the same; the stream only waits."""
    rig.service.ends_with = lambda: LoginExpired("stream")
    await rig.advance(180 + 1700)
    assert rig.service.runs == 1
    await rig.advance(120)
    assert rig.service.runs == 2


async def test_failures_in_a_row_take_longer(rig: Rig) -> None:
    """A minute, two, four: half an hour at most."""
    rig.service.ticks = 0
    rig.service.ends_with = lambda: Outage("stream")
    await rig.advance(200)
    rig.service.runs = 0
    await rig.advance(4 * 3600)
    assert 8 <= rig.service.runs <= 13


async def test_stopping(rig: Rig) -> None:
    """Nothing goes on afterwards."""
    await rig.advance(60)
    rig.task.cancel()
    await asyncio.wait({rig.task})
    await rig.advance(600)
    assert rig.taken == [(VIN, 1000.0)]
    assert rig.runner.alive_since is None


async def test_a_stream_that_lasted_is_run_again_as_after_a_first_failure(
    rig: Rig,
) -> None:
    """Three minutes each: it never has to wait longer than one."""
    rig.service.ends_with = lambda: Outage("stream")
    await rig.advance(20 * 4 * 60)
    assert rig.service.runs >= 19
    assert rig.runner.failures == 1
