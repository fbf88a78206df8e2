"""Real addresses and their stand-ins."""

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.carport.service.hosts import HostMap, declared

HOSTS = HostMap({"cloud.example": "http://127.0.0.1:8701/"})


@pytest.mark.parametrize(
    ("real", "wire"),
    [
        ("https://cloud.example/a/b?c=d%2Fe", "http://127.0.0.1:8701/a/b?c=d%2Fe"),
        ("https://cloud.example/", "http://127.0.0.1:8701/"),
        ("https://cloud.example//two", "http://127.0.0.1:8701//two"),
    ],
)
def test_addresses_go_out_and_come_back(real: str, wire: str) -> None:
    """A real address has one stand-in, and comes back from it."""
    assert HOSTS.wire(URL(real)) == URL(wire)
    assert HOSTS.real(URL(wire)) == URL(real)


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/a",
        "http://127.0.0.1:9999/a",
        "car-net:///oauth-callback?code=1",
        "/relative",
    ],
)
def test_other_addresses_stay(address: str) -> None:
    """What is not mapped is left alone in both directions."""
    assert HOSTS.wire(URL(address)) == URL(address)
    assert HOSTS.real(URL(address)) == URL(address)


def test_without_a_map_everything_is_real() -> None:
    """The default is the maker's own hosts."""
    url = URL("https://cloud.example/a")
    assert HostMap().wire(url) == url


@given(st.text(alphabet="abc/%20?&=.", max_size=20))
def test_paths_survive_the_way_out_and_back(path: str) -> None:
    """Whatever the path, the way back undoes the way out."""
    url = URL(f"https://cloud.example/{path}")
    assert HOSTS.real(HOSTS.wire(url)) == url


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://cloud.example/a", True),
        ("https://cloud.example:443/a", True),
        ("http://cloud.example/a", False),
        ("https://cloud.example:8443/a", False),
        ("https://user@cloud.example/a", False),
        ("https://cloud.example.evil.example/a", False),
        ("https://evil.example/cloud.example", False),
        ("car-net:///oauth-callback", False),
    ],
)
def test_only_declared_hosts_count(address: str, expected: bool) -> None:
    """Nothing but https at a declared host, by its own port and nobody's name."""
    assert declared(URL(address), {"cloud.example"}) is expected
