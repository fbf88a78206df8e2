"""The index of a simulator or private server."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
import pytest
from yarl import URL

from carport.cloud.clock import CLOCK_HEADER, SystemClock
from carport.cloud.errors import (
    BadAnswer,
    CloudError,
    FarServer,
    PlainServer,
    ServerChanged,
)
from carport.cloud.hosts import HostMap
from carport.cloud.http import Transport
from carport.cloud.ledger import Ledger, Purpose
from carport.cloud.server import ServerPin, fetch_index

from .small_cloud import SmallCloud

INDEX = {
    "hosts": {"cloud.example": "http://127.0.0.1:8701"},
    "accounts": {},
    "clock": {"now": "2026-11-21T08:00:00Z", "speed": 60},
}


@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_an_index_gives_hosts_and_time(
    session: ClientSession, cloud: SmallCloud, scheme: str
) -> None:
    """Owners may leave the scheme out."""
    cloud.answers.append(web.json_response(INDEX))
    index = await fetch_index(session, cloud.origin.replace("http://", scheme))
    wire = index.hosts.wire(URL("https://cloud.example/a"))
    assert wire == URL("http://127.0.0.1:8701/a")
    assert index.clock.real(60) == 1
    passed = index.clock.now() - datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert timedelta() <= passed < timedelta(minutes=5)
    assert cloud.paths == ["/"]


async def test_a_server_s_clock_is_moved_by_its_answers(
    session: ClientSession, cloud: SmallCloud
) -> None:
    """Onwards only, and by nothing that is no time."""
    cloud.answers.append(web.json_response(INDEX))
    clock = (await fetch_index(session, cloud.origin)).clock
    transport = Transport(session, clock, HostMap(), Ledger(clock))
    start = datetime(2026, 11, 21, 8, tzinfo=UTC)
    for told, least in (
        ("2026-11-21T20:00:00Z", timedelta(hours=12)),
        ("2026-11-20T20:00:00Z", timedelta(hours=12)),
        ("2026-11-24T20:00:00", timedelta(hours=12)),
        ("tomorrow", timedelta(hours=12)),
        ("2026-11-22T08:00:00Z", timedelta(days=1)),
    ):
        cloud.answers.append(web.json_response({}, headers={CLOCK_HEADER: told}))
        await transport.request("GET", cloud.origin, purpose=Purpose.READ, what="time")
        assert least <= clock.now() - start < least + timedelta(hours=1)


async def test_everybodys_time_is_moved_by_nobody(
    session: ClientSession, cloud: SmallCloud
) -> None:
    """A cloud that says it is tomorrow is not believed."""
    clock = SystemClock()
    transport = Transport(session, clock, HostMap(), Ledger(clock))
    told = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    cloud.answers.append(web.json_response({}, headers={CLOCK_HEADER: told}))
    await transport.request("GET", cloud.origin, purpose=Purpose.READ, what="time")
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)


async def test_a_server_without_a_clock_has_everybodys_time(
    session: ClientSession, cloud: SmallCloud
) -> None:
    """A private server lives in the present."""
    cloud.answers.append(web.json_response({"hosts": INDEX["hosts"]}))
    index = await fetch_index(session, cloud.origin)
    assert abs(index.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert index.clock.real(60) == 60


@pytest.mark.parametrize(
    "change",
    [
        {"hosts": None},
        {"hosts": {}},
        {"hosts": []},
        {"hosts": {"cloud.example": 5}},
        {"hosts": {"cloud.example": "nowhere"}},
        {"hosts": {"cloud.example": "ftp://127.0.0.1"}},
        {"hosts": {"[click](http://evil.example)": "http://127.0.0.1:8701"}},
        {"hosts": {f"h{n}.example": "http://127.0.0.1:8701" for n in range(501)}},
        {"clock": []},
        {"clock": {"speed": 1}},
        {"clock": {"now": "noon", "speed": 1}},
        {"clock": {"now": "2026-11-21T08:00:00", "speed": 1}},
        {"clock": {"now": "2026-11-21T08:00:00Z", "speed": 0}},
        {"clock": {"now": "2026-11-21T08:00:00Z", "speed": "fast"}},
    ],
)
async def test_another_answer_is_no_index(
    session: ClientSession, cloud: SmallCloud, change: dict[str, object]
) -> None:
    """Some other program listens there."""
    cloud.answers.append(web.json_response({**INDEX, **change}))
    with pytest.raises(BadAnswer):
        await fetch_index(session, cloud.origin)


@pytest.mark.parametrize("address", ["ftp://x", "http://", "http://[", "file:///etc"])
async def test_an_address_that_cannot_be_called(
    session: ClientSession, address: str
) -> None:
    """The form says that this is no server."""
    with pytest.raises(BadAnswer):
        await fetch_index(session, address)


async def test_html_is_no_index(session: ClientSession, cloud: SmallCloud) -> None:
    """A web page is not an index."""
    cloud.answers.append(web.Response(text="<html>"))
    with pytest.raises(CloudError):
        await fetch_index(session, cloud.origin)


def pin(address: str = "http://127.0.0.1:8700", **hosts: str) -> ServerPin:
    """Return a server with a map."""
    named = {f"{host}.example": origin for host, origin in hosts.items()}
    return ServerPin.from_json({"address": address, "hosts": named})


def test_5_5_a_pin_is_kept_as_json() -> None:
    """What comes back from the disk is the same; anything else is no pin."""
    kept = pin(a="http://127.0.0.1:8701", b="https://b.example")
    assert ServerPin.from_json(kept.to_json()) == kept
    wrongs: tuple[Any, ...] = (None, {}, [], {"address": 5}, {"address": "a"})
    for wrong in wrongs:
        with pytest.raises(BadAnswer):
            ServerPin.from_json(wrong)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("http://127.0.0.1:8700", True),
        ("127.0.0.1:8700/", True),
        ("http://user@127.0.0.1:8700", True),
        ("https://127.0.0.1:8700", False),
        ("127.0.0.1:8701", False),
        ("127.0.0.1:8700/other", False),
        ("ftp://127.0.0.1", False),
        (None, False),
    ],
)
def test_5_5_a_server_is_known_by_its_address(address: str | None, same: bool) -> None:
    """However it is spelt."""
    assert pin(a="http://127.0.0.1:8701").is_at(address) is same


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"a": "http://127.0.0.1:1"}, {"a": "http://127.0.0.1:2"}, True),
        ({"a": "http://127.0.0.1:1"}, {"a": "http://localhost:2"}, True),
        ({"a": "http://127.0.0.1:1"}, {"b": "http://127.0.0.1:2"}, True),
        ({"a": "http://127.0.0.1:1"}, {"a": "http://192.168.1.5:1"}, False),
        ({"a": "http://127.0.0.1:1"}, {"a": "https://127.0.0.1:1"}, False),
        ({"a": "https://a.example"}, {"a": "https://a.example"}, True),
        ({"a": "https://a.example"}, {"a": "https://b.example"}, False),
        ({"a": "https://a.example"}, {"a": "https://a.example:8443"}, False),
        ({"a": "https://a.example"}, {"a": "http://127.0.0.1:1"}, False),
        ({"a": "https://a.example"}, {"b": "http://127.0.0.1:1"}, False),
    ],
)
def test_5_5_only_ports_of_the_own_machine_may_change(
    before: dict[str, str], after: dict[str, str], same: bool
) -> None:
    """Everything else is another map than the one that was agreed to."""
    if same:
        pin(**before).follow(pin(**after))
        return
    with pytest.raises(ServerChanged) as caught:
        pin(**before).follow(pin(**after))
    assert caught.value.doubts
    assert "example" not in str(caught.value)


def test_5_5_what_is_asked_before_a_server_is_used() -> None:
    """Agreement holds for the addresses that were shown, and for no others."""
    pin(a="http://127.0.0.1:1", b="http://localhost:2").check(())
    far = pin(a="https://a.example")
    with pytest.raises(FarServer) as asked:
        far.check(())
    far.check(asked.value.doubts)
    plain = pin("http://cloud.example", a="https://a.example")
    with pytest.raises(PlainServer) as more:
        plain.check(asked.value.doubts)
    assert more.value.doubts == (
        "http://cloud.example/",
        "a.example → https://a.example",
    )
    plain.check(more.value.doubts)
