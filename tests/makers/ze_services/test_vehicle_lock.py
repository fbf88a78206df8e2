"""Two cars of one account: the cloud answers for one of them at a time."""

import asyncio

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import Command
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress, ReadResult
from carport.cloud.errors import NotPermitted, Outage
from carport.cloud.zones import zone
from carport.makers.ze_services.vehicle_lock import VehicleLock
from tests.conftest import account_of
from tests.patience import PATIENCE
from tests.world import World

from .account import ZeAccount

TURN = "/api/vehicle"
OF_CARS = "/api/vehicle/*"
SLOW = 10.0


@pytest.fixture
async def two_cars(world: World) -> ZeAccount:
    """Return an account with two cars, signed in."""
    await zone("Europe/London")
    account = ZeAccount(world, account_of("zoe.two.cars@example.com"))
    assert await account.sign_in() is None
    return account


@pytest.fixture
async def first(two_cars: ZeAccount) -> Car:
    """Return the car that is not plugged in."""
    return await two_cars.known_car(0)


@pytest.fixture
async def second(two_cars: ZeAccount) -> Car:
    """Return the car that is plugged in."""
    return await two_cars.known_car(1)


def asked(account: ZeAccount, car: Car) -> int:
    """Return how many calls about a car came in."""
    return len(account.world.control.calls(f"{TURN}/{car.vin}/*"))


def turned(account: ZeAccount) -> int:
    """Return how often the cloud was told for which car to answer."""
    return len(account.world.control.calls(TURN, method="POST"))


def refused(account: ZeAccount) -> int:
    """Return how many calls the cloud refused, such as those for the wrong car."""
    return len([call for call in account.world.control.calls() if call.status == 403])


async def test_one_car_at_a_time(two_cars: ZeAccount, first: Car, second: Car) -> None:
    """Each is chosen before it is asked, and once more after a restart."""
    for car, plugged in ((first, False), (second, True), (second, True)):
        snapshot = await two_cars.read(car)
        assert snapshot.value(s.PLUGGED_IN) is plugged
    assert turned(two_cars) == 2
    two_cars.rebuild()
    assert (await two_cars.read(second)).value(s.PLUGGED_IN) is True
    assert turned(two_cars) == 3
    assert not refused(two_cars)


