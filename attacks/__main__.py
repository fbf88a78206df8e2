"""Run the attacks one after another, each in a process of its own."""

import asyncio
from importlib import import_module
import logging
from pathlib import Path
import subprocess
import sys
from typing import Final

from benchmarks.parts import arguments_of, keep

from .findings import Findings

PARTS: Final = (
    "mutation",
    "stream",
    "hostile",
    "broker",
    "kills",
    "permissions",
    "secrets",
    "soak",
)
_RESULTS: Final = Path(__file__).parents[1] / "benchmarks" / "ATTACKS.md"
_BROKEN: Final = 3
_HEAD: Final = (
    "Written by `scripts/attack --write`; `scripts/attack` prints the same, and ends with an error if "
    "anything is broken. The clouds are simulated, on this machine's loopback, and so are the cars. "
    "Seconds are those of a clock on the wall: a machine that does other work takes longer. Chance "
    "begins with the same seed every time, but calls of one moment are answered in any order, so "
    "figures differ a little from run to run."
)


def main() -> None:
    """Print the findings, and keep them if that is wanted."""
    arguments = arguments_of("scripts/attack", __doc__, PARTS, _RESULTS)
    if arguments.here:
        findings: Findings = asyncio.run(_run(arguments.here))
        print(findings.table().markdown())  # noqa: T201 - its output is the point
        sys.exit(_BROKEN if findings.broken else 0)
    found, broken = [], False
    for part in arguments.parts or PARTS:
        process = subprocess.run(
            (sys.executable, "-m", "attacks", "--here", part),
            check=False,
            stdout=subprocess.PIPE,
            text=True,
        )
        if process.returncode not in {0, _BROKEN}:
            sys.exit(f"{part} could not be run")
        broken = broken or process.returncode == _BROKEN
        found.append(process.stdout)
        print(process.stdout, flush=True)  # noqa: T201 - its output is the point
    if arguments.write:
        keep(_RESULTS, "Attacks", _HEAD, found)
    sys.exit(_BROKEN if broken else 0)


async def _run(part: str) -> Findings:
    # Clouds are sent nonsense that was told by them; what they say to it is not the point.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    findings: Findings = await import_module(f".{part}", __package__).run()
    return findings


if __name__ == "__main__":
    main()
