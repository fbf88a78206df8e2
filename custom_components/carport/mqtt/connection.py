"""The connection to a broker: made again for ever, and never in the way of reading."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
import logging
import random
import ssl
from typing import Final, Protocol, override

import aiomqtt

from ..cloud.mqtt_client import MqttClient
from .layout import Message
from .outbox import Outbox, Publication
from .values import text_from

_LOGGER: Final = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_INCOMING_KEPT: Final = 200
"""What comes faster than it is handled is given up: commands are no stream."""
_TIMEOUT: Final = 10.0
_LAST_WORDS: Final = 5.0

type Pause = Callable[[float], float]


class BrokerUnreachable(Exception):
    """The broker did not take us at the first try, where that has to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is, and who we are there."""

    host: str = "localhost"
    port: int = 1883
    username: str | None = None
    password: str | None = None
    client_id: str = "carport"
    version: str = "5"
    keepalive: int = 60
    tls: ssl.SSLContext | None = None

    @override
    def __repr__(self) -> str:
        """Leave out who we are."""
        return f"Broker({self.host}:{self.port})"


class Speaker(Protocol):
    """Who is at the broker: a bridge, or somebody who only tells."""

    @property
    def outbox(self) -> Outbox:
        """What waits to be told."""

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """What to hear from the broker."""

    @property
    def will(self) -> Publication | None:
        """What the broker says when the speaker is gone."""

    def connected(self) -> None:
        """Hear that the broker is there, anew or again."""

    def take(self, message: Message) -> None:
        """Handle what came from the broker."""


class Connection:
    """A speaker at a broker."""

    def __init__(
        self,
        speaker: Speaker,
        broker: Broker,
        *,
        pause: Pause = lambda longest: random.uniform(longest / 2, longest),
        first_must_work: bool = False,
    ) -> None:
        """Connect nothing yet; `pause` chooses how long to wait within a bound."""
        self._speaker = speaker
        self._broker = broker
        self._pause = pause
        self._first_must_work = first_must_work
        self._ending = asyncio.Event()
        self.connected = False
        self.changed = asyncio.Event()
        """Set whenever the broker came or went; who waits for it clears it."""
        self.connections = 0
        """How often the broker took us."""
        self.published = 0

    async def run(self) -> None:
        """Be at the broker until `end`; whatever happens to it, try again.

        Only where the first try has to work, raise `BrokerUnreachable` if it does not.
        """
        failures = 0
        while not self._ending.is_set():
            before = self.connections
            try:
                await self._visit()
            except (aiomqtt.MqttError, OSError, TimeoutError, ValueError) as error:
                if self._first_must_work and self.connections == 0:
                    raise BrokerUnreachable(_said(error)) from None
                if self.connected or failures == 0:
                    _LOGGER.warning("The broker is not there: %s", _said(error))
            finally:
                self.connected = False
                self.changed.set()
            failures = 0 if self.connections > before else failures + 1
            await self._rest(failures)

    async def end(self) -> None:
        """Say what is still to be said, for some seconds at most, and leave."""
        if self.connected:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS):
                    await self._speaker.outbox.emptied()
        self._ending.set()

    async def _rest(self, failures: int) -> None:
        """Wait, longer with each failure, unless the end comes first."""
        longest = min(_FIRST_PAUSE * 2**failures, _LONGEST_PAUSE)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pause(longest)):
                await self._ending.wait()

    async def _visit(self) -> None:
        speaker = self._speaker
        async with self._client() as client:
            self.connected = True
            self.connections += 1
            self.changed.set()
            _LOGGER.info("Connected to the broker")
            tasks = {
                asyncio.create_task(self._listen(client)),
                asyncio.create_task(self._end()),
            }
            try:
                # Nobody is told anything before we hear what they say to it.
                for topic in speaker.subscriptions:
                    await client.subscribe(topic, qos=0)
                speaker.connected()
                tasks.add(asyncio.create_task(self._tell(client)))
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def _end(self) -> None:
        await self._ending.wait()

    async def _listen(self, client: MqttClient) -> None:
        async for message in client.messages:
            self._speaker.take(
                Message(
                    topic=message.topic.value,
                    text=text_from(message.payload),
                    retain=bool(message.retain),
                )
            )

    async def _tell(self, client: MqttClient) -> None:
        outbox = self._speaker.outbox
        while True:
            publication = await outbox.take()
            try:
                await client.publish(
                    publication.topic,
                    publication.content,
                    qos=publication.qos,
                    retain=publication.retain,
                )
            except ValueError as error:
                # No broker would ever take it, and what waits behind it goes out.
                _LOGGER.warning("A message cannot be sent: %s", type(error).__name__)
            except BaseException:
                outbox.give_back(publication)
                raise
            else:
                self.published += 1
            outbox.sent(publication)

    def _client(self) -> MqttClient:
        broker, will = self._broker, self._speaker.will
        is_five = broker.version == "5"
        return MqttClient(
            broker.host,
            broker.port,
            username=broker.username,
            password=broker.password,
            identifier=broker.client_id,
            protocol=(
                aiomqtt.ProtocolVersion.V5 if is_five else aiomqtt.ProtocolVersion.V311
            ),
            # No command may wait at the broker while we are away; with version 5 the first
            # connection of a client, which is its only one here, is clean by itself.
            clean_session=None if is_five else True,
            keepalive=broker.keepalive,
            will=None
            if will is None
            else aiomqtt.Will(will.topic, will.content, will.qos, will.retain),
            tls_context=broker.tls,
            timeout=_TIMEOUT,
            max_queued_incoming_messages=_INCOMING_KEPT,
        )


def _said(error: BaseException) -> str:
    """Return what went wrong, without addresses or names."""
    text = str(error) if isinstance(error, aiomqtt.MqttError) else ""
    return text or type(error).__name__
