"""The security question of an account: asked, answered, and answered wrongly."""

import pytest

from carport.car import commands as c
from carport.cloud.contract import Progress
from carport.cloud.errors import Outage, PinMissing, PinRefused

from .account import IRemoteAccount

EXECUTE = "*/executeService"


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
    assert not american.world.simulator.twin(car.vin).commands.keys() - {1}


@pytest.mark.parametrize("reply", ["asked_again", "forbidden"])
async def test_a_refused_answer_is_not_sent_again(
    american: IRemoteAccount, reply: str
) -> None:
    """Not even after a restart; the owner reads it before anything is sent."""
    american.world.control.service("i_remote", wrong_answer=reply)
    car = await american.car()
    for _ in range(3):
        with pytest.raises(PinRefused):
            await american.send(car, c.Unlock(), "Citizen")
        american.rebuild()
    assert american.service.pin_refused
    assert american.service.pin_was_refused("Citizen")
    # The question and the answer, once: each further press costs nothing.
    assert len(american.world.control.calls(EXECUTE)) == 2
    assert "Citizen" not in (american.stored or "")


async def test_another_answer_is_tried(american: IRemoteAccount) -> None:
    """The right one mends it; what asks no question goes on meanwhile."""
    car = await american.car()
    with pytest.raises(PinRefused):
        await american.send(car, c.Unlock(), "Citizen")
    assert (await american.send(car, c.Lock(), "Citizen")).number
    with pytest.raises(PinMissing):
        await american.send(car, c.Unlock(), None)
    assert (await american.send(car, c.Unlock(), american.pin)).number
    assert not american.service.pin_refused
    assert american.service.pin_was_refused("Citizen")


async def test_an_answer_whose_fate_is_unknown(american: IRemoteAccount) -> None:
    """A broken connection says nothing of it: it is neither wrong nor right."""
    car = await american.car()
    with pytest.raises(PinRefused):
        await american.send(car, c.Unlock(), "Citizen")
    pin, world = american.pin or "", american.world
    world.control.fault("change", path=EXECUTE, count=1, set={})
    world.control.fault("drop_after", path=EXECUTE)
    with pytest.raises(Outage):
        await american.send(car, c.Unlock(), pin)
    assert american.service.pin_refused
    assert not american.service.pin_was_refused(pin)
