"""A real bridge over the database: it serves, tells, commands, and leaves in order."""

from pathlib import Path

import pytest

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
