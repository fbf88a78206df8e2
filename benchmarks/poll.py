"""One poll of a Car-Net account with few and with many cars."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
import math
from pathlib import Path
import tempfile
import time
from typing import Final

from custom_components.carport.makers.demo.twin import TwinSpec
from simulator.accounts import TWINS, Account
from simulator.clock import JumpClock

from .far_cloud import far_cloud
from .home import opened_home, sign_up
from .loop_watch import watched
from .round_trips import noted_trips, waves
from .table import Table

_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ROUND_TRIP: Final = 0.1
_SIZES: Final = (1, 10, 100)
_AT_ONCE: Final = 8
_ROUNDS: Final = 3
_DUE_AFTER: Final = 3 * 3600.0
_MS: Final = 1000.0
_NOTE: Final = (
    "Every car is due and nothing has changed; the access token has died meanwhile, so "
    "that the first wave renews it, once for all. At most "
    f"{_AT_ONCE} cars are read side by side: the least is one wave and one for every "
    f"{_AT_ONCE} cars. Processor time is that of the event loop's thread, the least of "
    f"{_ROUNDS} polls; the simulator has a thread of its own."
)


async def tables() -> list[Table]:
    """Poll accounts of several sizes."""
    return [
        Table(
            title="One poll of a Car-Net account",
            head=(
                "cars",
                "calls",
                "waves of round trips",
                "least waves",
                "wall time at 100 ms",
                "processor time",
                "a car",
            ),
            rows=[await _row(size) for size in _SIZES],
            notes=(_NOTE,),
        )
    ]


async def _row(size: int) -> tuple[str, ...]:
    twins = [_parked(number) for number in range(size)]
    account = Account(
        service="car_net",
        region="us",
        username="fleet@example.com",
        password="Open-Road-2016",
        vins=tuple(twin.vin for twin in twins),
    )
    clock, far_clock = JumpClock(_NOON), JumpClock(_NOON)
    calls, needed, walls, busy = 0, 0, [], []
    with (
        far_cloud(far_clock, (account,), twins, _ROUND_TRIP) as address,
        tempfile.TemporaryDirectory() as folder,
    ):
        async with opened_home(Path(folder), clock) as hass:
            coordinator = await sign_up(
                hass,
                {"service": account.service},
                {
                    "username": account.username,
                    "password": account.password,
                    "own_server": {"server": address},
                },
            )
            for _ in range(_ROUNDS):
                far_clock.step(_DUE_AFTER)
                clock.step(_DUE_AFTER)
                await asyncio.sleep(0.05)
                with noted_trips() as trips, watched() as seen:
                    began = time.perf_counter()
                    await coordinator.async_refresh()
                    walls.append(time.perf_counter() - began)
                calls, needed = len(trips), waves(trips)
                busy.append(seen.busy)
    return (
        str(size),
        str(calls),
        str(needed),
        str(1 + math.ceil(size / _AT_ONCE)),
        f"{min(walls):.2f} s",
        f"{min(busy) * _MS:.1f} ms",
        f"{min(busy) / size * _MS:.2f} ms",
    )


def _parked(number: int) -> TwinSpec:
    """Return a car that stays where it is, electric or not by turns."""
    model = TWINS[2 + number % 2]
    return replace(model, vin=f"{model.vin[:11]}{number:06}", seed=number)
