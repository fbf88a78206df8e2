"""The broker, spoken to in raw packets: what it refuses, and what it sends."""

from collections.abc import AsyncIterator
import json
from typing import Any

import pytest

from .client import Client
from .wire import Wire

HEADER = "vehicle.drivetrain.batteryManagement.header"
STATUS = "vehicle.drivetrain.electricEngine.charging.status"
ODOMETER = "vehicle.vehicle.travelledDistance"
LATITUDE = "vehicle.cabin.infotainment.navigation.currentLocation.latitude"
LONGITUDE = "vehicle.cabin.infotainment.navigation.currentLocation.longitude"


@pytest.fixture
async def driver(client: Client) -> Client:
    """Give the account whose cars are driven, signed in."""
    driver = Client(client.world, "i4.driver@example.com")
    await driver.sign_in()
    return driver


@pytest.fixture
async def wire(driver: Client) -> AsyncIterator[Wire]:
    """Give a connection that is not yet open."""
    wire = Wire(driver)
    yield wire
    wire.close()


def _values(messages: list[Any]) -> dict[str, Any]:
    return {key: entry for one in messages for key, entry in one["data"].items()}


async def test_success_is_a_granted_subscription(wire: Wire) -> None:
    """User is the account, password a live token of it, the filter its own."""
    assert await wire.connect() == 0
    assert await wire.subscribe(f"{wire.gcid}/+") == [0]
    assert await wire.ping()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"password": None}, 4),
        ({"password": "x"}, 4),
        ({"username": None, "password": None}, 4),
        ({"username": "5e1b2c3d-4f60-4a7b-8c9d-0e1f2a3b4c5d"}, 5),
        ({"level": 5}, 1),
        ({"client_id": "", "clean": False}, 2),
    ],
)
async def test_refused_connections(wire: Wire, other: Any, code: int) -> None:
    """Each field matters."""
    assert await wire.connect(**other) == code
    assert await wire.ended()


async def test_only_the_id_token_is_a_password(wire: Wire, driver: Client) -> None:
    """Not the other two."""
    for kind in ("access_token", "refresh_token"):
        assert await wire.connect(password=driver.tokens[kind]) == 4


async def test_an_old_token(wire: Wire, driver: Client) -> None:
    """It opens nothing, and the connection it opened ends with it."""
    assert await wire.connect() == 0
    driver.world.clock.step(3600)
    assert await wire.ended()
    await driver.world.advance(10)
    assert await wire.connect() == 5
    await driver.refresh()
    assert await wire.connect() == 0


@pytest.mark.parametrize(
    "name", ["#", "+/+", "{other}/+", "{gcid}", "{gcid}/a/b", "bmw/+"]
)
async def test_foreign_topics(wire: Wire, name: str) -> None:
    """They are refused, and the connection stays."""
    await wire.connect()
    wanted = name.format(gcid=wire.gcid, other="5e1b2c3d-4f60-4a7b-8c9d-0e1f2a3b4c5d")
    assert await wire.subscribe(wanted, f"{wire.gcid}/+") == [0x80, 0]


async def test_nothing_ticked(wire: Wire, driver: Client) -> None:
    """Without a choice in the portal there is nothing to subscribe to."""
    driver.world.control.account(driver.username, untick="*")
    await wire.connect()
    assert await wire.subscribe(f"{wire.gcid}/+") == [0x80]


async def test_too_quick_a_reconnect(wire: Wire, driver: Client) -> None:
    """Ten seconds have to pass, however it ended."""
    await wire.connect()
    await wire.disconnect()
    driver.world.clock.step(9)
    assert await wire.connect() == 5
    driver.world.clock.step(1)
    assert await wire.connect() == 0


async def test_a_second_connection_drops_the_first(wire: Wire, driver: Client) -> None:
    """Whoever it is: there is one for each account."""
    await wire.connect()
    second = Wire(driver)
    assert await second.connect(client_id="another program") == 0
    assert await wire.ended()
    assert await second.ping()
    driver.world.control.service("car_data", second_connection="refused")
    assert await wire.connect() == 5
    assert await second.ping()
    second.close()


async def test_the_night(wire: Wire, driver: Client) -> None:
    """An idle connection is cut; only a newer token than that opens another."""
    world = driver.world
    await wire.connect()
    world.control.account(driver.username, night=True)
    world.clock.step(75)
    assert await wire.ended()
    world.clock.step(20)
    assert await wire.connect() == 5
    await driver.refresh()
    assert await wire.connect() == 0


