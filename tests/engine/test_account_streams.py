"""The stream of an account: run, run again, and never of hidden cars."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carport.car import signals
from carport.cloud.contract import StreamSink
from carport.cloud.errors import Outage, Throttled
from carport.engine import Account, AccountOptions, Topic

from .paper_service import PaperService
from .running import FIRST, HOUR, SECOND, Running


async def test_7_2_a_stream_is_run_told_of_and_run_again() -> None:
    """With growing pauses after failures, until the account closes."""
    info = replace(PaperService.info, streams=True)
    running = Running(info=info)
    told: list[bool] = []
    stopped = asyncio.Event()

    async def broken(sink: StreamSink) -> None:
        raise Outage("stream")

    async def good(sink: StreamSink) -> None:
        sink.alive()
        sink.take(FIRST, running.says(True))
        sink.take("WVWZZZNOBODYSCAR1", running.says(True))
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            stopped.set()

    running.service.streaming = broken
    account = await running.open()
    car = running.engine.cars[FIRST]
    channel = car.channels["tiny"]
    running.engine.garage.subscribe(
        FIRST,
        (Topic.CHANNEL,),
        lambda: told.append(channel.stream_alive_since is not None),
    )
    await running.advance(59)
    assert len(running.service.streams_run) == 1
    await running.advance(119)
    assert len(running.service.streams_run) == 2
    await running.advance(3)
    assert len(running.service.streams_run) == 3
    running.service.streaming = good
    await running.advance(240)
    assert running.service.streams_run[-1] == (FIRST,)
    assert channel.stream_last_message_at is not None
    assert told[-1] is True
    assert any(reading.value is True for reading in car.snapshot.readings.values())
    await running.engine.close_account(account)
    assert stopped.is_set()
    assert running.clock.next_due() is None


async def test_7_2_a_stream_waits_as_long_as_the_cloud_wants() -> None:
    """`Throttled` names the moment."""
    running = Running(info=replace(PaperService.info, streams=True))
    until = running.clock.now() + timedelta(hours=3)

    async def throttled(sink: StreamSink) -> None:
        raise Throttled("stream", until=until)

    running.service.streaming = throttled
    await running.open()
    await running.advance(3 * HOUR - 1)
    assert len(running.service.streams_run) == 1
    await running.advance(2)
    assert len(running.service.streams_run) == 2
    await running.engine.close()


async def test_an_account_that_ends_before_it_starts_runs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it does when its face stops while it sets up."""
    begin = Account.begin

    async def begin_too_late(account: Account) -> None:
        await begin(account)
        await account.end_work()

    monkeypatch.setattr(Account, "begin", begin_too_late)
    running = Running(info=replace(PaperService.info, streams=True))
    await running.open()
    await running.advance(HOUR)
    assert not running.service.streams_run
    assert not running.service.reads
    await running.engine.close()


async def test_7_5_a_stream_brings_nothing_of_hidden_cars() -> None:
    """What the owner has hidden stays hidden, however it is told."""
    running = Running(
        FIRST,
        SECOND,
        info=replace(PaperService.info, streams=True),
        options=AccountOptions(hidden_cars=frozenset({SECOND})),
    )

    async def tell(sink: StreamSink) -> None:
        for vin in (SECOND, FIRST):
            sink.take(vin, running.says(True))
        await asyncio.get_running_loop().create_future()

    running.service.streaming = tell
    await running.open()
    await running.advance(60)
    assert running.engine.cars.keys() == {FIRST}
    assert running.engine.cars[FIRST].snapshot.value(signals.CHARGING) is True
    await running.engine.close()
