"""Run the benchmarks one after another, each in a process of its own."""

import argparse
import asyncio
from importlib import import_module
import os
from pathlib import Path
import platform
import subprocess
import sys
from textwrap import fill
from typing import Final

from homeassistant.const import __version__ as home_assistant

from .home import keep_quiet
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
    arguments = _arguments()
    if arguments.here:
        print(asyncio.run(_run(arguments.here, arguments.words)))  # noqa: T201 - its output is the point
        return
    found = []
    parts = [word for word in arguments.words if word in PARTS]
    services = [word for word in arguments.words if word not in PARTS]
    for part in parts or PARTS:
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
        head = fill(_HEAD.format(machine=_machine()), 100)
        _RESULTS.write_text(
            "\n".join(["# Results\n", f"{head}\n", *found]).rstrip() + "\n",
            encoding="utf-8",
        )


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


def _arguments() -> argparse.Namespace:
    clouds = sorted({one.account.service for one in MEASURED if one.owners})
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "words",
        nargs="*",
        metavar="part",
        help=f"some of: {', '.join(PARTS)}; after {' or '.join(_BY_SERVICE)} also "
        f"services, to measure these alone: {', '.join(clouds)}",
    )
    parser.add_argument(
        "--write", action="store_true", help="keep the figures in benchmarks/RESULTS.md"
    )
    parser.add_argument("--here", choices=PARTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    words, named = set(arguments.words), set(arguments.words) & set(clouds)
    if unknown := words - {*PARTS, *clouds}:
        parser.error(f"no such part or service: {', '.join(sorted(unknown))}")
    parts = {arguments.here} if arguments.here else (words - named or {*PARTS})
    if named and parts - {*_BY_SERVICE}:
        parser.error(f"only {' and '.join(_BY_SERVICE)} are measured by service")
    if arguments.write and words:
        parser.error("only all parts together are kept")
    return arguments


if __name__ == "__main__":
    main()
