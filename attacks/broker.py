"""A broker that means no good: whoever reads along there leaves it, or waits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
import json
import logging
from random import Random
import time
from typing import Any, Final

from carport.cloud.clock import SystemClock
from carport.cloud.contract import ReadResult
from carport.cloud.errors import CloudError
from carport.makers.car_data.own_broker import OwnBroker
from simulator.car_data import packets
from simulator.car_data.packets import Code, Kind
from tests.login_dialog import ScriptedDialog
from tests.makers.car_data.home import HEADER, VIN
from tests.makers.profiles import PROFILES
from tests.service_context import context_of

from .complaints import noted
from .findings import Findings
from .memory import MOST_MEGABYTES, peak

_FOLLOWED: Final = 5.0
"""Seconds for which somebody reads along, unless it ends before."""
_LEAVES_WITHIN: Final = 5.0
_MOST_SECONDS: Final = 30.0
_TURN: Final = 0.05
_MOST_AWAY: Final = 2.0
"""Seconds for which others may have no turn."""
_NOW: Final = datetime(2026, 11, 21, 8, tzinfo=UTC)
_NOISE: Final = Random(1).randbytes(65_536)
_TOPIC: Final = f"bmw/{VIN}"

type Evil = Callable[[asyncio.StreamWriter], Awaitable[None]]


async def _say(writer: asyncio.StreamWriter, *lines: bytes) -> None:
    for line in lines:
        writer.write(line)
        await writer.drain()


def _once(raw: bytes) -> Evil:
    async def say(writer: asyncio.StreamWriter) -> None:
        await _say(writer, raw)
        await asyncio.sleep(_MOST_SECONDS)

    return say


def _again(raw: bytes, start: bytes = b"") -> Evil:
    async def say(writer: asyncio.StreamWriter) -> None:
        await _say(writer, start)
        while True:
            await _say(writer, raw)

    return say


async def _leave(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def _message(topic: bytes, payload: bytes) -> bytes:
    return packets._packet(  # noqa: SLF001 - one that no honest broker writes
        Kind.PUBLISH, len(topic).to_bytes(2) + topic + payload
    )


def _small() -> bytes:
    entry = {"timestamp": _NOW.isoformat(), "value": 50}
    content = {"vin": VIN, "data": {HEADER: entry}}
    return packets.publish(_TOPIC, json.dumps(content).encode())


_LONGEST: Final = b"\x30\xff\xff\xff\x7f"
"""How a message begins that says to have 268 million bytes."""
_GREETINGS: Final[Mapping[str, Evil]] = {
    "no answer to a greeting": _once(b""),
    "noise for a greeting": _once(_NOISE[:4096]),
    "an unknown code": _once(b"\x20\x02\x00\xff"),
    "a greeting without end": _again(b"\xff" * 65_536),
    "a page for a greeting": _once(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>"),
    "gone before the greeting": _leave,
}
"""What comes in place of the answer to CONNECT."""
_MESSAGES: Final[Mapping[str, Evil]] = {
    "noise": _once(_NOISE[:4096]),
    "noise without end": _again(_NOISE),
    "a message without end": _again(b"a" * 65_536, _LONGEST),
    "a message that drips": _once(_LONGEST + b"\x00\x01a"),
    "messages without end": _again(_small() * 100),
    "large messages without end": _again(packets.publish(_TOPIC, b" " * 250_000)),
    "a topic longer than its message": _once(b"\x30\x04\xff\xffab"),
    "a topic that is no text": _once(_message(b"bmw/\xff\xfe\x00", b"{}")),
    "a topic with wildcards": _once(_message(b"bmw/#/+", b"{}")),
    "no topic": _once(_message(b"", b"{}")),
    "an empty message": _once(b"\x30\x00"),
    "QoS 3": _once(b"\x36\x07\x00\x01a\x00\x01{}"),
    "questions of a client": _once(b"\x10\x02\x00\x00\x82\x02\x00\x01\xe0\x00"),
    "JSON 100,000 deep": _once(packets.publish(_TOPIC, b"[" * 100_000)),
    "gone": _leave,
}
"""What comes once the subscription is granted."""


class _Broker:
    """Answers a greeting and a subscription, and then in an evil way."""

    def __init__(self, greeting: Evil | None, after: Evil | None) -> None:
        """Know where to be evil; a broker without is a good one."""
        self._greeting = greeting
        self._after = after
        self._tasks: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[int]:
        """Listen, and give the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in tuple(self._tasks):
                task.cancel()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await packets.read_packet(reader)
            if self._greeting is not None:
                await self._greeting(writer)
                return
            await _say(writer, packets.connack(Code.ACCEPTED))
            number, wanted = packets.parse_subscribe(await packets.read_packet(reader))
            await _say(writer, packets.suback(number, [0] * len(wanted)))
            if self._after is not None:
                await self._after(writer)
            await packets.read_packet(reader)
        writer.transport.abort()


