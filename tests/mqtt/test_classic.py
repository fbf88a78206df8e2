"""A client of the older bridge: it goes by that one's topics, payloads and order alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
import json
import re
from typing import Final

import pytest

from carport.engine.garage import PLACES
from carport.mqtt.settings import CarSettings, Layout, Private, Settings
from simulator.clock import ManualClock
from tests.cli.terminal import Terminal

from .broker import Mosquitto, listening
from .running import ARTEON, GTE, Running, running

_INTEGER: Final = r"-?\d+"
_DEGREES: Final = r"-?\d+\.\d"
_TIME: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_FLAG: Final = r"[01]"

_OPTIONAL: Final = {"car1/charger/mode", "car1/position/heading"}

STATE: Final = {
    "connect": r"[01]",
    "door/lock": r"locked|closed|open|n/a",
    "charger/range": _INTEGER,
    "charger/level": _INTEGER,
    "clima/temp/outside": _DEGREES,
}
CLIMA: Final = {
    "clima/temp/outside": _DEGREES,
    "clima/temp/target": _DEGREES,
    "clima/state": r"off|heating|cooling|on",
    "clima/state/time": _TIME,
    "clima/windowheat": r"on|off",
    "clima/windowheat/time": _TIME,
    "clima/parktime": rf"{_TIME}|unbekannt",
}
POSITION: Final = {
    "position/latitude": _INTEGER,
    "position/longitude": _INTEGER,
    "position/latlon": r"-?\d+\.\d+,-?\d+\.\d+",
    "position/address": r".+",
    "position/time": _TIME,
    "position": r"ok",
}
CHARGER: Final = {
    "charger/range": _INTEGER,
    "charger/level": _INTEGER,
    "charger/active": r"0|starting|charging|paused|complete|error",
    "charger/active/time": _TIME,
    "charger/estimated": _INTEGER,
    "charger/plug": _FLAG,
    "charger/plug/time": _TIME,
    "charger/pluglock": _FLAG,
    "charger/pluglock/time": _TIME,
}


class OldClient:
    """Somebody who was written for the older bridge."""

    def __init__(self, run: Running) -> None:
        """Listen at its topics."""
        self.run = run
        self.begun = 0

    async def ask(self, topic: str, payload: str = "1") -> list[tuple[str, str]]:
        """Say something, and return what is said until the bridge rests again."""
        listener = self.run.listener
        start = len(listener.heard)
        await listener.say(f"/weconnectMQTT/{topic}", payload)

        def rests() -> bool:
            return ("/weconnectMQTT/active", "0") in listener.lines[start:]

        await listener.until(rests)
        lines = [
            (one.removeprefix("/weconnectMQTT/"), text)
            for one, text in listener.lines[start:]
        ]
        said = [line for line in lines if line[0] != topic]
        said = [line for line in said if not line[0].startswith("service/active")]
        # Around everything: active, and when it was over.
        assert said[0] == ("active", "1")
        assert said[-1] == ("active", "0")
        assert said[-2][0] == "active/time"
        assert re.fullmatch(r"\d\d\.\d\d\.\d\d \d\d:\d\d:\d\d", said[-2][1])
        return said[1:-2]


def check(lines: list[tuple[str, str]], *groups: dict[str, str]) -> None:
    """Expect the topics of some groups in this order, each with such a payload.

    Not every maker says by which current a car charges, nor where it is headed.
    """
    lines = [one for one in lines if one[0] not in _OPTIONAL]
    expected = [one for group in groups for one in group.items()]
    assert [topic for topic, _ in lines] == [f"car1/{topic}" for topic, _ in expected]
    for (topic, text), (_, pattern) in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, text), topic


def chosen(*commands: str) -> Settings:
    """Return the classic layout, with one car that may be told something."""
    return Settings(
        layouts=frozenset({Layout.CLASSIC}),
        cars={
            GTE: CarSettings(
                topic="car1",
                commands=frozenset(commands),
                publish=frozenset(Private),
            ),
            ARTEON: CarSettings(topic="car2"),
        },
    )


@pytest.fixture
async def client(european: Terminal, mosquitto: Mosquitto) -> AsyncIterator[OldClient]:
    """Give a client, and a bridge that has said its first words."""
    allowed = ("charge", "climate", "find")
    async with running(european, mosquitto, chosen(*allowed)) as run:
        await run.listener.until(
            lambda: ("/weconnectMQTT/active", "0") in run.listener.lines
        )
        yield OldClient(run)


async def test_at_the_start_everything_is_told(client: OldClient) -> None:
    """Active, the service, one full state of all cars; and nothing is retained."""
    lines = client.run.listener.lines
    assert lines[0] == ("/weconnectMQTT/active", "1")
    assert ("/weconnectMQTT/service/active", "1") in lines
    times = client.run.listener.texts("/weconnectMQTT/service/active/time")
    assert re.fullmatch(r"\d\d:\d\d:\d\d", times[0])
    topics = [topic for topic, _ in lines]
    assert "/weconnectMQTT/car1/charger/level" in topics
    assert "/weconnectMQTT/car2/door/lock" in topics
    # The other car says no place: its owner did not want that.
    assert not [one for one in topics if one.startswith("/weconnectMQTT/car2/pos")]
    assert not any(one.retain for one in client.run.listener.heard)


async def test_what_is_asked_for_is_told(client: OldClient) -> None:
    """Each group by itself, and all of them in their order; a slash at the end is well."""
    check(await client.ask("car1/get/state"), STATE)
    check(await client.ask("car1/get/charger/"), CHARGER)
    check(await client.ask("car1/get/clima"), CLIMA)
    lines = await client.ask("car1/get/position")
    check(lines, POSITION)
    found = dict(lines)
    latitude, longitude = map(float, found["car1/position/latlon"].split(","))
    assert int(found["car1/position/latitude"]) == round(latitude * 1_000_000)
    assert int(found["car1/position/longitude"]) == round(longitude * 1_000_000)
    lines = await client.ask("car1/get/fullstate")
    check(lines, STATE, CLIMA, POSITION, CHARGER)
    # Of all cars.
    lines = await client.ask("get/state")
    assert [one for one in lines if one[0] == "car2/door/lock"]
    assert [one for one in lines if one[0] == "car1/door/lock"]


async def test_a_place_that_no_maker_tells(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """The word for it arrives for certain, as the original's did; the rest is told."""
    garage = european.home / "garage.json"
    kept = json.loads(garage.read_text(encoding="utf-8"))
    for car in kept["garage"]["cars"]:
        car["snapshot"] = [
            row for row in car["snapshot"] if row["signal"] not in PLACES
        ]
    garage.write_text(json.dumps(kept), encoding="utf-8")
    european.simulator.control.fault("status", status=503, path="*/position")
    async with running(european, mosquitto, chosen()) as run:
        await run.listener.until(
            lambda: ("/weconnectMQTT/active", "0") in run.listener.lines
        )
        await run.listener.client.subscribe("/weconnectMQTT/#", qos=1)
        run.listener.heard.clear()
        lines = await OldClient(run).ask("car1/get/fullstate")
        check(lines, STATE, CLIMA, {"position": "error"}, CHARGER)
        certain = {str(one.topic): one.qos for one in run.listener.heard}
        assert certain["/weconnectMQTT/car1/position"] == 1
        assert certain["/weconnectMQTT/car1/clima/state"] == 0


