"""A benchmark that measures only a part of Carport says so (8.4)."""

import asyncio
from datetime import timedelta
import gc
import time

import pytest

from benchmarks.home import loaded
from benchmarks.loop_watch import watched
from custom_components.carport.const import PLATFORMS
from homeassistant.components import image
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from .demo_garage import DemoHome


async def test_8_4_a_platform_that_failed_fails_the_run(
    hass: HomeAssistant, home: DemoHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant only logs it, and what is left is quicker."""
    await home.start()
    assert loaded(hass, home.entry) is home.coordinator
    monkeypatch.setattr("benchmarks.home.PLATFORMS", [*PLATFORMS, "vacuum"])
    with pytest.raises(RuntimeError, match="vacuum"):
        loaded(hass, home.entry)


async def test_8_4_garbage_is_no_part_of_a_stall() -> None:
    """A collection comes when it comes; it is told apart."""
    with watched() as seen:
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(gc.collect)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert seen.longest_collection > 0
    assert seen.longest < seen.longest_collection


def work(seconds: float) -> None:
    """Keep the processor busy."""
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        continue


async def test_8_4_what_is_ready_together_is_one_stall() -> None:
    """Nobody else gets a turn before all of it is done."""
    loop = asyncio.get_running_loop()
    with watched() as seen:
        await asyncio.sleep(0)
        for _ in range(4):
            loop.call_soon(work, 0.01)
        await asyncio.sleep(0)
    assert seen.longest >= 0.04
    assert seen.busy >= 0.04
    assert seen.who == "work"


async def test_8_4_what_comes_after_the_watch_is_no_part_of_it() -> None:
    """Even where it goes on in the same turn of the loop: that is the benchmark's."""
    with watched() as seen:
        await asyncio.sleep(0)
        work(0.01)
    work(0.05)
    await asyncio.sleep(0)
    assert 0.01 <= seen.longest < 0.05
    assert seen.busy < 0.05


async def test_8_4_timers_of_home_assistant_are_told_apart(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go through all entities of a kind, whosever these are."""

    @callback
    def update_tokens(_: object) -> None:
        work(0.05)

    update_tokens.__module__ = image.__name__
    with watched() as seen:
        await asyncio.sleep(0)
        stop = async_track_time_interval(hass, update_tokens, timedelta(0))
        await asyncio.sleep(0.01)
        stop()
    assert seen.homes_own["image: update_tokens"] >= 0.05
    assert seen.longest < 0.05
    assert seen.busy >= 0.05


async def test_8_4_a_loop_in_another_thread_is_not_watched() -> None:
    """The simulated clouds of some benchmarks are in one."""

    async def elsewhere() -> None:
        for _ in range(3):
            work(0.03)
            gc.collect()
            await asyncio.sleep(0)

    with watched() as seen:
        await asyncio.sleep(0)
        await asyncio.to_thread(asyncio.run, elsewhere())
    assert seen.longest < 0.03
    assert seen.busy < 0.03
