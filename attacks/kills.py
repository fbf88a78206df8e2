"""Killed at any moment: files stay whole, and nobody has to sign in again."""

import asyncio
import json
from pathlib import Path
from random import Random
import sys
import tempfile
from typing import Final

from simulator.app import Simulator
from simulator.clock import JumpClock
from tests.makers.profiles import PROFILES

from .findings import Findings
from .victim import SERVICE, SPEED

_ROOT: Final = Path(__file__).parents[1]
_STARTS_WITHIN: Final = 240.0
_LIVES: Final = (0.0, 1.5)
"""Seconds for which it may go on after it has opened its account."""


async def run(count: int = 20, seed: int = 1) -> Findings:
    """Kill a program that reads, commands and saves, again and again."""
    found = Findings(
        title="Kills",
        what=(
            "A program that reads, commands and saves all the time is killed (SIGKILL) at a "
            "random moment and started again. Every file has to be whole, the kept tokens "
            "have to go on, and the password is sent once in all."
        ),
    )
    rng = Random(seed)
    simulator = Simulator(JumpClock(speed=SPEED))
    await simulator.start()
    requests = PROFILES[SERVICE].requests
    assert requests is not None
    torn = drafts = 0
    try:
        with tempfile.TemporaryDirectory() as kept:
            folder = Path(kept)
            for number in range(count):
                ended = await _killed(folder, simulator.address, rng.uniform(*_LIVES))
                if ended:
                    found.broken.append(f"start {number + 1}: {ended[:200]}")
                spoilt, left = await asyncio.to_thread(_looked_over, folder)
                drafts += left
                torn += len(spoilt)
                found.broken += [
                    f"{name} is torn after kill {number + 1}" for name in spoilt
                ]
            sent = len(_passwords(simulator, requests.passwords))
    finally:
        await simulator.stop()
    if sent != 1:
        found.broken.append(f"the password was sent {sent} times")
    found.figures |= {
        "kills": f"{count}",
        "torn files": f"{torn or 'none'}",
        "drafts that lay about": f"{drafts or 'none'}",
        "passwords sent": f"{sent}",
    }
    return found


async def _killed(folder: Path, address: str, after: float) -> str:
    """Start the program and kill it; return what it said if it ended by itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "attacks.victim",
        str(folder),
        address,
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            line = await process.stdout.readline()
        if not line:
            return (await process.stderr.read()).decode()[-400:] or "ended"
        await asyncio.sleep(after)
    except TimeoutError:
        return "did not start"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    return ""


def _passwords(simulator: Simulator, path: str) -> list[object]:
    return list(simulator.calls.find(path=path, method="POST"))


def _looked_over(folder: Path) -> tuple[list[str], int]:
    """Return the files that are torn, and how many drafts lay about; they are removed."""
    torn, drafts = [], 0
    for path in folder.iterdir():
        if path.name.startswith("."):
            drafts += 1
            path.unlink()
            continue
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            torn.append(path.name)
    return torn, drafts
