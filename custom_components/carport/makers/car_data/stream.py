"""The stream: MQTT from BMW, or from a broker of the owner's own.

Whatever blocks (resolving, connecting, reading certificates) happens in other threads.
Messages are taken in batches, so that a burst of them costs one reading of the car.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import logging
import secrets
import ssl
from typing import Any, Final

import aiomqtt

from ...cloud.bodies import parse_json
from ...cloud.clock import Clock
from ...cloud.hosts import StreamAddress
from ...cloud.mqtt_client import MqttClient

_LOGGER: Final = logging.getLogger(__name__)
_QUIET: Final = logging.getLogger(f"{__name__}.mqtt")
_QUIET.setLevel(logging.CRITICAL)

_KEEPALIVE: Final = 30
_PATIENCE: Final = 10.0
"""Seconds of the wall clock for each answer of the broker."""
_GOODBYE: Final = 0.5
"""Seconds of it that somebody who leaves waits for the end of a connection."""
_MOST_WAITING: Final = 5000
_BATCH: Final = 200
_LARGEST: Final = 256 * 1024
_REFUSED: Final = 0x80
_BAD_CREDENTIALS: Final = frozenset({4, 5, 134, 135})
"""Codes of an answer that is about user and password, as the library may write them."""

type Message = tuple[str, Mapping[str, Any]]
"""The VIN, and the values by their descriptors."""


class StreamRefused(Exception):
    """The broker does not take user and password, or not the subscription."""

    def __init__(self, *, credentials: bool) -> None:
        """Say whether it was about user and password."""
        super().__init__()
        self.credentials = credentials


class StreamLost(Exception):
    """The connection could not be made, or broke."""


class StreamUnreached(StreamLost):
    """No connection could be made, so nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLogin:
    """Where to connect, as whom, and for what."""

    address: StreamAddress
    topic: str
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


