"""What the command's tests share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .terminal import SPEED, Terminal, new_simulator


@pytest.fixture
def speed() -> float:
    """Return how fast time passes in the clouds; a test may want another speed."""
    return SPEED


@pytest.fixture
async def terminal(
    tmp_path: Path, speed: float, socket_enabled: None
) -> AsyncIterator[Terminal]:
    """Give somebody a terminal, and clouds to talk to."""
    simulator = new_simulator(speed)
    await simulator.start()
    yield Terminal(tmp_path, simulator)
    await simulator.stop()
