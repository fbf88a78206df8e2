"""Whether hosts are reached, and what time they say it is."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
import ssl
from typing import Final

import aiohttp
from yarl import URL

from carport.cloud.errors import HostNotMapped
from carport.cloud.hosts import HostMap

_TIME_OUT: Final = 10.0
_MOST_SKEW: Final = timedelta(minutes=1)
"""Beyond this, tokens and signatures of some makers are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One host that was called without saying who calls."""

    host: str
    why: str = ""
    """Why it was not reached; empty where it was."""
    ahead: timedelta | None = None
    """How far this machine's clock is ahead of the host's; None if it told no time."""

    @property
    def reached(self) -> bool:
        """Whether anything answered."""
        return not self.why


async def probe(
    http: aiohttp.ClientSession, hosts: HostMap, names: Iterable[str]
) -> list[Probe]:
    """Look for hosts, all at once: what they answer does not matter, but that they do."""
    return await asyncio.gather(*(_probe(http, hosts, name) for name in names))


def clock_problem(probes: Iterable[Probe]) -> str | None:
    """Say how wrong this machine's clock is; None where it is right or nobody knows.

    The host that agrees best is believed: a cache in between may tell an old time.
    """
    told = [one.ahead for one in probes if one.ahead is not None]
    ahead = min(told, key=abs, default=timedelta())
    if abs(ahead) <= _MOST_SKEW:
        return None
    word = "ahead of" if ahead > timedelta() else "behind"
    seconds = abs(ahead) // timedelta(seconds=1)
    amount = f"{seconds} s" if seconds < 600 else f"{seconds // 60} min"
    return (
        f"It is {amount} {word} the makers' clouds. Set it by the network: sign-ins "
        "and capture times go wrong otherwise."
    )


async def _probe(http: aiohttp.ClientSession, hosts: HostMap, name: str) -> Probe:
    host, _, port = name.partition(":")
    try:
        async with asyncio.timeout(_TIME_OUT):
            if port:
                return await _connect(hosts, host, int(port))
            url = hosts.wire(URL(f"https://{host}/"))
            async with http.head(url, allow_redirects=False) as answer:
                return Probe(host=name, ahead=_ahead(answer.headers.get("Date")))
    except HostNotMapped:
        return Probe(host=name, why="The server does not stand in for it.")
    except TimeoutError:
        return Probe(host=name, why=f"No answer within {_TIME_OUT:.0f} s.")
    except (OSError, aiohttp.ClientError) as error:
        return Probe(host=name, why=_why(error))


async def _connect(hosts: HostMap, host: str, port: int) -> Probe:
    """Open a connection to what is no HTTP, and close it."""
    there = hosts.stream(host, port)
    context = ssl.create_default_context() if there.tls else None
    _, writer = await asyncio.open_connection(there.host, there.port, ssl=context)
    writer.close()
    return Probe(host=f"{host}:{port}")


def _why(error: Exception) -> str:
    """Say why a host is not reached, in the words of what to do."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "Its name is not known here: look at DNS and at filters such as Pi-hole."
    if isinstance(
        error, (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError)
    ):
        return "Its certificate is not trusted: a wrong clock, or somebody in between."
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return "No encrypted connection came about."
    if isinstance(error, OSError):
        return f"No connection: {error.strerror or 'refused'}."
    return "It closed the connection without an answer."


def _ahead(date: str | None) -> timedelta | None:
    try:
        told = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    if told.tzinfo is None:
        return None
    return datetime.now(UTC) - told
