"""A server that answers everything, and means no good."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
import json
import logging
import os
import struct
import time
from typing import Any, Final
import zlib

import aiohttp

from carport.cloud.clock import SystemClock
from carport.cloud.contract import Car, Service
from carport.cloud.errors import CloudError
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger
from carport.cloud.login import LoginAborted
from carport.cloud.time_limit import time_limit
from carport.makers.registry import SERVICES
from tests.makers.profile import Profile
from tests.service_context import context_of

from .accounts import account_of, attacked
from .complaints import noted
from .findings import Findings
from .memory import MOST_MEGABYTES, peak

_MOST_SECONDS: Final = 180.0
_IMPATIENT: Final = 20.0
_BOMB: Final = 512 * 1024 * 1024
_OK: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

type Answer = Callable[[asyncio.StreamWriter, str], Awaitable[None]]


async def _say(writer: asyncio.StreamWriter, *lines: bytes) -> None:
    for line in lines:
        writer.write(line)
        await writer.drain()


def _body(body: bytes, head: bytes = _OK) -> Answer:
    async def answer(writer: asyncio.StreamWriter, _: str) -> None:
        length = f"Content-Length: {len(body)}\r\n\r\n".encode()
        await _say(writer, head, length, body)

    return answer


async def _endless(writer: asyncio.StreamWriter, _: str) -> None:
    await _say(writer, _OK, b"Connection: close\r\n\r\n", b'{"data": "')
    while True:
        await _say(writer, b"a" * 65536)


async def _drip(writer: asyncio.StreamWriter, _: str) -> None:
    await _say(writer, _OK, b"Connection: close\r\n\r\n", b"[")
    while True:
        await _say(writer, b" ")
        await asyncio.sleep(0.5)


async def _silence(_writer: asyncio.StreamWriter, _: str) -> None:
    await asyncio.sleep(_MOST_SECONDS)


async def _many_headers(writer: asyncio.StreamWriter, _: str) -> None:
    await _say(writer, _OK)
    for number in range(200_000):
        await _say(writer, f"X-{number}: {'a' * 100}\r\n".encode())
    await _say(writer, b"\r\n{}")


def _bomb() -> Answer:
    """Pack a block once, and repeat that; packing all of it takes seconds."""
    block = b" " * 1024 * 1024
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    times, check = _BOMB // len(block), 0
    for _ in range(times):
        check = zlib.crc32(block, check)
    body = b"".join(
        (
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff",
            packed * times,
            b"\x03\x00",
            struct.pack("<II", check, _BOMB),
        )
    )
    return _body(body, _OK + b"Content-Encoding: gzip\r\n")


def _redirect(target: str) -> Answer:
    return _body(b"", f"HTTP/1.1 302 Found\r\nLocation: {target}\r\n".encode())


def _refused(status: int, **headers: str) -> Answer:
    lines = "".join(
        f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()
    )
    return _body(b"{}", f"HTTP/1.1 {status} No\r\n{lines}".encode())


def _answers(trap: str) -> Mapping[str, Answer]:
    return {
        "an endless body": _endless,
        "a body that drips": _drip,
        "no answer at all": _silence,
        "a gzip bomb of 512 MB": _bomb(),
        "200,000 header lines": _many_headers,
        "a header line of 1 MB": _body(
            b"{}", _OK + b"X-A: " + b"a" * 1_000_000 + b"\r\n"
        ),
        "noise": _body(os.urandom(4096), b""),
        "JSON 100,000 deep": _body(b"[" * 100_000 + b"]" * 100_000),
        "objects 100,000 deep": _body(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
        "a million numbers": _body(b"[" + b"1," * 1_000_000 + b"1]"),
        "a number of 5,000 digits": _body(b'{"expires_in": ' + b"9" * 5000 + b"}"),
        "no UTF-8": _body(b'{"a": "\xff\xfe\xfd"}'),
        "NaN and Infinity": _body(b'{"expires_in": NaN, "a": -Infinity}'),
        "half of what was promised": _body(b'{"a": 1', _OK + b"X-Half: 1\r\n"),
        "a page": _body(
            b"<html>" + b"<form>" * 50_000,
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        ),
        "a redirect to itself": _redirect("/"),
        "a redirect to a file": _redirect("file:///etc/passwd"),
        "a redirect elsewhere": _redirect(f"{trap}/take"),
        "401 for ever": _refused(401),
        "429, and again in 30 years": _refused(429, Retry_After="999999999"),
        "429 with nonsense": _refused(429, Retry_After="-1e9; tomorrow"),
    }


_SLOW: Final = (_endless, _drip, _silence, _many_headers)
"""Ways that take as long as somebody waits."""


class _Trap:
    """A server that nobody has declared; who calls it is noted."""

    def __init__(self) -> None:
        """Nobody called yet."""
        self.calls = 0

    async def serve(
        self, _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Note a call."""
        self.calls += 1
        writer.close()


