"""A real broker on loopback, and somebody who listens there."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from getpass import getuser
import json
from pathlib import Path
import socket
from typing import Any, Final, Self

import aiomqtt

from tests.patience import PATIENCE
from tests.programs import program

LOOPBACK: Final = "127.0.0.1"


def free_port() -> int:
    """Return a port that nobody has; the system chooses."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


class Mosquitto:
    """The broker as a process; it keeps nothing when it ends."""

    def __init__(self, folder: Path, *lines: str, port: int | None = None) -> None:
        """Choose a port; further lines of configuration take the place of free entry."""
        self.port = free_port() if port is None else port
        self._program = program("mosquitto")
        self._config = folder / "mosquitto.conf"
        rest = "\n".join(lines or ("allow_anonymous true",))
        self._config.write_text(
            # As who runs the tests: whom it would turn into may not read their files.
            f"user {getuser()}\nlistener {self.port} {LOOPBACK}\n{rest}\n",
            encoding="utf-8",
        )
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> Self:
        """Start it, and wait until it takes connections."""
        self.process = await asyncio.create_subprocess_exec(
            self._program,
            "-c",
            str(self._config),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection(LOOPBACK, self.port)
                except OSError:
                    # Nobody tells when a port is open but the port itself.
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                return self

    async def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


class Listener:
    """A client that hears everything and speaks too."""

    def __init__(self, client: aiomqtt.Client) -> None:
        """Begin to listen."""
        self.client = client
        self.heard: list[aiomqtt.Message] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self.client.messages:
            self.heard.append(message)
            self._news.set()

    def close(self) -> None:
        """Stop listening."""
        self._task.cancel()

    def texts(self, topic: str) -> list[str]:
        """Return what was said under a topic, in order."""
        return [text_of(one) for one in self.heard if str(one.topic) == topic]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Everything that was said, in order."""
        return [(str(one.topic), text_of(one)) for one in self.heard]

    async def until(self, is_it: Callable[[], object]) -> None:
        """Wait for something to be true of what was heard."""
        async with asyncio.timeout(PATIENCE):
            while not is_it():
                self._news.clear()
                await self._news.wait()

    async def text(self, topic: str, *, after: int = 0) -> str:
        """Wait for something under a topic, beyond so many messages of it."""
        await self.until(lambda: len(self.texts(topic)) > after)
        return self.texts(topic)[-1]

    async def json(self, topic: str, *, after: int = 0) -> Any:
        """Wait for something under a topic, as JSON."""
        return json.loads(await self.text(topic, after=after))

    async def say(self, topic: str, payload: object, *, retain: bool = False) -> None:
        """Publish; what is no text goes as JSON."""
        text = payload if isinstance(payload, (str, bytes)) else json.dumps(payload)
        await self.client.publish(topic, text, retain=retain)


def text_of(message: aiomqtt.Message) -> str:
    """Return a payload as text."""
    payload = message.payload
    return (
        payload.decode(errors="replace") if isinstance(payload, bytes) else str(payload)
    )


@asynccontextmanager
async def listening(
    port: int, topics: Iterable[str] = ("#",), **more: Any
) -> AsyncIterator[Listener]:
    """Have somebody at the broker who hears some topics."""
    async with aiomqtt.Client(LOOPBACK, port, **more) as client:
        listener = Listener(client)
        for topic in topics:
            await client.subscribe(topic)
        try:
            yield listener
        finally:
            listener.close()
