"""The two processes of the demo: the simulator and Home Assistant."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
import socket
import sys
from typing import Final

from .config_dir import REPOSITORY

HOST: Final = "127.0.0.1"
_HIGHEST_PORT: Final = 65_535
_PATIENCE: Final = 30
_WARNING: Final = b" WARNING ("
_HASS: Final = Path(sys.executable).parent / "hass"


@asynccontextmanager
async def hass(folder: Path) -> AsyncIterator[Process]:
    """Run Home Assistant in a configuration directory; errors reach the terminal."""
    # Everything it needs was installed by scripts/setup: nothing is fetched now.
    async with _running(
        *(str(_HASS), "--config", str(folder), "--skip-pip", "--log-no-color"),
        cwd=folder,
        stderr=PIPE,
    ) as process:
        yield process


@asynccontextmanager
async def simulator(port: int, speed: float, state: Path) -> AsyncIterator[Process]:
    """Run the makers' clouds, going on from what a file keeps."""
    async with _running(
        *(sys.executable, "-m", "simulator", "--port", str(port)),
        *("--speed", f"{speed:g}", "--state", str(state)),
        cwd=REPOSITORY,
        stdout=DEVNULL,
    ) as process:
        yield process


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(first: int, count: int, step: int) -> int:
    """Return the first of some free ports in a row, looking from one upwards."""
    return next(
        start
        for start in range(first, _HIGHEST_PORT - count, step)
        if all(map(is_free, range(start, start + count)))
    )


def address(port: int) -> str:
    """Return where a port of this machine is."""
    return f"http://{HOST}:{port}"


@asynccontextmanager
async def _running(
    *command: str, cwd: Path, stdout: int | None = None, stderr: int | None = None
) -> AsyncIterator[Process]:
    """Run a process; ask it to stop in the end, and do not leave before it has."""
    # In a session of its own: Ctrl-C is for the demo alone, which stops the others in turn.
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=stdout, stderr=stderr, start_new_session=True
    )
    relay = asyncio.create_task(_relay(process))
    try:
        yield process
    finally:
        await stop(process)
        await relay


async def _relay(process: Process) -> None:
    """Pass on what a process says, but for warnings: its log file has them all."""
    if process.stderr is None:
        return
    async for line in process.stderr:
        if _WARNING not in line:
            sys.stderr.buffer.write(line)
            sys.stderr.flush()


async def stop(process: Process) -> None:
    """Ask a process to stop, and insist when it does not."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
