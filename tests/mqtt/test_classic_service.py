"""The service mode of the older bridge as a process: a broker, clouds, and SIGTERM."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import re
from typing import Final

from tests.cli.terminal import Terminal, ended

from .broker import LOOPBACK, Mosquitto, free_port, listening

_BASE: Final = "/weconnectMQTT"
_TIME: Final = r"\d\d:\d\d:\d\d"


@asynccontextmanager
async def _service(
    terminal: Terminal, port: int, *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `carport classic --service` by a file in the state folder."""
    terminal.home.joinpath("bridge.toml").write_text(
        f'[broker]\nhost = "{LOOPBACK}"\nport = {port}\n'
        '[[cars]]\ncar = "Passat GTE"\ntopic = "car1"\n'
        'commands = ["charge", "climate"]\n',
        encoding="utf-8",
    )
    process = await terminal.start("classic", "--service", *words)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_tells_obeys_and_ends(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """A full state at the start, a command that reaches the car, and last words."""
    async with (
        listening(mosquitto.port) as listener,
        _service(european, mosquitto.port) as process,
    ):
        await listener.until(lambda: (f"{_BASE}/active", "0") in listener.lines)
        topics = [topic for topic, _ in listener.lines]
        assert topics[0] == f"{_BASE}/active"
        assert f"{_BASE}/car1/charger/level" in topics
        assert listener.texts(f"{_BASE}/service/active")[0] == "1"
        # The layout that was asked for, whatever the file says of layouts.
        assert not [one for one in topics if one.startswith("carport/")]
        await listener.say(f"{_BASE}/car1/set/climatemp", "21.5")
        assert await listener.text(f"{_BASE}/car1/response/climatemp") == "True"
        await listener.say(f"{_BASE}/car1/get/clima", "1")
        told = len(listener.texts(f"{_BASE}/car1/clima/temp/target"))
        target = await listener.text(f"{_BASE}/car1/clima/temp/target", after=told)
        assert target == "21.5"
        # Not allowed by the file: no car hears of it.
        await listener.say(f"{_BASE}/car1/set/honk", "3")
        assert await listener.text(f"{_BASE}/car1/response/honk") == "False"
        process.terminate()
        await listener.text(f"{_BASE}/service/active/offline")
        done = await ended(process)
        assert done.code == 0
        assert "A command by MQTT was refused: not_allowed" in done.err
        assert listener.texts(f"{_BASE}/service/active")[-1] == "0"
        assert re.fullmatch(
            _TIME, listener.texts(f"{_BASE}/service/active/offline")[-1]
        )
        assert listener.texts(f"{_BASE}/active")[-1] == "0"
        assert not any(one.retain for one in listener.heard)


async def test_its_topic_ends_it(european: Terminal, mosquitto: Mosquitto) -> None:
    """A service manager starts it again; what it was told is answered first."""
    async with (
        listening(mosquitto.port) as listener,
        _service(european, mosquitto.port, "--info") as process,
    ):
        await listener.until(lambda: (f"{_BASE}/active", "0") in listener.lines)
        await listener.say(f"{_BASE}/set/service", "off")
        assert await listener.text(f"{_BASE}/service/response") == "True"
        done = await ended(process)
        assert done.code == 0
        assert listener.texts(f"{_BASE}/service/active")[-1] == "0"
        # As --info promises.
        assert "Connected to the broker" in done.err


async def test_without_a_broker_it_ends(european: Terminal, tmp_path: Path) -> None:
    """As the original did: its service manager knows that it does not run."""
    async with _service(european, free_port()) as process:
        done = await ended(process)
    assert done.code == 1
    assert "broker" in done.err