class _Server:
    """The hostile server; how it answers can be changed."""

    def __init__(self) -> None:
        """Answer nothing yet."""
        self.answer: Answer = _silence
        self.calls = 0
        self.running: set[asyncio.Task[Any]] = set()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer whatever comes on a connection, once."""
        task = asyncio.current_task()
        if task is not None:
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await reader.readuntil(b"\r\n\r\n")
            self.calls += 1
            await self.answer(writer, "")
        with suppress(OSError):
            writer.close()


async def run(
    only: str | None = None,
    ways: Collection[str] | None = None,
    *,
    impatient: bool = False,
) -> Findings:
    """Let every service sign in, list and read at a hostile server.

    The `impatient` leave out what takes as long as a call may take, and `ways` are the
    names of those that are tried, where it is not all.
    """
    found = Findings(
        title="A hostile server",
        what=(
            "Every service signs in, lists its cars and reads one at a server that answers each call "
            "in one evil way. It has to end in an error with a name, within minutes and "
            f"without more than {MOST_MEGABYTES} MB of memory, and nobody else may be called."
        ),
    )
    logging.getLogger("carport").setLevel(logging.CRITICAL)
    server, trap = _Server(), _Trap()
    # Pauses are shorter by it; an answer is waited for as long as ever.
    speed = _IMPATIENT if impatient else 1.0
    victims = [await _victim(profile) for profile in attacked(only)]
    async with (
        await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening,
        await asyncio.start_server(trap.serve, "127.0.0.1", 0) as trapping,
    ):
        address = _address(listening)
        answers = _answers(_address(trapping))
        for name, answer in answers.items():
            if (impatient and answer in _SLOW) or (
                ways is not None and name not in ways
            ):
                continue
            server.answer = answer
            before, began = peak(), time.monotonic()
            with noted(found):
                ends = await asyncio.gather(
                    *(_attack(one, address, name, found, speed) for one in victims)
                )
            took, grown = time.monotonic() - began, peak() - before
            for task in tuple(server.running):
                task.cancel()
            if grown > MOST_MEGABYTES:
                found.broken.append(f"{name}: {grown} MB of memory")
            kinds = sorted({kind for end in ends for kind in end})
            found.figures[name] = f"{took:.1f} s, {grown} MB; {', '.join(kinds)}"
    if trap.calls:
        found.broken.append(f"an undeclared host was called {trap.calls} times")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Victim:
    """An account that has signed in at its own cloud, and one of its cars."""

    profile: Profile
    kind: type[Service]
    stored: str | None
    car: Car
    now: datetime


async def _victim(profile: Profile) -> _Victim:
    async with account_of(profile) as account:
        await account.enter()
        car = await account.car()
        return _Victim(
            profile=profile,
            # Not what the tests have made of it.
            kind=SERVICES[profile.service],
            stored=account.stored,
            car=car,
            now=account.world.clock.now(),
        )


async def _attack(
    victim: _Victim, address: str, name: str, found: Findings, speed: float
) -> set[str]:
    """Try everything that a service does by itself; return how it ended."""
    ends: set[str] = set()
    typed = victim.profile.tester.typed(victim.kind.info.sign_in_fields)
    tries: Mapping[str, Callable[[Service], Awaitable[object]]] = {
        # With nobody to ask, as the engine does it.
        "sign-in": lambda service: guarded_sign_in(
            service, typed, SignInGuard(service.context.clock)
        ),
        "list": lambda service: service.cars(),
        "reading": lambda service: service.read(victim.car),
    }
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for what, attempt in tries.items():
            service = _service(victim, session, address, speed)
            try:
                async with asyncio.timeout(_MOST_SECONDS):
                    # As the engine does it.
                    with time_limit(service.context.clock):
                        await attempt(service)
                ends.add(f"{what} taken")
            except CloudError as error:
                ends.add(type(error).__name__)
            except LoginAborted:
                ends.add(f"{what} needs a person")
            except TimeoutError:
                found.broken.append(f"{victim.profile.service}, {name}: {what} hangs")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                text = f"{type(error).__name__}: {str(error)[:60]}"
                found.broken.append(
                    f"{victim.profile.service}, {name}: {what} raises {text}"
                )
            finally:
                await service.close()
    return ends


def _service(
    victim: _Victim, session: aiohttp.ClientSession, address: str, speed: float
) -> Service:
    """Build a service all of whose hosts are at one address."""
    kind, tester = victim.kind, victim.profile.tester
    # By then its tokens were good.
    clock = SystemClock(victim.now, speed)
    hosts = HostMap(dict.fromkeys(_hosts_of(kind), address))
    return kind(
        context_of(
            clock,
            Transport(session, clock, hosts, Ledger(clock)),
            account="attacked",
            region=tester.region
            if tester.region in kind.info.hosts
            else next(iter(kind.info.hosts)),
            username=tester.username,
            tokens=None if victim.stored is None else json.loads(victim.stored),
        )
    )


def _hosts_of(kind: type[Service]) -> set[str]:
    return {host for hosts in kind.info.hosts.values() for host in hosts}


def _address(server: asyncio.Server) -> str:
    return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
