"""A real bridge over the database: it serves, tells, commands, and leaves in order."""

import asyncio
from functools import partial
import os
from pathlib import Path
import sys

import pytest

from cli.database import key_path
from scripts.demo_home.waiting import until
from tests.cli.terminal import ROOT
from tests.mqtt.broker import Mosquitto, listening

from .fleet import Fleet
from .trial import Trial, answers, told


@pytest.mark.parametrize("speed", [60.0])
async def test_a_bridge_serves_what_nobody_serves(fleet: Fleet, tmp_path: Path) -> None:
    """Its cars are told, take commands once, and are free for the next one at its end."""
    broker = await Mosquitto(tmp_path).start()
    trial = Trial(tmp_path, fleet, broker)
    try:
        bridge = await trial.bridge()
        async with listening(broker.port) as listener:
            await told(listener, len(fleet.accounts))
            assert await listener.text("carport/bridge/state") == "online"
            before = fleet.commands
            ids = await trial.order(listener, range(1), "lock")
            outcomes = await answers(listener, range(1), ids)
            assert outcomes == {"confirmed": 1}
            assert fleet.commands == before + 1
            bridge.process.terminate()
            assert await bridge.process.wait() == 0
            await listener.until(
                lambda: listener.texts("carport/bridge/state")[-1] == "offline"
            )
        free = fleet.database.ask(
            "SELECT count(*) FROM carport_accounts WHERE holder IS NULL"
        )
        assert free == [(len(fleet.accounts),)]
    finally:
        for one in trial.bridges:
            if one.process.returncode is None:
                one.process.kill()
                await one.process.wait()
        await broker.stop()


@pytest.mark.parametrize("speed", [60.0])
async def test_what_is_left_of_a_removed_account(fleet: Fleet, tmp_path: Path) -> None:
    """One of the bridges takes it back, and answers; what others serve stays."""
    broker = await Mosquitto(tmp_path).start()
    trial = Trial(tmp_path, fleet, broker)
    number = len(fleet.accounts)
    try:
        async with listening(broker.port) as listener:
            await trial.bridge()
            await told(listener, number)
            await trial.leave()
            await _remove(fleet, f"car_net-{number}")
            fleet.accounts.pop()
            await trial.bridge()
            await trial.bridge()
            await until("both at the broker", partial(_connected, tmp_path), 60)
            gone = f"carport/car{number - 1}"
            topics = f"carport/bridge/accounts/car_net-{number}", f"{gone}/state"
            await listener.until(
                lambda: all(listener.texts(topic)[-1] == "" for topic in topics)
            )
            call = {"id": "mine", "command": "lock"}
            await listener.say(f"{gone}/call", call)
            answer = await listener.json(f"{gone}/answer/mine")
            assert (answer["outcome"], answer["reason"]) == ("refused", "car_gone")
            await trial.leave()
            assert len(listener.texts(f"{gone}/answer/mine")) == 1
        async with listening(broker.port) as late:
            await told(late, number - 1)
            retained = {str(one.topic) for one in late.heard if one.retain}
        assert not [topic for topic in retained if topic.startswith(f"{gone}/")]
        rows = fleet.database.ask("SELECT account, data FROM carport_announced")
        assert {str(name) for name, _ in rows} == {
            ".gone",
            "car_net",
            *(f"car_net-{one}" for one in range(2, number)),
        }
        assert not any(b"carport/" in bytes(data) for _, data in rows)
    finally:
        await trial.leave()
        await broker.stop()


async def _connected(folder: Path) -> bool:
    """Return whether all bridges have said that they have the broker."""
    logs = await asyncio.to_thread(_logs, folder)
    return all("Connected to the broker" in log for log in logs)


def _logs(folder: Path) -> list[str]:
    return [one.read_text("utf-8") for one in folder.glob("machine*/errors")]


async def _remove(fleet: Fleet, name: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "remove", name, "--yes"),
        cwd=ROOT,
        env={
            **os.environ,
            "CARPORT_HOME": str(fleet.folder),
            "CARPORT_DATABASE": fleet.database.address,
            "CARPORT_KEY_FILE": str(key_path(fleet.folder)),
            "PYTHONPATH": str(ROOT),
        },
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0
