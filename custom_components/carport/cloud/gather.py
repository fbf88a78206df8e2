"""Calls side by side that end as they would one after another."""

import asyncio
from collections.abc import Coroutine
from typing import Any, overload


@overload
async def gather_in_order[A, B](
    first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B], /
) -> tuple[A, B]: ...


@overload
async def gather_in_order[A, B, C](
    first: Coroutine[Any, Any, A],
    second: Coroutine[Any, Any, B],
    third: Coroutine[Any, Any, C],
    /,
) -> tuple[A, B, C]: ...


@overload
async def gather_in_order[T](*calls: Coroutine[Any, Any, T]) -> tuple[T, ...]: ...


async def gather_in_order(*calls: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """Return what each call returns, or raise the failure of the first in order.

    Which of two failures is told must not depend on which answer was faster. Nothing
    is left running: once a call has failed, those named after it are stopped.
    """
    tasks = [asyncio.create_task(call) for call in calls]
    try:
        return tuple([await task for task in tasks])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
