"""An account run by the engine: what is read when, and what becomes of failures."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
import logging
from typing import Any

import pytest

from carport.car import signals
from carport.car.commands import CommandKind, Lock, Unlock
from carport.car.limits import Limits
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason
from carport.car.schedule import Schedule, Window
from carport.car.snapshot import Reading
from carport.cloud.cadence import Profile
from carport.cloud.call_limits import CallLimit
from carport.cloud.contract import Confirmation, ReadResult, StreamSink, Ticket
from carport.cloud.errors import (
    AccountClosed,
    ClosedByMaker,
    CloudError,
    ContractEnded,
    LoginExpired,
    Outage,
    Throttled,
    ThrottleScope,
)
from carport.cloud.ledger import Purpose
from carport.cloud.sign_in import SignInOutcome
from carport.engine import (
    Account,
    AccountOptions,
    Channel,
    ChannelState,
    Engine,
    MemoryStorage,
    Topic,
    Yielding,
)

from .paper_service import NOON, PaperService
from .running import FIRST, SECOND, Running

HOUR = 3600.0
LOCKS = {CommandKind.LOCK: Limits(), CommandKind.UNLOCK: Limits()}


async def test_7_2_a_a_dead_car_is_left_alone_more_and_more() -> None:
    """And its neighbour, which charges, is read exactly as if it were alone."""
    alone = Running(FIRST)
    alone.service.answer = lambda vin: alone.says(True)
    await alone.open()
    await alone.advance(6 * HOUR)

    both = Running(FIRST, SECOND)
    both.service.answer = lambda vin: (
        both.says(True) if vin == FIRST else Outage("read")
    )
    account = await both.open()
    await both.advance(6 * HOUR)
    assert both.service.times(FIRST) == alone.service.times(FIRST)
    assert len(both.service.times(FIRST)) > 70
    dead = both.service.times(SECOND)
    pauses = [
        (after - before) / timedelta(minutes=1) for before, after in pairwise(dead)
    ]
    assert pauses[:5] == pytest.approx([1, 2, 4, 8, 16], abs=0.1)
    assert min(pauses[5:]) >= 29
    assert len(dead) < 18
    assert account.error is None
    assert both.engine.cars[SECOND].channels["tiny"].state is ChannelState.DEGRADED


async def test_7_2_a_one_line_when_a_car_goes_and_one_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However often it is tried meanwhile; neither says which car."""
    caplog.set_level(logging.INFO)
    running = Running(FIRST, SECOND)
    dead = True
    running.service.answer = lambda vin: (
        Outage("read") if vin == SECOND and dead else running.says(True)
    )
    await running.open()
    await running.advance(6 * HOUR)
    assert len(caplog.messages) == 1
    dead = False
    await running.advance(6 * HOUR)
    assert len(caplog.messages) == 2
    assert SECOND not in caplog.text


async def test_7_2_b_a_gap_does_not_raise_the_read_rate() -> None:
    """The part is the service's matter; the car is read by its cadence."""
    counts = []
    for gaps in (frozenset[str](), frozenset({"charging"})):
        running = Running()

        def answer(
            vin: str, gaps: frozenset[str] = gaps, running: Running = running
        ) -> ReadResult:
            return replace(running.says(False), gaps=gaps)

        running.service.answer = answer
        await running.open()
        await running.advance(12 * HOUR)
        counts.append(len(running.service.reads))
    assert counts[0] == counts[1]


async def test_7_2_c_a_closed_account_goes_once() -> None:
    """Turns in which nothing is due are no news, and the pauses grow."""
    running = Running(FIRST, SECOND)
    running.service.answer = lambda vin: ClosedByMaker("read")
    account = await running.open()
    await running.advance(24 * HOUR)
    assert type(running.told[-1]) is ClosedByMaker
    assert None not in running.told[1:]
    assert account.trouble is SignInOutcome.CLIENT_REFUSED
    assert account.planner.failures(FIRST) > 3
    assert account.planner.back_off(FIRST) >= timedelta(minutes=8)
    running.service.answer = lambda vin: running.says(False)
    await running.advance(24 * HOUR)
    assert account.error is None
    assert account.trouble is None


