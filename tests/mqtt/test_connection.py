"""The broker comes and goes, is slow, or wants to know who is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
import json
from pathlib import Path
import signal
from typing import Final

import pytest

from carport.car.commands import CommandKind, Lock
from carport.car.receipts import Outcome, Receipt
from cli.bridging import ALIVE
from cli.home import Home
from cli.journal import journalled
from tests.cli.terminal import GOLF, Terminal
from tests.patience import PATIENCE

from .broker import LOOPBACK, Mosquitto, listening
from .running import running, settings

_RECEIPT: Final = Receipt(
    id="made up",
    command=CommandKind.LOCK,
    outcome=Outcome.CONFIRMED,
    requested_at=datetime(2026, 5, 1, tzinfo=UTC),
)


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_a_broker_that_restarts_hears_everything_again(
    terminal: Terminal, mosquitto: Mosquitto, version: str
) -> None:
    """It kept nothing, and has all that is retained without a reading."""
    chosen = settings("lock")
    async with running(terminal, mosquitto, chosen, version=version) as run:
        await run.listener.text("carport/golf/state")
        topics = {topic for topic, _ in run.listener.lines}
        await mosquitto.stop()
        await mosquitto.start()
        async with listening(mosquitto.port) as listener:
            await listener.until(
                lambda: topics <= {topic for topic, _ in listener.lines}
            )
            # And it hears commands again.
            await listener.say("carport/golf/set/doors", "lock")
            told = await listener.json("carport/golf/receipt")
            assert told["command"] == "lock"
        assert run.connection.connections == 2


async def test_what_cannot_be_sent_is_in_nobodys_way(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """The connection stays, and what waits behind it is told."""
    async with running(terminal, mosquitto, settings()) as run:
        await run.listener.text("carport/golf/state")
        outbox = run.bridge.outbox
        outbox.put("carport/golf/half", "\ud800", retain=True)
        outbox.put("carport/golf/" + "x" * 70_000, "long", retain=True)
        outbox.put("carport/golf/whole", "well")
        assert await run.listener.text("carport/golf/whole") == "well"
        await outbox.emptied()
        assert run.connection.connections == 1


async def test_a_slow_broker_never_delays_reading(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """It stands still: cars are read all the same, and little is kept meanwhile."""
    async with running(terminal, mosquitto, settings()) as run:
        await run.listener.text("carport/golf/state")
        assert mosquitto.process is not None
        mosquitto.process.send_signal(signal.SIGSTOP)
        engine, garage = run.session.engine, run.session.engine.garage
        golf = engine.cars[GOLF]
        level = golf.snapshot.readings["battery_level"]
        for _ in range(2000):
            garage.tell(golf, *golf.snapshot.readings)
            garage.file_receipt(golf, _RECEIPT)
        async with asyncio.timeout(PATIENCE):
            await engine.read(GOLF)
        assert golf.snapshot.readings["battery_level"].order >= level.order
        topics = 2 * (len(golf.snapshot.readings) + 3) + 1
        assert len(run.bridge.outbox) <= topics + 1000
        assert run.bridge.outbox.dropped >= 1000
        mosquitto.process.send_signal(signal.SIGCONT)
        before = len(run.listener.texts("carport/golf/state"))
        await run.listener.text("carport/golf/state", after=before)


async def test_a_command_found_after_a_crash_is_unknown(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """It is told once, and a copy of its call is never sent."""
    home = Home(terminal.home)
    now = terminal.simulator.clock.now()
    crash = journalled(home.journal("car_net"), GOLF, Lock(), now, "mine")
    # The process dies in the middle: nobody comes to the end of this.
    crash.__enter__()
    async with running(terminal, mosquitto, settings("lock")) as run:
        answer = await run.listener.json("carport/golf/answer/mine")
        assert (answer["outcome"], answer["reason"]) == ("unknown", "unknown_outcome")
        receipt = await run.listener.json("carport/golf/receipt")
        assert receipt["outcome"] == "unknown"
        await run.listener.say("carport/golf/call", {"id": "mine", "command": "lock"})
        again = await run.listener.json("carport/golf/answer/mine", after=1)
        assert again == answer
        assert len(run.listener.texts("carport/golf/receipt")) == 1
        assert not run.session.engine.cars[GOLF].receipts
    assert json.loads((home.folder("car_net") / "commands.json").read_text()) == []


async def test_a_command_is_on_disk_while_it_is_under_way(
    terminal: Terminal, mosquitto: Mosquitto
) -> None:
    """Under the id of its call, until its receipt."""
    async with running(terminal, mosquitto, settings("lock")) as run:
        await run.listener.text("carport/golf/state")
        await run.listener.say("carport/golf/call", {"id": "mine", "command": "lock"})
        await run.listener.until(lambda: run.listener.texts("carport/golf/receipt"))
        journal = run.home.folder("car_net") / "commands.json"
        (row,) = json.loads(journal.read_text())
        assert (row["id"], row["command"]) == ("mine", "lock")
        await run.listener.text("carport/golf/answer/mine")
        assert json.loads(journal.read_text()) == []


async def test_the_will(
    terminal: Terminal, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """A bridge that is killed is offline, by the broker's word."""
    async with (
        _bridge(terminal, mosquitto, tmp_path) as process,
        listening(mosquitto.port, ["carport/#"]) as listener,
    ):
        assert await listener.text("carport/bridge/state") == "online"
        process.kill()
        await listener.until(
            lambda: listener.texts("carport/bridge/state")[-1] == "offline"
        )


