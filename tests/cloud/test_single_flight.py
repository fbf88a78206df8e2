"""Work that is done once for everybody."""

import asyncio

import pytest

from carport.cloud.single_flight import SingleFlight


class Work:
    """Counts its runs and ends when told to."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.runs = 0
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        """Wait, then return the number of this run."""
        self.runs += 1
        self.begun.set()
        await self.go.wait()
        if self.runs == 2:
            raise ValueError("the second one fails")
        return self.runs


async def test_ten_callers_share_one_run() -> None:
    """And the next one starts a run of its own."""
    work = Work()
    flight = SingleFlight(work)
    callers = [asyncio.create_task(flight.run()) for _ in range(10)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*callers) == [1] * 10
    with pytest.raises(ValueError, match="second"):
        await flight.run()
    assert await flight.run() == 3


async def test_failures_are_shared_too() -> None:
    """Nobody tries again at the same moment."""
    work = Work()
    work.runs = 1
    flight = SingleFlight(work)
    work.go.set()
    callers = [asyncio.create_task(flight.run()) for _ in range(3)]
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(result) for result in results] == [ValueError] * 3
    assert work.runs == 2


async def test_a_caller_who_leaves_stops_nothing() -> None:
    """Others still want the result."""
    work = Work()
    flight = SingleFlight(work)
    impatient = asyncio.create_task(flight.run())
    patient = asyncio.create_task(flight.run())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    work.go.set()
    assert await patient == 1
    assert impatient.cancelled()


async def test_a_failure_that_nobody_waits_for_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who left wanted no result, and Home Assistant's log shows no traceback of it."""
    work = Work()
    work.runs = 1
    others = asyncio.all_tasks()
    impatient = asyncio.create_task(SingleFlight(work).run())
    await work.begun.wait()
    impatient.cancel()
    await asyncio.wait({impatient})
    work.go.set()
    await asyncio.wait(asyncio.all_tasks() - others)
    assert work.runs == 2
    assert not caplog.records


async def test_closing_stops_the_work() -> None:
    """Closing where no work is under way does no harm."""
    work = Work()
    flight = SingleFlight(work)
    await flight.close()
    caller = asyncio.create_task(flight.run())
    await asyncio.sleep(0)
    await flight.close()
    with pytest.raises(asyncio.CancelledError):
        await caller
