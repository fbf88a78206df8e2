"""Waiting for something real to become true, with an end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

_INTERVAL: Final = 0.1


async def until[T](what: str, look: Callable[[], Awaitable[T]], limit: float) -> T:
    """Look again and again until what is seen is true; give up after some seconds."""
    try:
        async with asyncio.timeout(limit):
            while True:
                if seen := await look():
                    return seen
                await asyncio.sleep(_INTERVAL)
    except TimeoutError:
        raise TimeoutError(f"{what}: not within {limit:g} s") from None
