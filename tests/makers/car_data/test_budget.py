"""Fifty calls a day, for however many cars, and what the stream adds to them."""

import pytest

from .household import household, live


@pytest.mark.parametrize("cars", [1, 2, 4])
async def test_a_day_never_costs_more_than_there_is(
    socket_enabled: None, cars: int
) -> None:
    """By readings alone: fifty a day, whatever the cars do."""
    async with household(cars).opened() as world:
        seen = await live(world, 3, streams=False)
    assert max(seen.calls.values()) <= 50
    # The reserve is kept for what the owner asks for.
    assert sorted(seen.calls.values())[1] <= 41


async def test_the_stream_is_fresher_and_costs_less(socket_enabled: None) -> None:
    """With it the car is followed on the road, and a few looks a day are enough."""
    async with household(1).opened() as world:
        polled = await live(world, 3, streams=False)
    async with household(1).opened() as world:
        streamed = await live(world, 3, streams=True)
    assert sum(streamed.calls.values()) < sum(polled.calls.values()) / 2
    assert streamed.age("driving") < 3
    assert streamed.age("charging") < 10
    assert polled.age("driving") > 5 * streamed.age("driving")
