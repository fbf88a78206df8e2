"""What the tests of the bridge share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from carport.engine import AccountOptions, Engine
from carport.makers.registry import SERVICES
from cli.home import AccountRecord, GarageStorage, Home
from cli.sessions import http_session
from simulator.account import Account
from tests.cli.terminal import TESTER, Terminal, new_simulator

from .broker import Mosquitto
from .running import COUNTED, EUROPEAN


@pytest.fixture
async def mosquitto(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Mosquitto]:
    """Give a broker that lets everybody in."""
    broker = await Mosquitto(tmp_path).start()
    yield broker
    await broker.stop()


@pytest.fixture
async def terminal(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Terminal]:
    """Give an account with a Golf and a Passat, and the clouds it is at."""
    async with signed_in(tmp_path, TESTER) as somebody:
        yield somebody


@pytest.fixture
async def european(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Terminal]:
    """Give an account with a plug-in Passat and an Arteon of Europe."""
    async with signed_in(tmp_path, EUROPEAN) as somebody:
        yield somebody


@pytest.fixture
async def counted(tmp_path: Path, socket_enabled: None) -> AsyncIterator[Terminal]:
    """Give an account whose cloud counts its calls."""
    async with signed_in(tmp_path, COUNTED) as somebody:
        yield somebody


@asynccontextmanager
async def signed_in(folder: Path, account: Account) -> AsyncIterator[Terminal]:
    """Run the clouds, with an account of one of them."""
    simulator = new_simulator()
    await simulator.start()
    somebody = Terminal(folder, simulator)
    await _add(somebody, account)
    yield somebody
    await simulator.stop()


async def _add(terminal: Terminal, account: Account) -> None:
    """Sign in and read once, as `carport add` does, without a process for it."""
    home = Home(terminal.home)
    fields = SERVICES[account.service].info.sign_in_fields
    typed = account.typed(fields)
    record = AccountRecord(
        name=account.service,
        service=account.service,
        region=account.region,
        server=terminal.simulator.address,
        identity={one.key: typed[one.key] for one in fields if one.identifies},
        pin=account.pin,
    )
    home.make()
    home.keep(record)
    storage = GarageStorage(home, lambda: account.vins, signs_in=True)
    engine = await Engine.load(storage)
    async with http_session() as http:
        opened = await engine.open(
            http,
            record.name,
            record.login,
            store=home.store(record.name),
            options=AccountOptions(pin=record.pin),
            credentials=typed,
        )
        for vin in sorted(opened.shown_cars):
            await opened.read(vin)
        await engine.close()
