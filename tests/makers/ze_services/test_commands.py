"""Commands to ZE Services: to the twin and back, and what is refused before."""

from datetime import timedelta

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import Command, CommandKind
from carport.car.refusals import Reason, Refusal, out_of_limits, paused, wrong_schedule
from carport.car.schedule import Schedule, ScheduleProblem
from carport.car.signals import ChargeMode, Signal, Value
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import CloudError, NotSupported, Outage, Throttled
from tests.snapshots import reported

from .account import ZeAccount
from .calendars import week

CLIMATE = "/api/vehicle/*/air-conditioning"
NO_CALENDAR = wrong_schedule((ScheduleProblem(rule="every_day_needed"),))


def test_there_is_no_way_to_stop_anything(signed_in: ZeAccount, zoe: Car) -> None:
    """Neither a charge nor a run: it is said before, not after."""
    offered = signed_in.service.commands(zoe, set())
    assert CommandKind.START_CLIMATE in offered
    assert not {CommandKind.STOP_CLIMATE, CommandKind.STOP_CHARGING} & offered.keys()


@pytest.mark.parametrize("command", [c.StopClimate(), c.StopCharging()])
async def test_what_is_not_offered_is_not_sent(
    signed_in: ZeAccount, zoe: Car, command: Command
) -> None:
    """No call is made."""
    with pytest.raises(NotSupported):
        await signed_in.send(zoe, command)
    assert not signed_in.world.control.calls()


def test_the_car_has_its_own_temperature(signed_in: ZeAccount, zoe: Car) -> None:
    """The cloud takes none."""
    limits = signed_in.service.commands(zoe, set())[CommandKind.START_CLIMATE]
    assert c.StartClimate().violation(limits) is None
    wrong = c.StartClimate(temperature=21).violation(limits)
    assert wrong is not None
    assert wrong.field == "temperature"


async def test_a_run_ends_by_itself(signed_in: ZeAccount, zoe: Car) -> None:
    """It lasts five minutes, and nobody has to be asked for that."""
    ticket = await signed_in.send(zoe, c.StartClimate())
    look, snapshot = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.DONE
    assert snapshot.value(s.CLIMATE_ACTIVE) is True
    assert snapshot.value(s.CLIMATE_LAST_RESULT) == "success"
    await signed_in.read(zoe)
    signed_in.world.control.forget_calls()
    await signed_in.world.advance(320)
    merged = snapshot.merge(
        (await signed_in.run(signed_in.service.read(zoe))).readings
    ).snapshot
    assert merged.value(s.CLIMATE_ACTIVE) is False
    assert not signed_in.world.simulator.twin(zoe.vin).state.climate_active
    assert not signed_in.world.control.calls("*/last")


async def test_a_run_the_car_declines(signed_in: ZeAccount, zoe: Car) -> None:
    """The battery is too empty; the last result and the history say it."""
    signed_in.world.simulator.twin(zoe.vin).state.battery_level = 40
    ticket = await signed_in.send(zoe, c.StartClimate())
    look, snapshot = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.FAILED
    assert look.reason is Reason.CAR_REFUSED
    assert snapshot.value(s.CLIMATE_LAST_RESULT) == "error"
    assert s.CLIMATE_ACTIVE.key not in snapshot.readings
    found = await signed_in.run(signed_in.service.history(zoe, "climate_history"))
    (entry,) = found["climate_history"]
    assert (entry["result"], entry["by_owner"]) == ("error", True)


async def test_an_earlier_run_proves_nothing(signed_in: ZeAccount, zoe: Car) -> None:
    """The car is deaf: what it did before is not what was asked for now."""
    world = signed_in.world
    first = await signed_in.send(zoe, c.StartClimate())
    assert (await signed_in.look(zoe, first))[0].progress is Progress.DONE
    await world.advance(600)
    world.control.twin(zoe.vin, deaf=True)
    second = await signed_in.send(zoe, c.StartClimate())
    look, _ = await signed_in.look(zoe, second)
    assert look.progress is Progress.PENDING
    assert not look.result.readings
    look, _ = await signed_in.look(zoe, second, after=700)
    assert look.progress is Progress.FAILED


async def test_looks_are_spaced(signed_in: ZeAccount, zoe: Car) -> None:
    """A slow cloud is not asked every few seconds."""
    signed_in.world.control.twin(zoe.vin, unreachable=True)
    ticket = await signed_in.send(zoe, c.StartClimate())
    for _ in range(20):
        await signed_in.look(zoe, ticket, after=5)
    assert 3 <= len(signed_in.world.control.calls(f"{CLIMATE}/last")) <= 4


