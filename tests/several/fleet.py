"""Accounts of a fleet in a database, clouds that answer for them, and their servers."""

import asyncio
from dataclasses import replace
from http import HTTPStatus
import json
import os
from pathlib import Path
import signal
import sys
from typing import Any, Final

from carport.makers.registry import SERVICES
from carport.twin.twin import TwinSpec
from cli.database import prepare
from cli.output import Output
from cli.postgres_home import PostgresHome
from cli.sign_in import Given, add
from simulator.account import Account
from simulator.accounts import TWINS
from simulator.app import Simulator
from simulator.clock import JumpClock
from tests.cli.terminal import GOLF, ROOT, TESTER
from tests.patience import PATIENCE

from .postgres import Server as Database


def crowd(number: int) -> tuple[list[Account], list[TwinSpec]]:
    """Return accounts with a car each, alike but for their names."""
    spec = next(one for one in TWINS if one.vin == GOLF)
    vins = [f"{GOLF[:-4]}{7000 + index}" for index in range(number)]
    twins = [replace(spec, vin=vin) for vin in vins]
    accounts = [
        replace(TESTER, username=f"fleet{index}@example.com", vins=(vin,))
        for index, vin in enumerate(vins)
    ]
    return accounts, twins


class NoKeyboard:
    """Nobody to ask."""

    there = False

    def line(self, prompt: str) -> str:
        """Nobody types."""
        raise NotImplementedError(prompt)

    secret = line


class Process:
    """A server of accounts, and what it told."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        """Listen to what it prints."""
        self._process = process
        self.errors = errors
        self.told: list[dict[str, Any]] = []
        self._changed = asyncio.Condition()
        self._listening = asyncio.ensure_future(self._listen())

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._changed:
                self.told.append(json.loads(line))
                self._changed.notify_all()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def say(self, words: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n".encode())

    async def heard(self, what: str, number: int = 1, **more: Any) -> dict[str, Any]:
        """Wait until something was told so often; return it."""

        def found() -> list[dict[str, Any]]:
            wanted = {"event": what, **more}
            return [one for one in self.told if wanted.items() <= one.items()]

        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(found()) >= number)
        return found()[number - 1]

    def serves(self) -> set[str]:
        """Return the accounts that it has open, as it believes."""
        names: set[str] = set()
        for one in self.told:
            if one["event"] == "opened":
                names.add(one["account"])
            elif one["event"] == "left":
                names.discard(one["account"])
        return names

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this very process."""
        self._process.send_signal(number)

    async def end(self) -> None:
        """Let it leave its accounts, and wait for its end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await self._process.wait()
        await self._listening

    async def kill(self) -> None:
        """Kill it as `kill -9` does."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._listening


class Fleet:
    """Accounts in a database, and the clouds behind them."""

    def __init__(
        self, folder: Path, database: Database, number: int, speed: float = 1
    ) -> None:
        """Build the clouds; nothing runs yet."""
        self.folder = folder
        self.database = database
        self.accounts, twins = crowd(number)
        self.simulator = Simulator(JumpClock(speed=speed), self.accounts, twins)
        self.processes: list[Process] = []

    async def start(self) -> PostgresHome:
        """Start the clouds, and add every account."""
        await self.simulator.start()
        home = prepare(self.folder, self.database.address)
        info = SERVICES[TESTER.service].info
        for account in self.accounts:
            given = Given(
                values={"username": account.username},
                secret=account.password,
                pin=account.pin,
            )
            await add(
                home,
                info,
                account.region,
                self.simulator.address,
                given,
                Output(),
                NoKeyboard(),
            )
        return home

    async def serve(self, *, lease: float, most: int = 1000) -> Process:
        """Start a server of accounts."""
        errors = self.folder / f"errors-{len(self.processes)}"
        with errors.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.several.server", str(lease), str(most)),
                cwd=ROOT,
                env={
                    **os.environ,
                    "CARPORT_HOME": str(self.folder),
                    "CARPORT_DATABASE": self.database.address,
                    "PYTHONPATH": str(ROOT),
                },
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=file,
            )
        started = Process(process, errors)
        self.processes.append(started)
        return started

    async def stop(self) -> None:
        """End everything."""
        for process in self.processes:
            await process.kill()
        await self.simulator.stop()

    @property
    def commands(self) -> int:
        """How many commands for doors the clouds have taken."""
        calls = self.simulator.control.calls("*/doors", method="PUT")
        return sum(call.status == HTTPStatus.OK for call in calls)

    def called(self, index: int) -> int:
        """Return how many calls came in for the car of an account."""
        return len(self.simulator.control.calls(account=self.accounts[index].username))


LEASE: Final = 3.0
"""A short one, so that nobody waits long for a take-over."""
