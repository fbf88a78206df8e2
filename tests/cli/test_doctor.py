"""The doctor: what works, what does not, and why; and the report for strangers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import json
import stat

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from carport.cloud.hosts import HostMap
from cli.network import clock_problem, probe
from cli.sessions import http_session

from .terminal import GOLF, TESTER, Terminal


async def test_what_works_and_what_does_not(terminal: Terminal) -> None:
    """Hosts, clock, account and cars; what does not work is named with why."""
    await terminal.add_tester_well()
    well = await terminal.run("doctor", "--json")
    assert well.code == 0, well.out
    assert all(one["works"] for one in well.json)
    looked = [one["what"] for one in well.json]
    assert "Clock of this machine" in looked
    assert any(one.startswith("Host ") for one in looked)
    assert looked.index("Account car_net") < looked.index(
        f"Account car_net, car …{GOLF[-4:]}"
    )
    terminal.simulator.control.fault("status", status=503)
    ill = await terminal.run("doctor", "--json")
    assert ill.code == 1
    assert any("cannot be reached" in one["why"] for one in ill.json)
    assert GOLF not in ill.out + ill.err


async def test_a_report_for_strangers(terminal: Terminal) -> None:
    """It has the outline of the calls, and nothing about the owner."""
    await terminal.add_tester_well()
    damaged = terminal.home / "accounts" / "demo"
    damaged.mkdir()
    (damaged / "login.json").write_text("{", encoding="utf-8")
    done = await terminal.run("doctor", "--report", cwd=terminal.home)
    assert done.code == 1, done.err
    assert "Account demo" in done.out
    wrong = [line for line in done.out.splitlines() if line.startswith("no")]
    assert len(wrong) == 1, done.out
    path = terminal.home / "carport-report.json"
    assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    text = path.read_text(encoding="utf-8")
    secrets = (*TESTER.vins, TESTER.username, TESTER.password, TESTER.pin)
    for secret in (*secrets, terminal.home):
        assert str(secret) not in text
    told = json.loads(text)
    (account,) = told["accounts"]
    assert account["service"] == "car_net"
    assert account["connection_report"]["run"]
    assert account["cars"]["car_0"]["readings"]["odometer"]["value"]
    assert told["findings"]


async def test_a_server_that_is_gone(terminal: Terminal) -> None:
    """The rest is looked at all the same."""
    await terminal.add_tester_well()
    await terminal.run("add", "demo")
    await terminal.simulator.stop()
    done = await terminal.run("doctor", "--json")
    assert done.code == 1
    works = {one["what"]: one["works"] for one in done.json}
    assert works["Account demo"]
    assert not works["Account car_net"]


# The network alone


@pytest.fixture
async def origin(socket_enabled: None) -> AsyncIterator[TestServer]:
    """Return a host whose clock is an hour behind."""

    async def answer(request: web.Request) -> web.Response:
        assert "Authorization" not in request.headers
        date = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
        return web.Response(status=404, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def test_a_wrong_clock_is_named(origin: TestServer) -> None:
    """By the header that every host sends, whatever it answers."""
    hosts = HostMap({"cars.example.com": str(origin.make_url("/").origin())})
    async with http_session() as http:
        (found,) = await probe(http, hosts, ["cars.example.com"])
    assert found.reached
    problem = clock_problem([found])
    assert problem is not None
    assert "60 min ahead of" in problem or "59 min ahead of" in problem


async def test_why_a_host_is_not_reached(origin: TestServer) -> None:
    """Each reason has words, and none of them stops the others."""
    closed = origin.make_url("/").with_port(9)
    hosts = HostMap(
        {
            "one.example.com": str(closed.origin()),
            "two.example.com": str(origin.make_url("/").origin()),
            "stream.example.com:8883": "mqtt://127.0.0.1:9",
        }
    )
    names = ["one.example.com", "two.example.com", "stream.example.com:8883", "three"]
    async with http_session() as http:
        found = {one.host: one for one in await probe(http, hosts, names)}
    assert "No connection" in found["one.example.com"].why
    assert found["two.example.com"].reached
    assert "No connection" in found["stream.example.com:8883"].why
    assert "does not stand in" in found["three"].why
    assert clock_problem([found["three"]]) is None
