"""Clocks, and the world's promise never to step while something is under way."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
import time

import pytest

from simulator.clock import JumpClock, ManualClock
from tests.world import START, World

from .seed_client import SeedClient


async def test_time_waits_for_exchanges(world: World, client: SeedClient) -> None:
    """A whole sign-in passes while the clock stands, also beside a far timer."""
    world.clock.call_later(1, lambda: None)
    task = asyncio.ensure_future(client.sign_in())
    await world.settle()
    assert task.done()
    assert world.clock.now() == START


async def test_until(world: World) -> None:
    """Time goes from timer to timer until the condition holds."""
    rung: list[int] = []
    for seconds in (10, 20, 30):
        world.clock.call_later(seconds, partial(rung.append, seconds))
    await world.until(lambda: len(rung) == 2)
    assert world.clock.now() == START + timedelta(seconds=20)
    with pytest.raises(TimeoutError):
        await world.until(lambda: len(rung) == 4, limit=60)
    assert world.clock.now() == START + timedelta(seconds=80)


async def test_until_the_limit(world: World) -> None:
    """What becomes true at the limit itself still counts."""
    end = START + timedelta(seconds=60)
    await world.until(lambda: world.clock.now() >= end, limit=60)


async def test_sleepers_wake_in_order(world: World) -> None:
    """A week passes in no time, and nobody oversleeps."""
    woken: list[datetime] = []

    async def sleeper() -> None:
        for _ in range(7 * 24):
            await world.clock.sleep(3600)
            woken.append(world.clock.now())

    task = asyncio.ensure_future(sleeper())
    await world.advance(7 * 86400)
    assert task.done()
    assert woken[-1] == START + timedelta(days=7)


async def test_result(world: World) -> None:
    """A result is waited for by the clock; a failure is passed on."""

    async def answer() -> int:
        await world.clock.sleep(5)
        return 42

    assert await world.result(answer()) == 42
    with pytest.raises(TimeoutError):
        await world.result(world.clock.sleep(100), limit=10)


async def test_hung_up_callers_hold_nobody_up(world: World, client: SeedClient) -> None:
    """A caller who gave up is not waited for, but its call is brought to an end."""
    await client.sign_in()
    world.control.fault("slow", path="/account/*", seconds=100)
    task = asyncio.ensure_future(client.enroll())
    await world.settle()
    assert (world.simulator.in_flight, world.simulator.held) == (1, 1)
    task.cancel()
    await world.settle()
    assert (world.simulator.in_flight, world.simulator.held) == (1, 0)
    await world.advance(100)
    assert world.simulator.in_flight == 0


async def test_many_at_once(world: World) -> None:
    """Ten clients sign in at the same time, and the clock waits for all."""
    world.control.service("car_net", sign_in_limit=None)
    clients = [
        SeedClient(world.simulator.hosts, "tester@example.com") for _ in range(10)
    ]
    for client in clients:
        world.attach(client)
    task = asyncio.gather(*(client.sign_in() for client in clients))
    await world.settle()
    assert task.done()
    for client in clients:
        await client.close()


async def test_manual_clock_cancels() -> None:
    """A cancelled timer neither rings nor counts as next."""
    clock = ManualClock(START)
    timer = clock.call_later(5, lambda: pytest.fail("it rang"))
    timer.cancel()
    assert clock.next_due() is None
    clock.step(10)


async def test_jump_clock_runs_and_jumps() -> None:
    """It runs at its speed; a jump makes everything due at once, in order."""
    start = datetime(2026, 11, 21, tzinfo=UTC)
    clock = JumpClock(start, speed=1000)
    rung: list[str] = []
    cancelled = clock.call_later(3600, lambda: rung.append("cancelled"))
    clock.call_later(7200, lambda: rung.append("second"))
    clock.call_later(3600, lambda: rung.append("first"))
    cancelled.cancel()
    clock.step(86400)
    assert clock.now() >= start + timedelta(days=1)
    before = time.monotonic()
    await clock.sleep(20)
    assert rung == ["first", "second"]
    # By the wall clock it would be all of them.
    assert time.monotonic() - before < 20