async def test_turning_writes_nothing(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """Which car was chosen last is of no use to the next run."""
    saves = two_cars.saves
    for car in (first, second) * 3:
        await two_cars.read(car)
    assert turned(two_cars) == 6
    assert two_cars.saves == saves


async def test_a_reading_goes_side_by_side(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """All parts of a car take as long as one; the other car comes right after."""
    world, service = two_cars.world, two_cars.service
    world.control.fault("slow", path=OF_CARS, seconds=SLOW)
    began = world.clock.now()
    reads = asyncio.gather(*(service.read(car) for car in (first, second)))
    await world.settle()
    assert (asked(two_cars, first), asked(two_cars, second)) == (4, 0)
    results = await world.result(reads)
    assert (world.clock.now() - began).total_seconds() == 2 * SLOW
    plugged = [
        Snapshot().merge(found.readings).snapshot.value(s.PLUGGED_IN)
        for found in results
    ]
    assert plugged == [False, True]
    assert (turned(two_cars), refused(two_cars)) == (2, 0)


async def test_readings_commands_and_looks_at_once(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """Everything goes to the car that it is about, and nothing is ever refused."""
    world, service = two_cars.world, two_cars.service
    world.control.fault("slow", path=f"{TURN}/{first.vin}/*", seconds=3)
    world.control.fault("slow", path=f"{TURN}/{second.vin}/*", seconds=7)
    world.control.fault("slow", path=TURN, seconds=1)

    async def read_often(car: Car, *, plugged: bool) -> None:
        for _ in range(12):
            found = Snapshot().merge((await service.read(car)).readings).snapshot
            assert found.value(s.PLUGGED_IN) is plugged
            await world.clock.sleep(5)

    async def sent(car: Car, command: Command) -> Progress:
        ticket = await service.execute(car, command, None)
        for _ in range(20):
            await world.clock.sleep(31)
            look = await service.confirm(car, ticket)
            if look.progress is not Progress.PENDING:
                break
        return look.progress

    _, _, *ends = await world.result(
        asyncio.gather(
            read_often(first, plugged=False),
            read_often(second, plugged=True),
            sent(first, c.StartClimate()),
            sent(second, c.StartCharging()),
        )
    )
    assert ends == [Progress.DONE, Progress.DONE]
    assert not refused(two_cars)
    posts = world.control.calls(OF_CARS, method="POST")
    assert {call.path for call in posts} == {
        f"{TURN}/{first.vin}/air-conditioning",
        f"{TURN}/{second.vin}/charge",
    }
    assert len(posts) == 2


async def test_a_busy_car_starves_no_other(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """Its calls overlap without a gap; the other car's command is the next turn."""
    world, service = two_cars.world, two_cars.service
    world.control.fault("slow", path=OF_CARS, seconds=SLOW)

    async def busy(begins: float) -> None:
        await world.clock.sleep(begins)
        while True:
            await service.read(first)

    readers = [asyncio.ensure_future(busy(begins)) for begins in (0, SLOW / 2)]
    await world.advance(100)
    began = world.clock.now()
    await two_cars.send(second, c.StartClimate())
    assert (world.clock.now() - began).total_seconds() <= 2 * SLOW
    seen = asked(two_cars, first)
    await world.advance(SLOW)
    assert asked(two_cars, first) > seen
    for reader in readers:
        assert not reader.done()
        reader.cancel()
    await world.advance(SLOW)


async def test_a_choice_that_fails(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """The command is not sent; the other car is asked, and the next command goes."""
    world = two_cars.world
    await two_cars.read(first)
    world.control.fault("drop_after", path=TURN, count=1)
    sent, found = await world.result(
        asyncio.gather(
            two_cars.service.execute(second, c.StartClimate(), None),
            two_cars.service.read(first),
            return_exceptions=True,
        )
    )
    assert isinstance(sent, Outage)
    assert isinstance(found, ReadResult)
    assert asked(two_cars, second) == 0
    await two_cars.send(second, c.StartClimate())
    assert not refused(two_cars)


@pytest.mark.parametrize("slow", [TURN, OF_CARS])
async def test_a_call_that_is_cancelled(
    two_cars: ZeAccount, first: Car, second: Car, slow: str
) -> None:
    """The next waiting caller gets the lock; one that gave up is not waited for."""
    world, service = two_cars.world, two_cars.service
    world.control.fault("slow", path=slow, seconds=100, count=4)
    reading = asyncio.ensure_future(service.read(first))
    await world.settle()
    waiting = asyncio.ensure_future(service.read(second))
    joined = asyncio.ensure_future(service.read(second))
    await world.settle()
    later = asyncio.ensure_future(service.execute(first, c.StartClimate(), None))
    await world.settle()
    assert asked(two_cars, second) == 0
    waiting.cancel()
    await world.settle()
    reading.cancel()
    world.control.clear_faults()
    found = await world.result(joined, 60)
    assert Snapshot().merge(found.readings).snapshot.value(s.PLUGGED_IN) is True
    assert (await world.result(later, 60)).vin == first.vin
    assert not refused(two_cars)
    await world.advance(100)


async def test_turns_of_those_who_give_up() -> None:
    """While they wait, or at the moment at which they are let in: it goes on."""
    lock = VehicleLock()

    async def take(vin: str) -> str:
        async with lock.of(vin):
            return vin

    async with lock.of("first"):
        gone, one, two, three = [
            asyncio.ensure_future(take(vin))
            for vin in ("second", "third", "third", "fourth")
        ]
        await asyncio.sleep(0)
        gone.cancel()
        one.cancel()
        await asyncio.sleep(0)
    two.cancel()
    assert await asyncio.wait_for(three, PATIENCE) == "fourth"
    assert await asyncio.wait_for(take("first"), PATIENCE) == "first"
    assert [task.cancelled() for task in (gone, one, two)] == [True] * 3


async def test_the_owners_app_turns_to_another_car(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """The refusals are no gaps: the cloud is told again, once for all of them."""
    world = two_cars.world
    await two_cars.read(first)
    world.control.account(two_cars.spec.username, active=second.vin)
    await world.advance(1900)
    world.control.forget_calls()
    result = await two_cars.run(two_cars.service.read(first))
    assert Snapshot().merge(result.readings).snapshot.value(s.PLUGGED_IN) is False
    assert not result.gaps
    assert (refused(two_cars), turned(two_cars)) == (4, 1)


async def test_a_car_that_left_the_account(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """It is refused, the other one is still the chosen one, and a sign-in tells."""
    two_cars.world.control.account(two_cars.spec.username, sell=second.vin)
    await two_cars.read(first)
    for _ in range(2):
        with pytest.raises(NotPermitted):
            await two_cars.read(second)
    before = turned(two_cars)
    assert (await two_cars.read(first)).value(s.PLUGGED_IN) is False
    assert turned(two_cars) == before
    assert second in await two_cars.run(two_cars.service.cars())
    await two_cars.sign_in()
    assert await two_cars.run(two_cars.service.cars()) == (first,)


async def test_the_first_description(
    two_cars: ZeAccount, first: Car, second: Car
) -> None:
    """Nobody had to say which one was meant."""
    two_cars.world.control.service("ze_services", later_calls=False)
    for car, plugged in ((first, False), (second, True)):
        assert (await two_cars.read(car)).value(s.PLUGGED_IN) is plugged
