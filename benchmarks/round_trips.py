"""The calls that Carport makes, and how many of them wait for one another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import time
from typing import Any
from unittest.mock import patch

from custom_components.carport.cloud.http import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One exchange on the wire."""

    what: str
    began: float
    ended: float


@contextmanager
def noted_trips() -> Iterator[list[Trip]]:
    """Note every exchange of every transport, but for a simulator's index."""
    trips: list[Trip] = []
    exchange = Transport._exchange  # noqa: SLF001 - the only place

    async def noted(transport: Transport, call: Any) -> Any:
        began = time.perf_counter()
        try:
            return await exchange(transport, call)
        finally:
            if call.what != "server index":
                ended = time.perf_counter()
                trips.append(Trip(what=call.what, began=began, ended=ended))

    with patch.object(Transport, "_exchange", noted):
        yield trips


def waves(trips: list[Trip]) -> int:
    """Return the longest chain of exchanges of which none overlaps the next."""
    count, ended = 0, float("-inf")
    for trip in sorted(trips, key=lambda trip: trip.ended):
        if trip.began >= ended:
            count, ended = count + 1, trip.ended
    return count
