"""Car-Net's PIN, its sessions and their ration, over real HTTP."""

import asyncio
from datetime import timedelta

import pytest

from carport.car import commands as c
from carport.cloud.contract import Car
from carport.cloud.errors import (
    BadAnswer,
    NotPermitted,
    PinMissing,
    PinRefused,
    Throttled,
)
from carport.cloud.ledger import Purpose

from .account import CarNetAccount

TOKEN = "/oidc/v1/token"
SESSION = "/ss/v1/*"
STATUS = "/rvs/v1/*"
COMMANDS = "/mps/v1/*"


async def test_a_session_is_kept_for_its_life(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Minted once, renewed by age before it dies, whatever its real end."""
    control = signed_in.world.control
    await signed_in.send(golf, c.Lock())
    await signed_in.world.advance(20 * 60)
    await signed_in.send(golf, c.Unlock())
    assert len(control.calls(SESSION)) == 1
    await signed_in.world.advance(25 * 60)
    await signed_in.send(golf, c.Lock())
    assert len(control.calls(SESSION)) == 2
    assert {call.status for call in control.calls(COMMANDS)} == {200}


async def test_two_commands_at_once_share_a_session(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Each session opened sends the PIN; one is enough."""
    await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(golf, command, signed_in.pin)
                for command in (c.Lock(), c.StartCharging(), c.StartClimate())
            )
        )
    )
    assert len(signed_in.world.control.calls(SESSION)) == 1


@pytest.mark.parametrize("refusal", [400, 401, 403])
async def test_a_session_that_died_early_is_opened_anew(
    signed_in: CarNetAccount, golf: Car, refusal: int
) -> None:
    """Its refusal proves that the car was not asked, so the command is repeated."""
    control = signed_in.world.control
    control.service("car_net", tsp_refusal=refusal)
    await signed_in.send(golf, c.Lock())
    await signed_in.world.advance(120)
    control.account(signed_in.spec.username, revoke="tsp")
    ticket = await signed_in.send(golf, c.Unlock())
    assert ticket.number
    assert len(control.calls(SESSION)) == 2
    # The bearer is renewed first where the refusal may mean it.
    assert len(control.calls(TOKEN)) == (refusal == 401)


async def test_a_command_that_is_not_permitted_is_not_repeated_for_ever(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A young token is not to blame for a refusal."""
    control = signed_in.world.control
    control.fault("status", path=COMMANDS, status=403)
    with pytest.raises(NotPermitted):
        await signed_in.send(golf, c.Lock())
    assert len(control.calls(COMMANDS)) == 1
    assert len(control.calls(SESSION)) == 1


async def test_an_access_token_that_dies_before_a_command(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It is renewed, also when it is the session call that meets it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="access")
    await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused
    control.account(signed_in.spec.username, revoke="access")
    await signed_in.send(golf, c.Unlock())
    assert len(control.calls(TOKEN)) == 2


async def test_a_refused_pin_is_never_sent_again(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Not by another command, not after a restart, not after a new sign-in."""
    control = signed_in.world.control
    for restarted in (False, True, True):
        if restarted:
            signed_in.rebuild()
        for command in (c.Lock(), c.Unlock()):
            with pytest.raises(PinRefused):
                await signed_in.run(signed_in.service.execute(golf, command, "9999"))
        assert signed_in.service.pin_refused
        assert await signed_in.sign_in() is None
    assert len(control.calls(SESSION)) == 1
    assert await signed_in.read(golf)
    assert "9999" not in (signed_in.stored or "")
    await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused
    with pytest.raises(PinRefused):
        await signed_in.run(signed_in.service.execute(golf, c.Lock(), "9999"))


async def test_commands_waiting_for_a_pin_that_is_refused(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Those that queue up behind the first try do not try again."""
    results: list[object] = await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(golf, command, "9999")
                for command in (c.Lock(), c.Unlock(), c.Wake())
            ),
            return_exceptions=True,
        )
    )
    assert [type(result) for result in results] == [PinRefused] * 3
    assert len(signed_in.world.control.calls(SESSION)) == 1


async def test_an_open_session_opens_no_door_to_another_pin(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A wrong code gets nothing, though a session is open."""
    control = signed_in.world.control
    await signed_in.send(golf, c.Lock())
    await signed_in.world.advance(60)
    control.forget_calls()
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(golf, c.Unlock(), None))
    assert not control.calls()
    with pytest.raises(PinRefused):
        await signed_in.run(signed_in.service.execute(golf, c.Unlock(), "9999"))
    assert not control.calls(COMMANDS)
    assert signed_in.service.pin_was_refused("9999")
    await signed_in.send(golf, c.Unlock())
    assert not signed_in.service.pin_refused
    assert len(control.calls(SESSION)) == 1


async def test_without_a_pin_nothing_is_sent(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Reading goes on."""
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(golf, c.Lock(), None))
    assert not signed_in.world.control.calls()
    assert await signed_in.read(golf)


@pytest.mark.parametrize("body", [{"set": {"data": []}}, {"remove": ["data.tspToken"]}])
async def test_a_session_without_a_token(
    signed_in: CarNetAccount, golf: Car, body: dict[str, str]
) -> None:
    """An odd answer is no refused PIN."""
    signed_in.world.control.fault("change", path=SESSION, **body)
    with pytest.raises(BadAnswer):
        await signed_in.send(golf, c.Lock())
    assert not signed_in.service.pin_refused


async def test_too_many_commands_pause_commands_alone(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """No call is made until the pause is over; reading goes on, restarts or not."""
    control, clock = signed_in.world.control, signed_in.world.clock
    control.service("car_net", bucket_size=2)
    for _ in range(2):
        await signed_in.send(golf, c.HonkAndFlash(mode=c.HornMode.FLASH))
    with pytest.raises(Throttled) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.until - clock.now() == timedelta(minutes=15)
    control.forget_calls()
    signed_in.rebuild()
    with pytest.raises(Throttled):
        await signed_in.send(golf, c.Lock())
    assert not control.calls()
    assert signed_in.transport.ledger.allows(Purpose.READ)
    assert await signed_in.read(golf)
    await signed_in.world.advance(15 * 60)
    assert await signed_in.send(golf, c.Lock())


async def test_a_pause_of_the_clouds_own_length(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Opening a session can be too much as well."""
    control, clock = signed_in.world.control, signed_in.world.clock
    control.fault("status", path=SESSION, status=429, retry_after=60)
    with pytest.raises(Throttled) as caught:
        await signed_in.send(golf, c.Lock())
    assert caught.value.until - clock.now() == timedelta(seconds=60)
    control.clear_faults()
    await signed_in.world.advance(61)
    assert await signed_in.send(golf, c.Lock())


async def test_too_much_reading_pauses_reading(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """Commands are still allowed."""
    signed_in.world.control.fault("status", path=STATUS, status=429)
    with pytest.raises(Throttled):
        await signed_in.read(golf)
    ledger = signed_in.transport.ledger
    assert not ledger.allows(Purpose.READ)
    assert ledger.allows(Purpose.COMMAND)
