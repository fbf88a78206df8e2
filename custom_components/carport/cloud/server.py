"""The index of a simulator or private server: which hosts it stands in for, and when.

An account goes only where its owner has agreed to: the map of the first sign-in is kept
as a `ServerPin`, and a server that later names other addresses is refused.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
import re
from typing import Any, Final, override

import aiohttp
from yarl import URL

from ..car.bounds import is_possible_day
from .bodies import INDEX
from .clock import Clock, SystemClock
from .errors import BadAnswer, FarServer, PlainServer, ServerChanged
from .hosts import STREAM_SCHEMES, HostMap, is_encrypted, is_local, is_plain
from .http import Transport
from .ledger import Ledger, Purpose

_WHAT: Final = "server index"
_SLOWEST: Final = 0.1
_FASTEST: Final = 100_000.0
_MOST_HOSTS: Final = 500
_HOST_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\Z")
_STREAM_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:[0-9]{1,5}\Z")


class ServerClock(SystemClock):
    """The clock of a server, which may be moved on there: its answers tell."""

    @override
    def heard(self, moment: str | None) -> None:
        """Catch up with the server; what is no time is not heard."""
        try:
            told = datetime.fromisoformat(moment or "")
        except ValueError:
            return
        if told.tzinfo is not None and is_possible_day(told):
            self.catch_up(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPin:
    """Where an account may go: the server's address, and its map of hosts."""

    address: URL
    origins: Mapping[str, URL]

    @classmethod
    def from_json(cls, data: Any) -> ServerPin:
        """Take up what was kept; `BadAnswer` for anything else."""
        try:
            return cls(
                address=server_url(data["address"]), origins=_origins(data["hosts"])
            )
        except KeyError, TypeError:
            raise BadAnswer(_WHAT) from None

    def to_json(self) -> dict[str, Any]:
        """Turn the pin into JSON."""
        hosts = {host: str(origin) for host, origin in sorted(self.origins.items())}
        return {"address": str(self.address), "hosts": hosts}

    def lines(self) -> list[str]:
        """Return the whole map for people to look at."""
        return [_line(host, origin) for host, origin in sorted(self.origins.items())]

    def outline(self) -> dict[str, str]:
        """Return the map without the names of the owner's machines."""
        return {
            host: f"{origin.scheme}, "
            f"{'own' if self._is_here(origin) else 'another'} machine, "
            f"{'local' if is_local(origin.host or '') else 'remote'}"
            for host, origin in sorted(self.origins.items())
        }

    def is_at(self, address: str | None) -> bool:
        """Return whether this is the server at an address, however that is spelt."""
        try:
            return address is not None and server_url(address) == self.address
        except BadAnswer:
            return False

    def check(self, agreed: Collection[str]) -> None:
        """Raise `ServerRefused` where the owner has to agree first, and has not.

        What goes to the very machine that was typed needs no further question, unless
        it would travel in clear.
        """
        plain = plain_doubts(self.address)
        far: list[str] = []
        for host, origin in sorted(self.origins.items()):
            if is_plain(origin):
                plain.append(_line(host, origin))
            elif not self._is_here(origin):
                far.append(_line(host, origin))
        if set(plain) | set(far) <= set(agreed):
            return
        raise (PlainServer if plain else FarServer)((*plain, *far))

    def follow(self, now: ServerPin) -> None:
        """Raise `ServerChanged` if the server's map is no longer the pinned one.

        Only ports of the server's own machine may change, and hosts that it has there
        may come and go: a simulator takes other ports when it learns another host, and
        a program that answers at the pinned address controls that machine anyway.
        """
        changed = [
            _line(host, now.origins.get(host, origin))
            for host, origin in sorted({**now.origins, **self.origins}.items())
            if self._fixed(host) != now._fixed(host)
        ]
        if changed or now.address != self.address:
            raise ServerChanged(changed)

    def _fixed(self, host: str) -> URL | None:
        """Return where a host has to stay; None if that is on the server's machine."""
        origin = self.origins.get(host)
        return None if origin is None or self._is_here(origin) else origin

    def _is_here(self, origin: URL) -> bool:
        """Return whether an origin is on the server's own machine, as well guarded."""
        return is_encrypted(origin) == is_encrypted(self.address) and (
            origin.host == self.address.host
            or (_is_loopback(origin) and _is_loopback(self.address))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerIndex:
    """What a server says of itself: where its hosts are, and its time."""

    pin: ServerPin
    hosts: HostMap
    clock: Clock


def server_url(address: str) -> URL:
    """Return what tells a server from others, without user and parameters.

    Owners may leave the scheme out.
    """
    url = _parsed(address)
    return url.origin().with_path(url.path.rstrip("/") or "/")


def same_server(one: str | None, other: str | None) -> bool:
    """Return whether two addresses are of one server, however they are spelt."""
    if not one or not other:
        return not one and not other
    try:
        return server_url(one) == server_url(other)
    except BadAnswer:
        return False


def plain_doubts(address: URL) -> list[str]:
    """Return what there is to ask before a server's index is asked for."""
    return [str(address)] if is_plain(address) else []


async def fetch_index(session: aiohttp.ClientSession, address: str) -> ServerIndex:
    """Ask a server for its index."""
    url = _parsed(address)
    clock = SystemClock()
    transport = Transport(session, clock, HostMap(), Ledger(clock))
    answer = await transport.request(
        "GET",
        url,
        purpose=Purpose.LIST,
        what=_WHAT,
        time_out=10,
        repeatable=True,
        bound=INDEX,
    )
    index = answer.json()
    origins = _origins(index.get("hosts"))
    return ServerIndex(
        pin=ServerPin(address=server_url(address), origins=origins),
        hosts=HostMap({host: str(origin) for host, origin in origins.items()}),
        clock=_clock(index.get("clock")),
    )


def _parsed(address: str) -> URL:
    try:
        url = URL(address if "://" in address else f"http://{address}")
        usable = url.scheme in {"http", "https"} and bool(url.host)
    except ValueError:
        usable = False
    if not usable:
        raise BadAnswer(_WHAT)
    return url


def _origins(data: object) -> dict[str, URL]:
    """Return a map of real hosts; they are shown to people, so they have to be names."""
    if not isinstance(data, Mapping) or not 0 < len(data) <= _MOST_HOSTS:
        raise BadAnswer(_WHAT)
    try:
        origins = {str(host).lower(): URL(data[host]).origin() for host in data}
    except TypeError, ValueError:
        raise BadAnswer(_WHAT) from None
    for host, origin in origins.items():
        if not _fits(host, origin):
            raise BadAnswer(_WHAT)
    return origins


def _fits(host: str, origin: URL) -> bool:
    """Return whether a name goes with an address: that of a stream has a port."""
    if origin.scheme in STREAM_SCHEMES:
        return _STREAM_NAME.match(host) is not None and origin.port is not None
    return _HOST_NAME.match(host) is not None and origin.scheme in {"http", "https"}


def _line(host: str, origin: URL) -> str:
    return f"{host} → {origin}"


def _is_loopback(url: URL) -> bool:
    try:
        return ip_address(url.host or "").is_loopback
    except ValueError:
        return url.host == "localhost"


def _clock(data: Any) -> Clock:
    """Return the server's clock; without one it has the time of everybody."""
    if data is None:
        return SystemClock()
    try:
        start = datetime.fromisoformat(data["now"])
        speed = float(data.get("speed", 1))
    except AttributeError, KeyError, OverflowError, TypeError, ValueError:
        raise BadAnswer(_WHAT) from None
    possible = start.tzinfo is not None and is_possible_day(start)
    if not possible or not _SLOWEST <= speed <= _FASTEST:
        raise BadAnswer(_WHAT)
    return ServerClock(start=start, speed=speed)
