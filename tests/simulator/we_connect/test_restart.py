"""What owners have set outlives the simulator, as its --state keeps it."""

from dataclasses import replace
from datetime import time, timedelta
import json

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import SetSchedule
from carport.car.schedule import Schedule, Slot, Weekday
from carport.car.switches import SetClimateOnBattery
from tests.conftest import account_of
from tests.makers.we_connect.account import WeConnectAccount
from tests.world import World

SCHEDULE = Schedule(
    slots=(
        Slot(
            number=2,
            enabled=True,
            departure=time(7, 40),
            days=frozenset({Weekday.MONDAY}),
            climate=True,
        ),
    )
)
SET = (
    SetSchedule(schedule=SCHEDULE),
    c.SetChargeCurrent(current=10),
    c.SetChargeLimitMin(percent=40),
    c.SetTemperature(temperature=24),
    SetClimateOnBattery(on=False),
)


@pytest.mark.parametrize("absence", [timedelta(), timedelta(seconds=20)])
async def test_settings_outlive_a_restart(world: World, absence: timedelta) -> None:
    """Also if time has passed meanwhile, as it does where a process starts anew."""
    account = WeConnectAccount(world, account_of("prueferin@example.com"))
    assert await account.sign_in() is None
    car = await account.car(0)
    for command in SET:
        await account.done(car, await account.send(car, command))
    saved_cars = json.loads(json.dumps(world.simulator.saved_cars()))
    start = world.clock.now() + absence
    async with World(start, saved_cars=saved_cars).opened() as later:
        again = replace(account, world=later)
        again.rebuild()
        snapshot = await again.read(car)
        for command in SET:
            for signal, value in command.effects.items():
                reading = snapshot.readings[signal.key]
                assert signal.agree(reading.value, value), signal.key
        assert snapshot.value(s.MAX_CHARGE_CURRENT) == 10
