"""I Remote's commands: their fields, their record, and what can go wrong."""

import pytest

from carport.car import commands as c, signals as s
from carport.car.commands import HornMode, SetSchedule
from carport.car.refusals import Reason
from carport.car.schedule import Schedule
from carport.car.signals import ChargeMode
from carport.car.snapshot import Snapshot
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import BadAnswer, NotSupported, Outage

from .account import IRemoteAccount
from .samples import DEPOT

EXECUTE = "*/executeService"
RECORD = "*/serviceExecutionStatus"


async def test_a_command_walks_through_its_record(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Pending until the car has done it, and proven by its next report."""
    signed_in.world.control.service(
        "i_remote", answer_least=20, answer_most=20, extended=False
    )
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


@pytest.mark.parametrize("command", [c.Unlock(), c.Lock()])
async def test_the_record_says_how_the_doors_are(
    signed_in: IRemoteAccount, electric: Car, command: c.Lock | c.Unlock
) -> None:
    """Also where no report follows, as of a car that was locked before."""
    signed_in.world.control.service("i_remote", trail=1e6)
    await signed_in.read(electric)
    signed_in.world.control.forget_calls()
    ticket = await signed_in.send(electric, command)
    look = await signed_in.follow(electric, ticket)
    assert look.progress is Progress.DONE
    (reading,) = look.result.readings
    assert reading.value is isinstance(command, c.Lock)
    assert reading.order > ticket.accepted_at
    assert not signed_in.world.control.calls("*/status")


async def test_doors_that_stayed_as_they_were(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """A command that is done, with doors that say otherwise, has failed."""
    said = {"executionStatus.extendedStatus.newDoorStatus": "UNLOCKED"}
    signed_in.world.control.fault("change", path=RECORD, set=said)
    look = await signed_in.follow(electric, await signed_in.send(electric, c.Lock()))
    assert (look.progress, look.reason) == (Progress.FAILED, Reason.CAR_DISAGREES)


async def test_doors_the_record_does_not_know(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Then the car's next report counts."""
    said = {"executionStatus.extendedStatus.newDoorStatus": "INVALID"}
    signed_in.world.control.fault("change", path=RECORD, set=said)
    look = await signed_in.follow(electric, await signed_in.send(electric, c.Unlock()))
    assert look.progress is Progress.DONE
    assert len(look.result.readings) > 1


async def test_locked_from_afar_or_by_the_key(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """Both words mean locked; the half-locked one does not."""
    world = signed_in.world
    world.control.service("i_remote", unlocks_to="SELECTIVE_LOCKED")
    for command, locked in ((c.Unlock(), False), (c.Lock(), True)):
        look = await signed_in.follow(electric, await signed_in.send(electric, command))
        assert look.progress is Progress.DONE
        await world.advance(10)
        assert (await signed_in.read(electric)).value(s.DOORS_LOCKED) is locked


@pytest.mark.parametrize(
    ("command", "verify_after", "timeout"),
    [
        (c.HonkAndFlash(mode=HornMode.FLASH), 5, None),
        (c.StartClimate(), 5, None),
        (DEPOT, 10, 120),
        (c.Lock(), None, None),
        (c.StartCharging(), None, None),
    ],
)
def test_how_long_each_takes(
    account: IRemoteAccount,
    command: c.Command,
    verify_after: float | None,
    timeout: float | None,
) -> None:
    """What the record alone tells is looked for sooner; a place is lost sooner."""
    flags = ("doorLock", "lightFlash", "climateNow", "sendPoi")
    car = Car(
        vin="WBYZZZ001GV160101",
        manufacturer="BMW",
        drive="electric",
        handle=dict.fromkeys(flags, "ACTIVATED"),
    )
    limits = account.service.commands(car, set())[command.kind]
    assert (limits.verify_after, limits.timeout) == (verify_after, timeout)


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
    sent = signed_in.world.simulator.twin(electric.vin).commands
    accepted = sent[max(sent)].command
    assert isinstance(accepted, c.HonkAndFlash)
    assert accepted.duration == seconds


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
    offered = signed_in.service.commands(electric, snapshot.readings.keys())
    assert offered[c.CommandKind.START_CHARGING].needs_plug
    assert not offered[c.CommandKind.LOCK].needs_plug
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


# Whether it arrived


@pytest.mark.parametrize("kind", ["drop", "drop_after", "html", "empty", "truncated"])
async def test_a_doubtful_command_is_an_outage_and_never_repeated(
    signed_in: IRemoteAccount, electric: Car, kind: str
) -> None:
    """It may have arrived: what the car reports next decides."""
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


async def test_a_record_with_nothing_in_it(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """It is about no command: only the car's own reports count."""
    world = signed_in.world
    world.control.service("i_remote", no_record="blank")
    ticket = await signed_in.send(electric, c.Unlock())
    world.simulator.clouds["i_remote"].reset()
    world.control.service("i_remote", no_record="blank")
    await world.advance(30)
    look = await signed_in.run(signed_in.service.confirm(electric, ticket))
    assert look.progress is Progress.PENDING
    shown = Snapshot().merge(look.result.readings).snapshot
    assert shown.value(s.DOORS_LOCKED) is False


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
