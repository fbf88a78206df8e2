"""Car-Net's reads, commands and bad days, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import Command, CommandKind
from carport.car.refusals import Reason
from carport.car.snapshot import Snapshot
from carport.car.switches import SetDefrost
from carport.cloud.contract import Car
from carport.cloud.errors import (
    BadAnswer,
    CarRefused,
    CloudError,
    NotPermitted,
    NotSupported,
    Outage,
    Throttled,
    Unreached,
)
from carport.cloud.service_info import Openness
from tests.conftest import TESTER, account_of
from tests.snapshots import reported
from tests.world import World

from .account import CarNetAccount

SESSION = "/ss/v1/*"
STATUS = "/rvs/v1/*"
HEALTH = "/vhs/v2/*"
COMMANDS = "/mps/v1/*"


def test_it_says_what_works_today(account: CarNetAccount) -> None:
    """The maker has closed this service; only the country with a client is offered."""
    info = account.service.info
    assert info.openness is Openness.CLOSED
    assert set(info.hosts) == {"us"}
    assert info.pin


# Reads


async def test_a_poll_is_one_call(signed_in: CarNetAccount, golf: Car) -> None:
    """The health report comes once a day, in parallel with the first one."""
    control = signed_in.world.control
    snapshot = await signed_in.read(golf)
    assert {s.HEALTH.key, s.BATTERY_LEVEL.key} <= snapshot.readings.keys()
    for _ in range(5):
        await signed_in.read(golf)
    assert (len(control.calls(STATUS)), len(control.calls(HEALTH))) == (6, 1)
    await signed_in.world.advance(24 * 3600)
    await signed_in.read(golf)
    assert len(control.calls(HEALTH)) == 2
    assert not control.calls(COMMANDS)
    assert not control.calls(SESSION)


async def test_readings_have_the_time_of_the_car(
    signed_in: CarNetAccount, passat: Car
) -> None:
    """A parked car's report grows old."""
    first = (await signed_in.read(passat)).readings[s.ODOMETER.key]
    await signed_in.world.advance(1200)
    second = (await signed_in.read(passat)).readings[s.ODOMETER.key]
    assert second.captured_at == first.captured_at
    assert second.received_at - first.received_at >= timedelta(seconds=1200)
    assert second.channel == "home"


async def test_a_car_with_a_tank(signed_in: CarNetAccount, passat: Car) -> None:
    """It has fuel and nothing electric, and no climate to command."""
    snapshot = await signed_in.read(passat)
    keys = snapshot.readings.keys()
    assert {s.FUEL_LEVEL.key, s.RANGE_FUEL.key} <= keys
    assert not {s.BATTERY_LEVEL.key, s.RANGE_ELECTRIC.key, s.PLUGGED_IN.key} & keys
    offered = signed_in.service.commands(passat, keys)
    assert CommandKind.LOCK in offered
    assert not {CommandKind.START_CHARGING, CommandKind.START_CLIMATE} & offered.keys()


async def test_the_health_report_may_fail_alone(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A gap is told; the next try comes an hour later."""
    control = signed_in.world.control
    control.fault("status", path=HEALTH, status=500)
    result = await signed_in.run(signed_in.service.read(golf))
    assert result.readings
    assert result.gaps == {"health"}
    tried = len(control.calls(HEALTH))
    assert not (await signed_in.run(signed_in.service.read(golf))).gaps
    assert len(control.calls(HEALTH)) == tried
    control.clear_faults()
    await signed_in.world.advance(3600)
    assert s.HEALTH.key in (await signed_in.read(golf)).readings


async def test_the_status_is_read_again_after_an_outage(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Without it there is no reading, so it is not put off as other parts are."""
    control = signed_in.world.control
    control.fault("status", path=STATUS, status=403)
    with pytest.raises(NotPermitted):
        await signed_in.read(golf)
    control.clear_faults()
    assert s.ODOMETER.key in (await signed_in.read(golf)).readings


async def test_a_car_without_a_health_report(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """What a car never had is no gap."""
    signed_in.world.control.fault("status", path=HEALTH, status=404)
    assert not (await signed_in.run(signed_in.service.read(golf))).gaps


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "html"}, BadAnswer),
        ({"kind": "empty"}, BadAnswer),
        ({"kind": "truncated"}, BadAnswer),
        ({"kind": "status", "status": 503}, Outage),
        ({"kind": "status", "status": 403}, NotPermitted),
        ({"kind": "drop"}, Outage),
        ({"kind": "slow", "seconds": 100}, Outage),
        ({"kind": "status", "status": 429, "retry_after": 77}, Throttled),
        ({"kind": "change", "set": {"data": []}}, BadAnswer),
    ],
)
async def test_a_status_that_cannot_be_read(
    signed_in: CarNetAccount, golf: Car, fault: dict[str, str], error: type[CloudError]
) -> None:
    """Every bad answer ends in an error of a type."""
    signed_in.world.control.fault(path=STATUS, **fault)
    with pytest.raises(error):
        await signed_in.read(golf)
    # A slow owner answers in the end.
    await signed_in.world.advance(200)


