"""Somebody at a terminal: runs the command, and looks at what it says."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import json
import os
from pathlib import Path
import signal
import sys
import threading
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from cli.app import app
from simulator.account import Account
from simulator.accounts import ACCOUNTS
from simulator.app import Simulator
from simulator.clock import JumpClock

ROOT: Final = Path(__file__).parents[2]
SPEED: Final = 120.0
"""Cars take half a minute to obey; nobody has to wait for that here."""
TESTER: Final[Account] = next(
    one
    for one in ACCOUNTS
    if one.service == "car_net" and one.username == "tester@example.com"
)
GOLF, PASSAT = TESTER.vins

RECEIPT: Final = {
    "id",
    "command",
    "parameters",
    "outcome",
    "reason",
    "detail",
    "requested_at",
    "accepted_at",
    "finished_at",
    "before",
    "after",
    "captured_at",
}
ENDS: Final = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
"""Ctrl-C, and what a service manager or a shutdown sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a run of the command ended."""

    code: int | None
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)


class Terminal:
    """A state folder of its own, and clouds to talk to."""

    def __init__(self, home: Path, simulator: Simulator) -> None:
        """Begin with an empty folder."""
        self.home = home / "state"
        self.simulator = simulator
        self.secret = home / "password"
        self.secret.write_text(f"{TESTER.password}\n", encoding="utf-8")
        self.pin = home / "pin"
        self.pin.write_text(f"{TESTER.pin}\n", encoding="utf-8")

    async def start(
        self,
        *words: str,
        columns: int = 80,
        cwd: Path = ROOT,
        program: str | None = None,
        **env: str,
    ) -> asyncio.subprocess.Process:
        """Start the command as a process, with nobody at its keyboard.

        A `program` of Python may stand in its place.
        """
        surroundings: Mapping[str, str] = {
            **os.environ,
            **self._surroundings(columns),
            "PYTHONPATH": str(ROOT),
            **env,
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *(("-m", "cli") if program is None else ("-c", program)),
            *words,
            env=surroundings,
            cwd=cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *words: str, columns: int = 80, cwd: Path = ROOT) -> Done:
        """Run the command to its end: in this process, which takes no time to start.

        It has a thread and a loop of its own there; the clouds answer meanwhile.
        """
        if cwd != ROOT or words[0] == "bridge":
            # What belongs to a whole process: its folder, and its signals.
            return await ended(await self.start(*words, columns=columns, cwd=cwd))
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def work() -> None:
            # Nobody is at the keyboard.
            result = CliRunner().invoke(app, words, env=self._surroundings(columns))
            loop.call_soon_threadsafe(done.set_result, result)

        thread = threading.Thread(target=work)
        thread.start()
        result = await done
        thread.join()
        if result.exception is not None and not isinstance(
            result.exception, SystemExit
        ):
            raise result.exception
        return Done(code=result.exit_code, out=result.stdout, err=result.stderr)

    def _surroundings(self, columns: int) -> dict[str, str]:
        return {
            "CARPORT_HOME": str(self.home),
            "COLUMNS": str(columns),
            "TZ": "UTC",
        }

    async def add_tester(self, *, pin: bool = True) -> Done:
        """Add the account of somebody whose cars stay where they are."""
        return await self.run(
            "add",
            "car_net",
            "--region",
            TESTER.region,
            "--server",
            self.simulator.address,
            "--set",
            f"username={TESTER.username}",
            "--password-file",
            str(self.secret),
            *(("--pin-file", str(self.pin)) if pin else ()),
        )

    async def add_tester_well(self, *, pin: bool = True) -> None:
        """Add that account, and expect no trouble."""
        added = await self.add_tester(pin=pin)
        assert added.code == 0, added.err


async def ended(process: asyncio.subprocess.Process) -> Done:
    """Wait for the end of a run."""
    out, err = await process.communicate()
    return Done(code=process.returncode, out=out.decode(), err=err.decode())


async def heard(process: asyncio.subprocess.Process, word: str) -> None:
    """Wait until a run has said something beside its result."""
    assert process.stderr is not None
    async for line in process.stderr:
        if word in line.decode():
            return
    raise AssertionError(f"never said: {word}")


def new_simulator(speed: float = SPEED) -> Simulator:
    """Return clouds whose clock runs by itself."""
    return Simulator(JumpClock(speed=speed))


def check_receipt(receipt: dict[str, Any], command: str, outcome: str) -> None:
    """Expect a receipt with all that programs go by."""
    assert receipt.keys() == RECEIPT
    assert (receipt["command"], receipt["outcome"]) == (command, outcome)