async def test_the_process_ends_well(
    terminal: Terminal, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """It is healthy while it runs; SIGTERM ends it with the last words said."""
    async with (
        _bridge(terminal, mosquitto, tmp_path) as process,
        listening(mosquitto.port, ["carport/#"]) as listener,
    ):
        await listener.text("carport/golf/state")
        healthy = await terminal.run("bridge", "--health")
        assert healthy.code == 0
        second = await terminal.run("bridge", "--config", str(tmp_path / "b.toml"))
        assert second.code == 1
        assert "Another carport" in second.err
        await listener.say("carport/golf/call", {"id": "x", "command": "unlock"})
        answer = await listener.json("carport/golf/answer/x")
        assert answer["outcome"] == "confirmed"
        process.terminate()
        await listener.until(
            lambda: listener.texts("carport/bridge/state")[-1] == "offline"
        )
        assert await process.wait() == 0
    healthy = await terminal.run("bridge", "--health")
    assert healthy.code == 1


async def test_no_sign_of_life_can_be_left(
    terminal: Terminal, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    """As on a full disk: the cars are told all the same, and commands obeyed."""
    (terminal.home / ALIVE).mkdir()
    async with (
        _bridge(terminal, mosquitto, tmp_path) as process,
        listening(mosquitto.port, ["carport/#"]) as listener,
    ):
        await listener.text("carport/golf/state")
        await listener.say("carport/golf/call", {"id": "x", "command": "unlock"})
        answer = await listener.json("carport/golf/answer/x")
        assert answer["outcome"] == "confirmed"
        healthy = await terminal.run("bridge", "--health")
        assert healthy.code == 1
        process.terminate()
        assert await process.wait() == 0


@asynccontextmanager
async def _bridge(
    terminal: Terminal, mosquitto: Mosquitto, folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a bridge as a process, which does not outlive its test."""
    config = folder / "b.toml"
    config.write_text(
        f'[broker]\nhost = "{LOOPBACK}"\nport = {mosquitto.port}\n'
        '[[cars]]\ncar = "e-golf"\ntopic = "golf"\ncommands = ["lock", "unlock"]\n',
        encoding="utf-8",
    )
    process = await terminal.start("bridge", "--config", str(config))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