async def test_the_stream_is_not_ready_at_once(wire: Wire, driver: Client) -> None:
    """For some minutes after signing in it refuses everybody."""
    driver.world.control.service("car_data", stream_delay=300)
    assert await wire.connect() == 5
    driver.world.clock.step(300)
    assert await wire.connect() == 0


@pytest.mark.parametrize(
    "raw",
    [b"\x30\x02\x00\x00", b"\x80\x00", b"\xff\xff\xff\xff\xff", b"\x82\x02\x00\x01"],
)
async def test_broken_packets_end_it(wire: Wire, raw: bytes) -> None:
    """So does publishing: nobody may."""
    await wire.connect()
    wire.send(raw)
    assert await wire.ended()


async def test_a_car_is_seen_driving(wire: Wire, driver: Client) -> None:
    """Values are native, only changes come, latitude and longitude each alone."""
    await wire.connect()
    await wire.subscribe(f"{wire.gcid}/+")
    assert wire.messages == []
    vin = driver.spec.vins[0]

    def seen() -> dict[str, Any]:
        return _values([one for one in wire.messages if one["vin"] == vin])

    await wire.keep_up(lambda: seen().get("vehicle.isMoving", {}).get("value") is True)
    await wire.keep_up(lambda: {LATITUDE, ODOMETER} <= seen().keys())
    alone = [one for one in wire.messages if LATITUDE in one["data"]]
    assert all(list(one["data"]) == [LATITUDE] for one in alone)
    assert alone[0]["entityId"] == wire.gcid
    assert alone[0]["topic"] == vin
    assert isinstance(seen()[LATITUDE]["value"], float)
    assert seen()[ODOMETER]["unit"] == "km"
    assert all(len(one["data"]) <= 12 for one in wire.messages)


async def test_only_what_is_ticked(wire: Wire, driver: Client) -> None:
    """Whatever containers hold."""
    driver.world.control.account(driver.username, untick=HEADER)
    await wire.connect()
    await wire.subscribe(f"{wire.gcid}/{driver.spec.vins[0]}")
    await wire.keep_up(lambda: LONGITUDE in _values(wire.messages))
    await wire.keep_up(lambda: STATUS in _values(wire.messages), limit=5 * 86_400)
    assert HEADER not in _values(wire.messages)
    assert "vehicle.cabin.door.lock.status" not in _values(wire.messages)


async def test_a_level_that_stands_still(wire: Wire, driver: Client) -> None:
    """While charging it is silent; REST has a prediction of its own."""
    driver.world.control.account(driver.username, frozen_level=True)
    await wire.connect()
    await wire.subscribe(f"{wire.gcid}/{driver.spec.vins[0]}")

    def charges() -> bool:
        status = _values(wire.messages).get(STATUS)
        return status is not None and status["value"] == "CHARGINGACTIVE"

    await wire.keep_up(charges, limit=5 * 86_400)
    wire.messages.clear()
    await wire.advance(1800)
    assert HEADER not in _values(wire.messages)
    await driver.refresh()
    predicted = "vehicle.drivetrain.electricEngine.charging.level"
    data = await driver.data(HEADER, predicted)
    assert float(data[predicted]["value"]) > float(data[HEADER]["value"])


async def test_stragglers(wire: Wire, driver: Client) -> None:
    """Older values may come after newer ones, which their times tell."""
    driver.world.control.service("car_data", stragglers=True)
    await wire.connect()
    await wire.subscribe(f"{wire.gcid}/{driver.spec.vins[0]}")
    await wire.keep_up(lambda: ODOMETER in _values(wire.messages))
    times = [
        one["data"][ODOMETER]["timestamp"]
        for one in wire.messages
        if ODOMETER in one["data"]
    ]
    assert times != sorted(times)


async def test_a_long_message_is_written_in_full(wire: Wire, driver: Client) -> None:
    """Its length takes two bytes and more."""
    await wire.connect()
    await wire.subscribe(f"{wire.gcid}/+")
    content = {"vin": "x", "data": {}, "filling": "y" * 20_000}
    driver.cloud.broker.publish(wire.gcid, "x", json.dumps(content).encode())
    await wire.settle()
    assert wire.messages == [content]