async def test_nobody_answers(signed_in: CarNetAccount, golf: Car) -> None:
    """A cloud that cannot be reached was never asked."""
    await signed_in.world.simulator.stop()
    with pytest.raises(Unreached):
        await signed_in.read(golf)


async def test_an_empty_list_is_only_empty(signed_in: CarNetAccount) -> None:
    """Whether cars are gone is for others to judge."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, empty=True)
    assert await signed_in.run(signed_in.service.cars()) == ()
    control.fault("change", path="/account/*", remove=["data.vehicleEnrollmentStatus"])
    with pytest.raises(BadAnswer):
        await signed_in.car()


async def test_the_health_report_on_demand(signed_in: CarNetAccount, golf: Car) -> None:
    """With categories and what is due, in stable keys."""
    report = await signed_in.run(signed_in.service.history(golf, "health_report"))
    assert report.keys() == {
        "captured_at",
        "health",
        "odometer",
        "categories",
        "maintenance",
        "details",
    }
    assert report["health"] in set(s.Health)
    json.dumps(report)
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.history(golf, "trips"))


async def test_climate_details_on_demand(signed_in: CarNetAccount, golf: Car) -> None:
    """A rationed call that only the owner makes, or a climate command."""
    result = await signed_in.run(
        signed_in.service.read_part(golf, "climate_details", signed_in.pin)
    )
    keys = {reading.signal.key for reading in result.readings}
    assert {s.CLIMATE_ACTIVE.key, s.OUTSIDE_TEMPERATURE.key} <= keys
    assert {reading.captured_at for reading in result.readings} == {None}
    with pytest.raises(NotSupported):
        await signed_in.run(signed_in.service.read_part(golf, "trips", signed_in.pin))


# Commands


async def test_a_command_that_gets_lost_is_sent_once(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It may have reached the car, and here it has."""
    control = signed_in.world.control
    await signed_in.send(golf, c.Unlock())
    await signed_in.world.advance(60)
    control.fault("drop_after", path=COMMANDS)
    with pytest.raises(Outage) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.arrived
    assert len(control.calls(COMMANDS)) == 2
    await signed_in.world.advance(60)
    assert signed_in.world.simulator.twin(golf.vin).state.locked


async def test_8_2_the_address_is_sent_as_the_maker_spells_it(world: World) -> None:
    """Section 2: Car-Net sends the address as typed in every command."""
    spec = account_of(TESTER)
    account = CarNetAccount(world, replace(spec, username=spec.username.upper()))
    await account.enter()
    car = await account.known_car(0)
    assert (await account.send(car, c.Lock())).number
    old = replace(car, handle={**car.handle, "email": spec.username.upper()})
    with pytest.raises(CloudError):
        await account.send(old, c.Unlock())


@pytest.mark.parametrize("kind", ["html", "empty", "truncated"])
async def test_an_answer_that_says_nothing_may_mean_yes(
    signed_in: CarNetAccount, golf: Car, kind: str
) -> None:
    """The command may have arrived: what the car reports next decides."""
    signed_in.world.control.fault(kind, path=COMMANDS)
    with pytest.raises(Outage) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.arrived


async def test_the_car_declines(signed_in: CarNetAccount, golf: Car) -> None:
    """A result other than 0 is a refusal, not an outage."""
    signed_in.world.control.fault("change", path=COMMANDS, set={"data.result": 3})
    with pytest.raises(CarRefused):
        await signed_in.send(golf, c.Lock())


