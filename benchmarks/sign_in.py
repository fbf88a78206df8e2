"""From the set-up form to the first data: round trips one after another."""

from datetime import UTC, datetime
from pathlib import Path
import tempfile
import time
from typing import Final

from simulator.accounts import TWINS
from simulator.clock import JumpClock

from .far_cloud import far_cloud
from .home import login, opened_home
from .round_trips import Trip, noted_trips, waves
from .services import MEASURED, Measured
from .table import Table

_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ROUND_TRIP: Final = 0.1

_LEAST_NOTE: Final = (
    "The least follows from what each protocol asks for: every step needs something "
    "that only the one before gave. Redirects are followed by hand and count like any "
    "call. All cars and all their parts come in the last step together, where the cloud "
    "takes calls side by side; calls are therefore more than round trips."
)
_WALL_NOTE: Final = (
    "The wall time holds everything from sending the form to the last entity; its least "
    "is the round trips and the handshakes with the hosts called (of TCP; the simulator "
    "has no TLS). Calls side by side, as in the last round trip, open connections of "
    "their own: one more handshake."
)


async def tables() -> list[Table]:
    """Sign in once at each service over a slow line, through the set-up form."""
    return [
        Table(
            title="From the set-up form to the first data",
            head=(
                "",
                "cars",
                "calls",
                "round trips one after another",
                "least",
                f"wall time at {_ROUND_TRIP * 1000:.0f} ms",
                "least time",
            ),
            rows=[await _row(measured) for measured in MEASURED],
            notes=(
                _LEAST_NOTE,
                *dict.fromkeys(_steps(measured) for measured in MEASURED),
                _WALL_NOTE,
            ),
        )
    ]


async def _row(measured: Measured) -> tuple[str, ...]:
    trips, took = await _signed_in(measured)
    least = measured.least_trips
    return (
        measured.name,
        f"{len(measured.account.vins)}",
        f"{len(trips)}",
        f"{waves(trips)}",
        f"{least}",
        f"{took:.2f} s",
        f"{(least + measured.hosts) * _ROUND_TRIP:.2f} s",
    )


async def _signed_in(measured: Measured) -> tuple[list[Trip], float]:
    """Sign in; return the calls that were made, and the seconds until all was there."""
    account = measured.account
    clock = JumpClock(_NOON)
    with (
        far_cloud(clock, (account,), TWINS, _ROUND_TRIP, measured.as_if) as address,
        tempfile.TemporaryDirectory() as folder,
        noted_trips() as trips,
    ):
        async with opened_home(Path(folder), clock) as hass:
            began = time.perf_counter()
            coordinator = await login(hass, account, address)
            took = time.perf_counter() - began
            if set(coordinator.data) != set(account.vins):
                raise RuntimeError("not every car was read")
            made = list(trips)
    return made, took


def _steps(measured: Measured) -> str:
    steps = (f"{number}. {step}" for number, step in enumerate(measured.least, 1))
    return f"**{measured.info.name}**: {'; '.join(steps)}."
