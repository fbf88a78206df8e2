"""CarData from the owner's own broker: the same JSON, and nobody to fight with."""

import asyncio
from collections.abc import AsyncIterator
import json

import pytest

from carport.cloud.account_state import AccountState
from carport.cloud.errors import LoginExpired, SignInFailed
from carport.cloud.guard import SignInGuard
from carport.cloud.sign_in import SignInOutcome
from tests.patience import PATIENCE
from tests.world import World

from .home import MINI, VIN, Home
from .home_broker import HomeBroker


@pytest.fixture
async def home(world: World) -> AsyncIterator[Home]:
    """Give a broker at home."""
    async with HomeBroker() as broker:
        home = Home(world, broker)
        yield home
        if home.task is not None:
            home.task.cancel()
            await asyncio.wait({home.task})


async def test_it_reads_along(home: Home) -> None:
    """Cars are those that were typed; what comes is what BMW said."""
    account = await home.log_in()
    assert "127.0.0.1" not in account
    cars = await home.service.cars()
    assert [(car.vin, car.manufacturer) for car in cars] == [
        (VIN, "BMW"),
        (MINI, "MINI"),
    ]
    await home.follow()
    home.push(64)
    home.push(99, topic="other/x")
    home.push(99, vin="WBYZZZ041PV304999")
    await home.world.settle()
    assert home.sink.values(VIN)["battery_level"] == 64
    assert {vin for vin, _ in home.sink.results} == {VIN}
    result = await home.service.read(cars[0])
    assert {reading.signal.key for reading in result.readings} == {"battery_level"}


async def test_a_restart_needs_no_sign_in(home: Home) -> None:
    """Everything to get there is kept."""
    await home.log_in(topic="car/#")
    home.rebuild()
    await home.follow()
    home.push(65, topic="car/of/mine")
    await home.world.settle()
    assert home.sink.values(VIN)["battery_level"] == 65


async def test_what_is_left_empty_stays_as_it_is(home: Home) -> None:
    """Only the topic is typed: cars, user and password are those of before."""
    port = str(home.broker.port)
    await home.log_in(topic="car/#")
    home.rebuild()
    empty = {"port": "", "broker_user": "", "password": "", "vins": " "}
    await home.log_in(**empty, topic="mini/#")
    assert [car.vin for car in await home.service.cars()] == [VIN, MINI]
    await home.follow()
    home.push(66, topic="mini/of/mine")
    await home.world.settle()
    assert home.sink.values(VIN)["battery_level"] == 66
    assert json.loads(home.stored or "")["username"] == "carport"
    assert json.loads(home.stored or "")["port"] == int(port)


async def test_another_broker_gets_nothing_of_the_one_before(home: Home) -> None:
    """Its password has to be typed."""
    await home.log_in()
    home.rebuild()
    async with HomeBroker() as other:
        empty = {"port": str(other.port), "broker_user": "", "password": ""}
        with pytest.raises(SignInFailed) as failed:
            await home.log_in(**empty)
    assert failed.value.outcome is SignInOutcome.WRONG_PASSWORD


async def test_a_broker_that_went_away(home: Home) -> None:
    """It is tried again by itself."""
    await home.log_in()
    await home.follow()
    home.broker.sent = 0
    home.broker.drop()
    await home.world.until(lambda: home.sink.grants > 1, 600)
    home.push(66)
    await home.world.settle()
    assert home.sink.values(VIN)["battery_level"] == 66


@pytest.mark.parametrize(
    "raw",
    [
        b"\x30\x00",
        b"\x30\x04\xff\xffab",
        b"\x30\x07\x00\x05bmw/#",
        b"\x30\x05\x00\x03\xff\xfe\x00",
        b"\x30\xff\xff\xff\x7f\x00",
        b"\x20\xff\xff\xff\xff\xff",
    ],
    ids=["empty", "cut off", "wildcard", "no text", "too large", "length of a length"],
)
async def test_8_5_a_packet_that_is_none_ends_the_connection(
    home: Home, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """It is closed, nothing of it goes on, and the next one is read along."""
    await home.log_in()
    before = asyncio.all_tasks()
    await home.follow()
    home.broker.sent = 0
    home.broker.send(raw)
    await home.world.until(lambda: home.sink.grants > 1, 600)
    home.push(66)
    await home.world.settle()
    assert home.sink.values(VIN)["battery_level"] == 66
    assert home.broker.subscribers == 1
    assert home.task is not None
    home.task.cancel()
    await asyncio.wait({home.task})
    assert home.task.cancelled()
    async with asyncio.timeout(PATIENCE):
        # What served the connections, on either side, ends with them.
        await asyncio.gather(*(asyncio.all_tasks() - before), return_exceptions=True)
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ({"password": "wrong"}, SignInOutcome.WRONG_PASSWORD),
        ({"topic": "$SYS/#"}, SignInOutcome.BROKER_REFUSED),
        ({"port": "1"}, SignInOutcome.BROKER_UNREACHABLE),
        ({"port": "99999"}, SignInOutcome.BROKER_UNREACHABLE),
        ({"host": ""}, SignInOutcome.BROKER_UNREACHABLE),
        ({"vins": "none"}, SignInOutcome.BROKER_UNREACHABLE),
    ],
)
async def test_what_does_not_work(
    home: Home, typed: dict[str, str], outcome: SignInOutcome
) -> None:
    """Nothing is kept of it."""
    with pytest.raises(SignInFailed) as failed:
        await home.log_in(**typed)
    assert failed.value.outcome is outcome
    assert home.stored is None


@pytest.mark.parametrize(
    ("typed", "uses_up"),
    [({"topic": "$SYS/#"}, 1), ({"port": "1"}, 0), ({"vins": "none"}, 0)],
)
async def test_8_5_only_what_a_broker_has_heard_uses_up_a_sign_in(
    home: Home, typed: dict[str, str], uses_up: int
) -> None:
    """The password goes out with the first packet, long before a topic is refused."""
    guard = SignInGuard(home.world.clock)
    for number in (1, 2):
        assert await home.guarded(guard, **typed) is not None
        tries = guard.to_json()["tries"].values()
        assert sum(map(len, tries)) == number * uses_up


async def test_nothing_kept_needs_the_owner(home: Home) -> None:
    """Without what the owner typed there is no broker to go to."""
    with pytest.raises(LoginExpired):
        await home.service.cars()
    assert AccountState(home.service.context).text("host") is None
