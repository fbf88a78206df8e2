"""What becomes of i Remote's commands in the garage: receipts, with the cloud's word."""

import asyncio
from dataclasses import replace
from datetime import time

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import CommandKind, HornMode, SetSchedule
from carport.car.receipts import Outcome, Receipt
from carport.car.refusals import Reason
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import ChargeMode
from carport.cloud.contract import Car
from carport.engine import Channel, Dispatcher, Garage

from .account import IRemoteAccount
from .samples import DEPOT

EXECUTE = "*/executeService"


async def receipt_of(account: IRemoteAccount, car: Car, command: c.Command) -> Receipt:
    """Carry a command through the garage, as Home Assistant would."""
    garage = Garage(account.world.clock, lambda: None, None)
    garage.connect([Channel(account="home", service=account.service, car=car)])
    garage.take(car.vin, "home", await account.run(account.service.read(car)))
    dispatcher = Dispatcher(
        garage,
        lambda work, name: asyncio.get_running_loop().create_task(
            work, name=name, eager_start=False
        ),
    )
    return await account.run(dispatcher.send(car.vin, command))


@pytest.mark.parametrize(
    "command",
    [
        c.Unlock(),
        c.StartCharging(),
        c.StartClimate(),
        c.HonkAndFlash(mode=HornMode.HONK),
        c.Wake(),
        SetSchedule(schedule=Schedule()),
        c.SetChargeMode(mode=ChargeMode.IMMEDIATE),
        DEPOT,
    ],
)
async def test_confirmed_receipts(
    signed_in: IRemoteAccount, electric: Car, command: c.Command
) -> None:
    """The record and the car's own report end in a confirmation."""
    # The cheap hour of the night has not begun, and the car has room.
    receipt = await receipt_of(signed_in, electric, command)
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFIRMED, None)
    assert receipt.accepted_at is not None


@pytest.mark.parametrize(
    "command",
    [
        c.Lock(),
        c.Unlock(),
        c.StartCharging(),
        c.StartClimate(),
        c.HonkAndFlash(mode=HornMode.FLASH, count=3),
        c.HonkAndFlash(mode=HornMode.HONK),
        c.Wake(),
        SetSchedule(
            schedule=Schedule(
                slots=(
                    Slot(
                        number=2,
                        enabled=True,
                        departure=time(16, 30),
                        days=frozenset(Weekday),
                        charge=True,
                        climate=True,
                    ),
                ),
                preferred_window=Window(start=time(22), end=time(5)),
            )
        ),
        c.SetChargeMode(mode=ChargeMode.SCHEDULED),
        DEPOT,
    ],
)
async def test_receipts_of_a_hybrid(
    signed_in: IRemoteAccount, hybrid: Car, command: c.Command
) -> None:
    """It does all that the electric one does, with its own form of timers."""
    world = signed_in.world
    if isinstance(command, c.StartCharging):
        twin = world.simulator.twin(hybrid.vin)
        twin.state.charge_mode = ChargeMode.SCHEDULED
        twin.state.schedule = Schedule()
        twin.state.plugged_in = True
        await signed_in.run(signed_in.service.read(hybrid))
        twin.wake(world.clock.now(), latency=0)
        await world.advance(10)
    receipt = await receipt_of(signed_in, hybrid, command)
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFIRMED, None)
    sent = world.simulator.twin(hybrid.vin).commands
    assert command.kind in {accepted.command.kind for accepted in sent.values()}


@pytest.mark.parametrize(
    "command",
    [
        c.Lock(),
        c.Unlock(),
        c.HonkAndFlash(mode=HornMode.FLASH),
        c.HonkAndFlash(mode=HornMode.HONK),
        c.Wake(),
        DEPOT,
    ],
)
async def test_receipts_of_a_diesel(
    signed_in: IRemoteAccount, diesel: Car, command: c.Command
) -> None:
    """What has nothing to do with a battery works here too."""
    receipt = await receipt_of(signed_in, diesel, command)
    assert (receipt.outcome, receipt.reason) == (Outcome.CONFIRMED, None)
    sent = signed_in.world.simulator.twin(diesel.vin).commands
    assert command.kind in {accepted.command.kind for accepted in sent.values()}


@pytest.mark.parametrize(
    "command",
    [
        c.StartCharging(),
        c.StartClimate(),
        SetSchedule(schedule=Schedule()),
        c.SetChargeMode(mode=ChargeMode.IMMEDIATE),
    ],
)
async def test_what_a_diesel_is_not_asked(
    signed_in: IRemoteAccount, diesel: Car, command: c.Command
) -> None:
    """It is refused before anything is sent."""
    receipt = await receipt_of(signed_in, diesel, command)
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.NOT_CAPABLE)
    assert not signed_in.world.control.calls(EXECUTE)


async def test_a_hybrid_without_its_plug(
    signed_in: IRemoteAccount, hybrid: Car
) -> None:
    """The owner reads it before anything is sent."""
    receipt = await receipt_of(signed_in, hybrid, c.StartCharging())
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, Reason.NOT_PLUGGED)
    assert not signed_in.world.control.calls(EXECUTE)


