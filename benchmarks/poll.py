"""One poll of an account with few and with many cars, at each service."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
import tempfile
from typing import Final

from carport.twin.twin import TwinSpec
from custom_components.carport.engine import AT_ONCE
from simulator.clock import JumpClock

from .far_cloud import far_cloud
from .home import login, opened_home
from .loop_watch import watched
from .round_trips import noted_trips, waves
from .services import MEASURED, Measured
from .table import Table

_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ROUND_TRIP: Final = 0.1
_LONGEST: Final = 1.0
"""Seconds that the least round trips of a poll may take; else the line is shorter."""
_SIZES: Final = (1, 10, 100)
_ROUNDS: Final = 2
_DUE_AFTER: Final = 6.1 * 3600.0
"""Seconds after which all cars are due, and what is read seldom too."""
_MS: Final = 1000.0
_NOTE: Final = (
    "Every car is due and nothing has changed; the access token has died meanwhile, so "
    "that the first wave renews it, once for all. Everything is read that is ever read "
    "by itself, what changes seldom included: {polls}. At most "
    f"{AT_ONCE} cars are read side by side: the least is one wave and one for every "
    f"{AT_ONCE} cars. Z.E. Services answers for one car at a time, which has to be "
    "chosen before: there it is two waves for each car. Processor time is that of the "
    f"event loop's thread, the least of {_ROUNDS} polls; the simulator has a thread of "
    "its own, behind a slow line."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll took; `busy` are seconds of processor time."""

    calls: int
    waves: int
    busy: float


async def tables() -> list[Table]:
    """Poll accounts of several sizes at each service."""
    polled = [measured for measured in MEASURED if not measured.as_if]
    polls = "; ".join(f"at {one.info.name} {one.poll}" for one in polled)
    return [
        Table(
            title="One poll of an account",
            head=(
                "",
                "cars",
                "calls",
                "waves of round trips",
                "least waves",
                "processor time",
                "a car",
            ),
            rows=[
                await _row(one, size)
                for one in polled
                for size in _SIZES
                if size <= one.most
            ],
            notes=(_NOTE.format(polls=polls),),
        )
    ]


async def _row(measured: Measured, size: int) -> tuple[str, ...]:
    poll = await _polled(measured, size)
    return (
        measured.info.name,
        f"{size}",
        f"{poll.calls}",
        f"{poll.waves}",
        f"{1 + measured.chain(size)}",
        f"{poll.busy * _MS:.1f} ms",
        f"{poll.busy / size * _MS:.2f} ms",
    )


async def _polled(measured: Measured, size: int) -> Poll:
    """Poll some times; return the least of each figure.

    A poll with which the list of cars is fetched too has more calls, and falls out.
    """
    twins = [_parked(measured, number) for number in range(size)]
    account = replace(measured.account, vins=tuple(twin.vin for twin in twins))
    clock, far_clock = JumpClock(_NOON), JumpClock(_NOON)
    round_trip = min(_ROUND_TRIP, _LONGEST / measured.chain(size))
    settings = measured.short_lived
    polls = []
    with (
        far_cloud(far_clock, (account,), twins, round_trip, settings) as address,
        tempfile.TemporaryDirectory() as folder,
    ):
        async with opened_home(Path(folder), clock) as hass:
            coordinator = await login(hass, account, address)
            for _ in range(_ROUNDS):
                # Noted from here on: what is due by then may begin by itself.
                with noted_trips() as trips, watched() as seen:
                    far_clock.step(_DUE_AFTER)
                    clock.step(_DUE_AFTER)
                    await asyncio.sleep(0.05)
                    await coordinator.async_refresh()
                if not coordinator.last_update_success:
                    raise RuntimeError("a poll failed") from coordinator.last_exception
                polls.append(Poll(calls=len(trips), waves=waves(trips), busy=seen.busy))
    return Poll(
        calls=min(poll.calls for poll in polls),
        waves=min(poll.waves for poll in polls),
        busy=min(poll.busy for poll in polls),
    )


def _parked(measured: Measured, number: int) -> TwinSpec:
    """Return a car that stays where it is, of the account's models by turns."""
    model = measured.parked[number % len(measured.parked)]
    return replace(model, vin=f"{model.vin[:11]}{number:06}", seed=number)
