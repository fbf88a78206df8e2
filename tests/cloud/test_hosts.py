"""Real addresses and their stand-ins."""

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from carport.cloud.errors import HostNotMapped
from carport.cloud.hosts import HostMap, declared, is_plain

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
    """What is not mapped comes back as it is, and without a map goes out so."""
    assert HostMap().wire(URL(address)) == URL(address)
    assert HOSTS.real(URL(address)) == URL(address)


def test_5_5_a_map_is_closed() -> None:
    """With a server, a host that its map does not name is never the maker itself."""
    for address in ("https://other.example/a?secret=1", "http://127.0.0.1:9999/a"):
        with pytest.raises(HostNotMapped) as caught:
            HOSTS.wire(URL(address))
        assert caught.value.host == URL(address).host
        assert "secret" not in str(caught.value)
    with pytest.raises(HostNotMapped):
        HostMap({}).wire(URL("https://cloud.example/"))


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("http://127.0.0.1:8700", False),
        ("http://[::1]:8700", False),
        ("http://localhost", False),
        ("http://192.168.4.2", False),
        ("http://10.1.2.3", False),
        ("http://[fd00::5]", False),
        ("http://garage", False),
        ("http://garage.local", False),
        ("https://cloud.example", False),
        ("http://cloud.example", True),
        ("http://garage.local.example", True),
        ("http://8.8.8.8", True),
        ("http://[2001:4860:4860::8888]", True),
        ("http://[::ffff:8.8.8.8]", True),
        # The same address, written as numbers that resolvers read.
        ("http://134744072", True),
        ("http://0x08080808", True),
    ],
)
def test_5_5_plain_http_is_for_the_local_network(address: str, plain: bool) -> None:
    """Elsewhere anybody on the way reads what is sent."""
    assert is_plain(URL(address)) is plain


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