async def test_a_locked_car_is_locked_at_once(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """No report follows where nothing changed; the record is proof enough."""
    world = signed_in.world
    world.control.service("i_remote", trail=1e6)
    began = world.clock.now()
    receipt = await receipt_of(signed_in, electric, c.Lock())
    assert receipt.outcome is Outcome.CONFIRMED
    assert receipt.after == {s.DOORS_LOCKED.key: True}
    assert (world.clock.now() - began).total_seconds() < 40


async def test_a_place_that_never_arrives(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Nobody waits as long for it as for a command that has a record."""
    world = signed_in.world
    world.control.twin(electric.vin, deaf=True)
    began = world.clock.now()
    receipt = await receipt_of(signed_in, electric, DEPOT)
    assert receipt.outcome is Outcome.TIMED_OUT
    assert (world.clock.now() - began).total_seconds() < 130


async def test_a_deaf_car_times_out(signed_in: IRemoteAccount, electric: Car) -> None:
    """The cloud's own word for it is in the receipt."""
    world = signed_in.world
    world.control.twin(electric.vin, deaf=True)
    began = world.clock.now()
    receipt = await receipt_of(signed_in, electric, c.StartClimate())
    assert receipt.outcome is Outcome.TIMED_OUT
    assert receipt.reason is Reason.NO_ANSWER_FROM_CAR
    assert (world.clock.now() - began).total_seconds() < 200


async def test_a_late_success(signed_in: IRemoteAccount, electric: Car) -> None:
    """What the cloud gave up is at an end, although the car obeys later."""
    world = signed_in.world
    world.control.service("i_remote", answer_least=170, answer_most=170, time_out=150)
    receipt = await receipt_of(signed_in, electric, c.Unlock())
    assert receipt.outcome is Outcome.TIMED_OUT
    await world.advance(60)
    assert (await signed_in.read(electric)).value(s.DOORS_LOCKED) is False


async def test_a_car_that_declines(signed_in: IRemoteAccount, electric: Car) -> None:
    """NOT_EXECUTED is the car's no."""
    signed_in.world.simulator.twin(electric.vin).state.doors = (
        True,
        False,
        False,
        False,
    )
    receipt = await receipt_of(signed_in, electric, c.Lock())
    assert receipt.outcome is Outcome.FAILED
    assert receipt.reason is Reason.CAR_REFUSED


@pytest.mark.parametrize("mode", ["error", "not_executed"])
async def test_a_flag_that_promised_too_much(
    signed_in: IRemoteAccount, diesel: Car, mode: str
) -> None:
    """The cloud may refuse at once, or let the car say no."""
    signed_in.world.control.service("i_remote", unsupported=mode)
    wished = replace(diesel, handle={**diesel.handle, "climateNow": "ACTIVATED"})
    receipt = await receipt_of(signed_in, wished, c.StartClimate())
    expected = {
        "error": (Outcome.REFUSED, Reason.NOT_CAPABLE),
        "not_executed": (Outcome.FAILED, Reason.CAR_REFUSED),
    }
    assert (receipt.outcome, receipt.reason) == expected[mode]


async def test_a_lost_answer_is_proven_by_the_car(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The command went through; nobody sends it twice."""
    signed_in.world.control.fault("drop_after", path=EXECUTE)
    receipt = await receipt_of(signed_in, electric, c.Unlock())
    assert receipt.outcome is Outcome.CONFIRMED
    assert len(signed_in.world.control.calls(EXECUTE)) == 1


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (400, Outcome.REFUSED, Reason.CLOUD_REFUSED),
        (403, Outcome.REFUSED, Reason.NOT_CAPABLE),
        (404, Outcome.REFUSED, Reason.NOT_CAPABLE),
        (405, Outcome.REFUSED, Reason.NEEDS_OWNER),
        (408, Outcome.TIMED_OUT, Reason.NO_ANSWER_FROM_CAR),
        (410, Outcome.REFUSED, Reason.CHANNEL_CLOSED),
        (423, Outcome.REFUSED, Reason.NEEDS_OWNER),
        (429, Outcome.REFUSED, Reason.THROTTLED),
        (502, Outcome.TIMED_OUT, Reason.CLOUD_UNREACHABLE),
        (503, Outcome.TIMED_OUT, Reason.CLOUD_UNREACHABLE),
    ],
)
async def test_refusals_of_a_command(
    signed_in: IRemoteAccount,
    electric: Car,
    status: int,
    outcome: Outcome,
    reason: Reason,
) -> None:
    """Each has its reason, and what may have reached the car is not sent again."""
    signed_in.world.control.fault("status", path=EXECUTE, status=status)
    receipt = await receipt_of(signed_in, electric, c.Unlock())
    assert (receipt.outcome, receipt.reason) == (outcome, reason)
    assert len(signed_in.world.control.calls(EXECUTE)) == 1
    assert signed_in.world.simulator.twin(electric.vin).state.locked


async def test_a_place_nobody_lists_is_accepted_only(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Without a list of destinations nothing proves it."""
    blind = replace(
        electric, handle={**electric.handle, "lastDestinations": "NOT_SUPPORTED"}
    )
    receipt = await receipt_of(signed_in, blind, DEPOT)
    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.parameters == {}
    assert CommandKind.SEND_DESTINATION is receipt.command
