"""Which cars a person has, through which account, and until when they are paid for."""

import pytest

from carport.car import signals as s
from carport.car.commands import StartCharging
from carport.cloud.errors import ContractEnded, Outage
from tests.world import World

from .account import MEGANE, R5, SPRING, ZOE, MyRenaultAccount

CARS = "/commerce/*"


@pytest.mark.parametrize("answer", ["denied", "proxy"])
async def test_6_an_ended_contract_is_said_and_costs_one_car_only(
    account: MyRenaultAccount, world: World, answer: str
) -> None:
    """When it ended is read; the car is left alone, the others go on."""
    world.control.service("my_renault", lapsed_answer=answer)
    await account.enter()
    zoe, megane = await account.car_of(ZOE), await account.car_of(MEGANE)
    assert await account.read(zoe)
    account.turn(end_contract=ZOE)
    await world.advance(900)
    snapshot = await account.read(zoe)
    ended = snapshot.value(s.SERVICE_EXPIRES_AT)
    assert ended is not None
    assert ended < world.clock.now()
    world.control.forget_calls()
    for _ in range(20):
        with pytest.raises(ContractEnded):
            await account.read(zoe)
        await world.advance(900)
    with pytest.raises(ContractEnded):
        await account.send(zoe, StartCharging())
    assert world.control.calls(CARS) == []
    assert (await account.read(megane)).value(s.BATTERY_LEVEL) is not None
    assert ZOE in {car.vin for car in await account.run(account.service.cars())}
    assert world.control.calls("/accounts.login") == []


async def test_6_an_outage_of_one_car_is_no_ended_contract(
    account: MyRenaultAccount, world: World
) -> None:
    """Its contract is read once an hour at most, and the car is tried again in time."""
    await account.enter()
    zoe = await account.car_of(ZOE)
    assert await account.read(zoe)
    account.kept(ZOE).unreached = True
    await world.advance(900)
    world.control.forget_calls()
    for _ in range(8):
        with pytest.raises(Outage):
            await account.read(zoe)
        await world.advance(600)
    assert len(world.control.calls("*/contracts")) == 2
    account.kept(ZOE).unreached = False
    assert (await account.read(zoe)).value(s.BATTERY_LEVEL) is not None


async def test_11_every_account_is_asked_and_a_car_is_followed(
    family: MyRenaultAccount, world: World
) -> None:
    """Cars of three brands; one moves, and goes on being read, by its VIN."""
    cars = await family.run(family.service.cars())
    assert {car.vin for car in cars} == set(family.spec.vins)
    assert {car.manufacturer for car in cars} == {"Renault", "Dacia", "Alpine"}
    car = next(car for car in cars if car.vin == SPRING)
    assert await family.read(car)
    family.turn(move=SPRING)
    await world.advance(3600)
    assert (await family.read(car)).value(s.BATTERY_LEVEL) is not None
    family.turn(renumber="accounts")
    await world.advance(3601)
    assert (await family.read(car)).value(s.BATTERY_LEVEL) is not None


async def test_11_a_car_without_details_costs_nobody_else(
    family: MyRenaultAccount,
) -> None:
    """It is left out until the cloud can describe it."""
    family.turn(drop_details=R5)
    vins = {car.vin for car in await family.run(family.service.cars())}
    assert vins == set(family.spec.vins) - {R5}


async def test_11_an_account_without_cars_costs_nobody_else(
    family: MyRenaultAccount, world: World
) -> None:
    """It may say so by a refusal; if no account has any, that is an outage."""
    world.control.service("my_renault", empty_garage="refusal")
    family.turn(sell=SPRING)
    vins = {car.vin for car in await family.run(family.service.cars())}
    assert vins == set(family.spec.vins) - {SPRING}
    for vin in vins:
        family.turn(sell=vin)
    with pytest.raises(Outage):
        await family.run(family.service.cars())


async def test_11_a_car_that_two_accounts_list(
    account: MyRenaultAccount,
) -> None:
    """It belongs to the account that is its driver's."""
    account.turn(borrow=ZOE)
    await account.enter()
    assert await account.read(await account.car_of(ZOE))
