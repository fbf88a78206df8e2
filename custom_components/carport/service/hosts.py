"""Real addresses and where they are reached: identity, a simulator, a private server."""

from collections.abc import Collection, Mapping

from yarl import URL


class HostMap:
    """Which origin stands in for which real host; unlisted hosts are themselves.

    Makers see real addresses only. The transport rewrites them at the wire, and
    turns addresses of the stand-ins in redirects back into real ones.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        """Take a map of real host to origin, such as `http://127.0.0.1:8701`."""
        self._origins = {
            host: URL(origin).origin() for host, origin in (mapping or {}).items()
        }
        self._hosts = {origin: host for host, origin in self._origins.items()}

    def wire(self, url: URL) -> URL:
        """Return the address to call for a real address."""
        origin = self._origins.get(url.host or "")
        return url if origin is None else _moved(url, origin)

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


def _moved(url: URL, origin: URL) -> URL:
    return (
        url.with_scheme(origin.scheme)
        .with_host(origin.host or "")
        .with_port(origin.explicit_port)
    )
