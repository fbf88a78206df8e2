"""I Remote's commands: their fields, their record, and what can go wrong."""

from datetime import time

import pytest

from custom_components.carport.car import commands as c, signals as s
from custom_components.carport.car.commands import HornMode
from custom_components.carport.car.errands import SendDestination, SetSchedule
from custom_components.carport.car.receipts import Reason
from custom_components.carport.car.schedule import Schedule, Slot, Weekday, Window
from custom_components.carport.car.signals import ChargeMode
from custom_components.carport.car.snapshot import Snapshot
from custom_components.carport.service.contract import Car, Progress
from custom_components.carport.service.errors import (
    BadAnswer,
    NotSupported,
    Outage,
    PinMissing,
    PinRefused,
    Unreached,
)

from .account import IRemoteAccount

EXECUTE = "*/executeService"
RECORD = "*/serviceExecutionStatus"
DEPOT = SendDestination(
    name="Depot",
    latitude=48.17713,
    longitude=11.55934,
    address={"street": "Beispielweg 3", "city": "Muenchen", "country": "GERMANY"},
)


async def test_a_command_walks_through_its_record(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Pending until the car has done it, and proven by its next report."""
    signed_in.world.control.service("i_remote", answer_least=20, answer_most=20)
    ticket = await signed_in.send(electric, c.Unlock())
    assert ticket.number is not None
    confirm = signed_in.service.confirm
    for _ in range(3):
        look = await signed_in.run(confirm(electric, ticket))
        assert look.progress is Progress.PENDING
        await signed_in.world.advance(6)
    await signed_in.world.advance(3)
    behind = await signed_in.run(confirm(electric, ticket))
    assert behind.progress is Progress.PENDING
    await signed_in.world.advance(5)
    look = await signed_in.run(confirm(electric, ticket))
    assert look.progress is Progress.DONE
    snapshot = Snapshot().merge(look.result.readings).snapshot
    assert snapshot.value(s.DOORS_LOCKED) is False
    assert not signed_in.world.simulator.twin(electric.vin).state.locked


async def test_locked_from_afar_or_by_the_key(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Both words mean locked; the half-locked one does not."""
    control = signed_in.world.control
    control.service("i_remote", unlocks_to="SELECTIVE_LOCKED")
    await signed_in.follow(electric, await signed_in.send(electric, c.Unlock()))
    assert (await signed_in.read(electric)).value(s.DOORS_LOCKED) is False
    await signed_in.follow(electric, await signed_in.send(electric, c.Lock()))
    assert (await signed_in.read(electric)).value(s.DOORS_LOCKED) is True


@pytest.mark.parametrize(
    ("command", "seconds"),
    [
        (c.HonkAndFlash(mode=HornMode.FLASH), 2),
        (c.HonkAndFlash(mode=HornMode.FLASH, count=7), 7),
        (c.HonkAndFlash(mode=HornMode.FLASH, duration=5), 5),
    ],
)
async def test_lights(
    signed_in: IRemoteAccount, electric: Car, command: c.HonkAndFlash, seconds: float
) -> None:
    """The count goes along; nobody knows whether it means seconds."""
    limits = signed_in.service.commands(electric, set())[command.kind]
    assert command.violation(limits) is None
    ticket = await signed_in.send(electric, command)
    look = await signed_in.follow(electric, ticket)
    assert look.progress is Progress.DONE
    orders = signed_in.world.simulator.twin(electric.vin).orders
    order = orders[max(orders)].command
    assert isinstance(order, c.HonkAndFlash)
    assert order.duration == seconds


async def test_limits(signed_in: IRemoteAccount, electric: Car, diesel: Car) -> None:
    """What is outside is said before anything is sent, and not sent either."""
    service = signed_in.service
    offered = service.commands(electric, set())
    for command in (
        c.StartClimate(temperature=21),
        c.HonkAndFlash(mode=HornMode.HONK_AND_FLASH),
        c.HonkAndFlash(mode=HornMode.FLASH, count=11),
        SetSchedule(schedule=Schedule(active=False)),
        c.SetChargeMode(mode=ChargeMode.SOLAR),
    ):
        assert command.violation(offered[command.kind]) is not None
    for car, unknown in (
        (electric, c.StopClimate()),
        (electric, c.StartClimate(temperature=21)),
        (electric, c.HonkAndFlash(mode=HornMode.HONK_AND_FLASH)),
        (electric, SetSchedule(schedule=Schedule(active=False))),
        (diesel, c.StartCharging()),
    ):
        with pytest.raises(NotSupported):
            await signed_in.send(car, unknown)
    assert not signed_in.world.control.calls()


async def test_a_plug_is_needed(signed_in: IRemoteAccount, electric: Car) -> None:
    """Without one the car is not asked; the cloud says so too."""
    world = signed_in.world
    twin = world.simulator.twin(electric.vin)
    twin.state.plugged_in = False
    twin.wake(world.clock.now(), latency=0)
    await world.advance(6)
    snapshot = await signed_in.read(electric)
    hindrance = signed_in.service.hindrance(electric, c.StartCharging(), snapshot)
    assert hindrance is Reason.NOT_PLUGGED
    assert signed_in.service.hindrance(electric, c.Lock(), snapshot) is None
    look = await signed_in.follow(
        electric, await signed_in.send(electric, c.StartCharging())
    )
    assert (look.progress, look.reason) == (Progress.FAILED, Reason.CAR_REFUSED)


async def test_waking_is_booked_as_such(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The finder makes the car report, which costs its small battery."""
    ticket = await signed_in.send(electric, c.Wake())
    look = await signed_in.follow(electric, ticket)
    assert look.progress is Progress.DONE
    captured = [one.captured_at for one in look.result.readings]
    assert all(at is not None and at > ticket.accepted_at for at in captured)
    assert signed_in.transport.ledger.to_json()["counts"]["wake"] == 1


# The security question


async def test_the_question_is_answered_when_it_is_asked(
    american: IRemoteAccount,
) -> None:
    """First without, then with the answer; the record follows the second."""
    car = await american.car()
    ticket = await american.send(car, c.Unlock(), american.pin)
    assert len(american.world.control.calls(EXECUTE)) == 2
    assert (await american.follow(car, ticket)).progress is Progress.DONE
    await american.send(car, c.Lock(), None)
    assert len(american.world.control.calls(EXECUTE)) == 3


async def test_without_an_answer_nothing_happens(american: IRemoteAccount) -> None:
    """The owner is told what is missing."""
    car = await american.car()
    with pytest.raises(PinMissing):
        await american.send(car, c.Unlock(), None)
    assert not american.world.simulator.twin(car.vin).orders.keys() - {1}


async def test_a_refused_answer_is_not_sent_again(american: IRemoteAccount) -> None:
    """Not even after a restart; the right one mends it."""
    car = await american.car()
    for _ in range(3):
        with pytest.raises(PinRefused):
            await american.send(car, c.Unlock(), "Citizen")
        american.rebuild()
    assert american.service.pin_refused
    assert american.service.pin_was_refused("Citizen")
    # Two calls the first time, and then only the question.
    assert len(american.world.control.calls(EXECUTE)) == 4
    assert "Citizen" not in (american.stored or "")
    await american.send(car, c.Unlock(), american.pin)
    assert not american.service.pin_refused


# Schedules and destinations


async def test_a_schedule_reaches_the_car(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The whole planner is replaced, and read back."""
    schedule = Schedule(
        slots=(
            Slot(
                number=2,
                enabled=True,
                departure=time(6, 45),
                days=frozenset({Weekday.TUESDAY, Weekday.SUNDAY}),
                charge=True,
            ),
            Slot(number=4, enabled=True, departure=time(19, 15), charge=True),
        ),
        preferred_window=Window(start=time(23), end=time(5, 10)),
    )
    command = SetSchedule(schedule=schedule)
    assert (await signed_in.read(electric)).value(s.SCHEDULE) != schedule
    look = await signed_in.follow(electric, await signed_in.send(electric, command))
    assert look.progress is Progress.DONE
    twin = signed_in.world.simulator.twin(electric.vin)
    assert twin.state.schedule == schedule
    assert twin.state.charge_mode is ChargeMode.SCHEDULED
    read = Snapshot().merge(look.result.readings).snapshot.value(s.SCHEDULE)
    assert read == schedule


async def test_two_times(signed_in: IRemoteAccount, hybrid: Car) -> None:
    """The older form has no days of its own."""
    before = (await signed_in.read(hybrid)).value(s.SCHEDULE)
    assert before is not None
    (slot,) = before.slots
    assert (slot.days, slot.climate) == (frozenset(Weekday), True)
    look = await signed_in.follow(
        hybrid, await signed_in.send(hybrid, SetSchedule(schedule=Schedule()))
    )
    assert look.progress is Progress.DONE
    assert signed_in.world.simulator.twin(hybrid.vin).state.schedule == Schedule()


async def test_a_mode_keeps_the_timers(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Only whether they are for charging is another."""
    command = c.SetChargeMode(mode=ChargeMode.IMMEDIATE)
    await signed_in.follow(electric, await signed_in.send(electric, command))
    state = signed_in.world.simulator.twin(electric.vin).state
    assert state.charge_mode is ChargeMode.IMMEDIATE
    assert [slot.departure for slot in state.schedule.slots] == [time(7, 15), time(10)]
    assert state.schedule.preferred_window is not None


async def test_a_destination_arrives(signed_in: IRemoteAccount, electric: Car) -> None:
    """It shows up in the list of those that were sent."""
    ticket = await signed_in.send(electric, DEPOT)
    assert ticket.number is None
    first = await signed_in.run(signed_in.service.confirm(electric, ticket))
    assert first.progress is Progress.PENDING
    look = await signed_in.follow(electric, ticket)
    assert look.progress is Progress.DONE
    listed = await signed_in.run(signed_in.service.look_up(electric, "destinations"))
    (place,) = listed["destinations"]
    assert (place["street"], place["city"]) == ("Beispielweg 3", "Muenchen")
    assert place["sent_at"].startswith("2026-11-21T")


async def test_an_old_destination_proves_nothing(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The same place sent again has to arrive again."""
    await signed_in.follow(electric, await signed_in.send(electric, DEPOT))
    await signed_in.world.advance(3600)
    ticket = await signed_in.send(electric, DEPOT)
    look = await signed_in.run(signed_in.service.confirm(electric, ticket))
    assert look.progress is Progress.PENDING
    assert (await signed_in.follow(electric, ticket)).progress is Progress.DONE


async def test_a_profile_that_cannot_be_read_is_not_changed(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Nothing was sent, and that is said."""
    signed_in.world.control.fault("status", path="*/chargingprofile", status=503)
    with pytest.raises(Unreached):
        await signed_in.send(electric, c.SetChargeMode(mode=ChargeMode.IMMEDIATE))
    assert not signed_in.world.control.calls(EXECUTE)


# Whether it arrived


@pytest.mark.parametrize("kind", ["drop", "drop_after", "html", "empty", "truncated"])
async def test_a_doubtful_command_is_an_outage_and_never_repeated(
    signed_in: IRemoteAccount, electric: Car, kind: str
) -> None:
    """The car will tell."""
    signed_in.world.control.fault(kind, path=EXECUTE)
    with pytest.raises(Outage) as caught:
        await signed_in.send(electric, c.Lock())
    assert caught.value.arrived
    assert len(signed_in.world.control.calls(EXECUTE)) == 1


async def test_a_500_may_have_reached_the_car(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Only the one about the question proves that it did not."""
    signed_in.world.control.fault("status", path=EXECUTE, status=500)
    with pytest.raises(Outage):
        await signed_in.send(electric, c.Lock())
    assert len(signed_in.world.control.calls(EXECUTE)) == 1


async def test_a_command_goes_out_again_with_a_new_token(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """A refused token proves that the car was not asked."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="access")
    await signed_in.send(electric, c.Lock())
    assert [call.status for call in control.calls(EXECUTE)] == [401, 200]


async def test_somebody_elses_command_takes_the_record(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Then only the car's own reports count."""
    ticket = await signed_in.send(electric, c.Lock())
    await signed_in.world.advance(30)
    await signed_in.send(electric, c.Lock())
    look = await signed_in.run(signed_in.service.confirm(electric, ticket))
    assert look.progress is Progress.PENDING
    assert look.result.readings


async def test_a_record_may_lack_its_status(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """For a moment, or be missing altogether, or be no JSON."""
    world = signed_in.world
    world.control.service("i_remote", omit_status=True, extended=False)
    ticket = await signed_in.send(electric, c.HonkAndFlash(mode=HornMode.HONK))
    await world.advance(30)
    confirm = signed_in.service.confirm
    assert (await signed_in.run(confirm(electric, ticket))).progress is (
        Progress.PENDING
    )
    assert (await signed_in.run(confirm(electric, ticket))).progress is Progress.DONE
    fault = world.control.fault("status", path=RECORD, status=404)
    look = await signed_in.run(confirm(electric, ticket))
    assert look.progress is Progress.PENDING
    world.control.clear_faults(fault.number)
    world.control.fault("html", path=RECORD)
    with pytest.raises(BadAnswer):
        await signed_in.run(confirm(electric, ticket))
