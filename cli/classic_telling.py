"""What `carport classic` tells the owner's broker beside the terminal, if it is there."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
import logging
import os
from typing import Final
from uuid import uuid4

from carport.car.receipts import Receipt
from carport.cloud.errors import CloudError
from carport.engine import GarageCar
from carport.mqtt.classic_groups import Group
from carport.mqtt.classic_topics import ClassicTopics
from carport.mqtt.connection import Broker, BrokerUnreachable, Connection
from carport.mqtt.layout import Message
from carport.mqtt.outbox import Outbox, Publication
from carport.mqtt.settings import CarSettings, Settings

from . import bridge_setup
from .bridging import note_error
from .exits import Failure
from .home import Home

_LOGGER: Final = logging.getLogger("carport.classic")


class Telling:
    """Groups and responses in the topics of the classic layout."""

    def __init__(self, topics: ClassicTopics, cars: Mapping[str, CarSettings]) -> None:
        """Know under which topic each car is told, and what of it may be."""
        self._topics = topics
        self._cars = cars

    def state(self, car: GarageCar, groups: Iterable[Group]) -> None:
        """Tell what a car said, up to the first group that it cannot say."""
        chosen = self._cars[car.vin]
        all(self._topics.publish(car, chosen, group) for group in groups)

    def unread(self, vin: str, group: Group, error: CloudError) -> None:
        """Tell that a car could not be read."""
        self._topics.fail(self._cars[vin].topic, group, str(error.reason))

    def unsent(self, vin: str, name: str, error: CloudError) -> None:
        """Tell that something kept a command from being sent."""
        topic, reason = self._cars[vin].topic, str(error.reason)
        self._topics.respond(topic, name, took=False, reason=reason)

    def response(self, vin: str, name: str, receipt: Receipt) -> None:
        """Tell whether the maker took a command, whatever the car made of it."""
        took = receipt.accepted_at is not None
        topic = self._cars[vin].topic
        self._topics.respond(topic, name, took=took, reason=str(receipt.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """Somebody at the broker who takes nothing: commands are for the service."""

    outbox: Outbox = field(default_factory=Outbox)
    subscriptions: tuple[str, ...] = ()
    will: Publication | None = None

    def connected(self) -> None:
        """Have nothing to say anew: what waits is what was not told yet."""

    def take(self, message: Message) -> None:
        """Hear nothing."""


@asynccontextmanager
async def telling(home: Home) -> AsyncIterator[Telling | None]:
    """Tell a broker meanwhile, if the owner has named one; its absence is only logged."""
    try:
        named = _named_broker(home)
    except Failure as failure:
        _LOGGER.warning("No broker is told: %s", failure)
        named = None
    if named is None:
        yield None
        return
    broker, chosen = named
    teller = _Teller()
    topics = ClassicTopics(teller.outbox, chosen.classic_base)
    asyncio.get_running_loop().set_exception_handler(note_error)
    connection = Connection(teller, broker, first_must_work=True)
    visit = asyncio.create_task(connection.run(), name="carport broker")
    topics.begin()
    try:
        yield Telling(topics, chosen.cars)
    finally:
        topics.done()
        await _leave(connection, visit)


def _named_broker(home: Home) -> tuple[Broker, Settings] | None:
    """Return the broker of the bridge's configuration; nobody's is guessed."""
    path = bridge_setup.default_path(home)
    if not path.is_file() and not os.environ.get("CARPORT_MQTT_HOST"):
        return None
    given = bridge_setup.read_configuration(path, must_be=False)
    settings = bridge_setup.settings(home, given, path)
    broker = bridge_setup.broker(given.broker)
    # The broker would end the bridge's connection for ours.
    own_id = f"{broker.client_id}-{uuid4().hex[:8]}"
    return replace(broker, client_id=own_id), bridge_setup.with_all_topics(
        home, settings
    )


async def _leave(connection: Connection, visit: asyncio.Task[None]) -> None:
    """Wait until the broker has everything, or was not there at the first try."""
    tried = asyncio.create_task(connection.changed.wait())
    await asyncio.wait({tried, visit}, return_when=asyncio.FIRST_COMPLETED)
    tried.cancel()
    await connection.end()
    try:
        await visit
    except BrokerUnreachable as error:
        _LOGGER.warning("The broker is not there: %s", error)
