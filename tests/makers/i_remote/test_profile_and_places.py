"""What is sent to a car for later: its timers, its charge mode, a destination."""

from datetime import time

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import SetSchedule
from carport.car.schedule import Schedule, Slot, Weekday, Window
from carport.car.signals import ChargeMode
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import Unreached
from tests.simulator.i_remote.client import Client

from .account import IRemoteAccount
from .samples import DEPOT

EXECUTE = "*/executeService"


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
    listed = await signed_in.run(signed_in.service.history(electric, "destinations"))
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


async def test_a_timer_leaves_the_hours_of_the_window(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Of a window that is off they are the owner's, and go along with every change."""
    window = Window(start=time(23, 10), end=time(5, 20))
    on = SetSchedule(schedule=Schedule(preferred_window=window))
    await signed_in.follow(electric, await signed_in.send(electric, on))
    for _ in range(2):
        off = SetSchedule(schedule=Schedule())
        await signed_in.follow(electric, await signed_in.send(electric, off))
    assert (await signed_in.read(electric)).value(s.SCHEDULE) == Schedule()
    world = signed_in.world
    client = Client(world, signed_in.spec.username)
    await client.sign_in()
    profile = (await client.get(0, "/chargingprofile")).json()["weeklyPlanner"]
    assert profile["preferredChargingWindow"] == {
        "enabled": False,
        "startTime": "23:10",
        "endTime": "05:20",
    }


@pytest.mark.parametrize(
    "command",
    [
        c.SetChargeMode(mode=ChargeMode.IMMEDIATE),
        SetSchedule(schedule=Schedule()),
    ],
)
async def test_a_profile_that_cannot_be_read_is_not_changed(
    signed_in: IRemoteAccount, electric: Car, command: c.Command
) -> None:
    """Nothing was sent, and that is said."""
    signed_in.world.control.fault("status", path="*/chargingprofile", status=503)
    with pytest.raises(Unreached):
        await signed_in.send(electric, command)
    assert not signed_in.world.control.calls(EXECUTE)
