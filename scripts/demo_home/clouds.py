"""The simulator from outside: what it says of itself, and what it was asked."""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from .waiting import until

_STARTS_WITHIN: Final = 60


async def read_index(address: str) -> Mapping[str, Any]:
    """Wait for the simulator, and return its index."""

    async def look() -> Mapping[str, Any] | None:
        try:
            async with session.get(address) as answer:
                index: Mapping[str, Any] = await answer.json()
                return index
        except aiohttp.ClientConnectionError:
            return None

    async with aiohttp.ClientSession() as session:
        index = await until("The simulator starts", look, _STARTS_WITHIN)
        return index or {}


async def calls(address: str, **only: str) -> list[dict[str, Any]]:
    """Return the calls that came in, narrowed by host, path, method or account."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/control/calls", params=only) as answer,
    ):
        found: list[dict[str, Any]] = await answer.json()
        return found


async def control(address: str, act: str, **wish: Any) -> None:
    """Have the simulator do one of the things that its index lists."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/control/{act}", json=wish) as answer,
    ):
        answer.raise_for_status()