async def test_8_4_a_closed_door_is_knocked_at_less_and_less() -> None:
    """By readings and by the list: in the end twice a day, and it may open again."""
    running = Running(FIRST)
    await running.open()
    running.service.answer = lambda vin: ClosedByMaker("tokens")
    running.service.list_fails = ClosedByMaker("tokens")
    await running.advance(96 * HOUR)
    asked = [when for _, when in running.service.reads] + running.service.listed
    days = [
        sum(
            24 * day <= (when - NOON) / timedelta(hours=1) < 24 * day + 24
            for when in asked
        )
        for day in range(4)
    ]
    assert days[3] <= 5
    assert days[2] <= 8 + days[3]
    running.service.answer = lambda vin: running.says(False)
    running.service.list_fails = None
    await running.advance(13 * HOUR)
    assert running.account.error is None


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


async def test_7_2_d_a_failed_manual_reading_is_a_failure() -> None:
    """It counts like any other, and is tried again like any other."""
    running = Running()
    running.service.answer = lambda vin: running.says(False)
    account = await running.open()
    await running.advance(60)
    running.service.answer = lambda vin: Outage("read")
    with pytest.raises(Outage):
        await account.read(FIRST)
    assert isinstance(account.error, Outage)
    assert isinstance(running.told[-1], Outage)
    assert account.planner.failures(FIRST) == 1
    assert account.next_read(FIRST) == running.clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize("after", [0.0, 0.5, 10.0])
async def test_7_2_e_closing_ends_a_command_with_a_receipt(after: float) -> None:
    """Before it begins, while it is sent, or while the car is looked at."""
    running = Running(limits=LOCKS)
    account = await running.open()
    receipts: list[Receipt] = []
    running.engine.garage.subscribe_receipts(FIRST, receipts.append)
    sending = asyncio.ensure_future(running.engine.send(FIRST, Lock()))
    await asyncio.sleep(0)
    if after:
        await running.advance(after)
    await running.engine.close_account(account)
    receipt = await sending
    assert receipt.outcome is Outcome.FAILED
    assert receipt.reason is Reason.ACCOUNT_CLOSED
    assert receipt.finished_at is not None
    assert receipts[-1] == receipt
    assert (receipt.accepted_at is not None) is (after > 1)
    car = running.engine.cars[FIRST]
    assert car.running is None
    assert car.pending == {}
    assert running.clock.next_due() is None
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in left if "carport" in task.get_name()]


async def test_7_2_e_what_comes_while_closing_is_refused_with_a_reason() -> None:
    """Commands by a receipt, questions by an error of their own."""
    running = Running(limits=LOCKS)
    account = await running.open()
    asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asking = asyncio.ensure_future(account.ask(FIRST, lambda channel: asked))
    await running.settle()
    await account.end_work()
    with pytest.raises(AccountClosed):
        await asking
    receipt = await running.engine.send(FIRST, Unlock())
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.reason is Reason.ACCOUNT_CLOSED
    with pytest.raises(AccountClosed):
        await account.read(FIRST)
    with pytest.raises(AccountClosed):
        await account.update()
    await account.close()


async def test_7_2_f_a_receipt_is_kept_once() -> None:
    """Another one may come between accepted and the last word."""
    running = Running(limits=LOCKS)
    await running.open()
    sending = asyncio.ensure_future(running.engine.send(FIRST, Lock()))
    await running.advance(5)
    refused = await running.engine.send(FIRST, Unlock())
    await running.advance(200)
    receipt = await sending
    kept = running.engine.cars[FIRST].receipts
    assert sorted(one.id for one in kept) == sorted([receipt.id, refused.id])
    assert {one.outcome for one in kept} == {Outcome.TIMED_OUT, Outcome.REFUSED}


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


async def test_7_2_an_ended_contract_is_one_cars_matter() -> None:
    """It is looked at once a day, and the rest of the account goes on."""
    running = Running(FIRST, SECOND)
    running.service.answer = lambda vin: (
        ContractEnded("read") if vin == SECOND else running.says(False)
    )
    account = await running.open()
    await running.advance(47 * HOUR)
    assert len(running.service.times(SECOND)) == 2
    assert account.error is None


async def test_7_2_expired_tokens_are_the_accounts_matter() -> None:
    """Even if another car could still be read."""
    running = Running(FIRST, SECOND)
    running.service.answer = lambda vin: (
        LoginExpired("read") if vin == SECOND else running.says(False)
    )
    account = await running.open()
    await running.advance(60)
    assert isinstance(account.error, LoginExpired)