async def test_by_which_current_it_charges(client: OldClient) -> None:
    """The maker says it while the car charges."""
    await client.ask("car1/set/charger", "on")
    told = dict(await client.ask("car1/get/charger"))
    assert told["car1/charger/active"] == "charging"
    assert told["car1/charger/mode"] == "AC"


async def test_what_is_set_is_answered(client: OldClient) -> None:
    """True once the maker took it; False for nonsense, of which no car hears."""
    assert ("car1/response/charger", "True") in await client.ask(
        "car1/set/charger", "off"
    )
    assert ("car1/response/clima", "True") in await client.ask("car1/set/clima", "1")
    assert ("car1/response/climatemp", "True") in await client.ask(
        "car1/set/climatemp", "21.5"
    )
    check(await client.ask("car1/get/clima"), CLIMA)
    await client.run.listener.until(
        lambda: client.run.listener.texts("/weconnectMQTT/car1/clima/temp/target")
    )
    assert (
        client.run.listener.texts("/weconnectMQTT/car1/clima/temp/target")[-1] == "21.5"
    )
    lines = await client.ask("car1/set/flash", "on")
    assert ("car1/response/flash", "True") in lines
    assert ("car1/flash", "ok") in lines
    lines = await client.ask("car1/set/flash", "off")
    assert ("car1/response/flash", "True") in lines
    ledger = client.run.session.engine.accounts["we_connect"].ledger
    before = ledger.to_json()
    for topic, payload in (
        ("charger", "perhaps"),
        ("clima", "2"),
        ("climatemp", "40"),
        ("climatemp", "warm"),
        ("window", "ajar"),
        ("honk", "loud"),
        ("honk", "100000"),
    ):
        lines = await client.ask(f"car1/set/{topic}", payload)
        assert (f"car1/response/{topic}", "False") in lines, (topic, payload)
    # A car that may be told nothing.
    lines = await client.ask("car2/set/honk", "1")
    assert ("car2/response/honk", "False") in lines
    assert ledger.to_json() == before


