"""Run the benchmarks one after another, each in a process of its own."""

import asyncio
from importlib import import_module
import os
from pathlib import Path
import platform
import subprocess
import sys
from typing import Final

from homeassistant.const import __version__ as home_assistant

from .home import keep_quiet
from .parts import arguments_of, keep
from .services import MEASURED

PARTS: Final = (
    "sign_in",
    "poll",
    "crowd",
    "week",
    "budget",
    "stream",
    "bridge",
    "card",
)
_BY_SERVICE: Final = ("week", "budget")
"""Those that take minutes, and can be run for some services only."""
_RESULTS: Final = Path(__file__).parent / "RESULTS.md"
_HEAD: Final = """\
Written by `scripts/bench --write`; `scripts/bench` prints the same. The clouds are \
simulated, on this machine's loopback, and so are the cars. Counts and ratios are the \
same everywhere, times are of this machine: {machine}.
"""


def main() -> None:
    """Print the tables, and keep them if that is wanted."""
    clouds = sorted({one.account.service for one in MEASURED if one.owners})
    narrower = dict.fromkeys(_BY_SERVICE, clouds)
    arguments = arguments_of("scripts/bench", __doc__, PARTS, _RESULTS, narrower)
    services = arguments.narrowed
    if arguments.here:
        print(asyncio.run(_run(arguments.here, services)))  # noqa: T201 - its output is the point
        return
    found = []
    for part in arguments.parts or PARTS:
        # A process of its own: what one leaves behind in memory slows down the next.
        process = subprocess.run(
            (sys.executable, "-m", "benchmarks", "--here", part, *services),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found.append(process.stdout)
        print(process.stdout, flush=True)  # noqa: T201 - its output is the point
    if arguments.write:
        keep(_RESULTS, "Results", _HEAD.format(machine=_machine()), found)


async def _run(part: str, services: list[str]) -> str:
    """Run one part here, of some services if any are named, and return its tables."""
    keep_quiet()
    tables = await import_module(f".{part}", __package__).tables(*services)
    return "\n\n".join(table.markdown() for table in tables)


def _machine() -> str:
    cores = os.cpu_count()
    return (
        f"{cores} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"Home Assistant {home_assistant}"
    )


if __name__ == "__main__":
    main()
