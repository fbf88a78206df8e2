"""Home Assistant itself, as a process: sign in, command, be killed, come back."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
import json
import os
from pathlib import Path
import time
from typing import Any, Final

import pytest

from scripts.demo_home import accounts, clouds, config_dir, furnish, processes
from scripts.demo_home.home import Home
from scripts.demo_home.registry import Device
from scripts.demo_home.waiting import until
from tests.patience import PATIENCE

TESTER: Final = "tester@example.com"
SPEED: Final = 10
"""Fast enough for a test, slow enough to see a command on its way."""
SAVES_WITHIN: Final = 10
SIGN_IN_HOST: Final = "identity.na.vwgroup.io"

pytestmark = [pytest.mark.usefixtures("socket_enabled")]


async def test_kill_and_restart(tmp_path: Path) -> None:
    """A killed Home Assistant comes back with everything but the last moment."""
    port = processes.free_ports(_own(18_123), 1, 1)
    clouds_port = processes.free_ports(_own(18_700), 50, 50)
    home_address, server = processes.address(port), processes.address(clouds_port)
    config_dir.prepare(tmp_path / "hass", port)
    async with processes.simulator(clouds_port, SPEED, tmp_path / "clouds.json"):
        index = await clouds.read_index(server)
        async with (
            processes.hass(tmp_path / "hass") as hass,
            Home.enter(home_address) as home,
        ):
            await _sign_in(home, server, index)
            car = await _parked_car(home)
            await _command(home, car, "unlock", "unlocking", "unlocked")
            before = await _facts(home, car)
            # What is killed below is not the very first save, but one in place of another.
            files = tmp_path / "hass" / ".storage"
            await until("saved", partial(_holds, files, car), PATIENCE)
            signed_in = len(await clouds.calls(server, host=SIGN_IN_HOST))
            saving = asyncio.create_task(_keep_saving(home))
            await asyncio.to_thread(_wait_for_draft, tmp_path / "hass" / ".storage")
            hass.kill()
            await hass.wait()
            with suppress(Exception):  # The answer never came: that is the point.
                await saving
        async with (
            processes.hass(tmp_path / "hass"),
            Home.enter(home_address) as home,
        ):
            assert await _facts(home, car) == before
            await _command(home, car, "lock", "locking", "locked")
            assert len(await clouds.calls(server, host=SIGN_IN_HOST)) == signed_in


def _own(port: int) -> int:
    """Return where to look for ports: away from a demo's, and from another run's."""
    return port + os.getpid() % 40 * 1000


async def _sign_in(home: Home, server: str, index: Any) -> None:
    """Set the account up through the forms, as the page does."""
    (account,) = [
        account
        for account in index["accounts"]["car_net"]
        if account["username"] == TESTER
    ]
    await accounts.add(home, "car_net", {**account, "own_server": {"server": server}})
    (entry,) = await accounts.entries(home)
    assert entry["state"] == "loaded"


async def _parked_car(home: Home) -> Device:
    """Return the car that stays as it is unless it is told otherwise."""
    cars, _ = await furnish.look_around(home)
    return next(car for car in cars if car.model == "Passat")


async def _command(
    home: Home, car: Device, action: str, on_the_way: str, done: str
) -> None:
    """Call an action; watch the car's lock pass through its states, and the receipt."""
    lock = car.entities["doors"]
    calling = asyncio.create_task(
        home.post(f"/api/services/lock/{action}", {"entity_id": lock})
    )
    for state in (on_the_way, done):
        await until(f"{action}: {state}", partial(_is, home, lock, state), PATIENCE)
    await calling
    receipt = (await home.states())[car.entities["last_command"]]["attributes"]
    assert receipt["event_type"] == receipt["outcome"] == "confirmed"
    assert receipt["command"] == action
    assert receipt["before"] != receipt["after"]
    assert receipt["accepted_at"] < receipt["captured_at"]


async def _holds(files: Path, car: Device) -> bool:
    return await asyncio.to_thread(_is_kept, files, car)


def _is_kept(files: Path, car: Device) -> bool:
    cars = (json.loads(one.read_text())["data"] for one in files.glob("carport.car.*"))
    return any(one["vin"] == car.identifier and one["snapshot"] for one in cars)


async def _is(home: Home, entity: str, state: str) -> bool:
    seen = (await home.states())[entity]["state"]
    return bool(seen == state)


async def _facts(home: Home, car: Device) -> dict[str, str]:
    """Return what the car said last, and when it captured that."""
    states = await home.states()
    keys = ("doors", "odometer", "fuel_level", "location", "captured_at")
    return {key: states[car.entities[key]]["state"] for key in keys}


async def _keep_saving(home: Home) -> None:
    """Load the account anew, again and again, which writes everything to disk."""
    (entry,) = await accounts.entries(home)
    page = f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
    while True:
        await home.post(page, {})


def _wait_for_draft(storage: Path) -> None:
    """Look until a file is being written; its draft lies there for some milliseconds.

    A busy machine may never show one in time; then the next moment is as good as any,
    for there is always something being saved.
    """
    known = set(_drafts(storage))
    deadline = time.monotonic() + SAVES_WITHIN
    while not set(_drafts(storage)) - known and time.monotonic() < deadline:
        pass


def _drafts(storage: Path) -> Iterator[Path]:
    return storage.glob("tmp*")
