"""A broker that sends what is no packet: the bridge leaves it, and comes again."""

import asyncio

import pytest

from carport.mqtt.connection import Broker, Connection
from carport.mqtt.layout import Message
from carport.mqtt.outbox import Outbox, Publication
from tests.makers.car_data.home_broker import HomeBroker
from tests.patience import PATIENCE

from .broker import LOOPBACK, Mosquitto, listening

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Listener:
    """Somebody who only hears."""

    will: Publication | None = None
    subscriptions = ("garage/+",)

    def __init__(self) -> None:
        """Have heard nothing."""
        self.outbox = Outbox()
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.connections: asyncio.Queue[None] = asyncio.Queue()

    def connected(self) -> None:
        """Count it, and have nothing to say."""
        self.connections.put_nowait(None)

    def take(self, message: Message) -> None:
        """Keep what came."""
        self.heard.put_nowait(message)


@pytest.mark.parametrize(
    "raw", [b"\x30\x00", b"\x30\x07\x00\x05bmw/#", b"\x30\xff\xff\xff\x7f\x00"]
)
async def test_8_5_a_packet_that_is_none_costs_one_connection(raw: bytes) -> None:
    """The old connection is closed on both sides, and the next one hears as ever."""
    async with HomeBroker() as broker, asyncio.timeout(PATIENCE):
        listener = Listener()
        there = Broker(
            host="127.0.0.1",
            port=broker.port,
            username="carport",
            password="at home",
            version="3.1.1",
        )
        connection = Connection(listener, there, pause=lambda _longest: 0.0)
        running = asyncio.ensure_future(connection.run())
        await listener.connections.get()
        broker.send(raw)
        await listener.connections.get()
        broker.publish("garage/door", b"open")
        assert (await listener.heard.get()).text == "open"
        assert broker.subscribers == 1
        await connection.end()
        await running


async def test_a_retained_message_that_is_too_large_is_not_heard(
    mosquitto: Mosquitto,
) -> None:
    """It would end every connection; the broker keeps it back, and tells the rest."""
    async with listening(mosquitto.port, ()) as somebody, asyncio.timeout(PATIENCE):
        await somebody.say("garage/gate", b"x" * (9 * 1024 * 1024), retain=True)
        listener = Listener()
        there = Broker(host=LOOPBACK, port=mosquitto.port)
        connection = Connection(listener, there, pause=lambda _longest: 0.0)
        running = asyncio.ensure_future(connection.run())
        await listener.connections.get()
        await somebody.say("garage/door", b"open")
        assert (await listener.heard.get()).text == "open"
        assert connection.connections == 1
        await connection.end()
        await running
