"""Carport as a library: no part of it loads Home Assistant."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
LOADED: Final = """
import importlib, sys
importlib.import_module(sys.argv[1])
names = {name.partition(".")[0] for name in sys.modules}
sys.exit(", ".join(names & {"homeassistant", "custom_components"}) or None)
"""


@pytest.mark.parametrize(
    "module",
    [
        "carport.car",
        "carport.cloud.contract",
        "carport.engine",
        "carport.makers.registry",
        "carport.mqtt.connection",
        "carport.twin.twin",
        "cli.app",
        "simulator.app",
    ],
)
def test_no_part_loads_home_assistant(module: str) -> None:
    """It runs where Home Assistant is not installed."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, module],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_7_2_the_engine_runs_accounts_without_home_assistant() -> None:
    """It opens the Demo garage and a simulated account, reads, unlocks and locks."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.library_demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["loaded"] == []
    for account in ("demo", "simulated"):
        assert told[account]["readings"] > 10
        assert told[account]["outcomes"] == ["confirmed", "confirmed"]
        assert told[account]["locked"] is True
