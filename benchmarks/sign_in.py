"""From the set-up form to the first data: round trips one after another."""

from datetime import UTC, datetime
from pathlib import Path
import tempfile
import time
from typing import Final

from simulator.accounts import ACCOUNTS, TWINS
from simulator.clock import JumpClock

from .far_cloud import far_cloud
from .home import opened_home, sign_up
from .round_trips import Trip, noted_trips, waves
from .table import Table

_NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ROUND_TRIP: Final = 0.1
_HOSTS: Final = 2

LEAST: Final = (
    "authorize at the country's base: a redirect to the identity host",
    "authorize at the identity host: a redirect to its sign-in",
    "the e-mail page, with hidden fields",
    "the e-mail address, with these fields: a redirect to the password page",
    "the password page, with a hidden field of its own",
    "the password: a redirect that proves it was right",
    "single sign-on: a redirect to the consent",
    "the consent, passed straight through",
    "the end of the sign-in: a redirect to the base's callback",
    "the callback: a redirect to the app, with the code",
    "the code for tokens",
    "the list of cars, which needs a token",
    "the status of a car, which needs its id from the list",
)
"""What the protocol asks for, each step with something that only the one before gave."""

_LEAST_NOTE: Final = (
    "The least follows from the protocol: {steps}. Every step needs something from the "
    "one before. Redirects are followed by hand and count like any call. The status and "
    "the health report of all cars come in the last round trip together."
)
_WALL_NOTE: Final = (
    "The wall time holds everything from sending the form to the last entity; its least "
    f"is the round trips and the handshakes with {_HOSTS} hosts (of TCP; the simulator "
    "has no TLS). Calls side by side, as in the last round trip, open connections of "
    "their own: one more handshake."
)


async def tables() -> list[Table]:
    """Sign in once over a slow line, through the set-up form, with one car."""
    account = ACCOUNTS[1]
    clock = JumpClock(_NOON)
    with (
        far_cloud(clock, ACCOUNTS, TWINS, _ROUND_TRIP) as address,
        tempfile.TemporaryDirectory() as folder,
        noted_trips() as trips,
    ):
        async with opened_home(Path(folder), clock) as hass:
            began = time.perf_counter()
            coordinator = await sign_up(
                hass,
                {"service": account.service},
                {
                    "username": account.username,
                    "password": account.password,
                    "own_server": {"server": address},
                },
            )
            took = time.perf_counter() - began
            if set(coordinator.data) != set(account.vins):
                raise RuntimeError("not every car was read")
    return [_table(trips, took)]


def _table(trips: list[Trip], took: float) -> Table:
    least = len(LEAST)
    waited = (least + _HOSTS) * _ROUND_TRIP
    return Table(
        title="Car-Net: from the set-up form to the first data",
        head=("", "measured", "least", "aim"),
        rows=[
            (
                "round trips one after another",
                f"{waves(trips)}",
                f"{least}",
                "equal",
            ),
            ("calls, two cars", f"{len(trips)}", f"{least + 1}", ""),
            (
                f"wall time at {_ROUND_TRIP * 1000:.0f} ms",
                f"{took:.2f} s",
                f"{waited:.2f} s",
                "",
            ),
        ],
        notes=(
            _LEAST_NOTE.format(
                steps="; ".join(
                    f"{number}. {step}" for number, step in enumerate(LEAST, 1)
                )
            ),
            _WALL_NOTE,
        ),
    )
