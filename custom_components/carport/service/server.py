"""The index of a simulator or private server: which hosts it stands in for, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
import math
from typing import Any, Final, override

import aiohttp
from yarl import URL

from .clock import Clock, SystemClock
from .errors import BadAnswer
from .hosts import HostMap
from .http import Transport
from .ledger import Ledger, Purpose

_WHAT: Final = "server index"


class ServerClock(SystemClock):
    """The clock of a server, which may be moved on there: its answers tell."""

    @override
    def heard(self, moment: str | None) -> None:
        """Catch up with the server; what is no time is not heard."""
        try:
            told = datetime.fromisoformat(moment or "")
        except ValueError:
            return
        if told.tzinfo is not None:
            self.catch_up(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerIndex:
    """What a server says of itself: where its hosts are, and its time."""

    hosts: HostMap
    clock: Clock


async def fetch_index(session: aiohttp.ClientSession, address: str) -> ServerIndex:
    """Ask a server for its index."""
    try:
        url = URL(address if "://" in address else f"http://{address}")
        usable = url.scheme in {"http", "https"} and url.host is not None
    except ValueError:
        usable = False
    if not usable:
        raise BadAnswer(_WHAT)
    clock = SystemClock()
    transport = Transport(session, clock, HostMap(), Ledger(clock))
    answer = await transport.request(
        "GET", url, purpose=Purpose.LIST, what=_WHAT, time_out=10, repeatable=True
    )
    index = answer.json()
    return ServerIndex(
        hosts=_hosts(index.get("hosts")), clock=_clock(index.get("clock"))
    )


def _hosts(data: object) -> HostMap:
    if not isinstance(data, Mapping) or not data:
        raise BadAnswer(_WHAT)
    try:
        return HostMap(data)
    except TypeError, ValueError:
        raise BadAnswer(_WHAT) from None


def _clock(data: Any) -> Clock:
    """Return the server's clock; without one it has the time of everybody."""
    if data is None:
        return SystemClock()
    try:
        start = datetime.fromisoformat(data["now"])
        speed = float(data.get("speed", 1))
    except AttributeError, KeyError, TypeError, ValueError:
        raise BadAnswer(_WHAT) from None
    if start.tzinfo is None or not (math.isfinite(speed) and speed > 0):
        raise BadAnswer(_WHAT)
    return ServerClock(start=start, speed=speed)
