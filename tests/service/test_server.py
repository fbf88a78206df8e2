"""The index of a simulator or private server."""

from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, web
import pytest
from yarl import URL

from custom_components.carport.service.clock import CLOCK_HEADER, SystemClock
from custom_components.carport.service.errors import BadAnswer, CloudError
from custom_components.carport.service.hosts import HostMap
from custom_components.carport.service.http import Transport
from custom_components.carport.service.ledger import Ledger, Purpose
from custom_components.carport.service.server import fetch_index

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
    """Something else listens there."""
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