async def test_the_service_is_stopped(client: OldClient) -> None:
    """It answers, and asks its manager for a new beginning."""
    wanted = asyncio.Event()
    assert client.run.bridge.classic is not None
    client.run.bridge.classic.stop_wanted = wanted.set
    lines = await client.ask("set/service", "1")
    assert lines == [("service/response", "True")]
    assert not wanted.is_set()
    await client.ask("set/service", "off")
    assert wanted.is_set()


async def test_the_service_says_that_it_is_there(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """Every 15 seconds, and that it is not any more at the end."""
    clock = ManualClock(datetime(2026, 5, 1, 8, tzinfo=UTC))
    async with listening(mosquitto.port, ["/weconnectMQTT/service/#"]) as listener:
        async with running(european, mosquitto, chosen(), clock=clock) as run:
            await listener.text("/weconnectMQTT/service/active")
            assert run.bridge.classic is not None
            for beats in (1, 2):
                clock.step(15)
                said = await listener.text("/weconnectMQTT/service/active", after=beats)
                assert said == "1"
        said = await listener.text("/weconnectMQTT/service/active/offline")
        assert re.fullmatch(r"\d\d:\d\d:\d\d", said)
        assert listener.texts("/weconnectMQTT/service/active") == ["1", "1", "1", "0"]


async def test_a_client_that_asks_for_everything_costs_one_reading(
    european: Terminal, mosquitto: Mosquitto
) -> None:
    """Calls are scarce: what was read just now is told again."""
    async with running(european, mosquitto, chosen()) as run:
        await run.listener.until(
            lambda: ("/weconnectMQTT/active", "0") in run.listener.lines
        )
        old = OldClient(run)
        account = run.session.engine.accounts["we_connect"]
        # Time stands still for this car, so that just now stays just now.
        golf = run.session.engine.cars[GTE].channels["we_connect"]
        check(await old.ask("car1/get/state"), STATE)
        golf.last_good_at = golf.clock.now() + timedelta(hours=1)
        before = account.ledger.to_json()
        check(await old.ask("car1/get/charger"), CHARGER)
        check(await old.ask("car1/get/clima"), CLIMA)
        assert account.ledger.to_json() == before
        golf.last_good_at -= timedelta(hours=2)
        check(await old.ask("car1/get/state"), STATE)
        assert account.ledger.to_json() != before


async def test_nothing_from_the_past(european: Terminal, mosquitto: Mosquitto) -> None:
    """A retained command of yesterday does nothing."""
    async with listening(mosquitto.port) as before:
        await before.say("/weconnectMQTT/car1/set/charger", "off", retain=True)
        await before.say("/weconnectMQTT/car1/set/honk", "5", retain=True)
    async with running(european, mosquitto, chosen("charge", "find")) as run:
        await run.listener.until(
            lambda: ("/weconnectMQTT/active", "0") in run.listener.lines
        )
        old = OldClient(run)
        await old.ask("car1/get/state")
        assert not run.listener.texts("/weconnectMQTT/car1/response/charger")
        assert not run.listener.texts("/weconnectMQTT/car1/response/honk")
        assert run.session.engine.cars[GTE].running is None