@pytest.mark.parametrize("body", [True, False])
async def test_again_too_soon(signed_in: ZeAccount, zoe: Car, body: bool) -> None:
    """The cloud's 503 is no outage, in words or bare, and is remembered."""
    world = signed_in.world
    world.control.service("ze_services", repeat_body=body)
    await signed_in.send(zoe, c.StartClimate())
    assert signed_in.service.blocked_by(zoe, c.StartClimate(), Snapshot()) is None
    with pytest.raises(Throttled) as caught:
        await signed_in.send(zoe, c.StartClimate())
    assert caught.value.scope == "command"
    assert caught.value.until - world.clock.now() == timedelta(minutes=5)
    for service in (signed_in.service, signed_in.rebuild()):
        pause = service.blocked_by(zoe, c.StartClimate(), Snapshot())
        assert pause == paused(caught.value.until)
        # It is that command's pause, not that of the account.
        assert service.blocked_by(zoe, c.StartCharging(), Snapshot()) is None
    await signed_in.send(zoe, c.StartCharging())
    await world.advance(301)
    await signed_in.send(zoe, c.StartClimate())


async def test_a_real_outage_of_a_command(signed_in: ZeAccount, zoe: Car) -> None:
    """A 503 in nobody's words, once: it may have arrived."""
    signed_in.world.control.fault("status", path=CLIMATE, status=503)
    with pytest.raises(Outage):
        await signed_in.send(zoe, c.StartClimate())
    assert len(signed_in.world.control.calls(CLIMATE)) == 1


async def test_a_run_later(signed_in: ZeAccount, zoe: Car) -> None:
    """It comes at its minute, in the car's own time, and once."""
    world = signed_in.world
    at = world.clock.now() + timedelta(hours=9, minutes=53)
    ticket = await signed_in.send(zoe, c.ScheduleClimate(at=at))
    look, snapshot = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.DONE
    assert snapshot.value(s.CLIMATE_STARTS_AT) == at
    await world.advance((at - world.clock.now()).total_seconds() + 60)
    assert world.simulator.twin(zoe.vin).state.climate_active
    later = await signed_in.read(zoe)
    assert later.value(s.CLIMATE_SCHEDULED) is False
    assert later.value(s.CLIMATE_ACTIVE) is True


async def test_a_run_later_that_is_taken_back(signed_in: ZeAccount, zoe: Car) -> None:
    """Later clients of this cloud knew how."""
    world = signed_in.world
    at = world.clock.now() + timedelta(hours=1)
    await signed_in.send(zoe, c.ScheduleClimate(at=at))
    ticket = await signed_in.send(zoe, c.ScheduleClimate())
    look, _ = await signed_in.look(zoe, ticket)
    assert look.progress is Progress.DONE
    await world.advance(4000)
    assert not world.simulator.twin(zoe.vin).state.climate_active
    world.control.service("ze_services", timer_can_be_removed=False)
    with pytest.raises(CloudError):
        await signed_in.send(zoe, c.ScheduleClimate())


@pytest.mark.parametrize("minutes", [-5, 0, 24 * 60, 3000])
def test_only_the_next_day_can_be_said(
    signed_in: ZeAccount, zoe: Car, minutes: int
) -> None:
    """The cloud takes a time of day, without a date."""
    at = signed_in.world.clock.now() + timedelta(minutes=minutes)
    blocked_by = signed_in.service.blocked_by(zoe, c.ScheduleClimate(at=at), Snapshot())
    assert blocked_by == out_of_limits(field="at", allowed="< 24 h")


@pytest.mark.parametrize(
    ("command", "values", "expected"),
    [
        (c.StartCharging(), ((s.PLUGGED_IN, True),), None),
        (
            c.StartClimate(),
            ((s.BATTERY_LEVEL, 45.0),),
            Refusal(reason=Reason.SOC_TOO_LOW),
        ),
        (c.StartClimate(), ((s.BATTERY_LEVEL, 46.0),), None),
        (c.StartClimate(), (), None),
        (c.SetChargeMode(mode=ChargeMode.SCHEDULED), (), NO_CALENDAR),
        (
            c.SetChargeMode(mode=ChargeMode.SCHEDULED),
            ((s.SCHEDULE, Schedule(active=False)),),
            NO_CALENDAR,
        ),
        (c.SetChargeMode(mode=ChargeMode.SCHEDULED), ((s.SCHEDULE, week()),), None),
        (c.SetChargeMode(mode=ChargeMode.IMMEDIATE), (), None),
        (c.Wake(), (), None),
    ],
)
def test_what_would_come_to_nothing(
    signed_in: ZeAccount,
    zoe: Car,
    command: Command,
    values: tuple[tuple[Signal[bool], Value], ...],
    expected: Refusal | None,
) -> None:
    """It is told before anything is sent."""
    snapshot = reported(signed_in.world.clock.now(), *values)
    assert signed_in.service.blocked_by(zoe, command, snapshot) == expected


