"""What the event loop has to say: failures that nobody took note of."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .findings import Findings


@contextmanager
def noted(found: Findings) -> Iterator[None]:
    """Take for broken what would be a traceback in the log of a home."""

    def note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        line = f"the event loop: {context['message'][:80]}, {type(error).__name__}"
        if line not in found.broken:
            found.broken.append(line)

    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(note)
    try:
        yield
    finally:
        loop.set_exception_handler(before)