async def test_unknown_commands_are_refused_without_a_call(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Car-Net has no charge limit."""
    with pytest.raises(NotSupported):
        await signed_in.send(golf, c.SetChargeLimit(percent=80))
    assert not signed_in.world.control.calls()


async def test_climate_is_looked_at_sparingly(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Not before it can show, and then seldom: each look is rationed."""
    world, service = signed_in.world, signed_in.service
    ticket = await signed_in.send(golf, c.StartClimate(temperature=21.5))
    looks = 0
    for _ in range(18):
        await world.advance(5)
        looks += bool(
            (await signed_in.run(service.confirm(golf, ticket))).result.readings
        )
    assert 2 <= looks <= 3
    assert len(world.control.calls("/mps/v1/*/climate/details")) == looks
    assert len(world.control.calls(SESSION)) == 1
    assert world.simulator.twin(golf.vin).state.climate_active


@pytest.mark.parametrize(
    ("asked", "shown"), [(16, 16.0), (21.5, 21.5), (22.22, 22.0), (29.5, 29.5)]
)
async def test_temperatures_travel_in_whole_fahrenheit(
    signed_in: CarNetAccount, golf: Car, asked: float, shown: float
) -> None:
    """And come back as what was asked for, to the half degree."""
    command = c.SetTemperature(temperature=asked)
    limits = signed_in.service.commands(golf, set())[command.kind]
    assert command.violation(limits) is None
    ticket = await signed_in.send(golf, command)
    await signed_in.world.advance(30)
    look = await signed_in.run(signed_in.service.confirm(golf, ticket))
    snapshot = Snapshot().merge(look.result.readings).snapshot
    assert snapshot.value(s.TARGET_TEMPERATURE) == shown


@pytest.mark.parametrize(
    ("command", "plugged", "on_battery", "expected"),
    [
        (c.StartCharging(), True, False, None),
        (c.StartClimate(), False, False, Reason.NOT_PLUGGED),
        (c.StartClimate(), False, True, None),
        (c.StartClimate(), True, False, None),
        (c.StopClimate(), False, False, None),
        (SetDefrost(on=True), False, False, Reason.NOT_PLUGGED),
        (SetDefrost(on=False), False, False, None),
        (c.Lock(), False, False, None),
    ],
)
async def test_what_an_unplugged_car_cannot_do(
    signed_in: CarNetAccount,
    golf: Car,
    command: Command,
    plugged: bool,
    on_battery: bool,
    expected: Reason | None,
) -> None:
    """It is told before anything is sent; what always needs the plug, by the limits."""
    snapshot = reported(
        signed_in.world.clock.now(),
        (s.PLUGGED_IN, plugged),
        (s.CLIMATE_ON_BATTERY, on_battery),
    )
    refusal = signed_in.service.blocked_by(golf, command, snapshot)
    assert (refusal and refusal.reason) is expected
    assert signed_in.service.blocked_by(golf, command, Snapshot()) is None
    offered = signed_in.service.commands(golf, snapshot.readings.keys())
    assert offered[CommandKind.START_CHARGING].needs_plug


def test_a_car_without_an_account_number_cannot_be_commanded(
    account: CarNetAccount,
) -> None:
    """It can still be read."""
    car = Car(vin="WVWZZZAUZGW900116", manufacturer="Volkswagen", handle={})
    assert account.service.commands(car, set()) == {}


@pytest.mark.parametrize("key", ["account", "user_id", "tsp"])
async def test_a_car_that_lacks_what_commands_have_to_say(
    signed_in: CarNetAccount, golf: Car, key: str
) -> None:
    """Nothing is sent, least of all the PIN: a refusal would be blamed on it."""
    handle = {name: value for name, value in golf.handle.items() if name != key}
    poor = replace(golf, handle=handle)
    with pytest.raises(NotSupported):
        await signed_in.send(poor, c.Lock())
    part = signed_in.service.read_part(poor, "climate_details", signed_in.pin)
    with pytest.raises(NotSupported):
        await signed_in.run(part)
    assert not signed_in.world.control.calls()
    assert await signed_in.read(poor)
