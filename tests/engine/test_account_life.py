"""The end of an account, and what it keeps for its next run; clocks that were wrong."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carport.car import signals
from carport.car.commands import Lock, Unlock
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason
from carport.cloud.cadence import Profile
from carport.cloud.contract import ReadResult
from carport.cloud.errors import AccountClosed
from carport.engine import Engine, MemoryStorage

from .paper_service import PaperService
from .running import FIRST, HOUR, LOCKS, Running


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