async def test_7_2_a_list_that_fails_is_not_asked_for_every_second() -> None:
    """The pauses grow, and the cars are read meanwhile."""
    running = Running()
    running.service.answer = lambda vin: running.says(False)
    await running.open()
    running.service.list_fails = Outage("cars")
    await running.advance(18 * HOUR)
    assert 10 < len(running.service.listed) < 25
    assert running.account.error is None


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
    """Not even the list."""
    running = Running(options=AccountOptions(profile=Profile.MANUAL))
    account = await running.open()
    await running.advance(2)
    reads = len(running.service.reads)
    await running.advance(48 * HOUR)
    assert len(running.service.reads) == reads
    assert len(running.service.listed) == 1
    await account.read(FIRST)
    assert len(running.service.reads) == reads + 1


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


async def test_7_2_an_error_nobody_expected_does_not_end_the_account(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged with its trace, and reading goes on."""
    running = Running()

    def answer(vin: str) -> ReadResult | CloudError:
        if len(running.service.reads) == 1:
            raise ZeroDivisionError
        return running.says(False)

    running.service.answer = answer
    await running.open()
    await running.advance(3 * HOUR)
    assert "ZeroDivisionError" in caplog.text
    assert len(running.service.reads) > 1


async def test_5_6_attempts_and_calls_are_kept_before_they_are_made() -> None:
    """Whatever ends the process: the next one does not ask again for that."""
    info = replace(PaperService.info, hosts={"": frozenset({"cloud.example"})})
    running = Running(info=info)
    kept: list[object] = []

    def answer(vin: str) -> ReadResult:
        data = running.storage.data or {}
        kept.append(data["attempted"].get(vin))
        return running.says(False)

    running.service.answer = answer
    await running.open()
    await running.advance(11 * HOUR)
    assert kept == [when.isoformat() for when in running.service.times(FIRST)]

    again = Running(info=info, stored=running.storage.data, start=running.clock.now())
    again.service.answer = lambda vin: again.says(False)
    await again.open()
    await again.advance(60)
    assert again.service.reads == []
    assert again.service.listed == []


async def test_5_7_a_clock_that_was_ahead_costs_nothing() -> None:
    """Attempts and lists of days to come keep nobody waiting."""
    ahead = Running()
    ahead.service.answer = lambda vin: ahead.says(False)
    await ahead.open()
    await ahead.advance(60)
    behind = Running(
        stored=ahead.storage.data, start=ahead.clock.now() - timedelta(days=9)
    )
    behind.service.answer = lambda vin: behind.says(False)
    await behind.open()
    await behind.advance(60)
    assert len(behind.service.listed) == 1
    assert len(behind.service.reads) == 1
    data = behind.storage.data or {}
    assert data["attempted"][FIRST] == behind.service.times(FIRST)[0].isoformat()


async def test_5_7_a_clock_set_back_while_running_costs_nothing() -> None:
    """The next turn comes soon, and reads and lists by the time it is now."""
    running = Running()
    running.service.answer = lambda vin: running.says(False)
    await running.open()
    await running.advance(60)
    running.clock.correct(timedelta(days=-9))
    reads, lists = len(running.service.reads), len(running.service.listed)
    await running.advance(HOUR)
    assert len(running.service.listed) == lists + 1
    assert len(running.service.reads) > reads
    await running.advance(2 * HOUR)
    assert len(running.service.reads) < reads + 50


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


async def test_7_5_a_car_that_is_back_is_read_as_before() -> None:
    """Its failures are forgotten with the first reading: it is not tried again sooner."""
    running = Running(FIRST)
    running.service.answer = lambda vin: Outage("read")
    await running.open()
    await running.advance(200)
    running.service.answer = lambda vin: ReadResult()
    await running.advance(0.5 * HOUR)
    back = len(running.service.reads)
    await running.advance(6 * HOUR)
    pauses = [
        (after - before) / timedelta(minutes=1)
        for before, after in pairwise(running.service.times(FIRST)[back - 1 :])
    ]
    assert len(pauses) > 2
    assert min(pauses) > 30


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


async def test_7_5_closing_keeps_what_is_known() -> None:
    """Readings and the owner's choices are there again in the next run."""
    kept = MemoryStorage()
    running = Running()
    running.engine = Engine(kept, clock=running.clock)
    running.service.answer = lambda vin: running.says(True)
    await running.open()
    await running.advance(60)
    _forget(kept)
    running.engine.garage.set_profile(FIRST, Profile.MANUAL)
    assert kept.data is not None
    _forget(kept)
    await running.engine.close()
    assert kept.data is not None
    again = await Engine.load(MemoryStorage(kept.data), clock=running.clock)
    car = again.cars[FIRST]
    assert car.profile is Profile.MANUAL
    assert car.snapshot.value(signals.CHARGING) is True


def _forget(kept: MemoryStorage) -> None:
    kept.data = None


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
