"""Run the simulator until it is told to stop."""

import argparse
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
import json
from pathlib import Path
import signal
import sys
from typing import Any, Final

from .app import Simulator
from .clock import JumpClock

_SAVE_EVERY: Final = 30.0


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="scripts/simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8700, help="0 takes any")
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="of the clock; 1 for clients that read the clock on the wall",
    )
    parser.add_argument("--state", type=Path, help="a file to go on from later")
    options = parser.parse_args()
    if options.speed <= 0:
        parser.error("--speed takes a number above 0")
    try:
        asyncio.run(_run(options.port, options.speed, options.state))
    except OSError as error:
        sys.stderr.write(f"simulator: {error.strerror or error}\n")
        return 1
    return 0


async def _run(port: int, speed: float, state: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    kept = _load(state)
    simulator = Simulator(
        JumpClock(_start(kept), speed),
        port=port,
        past=True,
        saved_cars=kept.get("lives"),
        cloud_state=kept.get("memories"),
    )
    await simulator.start()
    sys.stdout.write(f"Carport simulator at {simulator.address}\n")
    sys.stdout.flush()
    try:
        while not stop.is_set():
            try:
                async with asyncio.timeout(_SAVE_EVERY):
                    await stop.wait()
            except TimeoutError:
                _save(state, simulator)
        _save(state, simulator)
    finally:
        await simulator.stop()


def _load(state: Path | None) -> Mapping[str, Any]:
    """Return what an earlier run left; something else in its place counts as nothing."""
    try:
        kept = json.loads(state.read_text(encoding="utf-8")) if state else {}
    except OSError, ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _start(kept: Mapping[str, Any]) -> datetime:
    """Return when to begin: time never goes back, also not after a fast run."""
    present = datetime.now(UTC)
    if "now" not in kept:
        return present
    return max(present, datetime.fromisoformat(kept["now"]))


def _save(state: Path | None, simulator: Simulator) -> None:
    if state is None:
        return
    kept = {
        "now": simulator.clock.now().isoformat(),
        "lives": simulator.saved_cars(),
        "memories": simulator.cloud_state(),
    }
    state.parent.mkdir(parents=True, exist_ok=True)
    draft = state.with_suffix(".new")
    draft.write_text(json.dumps(kept), encoding="utf-8")
    draft.replace(state)


if __name__ == "__main__":
    sys.exit(main())
