"""Long work gives way, short work does not."""

import asyncio
from time import thread_time

import pytest

from carport.engine.yielding import Yielding


@pytest.mark.parametrize("long", [False, True])
async def test_only_a_long_stretch_gives_way(long: bool) -> None:
    """What waits gets its turn then, and not before each small step."""
    # A stretch as long as all that this thread has ever worked is not over at once.
    yielding = Yielding(0 if long else thread_time())
    turns: list[None] = []
    asyncio.get_running_loop().call_soon(turns.append, None)
    await yielding.give_way()
    assert bool(turns) is long
