"""Three bridges, one database, one broker and sixty accounts, on bad days.

Run it by hand, since it takes minutes: `scripts/several_machines`. It prints what it
measured, and ends with an error if an account was served by two, if a call went out that
nobody counted, or if a command was sent twice.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from http import HTTPStatus
import json
import os
from pathlib import Path
import signal
import sys
import tempfile
import time
from typing import Any, Final

from cli.database import key_path
from scripts.demo_home.waiting import until
from tests.cli.terminal import ROOT
from tests.mqtt.broker import Listener, Mosquitto, listening, text_of

from .fleet import Fleet
from .postgres import running

ACCOUNTS: Final = 60
BRIDGES: Final = 3
_HELD: Final = (
    "SELECT name, holder FROM carport_accounts WHERE expires_at > clock_timestamp()"
)
_OPENING: Final = 5.0
_LOOK: Final = 0.2
_IDLE: Final = 30.0
_TICK: Final = os.sysconf("SC_CLK_TCK")


class Bridge:
    """One `carport bridge`."""

    def __init__(self, number: int, process: asyncio.subprocess.Process) -> None:
        """Know its process."""
        self.number = number
        self.process = process

    @property
    def seconds(self) -> float:
        """How much of a processor it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def megabytes(self) -> float:
        """How much memory it has."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii")
        return int(pages.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Trial:
    """All of it, and what is expected of it."""

    def __init__(self, folder: Path, fleet: Fleet, broker: Mosquitto) -> None:
        """Nothing runs yet."""
        self.folder = folder
        self.fleet = fleet
        self.broker = broker
        self.bridges: list[Bridge] = []
        self.ids = 0

    async def bridge(self) -> Bridge:
        """Start a bridge, as on a machine of its own."""
        number = len(self.bridges) + 1
        home = self.folder / f"machine{number}"
        home.mkdir()
        cars = "".join(
            f'[[cars]]\ncar = "{one.vins[0]}"\ntopic = "car{index}"\n'
            'commands = ["lock", "refresh"]\n'
            for index, one in enumerate(self.fleet.accounts)
        )
        (home / "bridge.toml").write_text(
            f'[broker]\nhost = "127.0.0.1"\nport = {self.broker.port}\n{cars}',
            encoding="utf-8",
        )
        with (home / "errors").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "cli", "bridge", "--verbose"),
                cwd=ROOT,
                env={
                    **os.environ,
                    "CARPORT_HOME": str(home),
                    "CARPORT_DATABASE": self.fleet.database.address,
                    "CARPORT_KEY_FILE": str(key_path(self.fleet.folder)),
                    "PYTHONPATH": str(ROOT),
                },
                stdout=errors,
                stderr=errors,
            )
        bridge = Bridge(number, process)
        self.bridges.append(bridge)
        return bridge

    async def leave(self) -> None:
        """Let all bridges leave their accounts and end, as services are stopped."""
        for bridge in self.bridges:
            if bridge.process.returncode is None:
                bridge.process.terminate()
                await bridge.process.wait()

    async def served(self, number: int, *, without: int | None = None) -> float:
        """Wait until so many accounts are held, none of them by a process; say how long."""
        begun = time.monotonic()
        while True:
            held: dict[Any, Any] = dict(self.fleet.database.ask(_HELD))
            mine = [one for one in held.values() if f":{without}:" in str(one)]
            if len(held) == number and not mine:
                taken = time.monotonic() - begun
                # Leased is not opened yet.
                await asyncio.sleep(_OPENING)
                return taken
            if time.monotonic() > begun + 120:
                raise RuntimeError(f"only {len(held)} accounts are served: {held}")
            await asyncio.sleep(0.2)

    def shares(self) -> dict[str, int]:
        """Return how many accounts each process has."""
        return Counter(str(holder) for _, holder in self.fleet.database.ask(_HELD))

    async def order(
        self, listener: Listener, indices: range, command: str
    ) -> list[str]:
        """Ask cars to do something; return the ids of the calls."""
        ids = []
        for index in indices:
            self.ids += 1
            ids.append(f"call{self.ids}")
            await listener.say(
                f"carport/car{index}/call", {"id": ids[-1], "command": command}
            )
        return ids

    def sent(self) -> Counter[str]:
        """Return how many commands the clouds took, by account."""
        calls = self.fleet.simulator.control.calls("*/doors", method="PUT")
        return Counter(
            str(call.account) for call in calls if call.status == HTTPStatus.OK
        )

    def uncounted(self) -> dict[str, int]:
        """Return the calls that came in and that nobody counted, by account."""
        booked: dict[Any, Any] = dict(
            self.fleet.database.ask(
                "SELECT account, count(*) FROM carport_calls GROUP BY account"
            )
        )
        missing = {}
        for index in range(len(self.fleet.accounts)):
            name = "car_net" if index == 0 else f"car_net-{index + 1}"
            more = self.fleet.called(index) - int(str(booked.get(name, 0)))
            if more > 0:
                missing[name] = more
        return missing

    async def end(self) -> None:
        """End everything."""
        for bridge in self.bridges:
            if bridge.process.returncode is None:
                bridge.process.kill()
                await bridge.process.wait()
        await self.fleet.stop()
        await self.broker.stop()


async def answers(listener: Listener, indices: range, ids: list[str]) -> Counter[str]:
    """Wait for the answers to calls; return them by outcome."""
    topics = {
        f"carport/car{index}/answer/{id_}"
        for index, id_ in zip(indices, ids, strict=True)
    }
    found: dict[str, str] = {}
    begun, seen = time.monotonic(), 0
    while len(found) < len(topics) and time.monotonic() < begun + 150:
        await asyncio.sleep(_LOOK)
        for message in listener.heard[seen:]:
            if str(message.topic) in topics:
                found[str(message.topic)] = json.loads(text_of(message))["outcome"]
        seen = len(listener.heard)
    outcomes = Counter(found.values())
    outcomes["none"] = len(topics) - len(found)
    return +outcomes


async def told(listener: Listener, cars: int) -> None:
    """Wait until every car has told how it is."""
    wanted = {f"carport/car{number}/state" for number in range(cars)}

    async def all_there() -> bool:
        return wanted <= {str(message.topic) for message in listener.heard}

    await until("the state of all cars", all_there, 120)


def tell(what: str, value: Any) -> None:
    """Print a figure."""
    sys.stdout.write(f"{what}: {value}\n")
    sys.stdout.flush()


async def disturb(trial: Trial, listener: Listener) -> None:
    """Do to the bridges what happens to machines, and expect what was promised."""
    first, second, _ = trial.bridges
    # A bridge dies while its commands are under way.
    some = range(20)
    before = trial.sent()
    ids = await trial.order(listener, some, "lock")

    async def some_sent() -> bool:
        return sum((trial.sent() - before).values()) >= 8

    await until("the first commands", some_sent, 30)
    first.process.kill()
    await first.process.wait()
    tell(
        "killed, taken over after s",
        round(await trial.served(ACCOUNTS, without=first.process.pid), 1),
    )
    tell("answers to 20 commands", dict(await answers(listener, some, ids)))
    twice = {key: n for key, n in (trial.sent() - before).items() if n > 1}
    expect(not twice, f"sent twice: {twice}")
    # A bridge sleeps, its accounts are taken, and it wakes up with work to do.
    second.process.send_signal(signal.SIGSTOP)
    tell(
        "asleep, taken over after s",
        round(await trial.served(ACCOUNTS, without=second.process.pid), 1),
    )
    before = trial.sent()
    ids = await trial.order(listener, some, "lock")
    second.process.send_signal(signal.SIGCONT)
    tell("answers to 20 commands", dict(await answers(listener, some, ids)))
    twice = {key: n for key, n in (trial.sent() - before).items() if n > 1}
    expect(not twice, f"sent twice: {twice}")
    # Database and broker restart.
    trial.fleet.database.stop()
    await asyncio.sleep(5)
    trial.fleet.database.start()
    tell(
        "database restarted, all served after s", round(await trial.served(ACCOUNTS), 1)
    )
    expect(not trial.uncounted(), f"uncounted calls: {trial.uncounted()}")


def expect(met: bool, otherwise: str) -> None:
    """End with an error where a promise is not kept."""
    if not met:
        raise SystemExit(otherwise)


async def measure(trial: Trial, listener: Listener, accounts: int) -> None:
    """Measure what a reading costs a bridge, with all that is written for it."""
    bridge = trial.bridges[-1]
    used = bridge.seconds
    await asyncio.sleep(_IDLE)
    tell("processor % at rest", round(100 * (bridge.seconds - used) / _IDLE, 1))
    used, called = bridge.seconds, len(trial.fleet.simulator.control.calls())
    rounds = 5
    for _ in range(rounds):
        ids = await trial.order(listener, range(accounts), "refresh")
        await answers(listener, range(accounts), ids)
    made = len(trial.fleet.simulator.control.calls()) - called
    spent = bridge.seconds - used
    tell("readings", rounds * accounts)
    tell("calls for them", made)
    tell("processor ms of a reading", round(1000 * spent / (rounds * accounts), 1))
    tell("megabytes of the bridge", round(bridge.megabytes))


async def main(folder: Path, accounts: int, bridges: int) -> None:
    """Run all of it; with a single bridge only measure."""
    async with AsyncExitStack() as stack:
        database = stack.enter_context(running())
        fleet = Fleet(folder / "first", database, accounts)
        broker = await Mosquitto(folder).start()
        trial = Trial(folder, fleet, broker)
        stack.push_async_callback(trial.end)
        await fleet.start()
        fleet.database.ask("DELETE FROM carport_calls")
        fleet.simulator.control.forget_calls()
        for _ in range(bridges):
            await trial.bridge()
        tell("all served after s", round(await trial.served(accounts), 1))
        tell("accounts of each", sorted(trial.shares().values()))
        listener = await stack.enter_async_context(listening(broker.port))
        await told(listener, accounts)
        if bridges > 1:
            await disturb(trial, listener)
            for bridge in trial.bridges[:-1]:
                if bridge.process.returncode is None:
                    bridge.process.terminate()
                    await bridge.process.wait()
            taken = await trial.served(accounts)
            tell("left in order, taken over after s", round(taken, 1))
            begun = time.monotonic()
            await broker.stop()
            await broker.start()
            listener = await stack.enter_async_context(listening(broker.port))
            await told(listener, accounts)
            tell(
                "broker restarted, all told again after s",
                round(time.monotonic() - begun, 1),
            )
        await measure(trial, listener, accounts)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="carport-trial-") as folder:
        asyncio.run(main(Path(folder), *map(int, sys.argv[1:] or (ACCOUNTS, BRIDGES))))
