"""The demo: the simulator and Home Assistant, started, set up and stopped together."""

import argparse
import asyncio
from asyncio.subprocess import Process
from collections.abc import Coroutine
import shutil
import signal
import sys
from typing import Any, Final, Never

from . import config_dir, processes
from .clouds import read_index
from .furnish import furnish
from .home import HomeError

_FOLDER: Final = config_dir.REPOSITORY / ".demo"
_PORT: Final = 8123
_SPEED: Final = 10.0
_CLOUDS: Final = (8700, 50, 100)
"""The simulator's first port, how many in a row it may need, and where to look on."""
_RESTART: Final = 100
"""How Home Assistant says that somebody pressed "Restart"."""
_EXIT_CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 0}
_READY: Final = """
  Carport's demo:  {home}
  The simulator:   {clouds}

  The cars' time runs {speed:g} times as fast as yours. Ctrl-C ends the demo.
"""


class DemoError(Exception):
    """The demo cannot go on; the text says why."""


def main() -> int:
    """Run the demo until somebody stops it."""
    wish = _arguments().parse_args()
    if not processes.is_free(wish.port):
        _say(f"Port {wish.port} is taken. Choose another one with --port.")
        return 1
    if wish.fresh:
        shutil.rmtree(_FOLDER, ignore_errors=True)
    try:
        return asyncio.run(_run(wish.port, wish.speed))
    except (DemoError, HomeError, TimeoutError) as error:
        _say(str(error))
        return 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Show Carport on a real Home Assistant, with simulated clouds.",
    )
    parser.add_argument(
        "--port", type=int, default=_PORT, help="of the web page (default: %(default)s)"
    )
    parser.add_argument(
        "--speed",
        type=_speed,
        default=_SPEED,
        help="how fast the cars' time runs (default: %(default)g; 1 is real time)",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="forget what an earlier demo left"
    )
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 3600:
        raise argparse.ArgumentTypeError("has to be above 0, and at most 3600")
    return speed


async def _run(port: int, speed: float) -> int:
    """Run both processes until a signal comes or one of them stops."""
    loop = asyncio.get_running_loop()
    demo = asyncio.create_task(_demo(port, speed))
    codes: list[int] = []

    def stop(code: int) -> None:
        """Have the demo end, once; it stops what it started on its way out."""
        if not codes:
            _say("Stopping ...")
            demo.cancel()
        codes.append(code)

    for number, code in _EXIT_CODES.items():
        loop.add_signal_handler(number, stop, code)
    try:
        await demo
    except asyncio.CancelledError:
        return codes[0]


async def _demo(port: int, speed: float) -> Never:
    """Start everything, furnish it, and stay until something ends."""
    _say("Starting the simulator and Home Assistant ...")
    clouds_port = processes.free_ports(*_CLOUDS)
    home, clouds = processes.address(port), processes.address(clouds_port)
    config_dir.prepare(_FOLDER, port)
    async with processes.simulator(
        clouds_port, speed, _FOLDER / "simulator.json"
    ) as simulator:
        index = await _unless_ended(simulator, read_index(clouds))
        restarted = True
        while restarted:
            async with processes.hass(_FOLDER) as hass:
                setting_up = _unless_ended(hass, furnish(home, clouds, index))
                await _unless_ended(simulator, setting_up)
                _say(_READY.format(home=home, clouds=clouds, speed=speed))
                restarted = await _unless_ended(simulator, hass.wait()) == _RESTART
    raise DemoError("Home Assistant has stopped by itself.")


async def _unless_ended[T](process: Process, work: Coroutine[Any, Any, T]) -> T:
    """Do some work, but not longer than a process lives that it needs."""
    task, end = asyncio.ensure_future(work), asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait({task, end}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise DemoError("A process that the demo needs has stopped by itself.")
        return task.result()
    finally:
        task.cancel()
        end.cancel()


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