class StreamConnection:
    """One connection at a time; `in_flight` counts what the broker has to answer."""

    def __init__(self, clock: Clock) -> None:
        """Be not connected."""
        self._clock = clock
        self.in_flight = 0
        self.client_id: str | None = None
        """By which the broker knows the connection; None without one."""
        self.received = 0
        """How many messages came by this connection."""
        self.leaving: set[asyncio.Future[None]] = set()
        """Connections that were given up half way, and end by themselves."""

    async def run(
        self,
        login: StreamLogin,
        *,
        granted: Callable[[], object],
        take: Callable[[list[Message]], object],
        until: datetime | None = None,
    ) -> None:
        """Connect, subscribe, and bring messages until a moment, or until it breaks.

        Returns after a clean goodbye when the moment has come. Raises `StreamRefused`
        or `StreamLost`.
        """
        name = f"carport-{secrets.token_hex(6)}"
        client = await _client(login, name)
        self.received = 0
        await self._counted(self._connect(client))
        self.client_id = name
        try:
            await self._subscribe(client, login.topic)
            granted()
            await self._listen(client, take, until)
        except aiomqtt.MqttError:
            raise StreamLost from None
        finally:
            self.client_id = None
            await self._leave(client)

    async def probe(self, login: StreamLogin) -> None:
        """Connect and subscribe once, to see that both are granted.

        Raises `StreamRefused` or `StreamLost`.
        """
        client = await _client(login, f"carport-{secrets.token_hex(6)}")
        await self._counted(self._connect(client))
        try:
            await self._subscribe(client, login.topic)
        except aiomqtt.MqttError:
            raise StreamLost from None
        finally:
            await self._leave(client)

    async def _connect(self, client: MqttClient) -> None:
        """Connect; who stops waiting meanwhile leaves nothing half open behind."""
        connecting = asyncio.ensure_future(client.__aenter__())
        try:
            await asyncio.wait({connecting})
            connecting.result()
        except asyncio.CancelledError:
            # A thread that resolves or connects cannot be stopped: it ends by itself,
            # and nobody who leaves waits for that.
            client.stop_waiting()
            leaving = asyncio.ensure_future(self._leave_once(client, connecting))
            self.leaving.add(leaving)
            leaving.add_done_callback(self.leaving.discard)
            await asyncio.wait({leaving}, timeout=_GOODBYE)
            raise
        except aiomqtt.MqttError as error:
            raise _refusal_of(error) from None

    async def _subscribe(self, client: MqttClient, topic: str) -> None:
        codes = await self._counted(client.subscribe(topic, qos=0))
        for code in codes:
            if (code if isinstance(code, int) else code.value) >= _REFUSED:
                raise StreamRefused(credentials=False)

    async def _listen(
        self,
        client: MqttClient,
        take: Callable[[list[Message]], object],
        until: datetime | None,
    ) -> None:
        """Bring messages; those that wait already come together."""
        over = asyncio.Event()
        timer = None
        if until is not None:
            left = (until - self._clock.now()).total_seconds()
            timer = self._clock.call_later(max(left, 0), over.set)
        messages = aiter(client.messages)
        ending = asyncio.ensure_future(over.wait())
        coming: asyncio.Future[aiomqtt.Message] | None = None
        try:
            while not over.is_set():
                coming = asyncio.ensure_future(anext(messages))
                await asyncio.wait(
                    {coming, ending}, return_when=asyncio.FIRST_COMPLETED
                )
                if not coming.done():
                    return
                batch = [coming.result()]
                while len(client.messages) and len(batch) < _BATCH:
                    batch.append(await anext(messages))
                self.received += len(batch)
                take([one for raw in batch if (one := message_of(raw)) is not None])
                await asyncio.sleep(0)  # Others get their turn in a burst too.
        finally:
            if timer is not None:
                timer.cancel()
            for waiting in (ending, coming):
                if waiting is not None and not waiting.done():
                    waiting.cancel()
                    await asyncio.wait({waiting})

    async def _leave_once(
        self, client: MqttClient, connecting: asyncio.Future[Any]
    ) -> None:
        """Say goodbye as soon as there is anybody to say it to."""
        await asyncio.wait({connecting})
        if connecting.exception() is None:
            await self._leave(client)

    async def _leave(self, client: MqttClient) -> None:
        try:
            await self._counted(client.__aexit__(None, None, None))
        except aiomqtt.MqttError, TimeoutError:
            _LOGGER.debug("The stream ended without a goodbye")

    async def _counted[T](self, work: Awaitable[T]) -> T:
        self.in_flight += 1
        try:
            return await work
        finally:
            self.in_flight -= 1


def message_of(message: aiomqtt.Message) -> Message | None:
    """Read a message; None for one that is not about a car."""
    payload = message.payload
    if not isinstance(payload, (bytes, bytearray)) or len(payload) > _LARGEST:
        return None
    try:
        body = parse_json(bytes(payload))
    except ValueError:
        return None
    if not isinstance(body, Mapping):
        return None
    vin, data = body.get("vin"), body.get("data")
    if not isinstance(vin, str) or not isinstance(data, Mapping):
        return None
    return vin.upper(), data


def _refusal_of(error: aiomqtt.MqttError) -> Exception:
    """Tell what the broker refused from a connection that was never there."""
    code = getattr(error, "rc", None)
    value = code if isinstance(code, int) else getattr(code, "value", None)
    if value in _BAD_CREDENTIALS:
        return StreamRefused(credentials=True)
    # The library raises "from None" and leaves the cause as context. After a time-out
    # nobody knows how far it came: user and password may have been sent.
    cause = error.__context__
    if isinstance(cause, OSError) and not isinstance(cause, TimeoutError):
        return StreamUnreached()
    return StreamLost()


async def _client(login: StreamLogin, name: str) -> MqttClient:
    context = await _tls() if login.address.tls else None
    return MqttClient(
        login.address.host,
        login.address.port,
        identifier=name,
        username=login.username,
        password=login.password,
        protocol=aiomqtt.ProtocolVersion.V311,
        clean_session=True,
        keepalive=_KEEPALIVE,
        timeout=_PATIENCE,
        max_queued_incoming_messages=_MOST_WAITING,
        tls_context=context,
        logger=_QUIET,
    )


async def _tls() -> ssl.SSLContext:
    """Return a context that trusts public authorities and checks the host's name."""
    return await asyncio.to_thread(ssl.create_default_context)