def test_charging_needs_a_plug(signed_in: ZeAccount, zoe: Car) -> None:
    """It is said with the command, and refused where all commands are."""
    offered = signed_in.service.commands(zoe, frozenset())
    assert offered[CommandKind.START_CHARGING].needs_plug
    assert not offered[CommandKind.START_CLIMATE].needs_plug


async def test_a_car_is_asked_every_twenty_minutes(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """Not more often: it costs a text message and some of the small battery."""
    ticket = await signed_in.send(zoe, c.Wake())
    assert (await signed_in.look(zoe, ticket))[0].progress is Progress.DONE
    open_again = ticket.accepted_at + timedelta(minutes=20)
    for service in (signed_in.service, signed_in.rebuild()):
        assert service.blocked_by(zoe, c.Wake(), Snapshot()) == paused(open_again)
    with pytest.raises(Throttled):
        await signed_in.send(zoe, c.Wake())
    await signed_in.world.advance(1300)
    assert signed_in.service.blocked_by(zoe, c.Wake(), Snapshot()) is None


async def test_somebody_else_asked_the_car(signed_in: ZeAccount, zoe: Car) -> None:
    """The owner's app did: the cloud says so, and the car is left alone as long."""
    app = ZeAccount(signed_in.world, signed_in.spec)
    await app.sign_in()
    await app.send(zoe, c.Wake())
    await signed_in.world.advance(300)
    with pytest.raises(Throttled):
        await signed_in.send(zoe, c.Wake())
    pause = signed_in.service.blocked_by(zoe, c.Wake(), Snapshot())
    assert pause == paused(signed_in.world.clock.now() + timedelta(minutes=20))


async def test_an_order_to_wake_that_may_have_arrived(
    signed_in: ZeAccount, zoe: Car
) -> None:
    """It counts as one: the small battery may have paid for it."""
    signed_in.world.control.fault("drop_after", path="*/battery", method="POST")
    with pytest.raises(Outage):
        await signed_in.send(zoe, c.Wake())
    refusal = signed_in.rebuild().blocked_by(zoe, c.Wake(), Snapshot())
    assert refusal is not None
    assert refusal.until is not None


async def test_a_charge_without_a_history(signed_in: ZeAccount, zoe: Car) -> None:
    """Where the cloud has none, the battery is looked at all the same."""
    world = signed_in.world
    world.control.service("ze_services", later_calls=False)
    world.control.twin(zoe.vin, deaf=True)
    ticket = await signed_in.send(zoe, c.StartCharging())
    look, snapshot = await signed_in.look(zoe, ticket, after=90)
    assert look.progress is Progress.PENDING
    assert snapshot.value(s.PLUGGED_IN) is True


@pytest.mark.parametrize("command", [c.Wake(), c.ScheduleClimate()])
async def test_what_only_later_clients_knew(
    signed_in: ZeAccount, zoe: Car, command: Command
) -> None:
    """A cloud without it refuses, and nothing was done."""
    signed_in.world.control.service("ze_services", later_calls=False)
    with pytest.raises(NotSupported):
        await signed_in.send(zoe, command)


async def test_a_charge_that_cannot_begin(signed_in: ZeAccount, zoe: Car) -> None:
    """Only the battery's history tells that the car declined."""
    twin = signed_in.world.simulator.twin(zoe.vin)
    twin.state.plugged_in = False
    ticket = await signed_in.send(zoe, c.StartCharging())
    look, _ = await signed_in.look(zoe, ticket, after=50)
    assert look.progress is Progress.PENDING
    look, _ = await signed_in.look(zoe, ticket, after=50)
    assert look.progress is Progress.FAILED
    found = await signed_in.run(signed_in.service.history(zoe, "command_history"))
    (entry,) = found["command_history"]
    assert (entry["command"], entry["succeeded"]) == ("start_charging", False)
