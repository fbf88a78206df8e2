"""A bridge in the test's own process: real accounts, a real broker, a clock by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from carport.cloud.clock import Clock
from carport.mqtt.bridge import Bridge
from carport.mqtt.connection import Broker, Connection
from carport.mqtt.settings import CarSettings, Layout, Private, Settings
from cli.announced import digest_of_broker
from cli.bridging import AccountGateway, tell_cut_off
from cli.home import Home
from cli.sessions import Session, open_accounts
from cli.words import entity_names
from simulator.accounts import ACCOUNTS
from tests.cli.terminal import GOLF, PASSAT, Terminal

from .broker import LOOPBACK, Listener, Mosquitto, listening

EUROPEAN: Final = next(
    one
    for one in ACCOUNTS
    if one.service == "we_connect" and one.username == "prueferin@example.com"
)
GTE, ARTEON = EUROPEAN.vins
COUNTED: Final = next(one for one in ACCOUNTS if one.service == "skoda")


@dataclass(slots=True, kw_only=True)
class Running:
    """A bridge that runs, and somebody who listens."""

    bridge: Bridge
    connection: Connection
    session: Session
    listener: Listener
    home: Home
    gateway: AccountGateway
    notes: dict[str, Any] = field(default_factory=dict)


def settings(
    *commands: str,
    layout: Layout = Layout.OWN,
    publish: frozenset[Private] = frozenset(),
) -> Settings:
    """Return settings with one Golf that may be told something, and a Passat that not."""
    return Settings(
        layouts=frozenset({layout}),
        cars={
            GOLF: CarSettings(
                topic="golf", commands=frozenset(commands), publish=publish
            ),
            PASSAT: CarSettings(topic="passat"),
        },
    )


@asynccontextmanager
async def running(
    terminal: Terminal,
    mosquitto: Mosquitto,
    chosen: Settings,
    *,
    clock: Clock | None = None,
    version: str = "5",
) -> AsyncIterator[Running]:
    """Run a bridge over the accounts that a terminal has added."""
    home = Home(terminal.home)
    records = home.accounts()
    async with (
        open_accounts(home, records) as session,
        listening(mosquitto.port) as listener,
    ):
        gateway = AccountGateway.of(session, home, records)
        record = home.announced(digest_of_broker(LOOPBACK, mosquitto.port))
        bridge = Bridge(
            gateway, chosen, names=entity_names(), clock=clock, record=record
        )
        bridge.take_back_accounts(record.removed())
        tell_cut_off(bridge, home, records)
        connection = Connection(
            bridge,
            Broker(host=LOOPBACK, port=mosquitto.port, version=version),
            pause=lambda longest: 0.05,
        )
        visit = asyncio.create_task(connection.run())
        try:
            yield Running(
                bridge=bridge,
                connection=connection,
                session=session,
                listener=listener,
                home=home,
                gateway=gateway,
            )
        finally:
            bridge.stop()
            for account in tuple(session.engine.accounts.values()):
                await session.engine.close_account(account)
            await bridge.close()
            await connection.end()
            await visit
