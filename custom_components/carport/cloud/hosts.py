"""Real addresses and where they are reached: identity, a simulator, a private server."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
import re
from typing import Final

from yarl import URL

from .errors import HostNotMapped

_NUMBER: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z", re.IGNORECASE)


STREAM_SCHEMES: Final = frozenset({"mqtt", "mqtts"})
"""Schemes of what is no HTTP; a map names such hosts with their port."""
_ENCRYPTED: Final = frozenset({"https", "mqtts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAddress:
    """Where a stream is reached, and whether in TLS."""

    host: str
    port: int
    tls: bool = True


class HostMap:
    """Which origin stands in for which real host.

    Without a map every host is itself. With one, a host that it does not name cannot
    be called: what a server was given is never sent to the maker. Makers see real addresses only. The transport rewrites them at the wire, and
    turns addresses of the stand-ins in redirects back into real ones.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        """Take a map of real host to origin, such as `http://127.0.0.1:8701`."""
        self._closed = mapping is not None
        self._origins = {
            host: URL(origin).origin() for host, origin in (mapping or {}).items()
        }
        self._hosts = {origin: host for host, origin in self._origins.items()}

    def wire(self, url: URL) -> URL:
        """Return the address to call; `HostNotMapped` where the map has none."""
        if not self._closed:
            return url
        if (origin := self._origins.get(url.host or "")) is None:
            raise HostNotMapped(url.host or "")
        return _moved(url, origin)

    def stream(self, host: str, port: int) -> StreamAddress:
        """Return where a stream is reached; `HostNotMapped` where the map has none."""
        if not self._closed:
            return StreamAddress(host=host, port=port)
        origin = self._origins.get(f"{host}:{port}")
        if origin is None or not origin.host or not origin.port:
            raise HostNotMapped(host)
        return StreamAddress(
            host=origin.host, port=origin.port, tls=origin.scheme in _ENCRYPTED
        )

    def real(self, url: URL) -> URL:
        """Return the real address for one that came from the wire."""
        if not url.absolute or url.host is None:
            return url
        host = self._hosts.get(url.origin())
        return url if host is None else _moved(url, URL(f"https://{host}"))


def declared(url: URL, hosts: Collection[str]) -> bool:
    """Return whether a real address is encrypted and at one of these hosts."""
    return (
        url.scheme == "https"
        and url.host in hosts
        and url.is_default_port()
        and url.user is None
    )


def is_local(host: str) -> bool:
    """Return whether a host is on this machine or in its own network, by its name."""
    try:
        address = ip_address(host)
    except ValueError:
        # Resolvers read a number without dots as an address anywhere in the world.
        single = "." not in host and ":" not in host and not _NUMBER.match(host)
        return single or host.lower().endswith((".local", ".localhost"))
    return address.is_private or address.is_loopback or address.is_link_local


def is_plain(url: URL) -> bool:
    """Return whether what is sent there can be read on the way, outside the house."""
    return not is_encrypted(url) and not is_local(url.host or "")


def is_encrypted(url: URL) -> bool:
    """Return whether nobody can read on the way what is sent there."""
    return url.scheme in _ENCRYPTED


def _moved(url: URL, origin: URL) -> URL:
    return (
        url.with_scheme(origin.scheme)
        .with_host(origin.host or "")
        .with_port(origin.explicit_port)
    )
