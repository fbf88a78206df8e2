"""An MQTT client in raw packets, for what no library would send."""

import asyncio
from collections.abc import Callable
import json
from typing import Any, Final

from yarl import URL

from tests.patience import PATIENCE

from .client import STREAM, Client

_CONNACK: Final = 0x20
_SUBACK: Final = 0x90
_PUBLISH: Final = 0x30
_PINGRESP: Final = 0xD0


class Wire:
    """One connection to the broker; messages gather in `messages`."""

    def __init__(self, client: Client) -> None:
        """Speak for an account."""
        self._client = client
        self.gcid = str(client.tokens["gcid"])
        self.messages: list[Any] = []
        self._answers: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._number = 0
        self._client_id = ""
        self._received = 0
        self._open = False
        client.world.attach(self)

    @property
    def in_flight(self) -> int:
        """What the broker has sent and this end has not yet seen."""
        ours = self._client.cloud.broker.connection(self.gcid)
        if not self._open:
            return 0
        if ours is None or ours.client_id != self._client_id:
            return 1  # The end of the connection is on its way.
        return ours.sent - self._received

    async def connect(
        self,
        *,
        username: str | None = "",
        password: str | None = "",
        client_id: str = "wire",
        level: int = 4,
        clean: bool = True,
    ) -> int:
        """Connect, and return the code of the answer."""
        self.close()
        self._client_id, self._received = client_id, 0
        address = URL(self._client.world.address(STREAM))
        assert address.host
        assert address.port
        reader, self._writer = await asyncio.open_connection(address.host, address.port)
        self._answers = asyncio.Queue()
        self._task = asyncio.create_task(self._read(reader))
        user = self.gcid if username == "" else username
        secret = self._client.tokens["id_token"] if password == "" else password
        flags = (0x80 if user is not None else 0) | (0x40 if secret is not None else 0)
        body = _text("MQTT") + bytes((level, flags | (0x02 if clean else 0), 0, 30))
        body += _text(client_id)
        for text in (user, secret):
            body += b"" if text is None else _text(text)
        self.send(_packet(0x10, body))
        code = (await self._answer(_CONNACK))[1]
        self._open = code == 0 and not self._task.done()
        return code

    async def subscribe(self, *filters: str) -> list[int]:
        """Subscribe, and return what was granted."""
        self._number += 1
        body = self._number.to_bytes(2)
        for name in filters:
            body += _text(name) + b"\x00"
        self.send(_packet(0x82, body))
        answer = await self._answer(_SUBACK)
        assert int.from_bytes(answer[:2]) == self._number
        return list(answer[2:])

    async def ping(self) -> bool:
        """Return whether the broker is still there."""
        self.send(_packet(0xC0, b""))
        await self._answer(_PINGRESP)
        return True

    async def disconnect(self) -> None:
        """Say goodbye, and wait until the broker has heard it."""
        self.send(_packet(0xE0, b""))
        await self.ended()

    async def ended(self) -> bool:
        """Wait until the broker has closed the connection."""
        assert self._task is not None
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([self._task])
        await self._client.world.settle()
        return True

    async def settle(self) -> None:
        """Let everything arrive that is on its way."""
        await self._client.world.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass, with a new token whenever the old one ends."""
        await self._client.world.advance(seconds)

    async def keep_up(
        self, condition: Callable[[], bool], limit: float = 2 * 86_400
    ) -> None:
        """Let time pass until something is true, as a client that renews in time."""
        world, left = self._client.world, limit
        while not condition():
            assert left > 0, "not in time"
            try:
                await world.until(condition, 2700)
            except TimeoutError:
                await self._client.refresh()
                await self.disconnect()
                await world.advance(10)
                assert await self.connect() == 0
                filters = f"{self.gcid}/+"
                assert await self.subscribe(filters) == [0]
            left -= 2710

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        assert self._writer is not None
        self._writer.write(raw)

    def close(self) -> None:
        """Break the connection."""
        self._open = False
        if self._writer is not None:
            self._writer.transport.abort()
            self._writer = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _answer(self, kind: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
            found, body = await self._answers.get()
        assert found == kind
        return body

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                first = (await reader.readexactly(1))[0]
                length = place = 0
                while True:
                    byte = (await reader.readexactly(1))[0]
                    length |= (byte & 0x7F) << (7 * place)
                    place += 1
                    if not byte & 0x80:
                        break
                body = await reader.readexactly(length)
                if first & 0xF0 == _PUBLISH:
                    size = int.from_bytes(body[:2])
                    self.messages.append(json.loads(body[2 + size :]))
                    self._received += 1
                else:
                    self._answers.put_nowait((first, body))
        except asyncio.IncompleteReadError, ConnectionError:
            self._open = False


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2) + raw


def _packet(first: int, body: bytes) -> bytes:
    length, left = b"", len(body)
    while True:
        left, low = divmod(left, 128)
        length += bytes((low | (0x80 if left else 0),))
        if not left:
            return bytes((first,)) + length + body
