"""Every command along its model's own way, to the twin and back."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest

from carport.car import signals as s
from carport.car.commands import (
    Command,
    CommandKind,
    HonkAndFlash,
    HornMode,
    ScheduleClimate,
    SetChargeLimit,
    SetChargeLimitMin,
    SetChargeMode,
    SetSchedule,
    StartCharging,
    StartClimate,
    StopCharging,
    StopClimate,
    Wake,
)
from carport.car.refusals import Reason
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import SIGNALS, ChargeMode
from carport.car.snapshot import Snapshot
from carport.cloud.errors import Busy, CloudError, NotSupported, Outage
from carport.twin.state import TwinState
from tests.world import World

from .account import (
    ALPINE,
    AUSTRAL,
    CAPTUR,
    FIRST_ZOE,
    MEGANE,
    R5,
    SPRING,
    TOMORROW,
    TWINGO,
    ZOE,
    MyRenaultAccount,
    account_named,
)

K = CommandKind
OFFERED = {
    MEGANE: {
        K.START_CLIMATE,
        K.STOP_CLIMATE,
        K.SCHEDULE_CLIMATE,
        K.START_CHARGING,
        K.SET_CHARGE_LIMIT,
        K.SET_CHARGE_LIMIT_MIN,
        K.SET_SCHEDULE,
        K.HONK_AND_FLASH,
        K.WAKE,
    },
    ZOE: {
        K.START_CLIMATE,
        K.SCHEDULE_CLIMATE,
        K.START_CHARGING,
        K.STOP_CHARGING,
        K.SET_SCHEDULE,
        K.WAKE,
    },
    R5: {
        K.START_CLIMATE,
        K.STOP_CLIMATE,
        K.SCHEDULE_CLIMATE,
        K.START_CHARGING,
        K.SET_CHARGE_LIMIT,
        K.SET_CHARGE_LIMIT_MIN,
        K.SET_CHARGE_MODE,
        K.SET_SCHEDULE,
        K.HONK_AND_FLASH,
        K.WAKE,
    },
    SPRING: {
        K.START_CLIMATE,
        K.STOP_CLIMATE,
        K.SCHEDULE_CLIMATE,
        K.START_CHARGING,
        K.STOP_CHARGING,
        K.WAKE,
    },
    AUSTRAL: {K.HONK_AND_FLASH, K.WAKE},
}
ALL_OWNERS = {
    MEGANE: "my.renault.tester",
    ZOE: "my.renault.tester",
    R5: "four.brands",
    SPRING: "four.brands",
    ALPINE: "four.brands",
    AUSTRAL: "four.brands",
    FIRST_ZOE: "other.models",
    TWINGO: "other.models",
    CAPTUR: "other.models",
    TOMORROW: "other.models",
}

type OwnerOf = Callable[[str], MyRenaultAccount]


@pytest.fixture
async def owner_of(world: World) -> OwnerOf:
    """Return how to get the owner of a car, signed in."""
    world.control.service("my_renault", quota=None)
    accounts: dict[str, MyRenaultAccount] = {}
    for name in set(ALL_OWNERS.values()):
        accounts[name] = account_named(world, name)
        await accounts[name].enter()
    return lambda vin: accounts[ALL_OWNERS[vin]]


def truth(world: World, vin: str) -> TwinState:
    """Return how a car really is, now."""
    return world.simulator.twin(vin).state


async def offered(owner: MyRenaultAccount, vin: str) -> set[CommandKind]:
    """Return what a car is offered after it was read."""
    car = await owner.car_of(vin)
    seen = await owner.read(car)
    return set(owner.service.commands(car, seen.readings.keys()))


@pytest.mark.parametrize("vin", OFFERED)
async def test_what_is_offered(owner_of: OwnerOf, vin: str) -> None:
    """What the model is known to take, and what it shows."""
    assert await offered(owner_of(vin), vin) == OFFERED[vin]


@pytest.mark.parametrize("vin", [vin for vin in ALL_OWNERS if vin != AUSTRAL])
async def test_climate(owner_of: OwnerOf, world: World, vin: str) -> None:
    """At the temperature that is asked for."""
    owner = owner_of(vin)
    if K.START_CLIMATE not in await offered(owner, vin):
        return
    truth(world, vin).battery_level = 60
    await owner.send(await owner.car_of(vin), StartClimate(temperature=18.5))
    await world.advance(60)
    assert truth(world, vin).climate_active
    assert truth(world, vin).target_temperature == 18.5


@pytest.mark.parametrize("vin", [MEGANE, R5, SPRING, ALPINE])
async def test_climate_stops(owner_of: OwnerOf, world: World, vin: str) -> None:
    """By the model's own word."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    await owner.send(car, StartClimate())
    await world.advance(60)
    assert truth(world, vin).climate_active
    await owner.send(car, StopClimate())
    await world.advance(60)
    assert not truth(world, vin).climate_active


