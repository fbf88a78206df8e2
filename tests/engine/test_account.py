"""An account run by the engine: what is read when."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from carport.car import signals
from carport.car.commands import Lock
from carport.car.receipts import Outcome
from carport.car.schedule import Schedule, Window
from carport.car.snapshot import Reading
from carport.cloud.cadence import Profile
from carport.cloud.call_limits import CallLimit
from carport.cloud.contract import Confirmation, ReadResult, Ticket
from carport.cloud.errors import AccountClosed, Throttled, ThrottleScope
from carport.cloud.ledger import Purpose
from carport.engine import AccountOptions, Channel, ChannelState, Yielding

from .paper_service import NOON, PaperService
from .running import FIRST, HOUR, LOCKS, SECOND, Running


async def test_7_2_d_a_manual_reading_leaves_the_others_their_time() -> None:
    """The account wakes when its next car is due, whatever was read in between."""
    running = Running(FIRST, SECOND)
    running.service.answer = lambda vin: running.says(vin == SECOND)
    account = await running.open()
    await running.advance(60)
    due = account.next_read(SECOND)
    assert due is not None
    wait = (due - running.clock.now()).total_seconds()
    await running.advance(wait - 5)
    await account.read(FIRST)
    await running.advance(5.1)
    assert running.service.times(SECOND)[-1] == due


async def test_7_2_limits_lie_under_every_cadence() -> None:
    """Cars that drive and fail are read no faster than the cloud bears."""
    info = replace(
        PaperService.info,
        call_limits=(CallLimit(calls=20, per=timedelta(hours=1), reserve=4),),
    )
    running = Running(FIRST, SECOND, info=info)
    running.service.answer = lambda vin: running.says(True)
    await running.open()
    await running.advance(3 * HOUR)
    times = running.service.times(FIRST)
    apart = [after - before for before, after in pairwise(times)]
    # Two cars share sixteen calls an hour.
    assert min(apart) >= timedelta(seconds=2 * 225)


async def test_7_2_a_pause_of_the_cloud_is_obeyed() -> None:
    """Nothing is read before it ends, and then everything at once."""
    running = Running(FIRST, SECOND)
    until = running.clock.now() + timedelta(hours=2)
    running.service.answer = lambda vin: Throttled("read", until=until)
    account = await running.open()
    await running.advance(60)
    tried = len(running.service.reads)
    assert isinstance(account.error, Throttled)
    running.service.answer = lambda vin: running.says(False)
    await running.advance(2 * HOUR - 120)
    assert len(running.service.reads) == tried
    await running.advance(180)
    assert {vin for vin, _ in running.service.reads[tried:]} == {FIRST, SECOND}
    assert account.error is None


async def test_7_2_what_is_switched_off_stands_at_the_channel() -> None:
    """It is no gap: the channel is well."""
    running = Running()
    running.service.answer = lambda vin: replace(
        running.says(False), switched_off=frozenset({"position"})
    )
    await running.open()
    await running.advance(60)
    channel = running.engine.cars[FIRST].channels["tiny"]
    assert channel.switched_off == {"position"}
    assert channel.state is ChannelState.OK


async def test_7_2_a_service_that_knows_better_moves_the_next_reading() -> None:
    """Its own rhythm replaces what the cadence found."""
    running = Running()
    running.service.answer = lambda vin: running.says(False)
    quarter = timedelta(minutes=15)
    running.service.next_reading = lambda car, due: running.clock.now() + quarter  # type: ignore[method-assign]
    account = await running.open()
    await running.advance(2)
    assert account.next_read(FIRST) == running.clock.now() + quarter


async def test_7_2_a_manual_profile_reads_only_what_is_asked_for() -> None:
    """Not even the list of cars is asked for."""
    running = Running(options=AccountOptions(profile=Profile.MANUAL))
    account = await running.open()
    await running.advance(2)
    reads = len(running.service.reads)
    await running.advance(48 * HOUR)
    assert len(running.service.reads) == reads
    assert len(running.service.listed) == 1
    await account.read(FIRST)
    assert len(running.service.reads) == reads + 1


@pytest.mark.parametrize(
    ("proven", "closer"), [(False, [0, 1, 2, 3]), (True, [])], ids=["not", "proven"]
)
async def test_7_5_a_command_without_proof_is_looked_at_closer(
    proven: bool, closer: list[int]
) -> None:
    """A car that said nothing in time is read each minute for a while, then as before."""
    running = Running(limits=LOCKS)
    await running.open()

    def look(_: Ticket) -> Confirmation:
        said = running.says(True).readings[0]
        locked = replace(said, signal=signals.DOORS_LOCKED)
        return Confirmation(result=ReadResult(readings=(locked,) if proven else ()))

    running.service.look = look
    sending = asyncio.ensure_future(running.engine.send(FIRST, Lock()))
    while not sending.done():
        await running.advance(1)
    receipt = await sending
    assert receipt.outcome is (Outcome.CONFIRMED if proven else Outcome.TIMED_OUT)
    ended = running.clock.now()
    await running.advance(0.5 * HOUR)
    minutes = [
        round((when - ended) / timedelta(minutes=1))
        for when in running.service.times(FIRST)
        if when > ended
    ]
    assert [minute for minute in minutes if minute < 4] == closer


@pytest.mark.parametrize(("scope", "paused"), [("account", True), ("command", False)])
async def test_7_5_a_pause_told_by_one_car(scope: ThrottleScope, paused: bool) -> None:
    """That of the account keeps the other car from being read too; one car's does not."""
    running = Running(FIRST, SECOND)
    running.service.answer = lambda vin: running.says(True)
    await running.open()
    until = running.clock.now() + timedelta(hours=2)
    running.service.answer = lambda vin: (
        Throttled("read", until=until, scope=scope)
        if vin == FIRST
        else running.says(True)
    )
    await running.advance(0.5 * HOUR)
    begun = running.clock.now()
    await running.advance(1 * HOUR)
    read = {vin for vin, when in running.service.reads if when > begun}
    assert read == (set() if paused else {SECOND})


