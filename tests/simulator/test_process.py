"""The simulator as a process of its own."""

import asyncio
import json
from pathlib import Path
import signal
import sys
from typing import Any

import aiohttp
import pytest

from tests.patience import PATIENCE

from .seed_client import SeedClient

_ROOT = Path(__file__).parents[2]


async def _start(*arguments: str) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        *arguments,
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    return process, line.strip().rpartition(" ")[2]


async def _index(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        content: dict[str, Any] = await answer.json()
        return content


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_runs_and_stops(number: signal.Signals, tmp_path: Path) -> None:
    """It answers, serves a sign-in, keeps its state, and stops without a word."""
    state = tmp_path / "kept" / "state.json"
    process, address = await _start(
        "--port", "0", "--speed", "60", "--state", str(state)
    )
    index = await _index(address)
    assert index["clock"]["speed"] == 60
    client = SeedClient(index["hosts"], "driver@example.com")
    await client.sign_in()
    assert (await client.enroll()).status == 200
    async with client.session.post(
        f"{index['control']}/advance", json={"seconds": 86400}
    ) as answer:
        assert answer.status == 200
    later = (await _index(address))["clock"]["now"]
    process.send_signal(number)
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, errors) == (0, b"")
    kept = json.loads(state.read_text(encoding="utf-8"))
    assert set(kept["lives"]) >= {"WVWZZZAUZGW900016"}

    process, address = await _start("--port", "0", "--state", str(state))
    index = await _index(address)
    assert index["clock"]["now"] >= later
    client.hosts = index["hosts"]
    page = await client.refresh()
    assert page.status == 200
    await client.close()
    process.send_signal(number)
    await asyncio.wait_for(process.communicate(), PATIENCE)


async def test_a_broken_state_is_ignored(tmp_path: Path) -> None:
    """What cannot be read counts as nothing."""
    state = tmp_path / "state.json"
    state.write_text("{", encoding="utf-8")
    process, address = await _start("--port", "0", "--state", str(state))
    assert (await _index(address))["clock"]["speed"] == 1
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), PATIENCE)


async def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """Nothing half-started stays behind where a port is taken."""
    process, address = await _start("--port", "0")
    port = address.rpartition(":")[2]
    second, _ = await _start("--port", port)
    _, errors = await asyncio.wait_for(second.communicate(), PATIENCE)
    assert second.returncode == 1
    assert b"in use" in errors
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), PATIENCE)


async def test_speed_is_a_number_above_zero() -> None:
    """Time does not stand still in a running simulator."""
    process, _ = await _start("--speed", "0")
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert b"--speed" in errors