async def test_temperatures(owner_of: OwnerOf) -> None:
    """From 15 to 25 °C, in halves."""
    owner = owner_of(MEGANE)
    car = await owner.car_of(MEGANE)
    limits = owner.service.commands(car, SIGNALS.keys())[K.START_CLIMATE]
    for warmth, fits in (
        (15, True),
        (25, True),
        (20.5, True),
        (14.5, False),
        (26, False),
    ):
        problem = StartClimate(temperature=warmth).violation(limits)
        assert (problem is None) is fits


async def test_climate_later(owner_of: OwnerOf, world: World) -> None:
    """At the last temperature; shown at once, and taken back again."""
    owner = owner_of(MEGANE)
    car = await owner.car_of(MEGANE)
    await owner.send(car, StartClimate(temperature=23.0))
    due = (world.clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    await owner.send(car, ScheduleClimate(at=due))
    await world.advance(1900)
    seen = await owner.read(car)
    assert seen.value(s.CLIMATE_STARTS_AT) == due
    assert seen.value(s.CLIMATE_SCHEDULED) is True
    await world.advance(2 * 3600 - 1900 + 60)
    assert truth(world, MEGANE).climate_active
    assert truth(world, MEGANE).target_temperature == 23.0
    await owner.send(car, ScheduleClimate(at=due + timedelta(hours=5)))
    await owner.send(car, ScheduleClimate())
    await world.advance(1900)
    seen = await owner.read(car)
    assert seen.value(s.CLIMATE_SCHEDULED) is False
    past = ScheduleClimate(at=world.clock.now() - timedelta(minutes=1))
    refusal = owner.service.blocked_by(car, past, Snapshot())
    assert refusal is not None
    assert refusal.reason is Reason.OUT_OF_LIMITS


@pytest.mark.parametrize(
    ("vin", "path"),
    [
        (MEGANE, "*/kcm/v1/vehicles/*/charge/start"),
        (ZOE, "*/actions/charging-start"),
        (FIRST_ZOE, "*/actions/charging-start"),
        (R5, "*/ev/settings"),
        (ALPINE, "*/ev/settings"),
        (SPRING, "*/charge/pause-resume"),
        (TOMORROW, "*/actions/charging-start"),
    ],
)
async def test_charging_starts_along_its_own_way(
    owner_of: OwnerOf, world: World, vin: str, path: str
) -> None:
    """One call, by one way."""
    owner = owner_of(vin)
    truth(world, vin).battery_level = 30
    truth(world, vin).charge_wish = False
    await world.advance(900)
    car = await owner.car_of(vin)
    assert not truth(world, vin).charging
    world.control.forget_calls()
    await owner.send(car, StartCharging())
    posts = world.control.calls(method="POST", path="/commerce/*")
    assert len(posts) == len(world.control.calls(path, method="POST")) == 1
    await world.advance(200)
    assert truth(world, vin).charging


@pytest.mark.parametrize("changed", [False, True])
async def test_borrowed_programmes_are_given_back(
    owner_of: OwnerOf, world: World, changed: bool
) -> None:
    """When the charge has ended, over a restart; not where the owner changed them."""
    owner = owner_of(R5)
    car = await owner.car_of(R5)
    mine = Schedule(slots=(departure(1, time(7, 30), charge=True),))
    await owner.send(car, SetSchedule(schedule=mine))
    await world.advance(300)
    truth(world, R5).battery_level = 60
    truth(world, R5).charge_limit = 63
    await owner.send(car, StartCharging())
    await world.advance(300)
    assert truth(world, R5).charging
    (programme,) = await _programmes(owner)
    assert programme["programActivationStatus"] is False
    owner.rebuild()
    assert (await owner.read(car)).value(s.CHARGING) is True
    if changed:
        other = Schedule(slots=(departure(1, time(9), charge=True),))
        await owner.send(car, SetSchedule(schedule=other))
    await world.advance(3 * 3600)
    assert not truth(world, R5).charging
    assert (await owner.read(car)).value(s.CHARGING) is False
    await world.advance(300)
    (programme,) = await _programmes(owner)
    assert programme["programActivationStatus"] is True
    assert programme["programDepartureTime"] == ("09:00" if changed else "07:30")
    posts = len(world.control.calls("*/ev/settings", method="POST"))
    assert posts == 3
    await owner.read(car)
    assert len(world.control.calls("*/ev/settings", method="POST")) == posts


async def _programmes(owner: MyRenaultAccount) -> list[dict[str, object]]:
    await owner.run(owner.service.read_schedule(await owner.car_of(R5)))
    found: list[dict[str, object]] = owner.kept(R5).settings["programs"]
    return found


@pytest.mark.parametrize("vin", [MEGANE, R5, ZOE])
async def test_a_refused_start_tries_no_other_way(
    owner_of: OwnerOf, world: World, vin: str
) -> None:
    """It is said, and nothing else is sent."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    world.control.forget_calls()
    world.control.fault("status", method="POST", path="/commerce/*", status=403)
    with pytest.raises(CloudError):
        await owner.send(car, StartCharging())
    assert len(world.control.calls(method="POST", path="/commerce/*")) == 1


@pytest.mark.parametrize("vin", [ZOE, SPRING])
async def test_charging_stops(owner_of: OwnerOf, world: World, vin: str) -> None:
    """By a pause, where there is one."""
    owner = owner_of(vin)
    truth(world, vin).battery_level = 30
    await world.advance(600)
    assert truth(world, vin).charging
    await owner.send(await owner.car_of(vin), StopCharging())
    await world.advance(60)
    assert not truth(world, vin).charging


async def test_stopping_what_cannot_be_stopped(owner_of: OwnerOf) -> None:
    """The older way is dead, so it is not even tried."""
    for vin in (MEGANE, R5, FIRST_ZOE, TWINGO):
        owner = owner_of(vin)
        before = len(owner.world.control.calls(method="POST"))
        with pytest.raises(NotSupported):
            await owner.send(await owner.car_of(vin), StopCharging())
        assert len(owner.world.control.calls(method="POST")) == before


@pytest.mark.parametrize("vin", [MEGANE, R5])
async def test_limits(owner_of: OwnerOf, world: World, vin: str) -> None:
    """Each takes the other along as it is; they are shown once the car tells them."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    ticket = await owner.send(car, SetChargeLimit(percent=75))
    assert not (await owner.run(owner.service.confirm(car, ticket))).result.readings
    await world.advance(180)
    look = await owner.run(owner.service.confirm(car, ticket))
    assert Snapshot().merge(look.result.readings).snapshot.value(s.CHARGE_LIMIT) == 75
    await owner.send(car, SetChargeLimitMin(percent=40))
    await world.advance(180)
    assert truth(world, vin).charge_limit_min == 40
    assert truth(world, vin).charge_limit == 75
    limits = owner.service.commands(car, SIGNALS.keys())
    assert SetChargeLimit(percent=50).violation(limits[K.SET_CHARGE_LIMIT])
    assert SetChargeLimitMin(percent=50).violation(limits[K.SET_CHARGE_LIMIT_MIN])
    assert SetChargeLimit(percent=72).violation(limits[K.SET_CHARGE_LIMIT])


@pytest.mark.parametrize("vin", [FIRST_ZOE, R5])
async def test_charge_mode(owner_of: OwnerOf, world: World, vin: str) -> None:
    """Where the model has one, and never twice at a time."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    await owner.send(car, SetChargeMode(mode=ChargeMode.SCHEDULED))
    if vin == FIRST_ZOE:
        with pytest.raises(Busy):
            await owner.send(car, SetChargeMode(mode=ChargeMode.IMMEDIATE))
    await world.advance(3700)
    seen = await owner.read(car)
    assert seen.value(s.CHARGE_MODE) == "scheduled"


def week(start: time, end: time, number: int = 1) -> Slot:
    """Return a window of every day."""
    return Slot(
        number=number,
        enabled=True,
        days=frozenset(Weekday),
        charge=True,
        charge_window=Window(start=start, end=end),
    )


def departure(number: int, at: time, *, charge: bool = False) -> Slot:
    """Return a departure of workdays."""
    return Slot(
        number=number,
        enabled=True,
        departure=at,
        days=frozenset(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY},
        charge=charge,
        climate=True,
    )


@pytest.mark.parametrize(
    ("vin", "slots"),
    [
        (MEGANE, (week(time(22), time(6)), departure(6, time(7, 15)))),
        (ZOE, (week(time(22), time(6)), departure(6, time(7, 15)))),
        (FIRST_ZOE, (week(time(22), time(6)),)),
        (R5, (departure(1, time(7, 30), charge=True), departure(2, time(17)))),
    ],
)
async def test_timers(
    owner_of: OwnerOf, world: World, vin: str, slots: tuple[Slot, ...]
) -> None:
    """Sent as a whole, read back and compared."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    seen = await owner.read(car)
    limits = owner.service.commands(car, seen.readings.keys())[K.SET_SCHEDULE]
    wanted = Schedule(slots=slots)
    command = SetSchedule(schedule=wanted)
    assert command.violation(limits) is None
    ticket = await owner.send(car, command)
    early = await owner.run(owner.service.confirm(car, ticket))
    assert not early.result.readings
    await world.advance(240)
    look = await owner.run(owner.service.confirm(car, ticket))
    shown = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert shown is not None
    assert shown.agrees(wanted)
    assert truth(world, vin).schedule.slots


async def test_only_what_changed_is_sent(owner_of: OwnerOf, world: World) -> None:
    """Charging and climate are two calls: the other programme is left in peace."""
    owner = owner_of(MEGANE)
    car = await owner.car_of(MEGANE)
    await owner.read(car)
    window, warm = week(time(22), time(6)), departure(6, time(7, 15))
    await owner.send(car, SetSchedule(schedule=Schedule(slots=(window, warm))))
    assert len(world.control.calls("*schedule", method="POST")) == 2
    await world.advance(300)
    await owner.run(owner.service.read_schedule(car))
    world.control.forget_calls()
    later = departure(6, time(8))
    await owner.send(car, SetSchedule(schedule=Schedule(slots=(window, later))))
    (call,) = world.control.calls("*schedule", method="POST")
    assert call.path.endswith("/actions/hvac-schedule")


async def test_a_mixed_timer_is_refused(owner_of: OwnerOf) -> None:
    """A window that also warms the cabin is none of this cloud's."""
    owner = owner_of(MEGANE)
    car = await owner.car_of(MEGANE)
    seen = await owner.read(car)
    limits = owner.service.commands(car, seen.readings.keys())[K.SET_SCHEDULE]
    mixed = departure(1, time(7), charge=True)
    refusal = SetSchedule(schedule=Schedule(slots=(mixed,))).violation(limits)
    assert refusal is not None
    assert [problem.rule for problem in refusal.problems] == ["apart"]


@pytest.mark.parametrize("vin", [MEGANE, AUSTRAL, TOMORROW])
async def test_horn_and_lights(owner_of: OwnerOf, world: World, vin: str) -> None:
    """Whatever can be heard, the car hears."""
    owner = owner_of(vin)
    car = await owner.car_of(vin)
    await owner.read(car)
    for mode in (HornMode.HONK, HornMode.FLASH):
        await owner.send(car, HonkAndFlash(mode=mode))
        await world.advance(60)
    assert len(world.control.calls("*/actions/horn-lights")) == 2


async def test_asking_for_the_position(owner_of: OwnerOf, world: World) -> None:
    """A younger report is the proof."""
    owner = owner_of(SPRING)
    car = await owner.car_of(SPRING)
    await owner.read(car)
    ticket = await owner.send(car, Wake())
    await world.advance(120)
    look = await owner.run(owner.service.confirm(car, ticket))
    assert look.result.readings
    assert all(one.order > ticket.accepted_at for one in look.result.readings)


@pytest.mark.parametrize("command", [StartClimate(), StartCharging()])
@pytest.mark.parametrize("kind", ["drop_after", "slow"])
async def test_a_command_is_never_sent_twice(
    owner_of: OwnerOf, world: World, command: Command, kind: str
) -> None:
    """What may have arrived is left to the car."""
    owner = owner_of(MEGANE)
    car = await owner.car_of(MEGANE)
    world.control.forget_calls()
    wish = {"seconds": 45} if kind == "slow" else {}
    world.control.fault(kind, method="POST", path="/commerce/*", **wish)
    with pytest.raises(Outage):
        await owner.send(car, command)
    assert len(world.control.calls(method="POST", path="/commerce/*")) == 1
    await world.advance(60)


async def test_a_dead_token_on_a_command(owner_of: OwnerOf, world: World) -> None:
    """A refusal proves that nothing was done: renewed, it is sent once."""
    owner = owner_of(ZOE)
    car = await owner.car_of(ZOE)
    owner.turn(revoke="jwt")
    world.control.forget_calls()
    await owner.send(car, StartClimate())
    calls = world.control.calls("*/actions/hvac-start")
    assert [call.status for call in calls] == [401, 200]
