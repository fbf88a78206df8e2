"""The S-PIN: challenges, hashes, tokens, and what is never sent again."""

import asyncio

import pytest

from carport.car import commands as c
from carport.car.commands import Command
from carport.car.switches import SetAuxiliaryHeating, SetVentilation
from carport.cloud.contract import Car, Progress
from carport.cloud.errors import (
    BadAnswer,
    CloudError,
    NotPermitted,
    Outage,
    PinMissing,
    PinRefused,
)
from carport.makers.we_connect.security_pin import pin_hash

from .account import WeConnectAccount

CHALLENGE = "*/security-pin-auth-requested"
SOLVE = "*/security-pin-auth-completed"
DOORS = "*/rlu/v1/*/actions"


def test_the_hash_of_the_reference() -> None:
    """The digits count as hexadecimal ones, not as text."""
    assert pin_hash("1234", "5A1F0C2B9D8E7F60415263748596A7B8") == (
        "36F339480FF56471672D13536EE594D001685879414D03F76A679097F74B798C"
        "0C61252A0A346F702BA405A63DD0EFCBFDF3FD089F94BE09CB08F48F08D11B29"
    )
    with pytest.raises(BadAnswer):
        pin_hash("1234", "no challenge")


@pytest.mark.parametrize("inside", [True, False])
async def test_each_command_solves_a_challenge_of_its_own(
    signed_in: WeConnectAccount, passat: Car, inside: bool
) -> None:
    """Its token is good once, for one operation of one car."""
    control = signed_in.world.control
    control.service("we_connect", tries_inside=inside)
    for command in (c.Unlock(), c.Lock()):
        ticket = await signed_in.send(passat, command)
        look = await signed_in.done(passat, ticket)
        assert look.progress is Progress.DONE
    assert len(control.calls(CHALLENGE)) == len(control.calls(SOLVE)) == 2


async def test_what_needs_no_pin_sends_none(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Charging, electric climate, stopping the heater, waking."""
    for command in (
        c.StopCharging(),
        c.StartClimate(temperature=21.5),
        SetAuxiliaryHeating(on=False),
        c.Wake(),
    ):
        ticket = await signed_in.run(signed_in.service.execute(passat, command, None))
        await signed_in.done(passat, ticket)
    assert not signed_in.world.control.calls(CHALLENGE)
    assert signed_in.world.simulator.twin(passat.vin).state.target_temperature == 21.5


@pytest.mark.parametrize("command", [c.Lock(), SetAuxiliaryHeating(on=True)])
async def test_without_a_pin_nothing_is_sent(
    signed_in: WeConnectAccount, passat: Car, command: Command
) -> None:
    """Reading goes on."""
    with pytest.raises(PinMissing):
        await signed_in.run(signed_in.service.execute(passat, command, None))
    assert not signed_in.world.control.calls()
    assert await signed_in.read(passat)


@pytest.mark.parametrize("pin", ["123", "12345", "12a4", "١٢٣٤"])
async def test_what_is_no_pin_is_not_tried(
    signed_in: WeConnectAccount, passat: Car, pin: str
) -> None:
    """It has four digits; anything else would cost a try."""
    with pytest.raises(PinRefused):
        await signed_in.run(signed_in.service.execute(passat, c.Lock(), pin))
    assert not signed_in.world.control.calls()


async def test_a_refused_pin_is_never_sent_again(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Not by another command, not after a restart; the right one mends it."""
    control = signed_in.world.control
    for restarted in (False, True):
        if restarted:
            signed_in.rebuild()
        for command in (c.Lock(), c.Unlock()):
            with pytest.raises(PinRefused):
                await signed_in.run(signed_in.service.execute(passat, command, "9999"))
        assert signed_in.service.pin_refused
        assert signed_in.service.pin_was_refused("9999")
    assert len(control.calls(SOLVE)) == 1
    assert not control.calls(DOORS)
    assert "9999" not in (signed_in.stored or "")
    await signed_in.send(passat, c.Lock())
    assert not signed_in.service.pin_refused


async def test_commands_waiting_for_a_pin_that_is_refused(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Those that queue up behind the first try do not try again."""
    results: list[object] = await signed_in.world.result(
        asyncio.gather(
            *(
                signed_in.service.execute(passat, command, "9999")
                for command in (c.Lock(), c.Unlock(), SetVentilation(on=True))
            ),
            return_exceptions=True,
        )
    )
    assert [type(result) for result in results] == [PinRefused] * 3
    assert len(signed_in.world.control.calls(SOLVE)) == 1


async def test_the_last_try_is_the_owners(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Where none is left, nothing is tried, and the right PIN is not held wrong."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, pin_tries=0)
    with pytest.raises(PinRefused):
        await signed_in.send(passat, c.Lock())
    assert not control.calls(SOLVE)
    assert not signed_in.service.pin_refused
    assert not signed_in.service.pin_was_refused(signed_in.pin or "")
    control.account(signed_in.spec.username, pin_tries=3)
    assert (await signed_in.send(passat, c.Lock())).number


async def test_a_pin_that_others_have_locked(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Told by the refusal alone; it is not tried again before the cloud's own time."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, pin_tries=0)
    info = "securityPinAuthInfo.remainingTries"
    fault = control.fault("change", path=CHALLENGE, remove=[info])
    for _ in range(2):
        with pytest.raises(PinRefused):
            await signed_in.send(passat, c.Lock())
    assert len(control.calls(SOLVE)) == 1
    assert not signed_in.service.pin_refused
    control.account(signed_in.spec.username, pin_tries=3)
    await signed_in.world.advance(15 * 60)
    assert (await signed_in.send(passat, c.Lock())).number
    control.clear_faults(fault.number)


@pytest.mark.parametrize(
    ("path", "fault", "error"),
    [
        (CHALLENGE, {"kind": "html"}, BadAnswer),
        (CHALLENGE, {"kind": "status", "status": 503}, Outage),
        (
            CHALLENGE,
            {"kind": "change", "set": {"securityPinAuthInfo": []}},
            BadAnswer,
        ),
        (SOLVE, {"kind": "change", "remove": ["securityToken"]}, BadAnswer),
        (SOLVE, {"kind": "status", "status": 503}, Outage),
        (SOLVE, {"kind": "status", "status": 403}, NotPermitted),
    ],
)
async def test_a_challenge_that_fails(
    signed_in: WeConnectAccount,
    passat: Car,
    path: str,
    fault: dict[str, str],
    error: type[CloudError],
) -> None:
    """Only the cloud's own word makes a PIN a wrong one."""
    signed_in.world.control.fault(path=path, **fault)
    with pytest.raises(error):
        await signed_in.send(passat, c.Lock())
    assert not signed_in.service.pin_refused
    assert not signed_in.world.control.calls(DOORS)
