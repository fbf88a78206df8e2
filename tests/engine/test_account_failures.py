"""What becomes of failures: of one car, of the account, of its cloud."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
import logging
from typing import Any, override

import pytest

from carport.cloud.contract import ReadResult
from carport.cloud.errors import (
    ClosedByMaker,
    CloudError,
    ContractEnded,
    LoginExpired,
    Outage,
)
from carport.cloud.sign_in import SignInOutcome
from carport.engine import ChannelState, MemoryStorage

from .paper_service import NOON, PaperService
from .running import FIRST, HOUR, SECOND, Running


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


async def test_8_4_a_closed_cloud_is_asked_less_and_less() -> None:
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


class FullDisk(MemoryStorage):
    """Storage on a disk that takes nothing for a while."""

    full = False
    refused = 0

    @override
    def save_soon(self, data: Callable[[], dict[str, Any]], delay: float) -> None:
        if not self.full:
            super().save_soon(data, delay)

    @override
    async def save_now(self, data: dict[str, Any]) -> None:
        if self.full:
            self.refused += 1
            raise OSError
        await super().save_now(data)


async def test_a_disk_that_is_full_is_tried_once_a_minute() -> None:
    """What is to be kept before a call keeps it from going out, for as long."""
    info = replace(PaperService.info, hosts={"": frozenset({"cloud.example"})})
    running = Running(FIRST, info=info)
    running.service.answer = lambda vin: running.says(True)
    running.storage = disk = FullDisk()
    await running.open()
    await running.advance(HOUR)
    disk.full = True
    before = len(running.service.reads)
    await running.advance(HOUR)
    assert len(running.service.reads) == before
    assert 0 < disk.refused <= 61
    disk.full = False
    await running.advance(90)
    assert len(running.service.reads) > before