class _Sink:
    """Counts what a stream brings."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self.results = 0
        self.ended = asyncio.Event()

    def take(self, _vin: str, _result: ReadResult) -> None:
        """Count readings."""
        self.results += 1

    def alive(self) -> None:
        """Know that it is granted."""

    def lost(self) -> None:
        """Know that the connection is gone."""
        self.ended.set()


async def run(ways: Collection[str] | None = None) -> Findings:
    """Sign in at an evil broker and read along there; `ways` are those that are tried."""
    found = Findings(
        title="A hostile broker",
        what=(
            "An account at a broker at home signs in and reads along where the broker answers in "
            "an evil way: to the greeting, or once everything is granted. BMW's stream is read "
            "by the same code. A sign-in has to end in an error with a name or well, reading "
            "along in a lost connection or in waiting, others have to have their turn within "
            f"{_MOST_AWAY:.0f} seconds, and nothing may take more than {MOST_MEGABYTES} MB."
        ),
    )
    logging.getLogger("carport").setLevel(logging.CRITICAL)
    kept = await _kept()
    brokers = {name: _Broker(evil, None) for name, evil in _GREETINGS.items()}
    brokers |= {name: _Broker(None, evil) for name, evil in _MESSAGES.items()}
    for name, broker in brokers.items():
        if ways is not None and name not in ways:
            continue
        before, began = peak(), time.monotonic()
        away = _Away()
        others = asyncio.all_tasks()
        with noted(found):
            async with broker.opened() as port, away.watched():
                signed = await _sign_in(name, port, found)
                followed = await _follow(name, {**kept, "port": port}, found)
            left = asyncio.all_tasks() - others
            if left and (await asyncio.wait(left, timeout=_LEAVES_WITHIN))[1]:
                found.broken.append(f"{name}: something goes on")
        took, grown = time.monotonic() - began, peak() - before
        if grown > MOST_MEGABYTES:
            found.broken.append(f"{name}: {grown} MB of memory")
        if away.most > _MOST_AWAY:
            found.broken.append(f"{name}: nobody had a turn for {away.most:.1f} s")
        found.figures[name] = f"{took:.1f} s, {grown} MB; {signed}, {followed}"
    return found


class _Away:
    """Measures for how long others have no turn."""

    def __init__(self) -> None:
        """Nobody waited yet."""
        self.most = 0.0

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Measure meanwhile."""
        watching = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait({watching})

    async def _watch(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(_TURN)
            self.most = max(self.most, time.monotonic() - began - _TURN)


async def _kept() -> dict[str, Any]:
    """Return what an account keeps that has signed in at a good broker."""
    kept: dict[str, Any] = {}

    async def keep(tokens: Any) -> None:
        kept.update(tokens)

    async with _Broker(None, None).opened() as port:
        clock = SystemClock(_NOW)
        service = OwnBroker(context_of(clock, save_tokens=keep))
        await service.login(_dialog(port, clock))
    return kept


def _dialog(port: int, clock: SystemClock) -> ScriptedDialog:
    owner = PROFILES["car_data_broker"].tester
    typed = {
        **owner.typed(OwnBroker.info.sign_in_fields),
        "port": f"{port}",
        "vins": VIN,
    }
    return ScriptedDialog(credentials=typed, clock=clock)


async def _sign_in(name: str, port: int, found: Findings) -> str:
    """Sign in, and return how it ended."""
    clock = SystemClock(_NOW)
    service = OwnBroker(context_of(clock))
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            await service.login(_dialog(port, clock))
    except CloudError as error:
        return type(error).__name__
    except TimeoutError:
        found.broken.append(f"{name}: sign-in hangs")
        return "hangs"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        found.broken.append(f"{name}: sign-in raises {type(error).__name__}")
        return "raises"
    return "signed in"


async def _follow(name: str, kept: dict[str, Any], found: Findings) -> str:
    """Read along for a while, and return how it went."""
    sink = _Sink()
    service = OwnBroker(context_of(SystemClock(_NOW), tokens=kept))
    following = asyncio.ensure_future(service.stream(await service.cars(), sink))
    ended = asyncio.ensure_future(sink.ended.wait())
    await asyncio.wait(
        {following, ended}, timeout=_FOLLOWED, return_when=asyncio.FIRST_COMPLETED
    )
    ended.cancel()
    if following.done():
        error = following.exception()
        found.broken.append(f"{name}: the stream ended by {type(error).__name__}")
        return "raises"
    following.cancel()
    await asyncio.wait({following}, timeout=_LEAVES_WITHIN)
    if not following.done():
        found.broken.append(f"{name}: it cannot be left")
    end = "lost" if sink.ended.is_set() else "waits"
    return f"{end} after readings" if sink.results else end
