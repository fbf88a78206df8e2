"""What an account tells of itself: its trouble, its advice, and when it goes on."""

from datetime import timedelta

import pytest

from carport.cloud.contract import Advice
from carport.cloud.errors import ClosedByMaker, Outage, Throttled
from carport.cloud.ledger import Purpose
from carport.cloud.sign_in import SignInOutcome
from carport.engine import Topic

from .paper_service import NOON
from .running import FIRST, Running

HOUR = 3600.0


async def test_7_2_when_an_account_is_tried_again() -> None:
    """At the end of a pause that the cloud named, or when a car is due."""
    running = Running()
    until = NOON + timedelta(hours=2)
    running.service.answer = lambda vin: Throttled("read", until=until)
    account = await running.open()
    await running.advance(60)
    assert account.retry_after == 2 * HOUR - 60
    running.service.answer = lambda vin: Outage("read")
    await running.advance(2 * HOUR)
    due = account.next_read(FIRST)
    assert due is not None
    assert account.retry_after == (due - running.clock.now()).total_seconds() > 0
    await running.engine.close()


async def test_7_2_e_closing_lets_go_of_what_the_service_holds() -> None:
    """A renewal of tokens that is under way, for one."""
    running = Running()
    closed: list[bool] = []

    async def close() -> None:
        closed.append(True)

    running.service.close = close  # type: ignore[method-assign]
    account = await running.open()
    assert not closed
    await running.engine.close_account(account)
    assert closed == [True]


async def test_7_2_e_a_closed_account_writes_no_more() -> None:
    """A call that ends later is not its matter: another run may have the file by then."""
    running = Running()
    account = await running.open()
    ledger = running.service.context.transport.ledger
    ledger.book(Purpose.READ)
    assert account.store.unsaved is False
    await running.engine.close_account(account)
    saved: list[float] = []
    running.storage.save_soon = lambda data, delay: saved.append(delay)  # type: ignore[method-assign]
    ledger.book(Purpose.READ)
    assert saved == []


async def test_7_2_advice_is_told_when_it_changes() -> None:
    """Once when there is some, and once when there is none any more."""
    running = Running()
    account = await running.open()
    await running.advance(2)
    advice: list[Advice] = []
    running.service.advice = lambda: tuple(advice)  # type: ignore[method-assign]

    async def mend(key: str) -> None:
        """Change nothing: what was advised stays."""

    running.service.mend = mend  # type: ignore[method-assign]
    cars: list[None] = []
    running.engine.garage.subscribe(FIRST, (Topic.CHANNEL,), lambda: cars.append(None))
    before = len(running.told)
    for now, times in ((["renew"], 1), (["renew"], 1), ([], 2), ([], 2)):
        advice[:] = [Advice(key=key, mendable=True) for key in now]
        await account.mend("renew")
        assert (len(running.told) - before, len(cars)) == (times, times)
    await running.engine.close()


async def test_7_2_an_account_without_cars_tells_why_it_has_none() -> None:
    """Nothing is read that could fail: it is the list that does."""
    running = Running()
    running.service.vins = ()
    account = await running.open()
    errors = [account.error]
    for fails in (Outage("cars"), None):
        running.service.list_fails = fails
        await running.advance(48 * HOUR)
        errors.append(account.error)
    assert errors[0] is errors[2] is None
    assert isinstance(errors[1], Outage)
    await running.engine.close()


async def test_7_2_an_account_that_cannot_begin_tells_its_trouble() -> None:
    """Without a car there is no reading that would tell it later."""
    running = Running()
    running.service.list_fails = ClosedByMaker("cars")
    with pytest.raises(ClosedByMaker):
        await running.open()
    assert running.account.trouble is SignInOutcome.CLIENT_REFUSED
    await running.engine.close()