async def test_8_4_a_car_that_waits_for_its_timers_is_read_when_they_open() -> None:
    """Long before the cadence of a sleeping car would."""
    running = Running(FIRST)
    opens = Window(start=time(14, 0), end=time(16, 0))
    values: dict[signals.Signal[Any], Any] = {
        signals.PLUGGED_IN: True,
        signals.CHARGING: False,
        signals.SCHEDULE: Schedule(preferred_window=opens),
    }
    captured_at = NOON

    def waiting(_: str) -> ReadResult:
        return ReadResult(
            readings=tuple(
                Reading(
                    signal=signal,
                    value=value,
                    captured_at=captured_at,
                    received_at=running.clock.now(),
                    channel="tiny",
                )
                for signal, value in values.items()
            )
        )

    running.service.answer = waiting
    await running.open()
    await running.advance(3 * HOUR)
    assert NOON.replace(hour=14) + timedelta(seconds=150) in running.service.times(
        FIRST
    )


async def test_7_5_asking_for_what_a_wish_is_a_reason_for() -> None:
    """The answer comes back; a car that nobody has is refused with a reason."""
    running = Running()
    account = await running.open()

    async def ask(channel: Channel) -> str:
        return channel.car.vin

    assert await account.ask(FIRST, ask) == FIRST
    with pytest.raises(AccountClosed):
        await account.ask("WVWZZZNOBODYSCAR1", ask)
    with pytest.raises(AccountClosed):
        await account.read("WVWZZZNOBODYSCAR1")
    await running.engine.close()
    assert running.clock.next_due() is None


async def test_7_5_a_reading_by_hand_teaches_what_one_costs() -> None:
    """Two calls each: so are the limits, however many were made before."""
    limit = CallLimit(calls=60, per=timedelta(hours=1))
    running = Running(info=replace(PaperService.info, call_limits=(limit,)))
    ledger = running.service.context.transport.ledger

    def answer(vin: str) -> ReadResult:
        ledger.book(Purpose.READ)
        ledger.book(Purpose.READ)
        return running.says(True)

    running.service.answer = answer
    account = await running.open()
    for _ in range(3):
        await account.read(FIRST)
    floor = account.planner.floor(1).total_seconds()
    assert floor == ledger.least_interval(2) > ledger.least_interval(1)
    await running.engine.close()


async def test_7_5_places_are_shared_unless_the_owner_does_not_want_it() -> None:
    """A library's account without options is as one in Home Assistant."""
    running = Running()
    await running.open()
    assert running.engine.cars[FIRST].shares_position
    await running.engine.close()


async def test_8_4_judging_many_cars_gives_way_to_others() -> None:
    """What every car is due for is worked out in small stretches, then all are read."""
    vins = tuple(f"WVWZZZAUZFW{number:06}" for number in range(20))
    running = Running(*vins)
    running.engine.yielding = Yielding(stretch=0)
    running.service.answer = lambda _: running.says(True)
    account = await running.open()
    running.clock.step(60)
    turns = 0
    while not running.service.reads:
        await asyncio.sleep(0)
        turns += 1
        assert turns < 100
    assert turns > len(vins)
    await account.update()
    assert {vin for vin, _ in running.service.reads} == set(vins)
    await account.close()
