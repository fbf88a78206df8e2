"""Both tiers of We Connect's tokens: renewed, shared, kept, and at their end."""

import asyncio

import pytest

from custom_components.carport.service.contract import Car, ReadResult
from custom_components.carport.service.errors import ClosedByMaker, LoginExpired, Outage
from custom_components.carport.service.sign_in import SignInOutcome

from .account import WeConnectAccount

MBB_TOKEN = "/mbbcoauth/mobile/oauth2/v1/token"
REFRESH = "/refreshTokens"


async def test_ten_calls_share_one_renewal(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """A token dies with many calls in flight: one refresh, all succeed."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="mbb")
    results: list[ReadResult] = await signed_in.world.result(
        asyncio.gather(*(signed_in.service.read(passat) for _ in range(10)))
    )
    assert all(result.readings for result in results)
    assert not any(result.gaps for result in results)
    assert len(control.calls(MBB_TOKEN)) == 1
    assert not control.calls(REFRESH)


async def test_tokens_are_renewed_ahead_of_expiry(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """No call is wasted on a token that is about to die."""
    control = signed_in.world.control
    await signed_in.world.advance(3600 - 100)
    await signed_in.read(passat)
    assert len(control.calls(MBB_TOKEN)) == 1
    assert not [call for call in control.calls() if call.status == 401]


@pytest.mark.parametrize("rotation", ["fresh", "single_use", "keep"])
async def test_renewed_tokens_survive_a_restart(
    signed_in: WeConnectAccount, passat: Car, rotation: str
) -> None:
    """They are kept before they are used; an old refresh token may stay good."""
    signed_in.world.control.service("we_connect", rotation=rotation)
    for _ in range(3):
        await signed_in.world.advance(7200)
        await signed_in.read(passat)
        signed_in.rebuild()
    assert await signed_in.read(passat)
    assert len(signed_in.world.control.calls(MBB_TOKEN)) == 3


async def test_the_second_tier_is_made_anew_of_the_first(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """All tokens for cars died; those of the identity are renewed and do for it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="mbb_all")
    assert await signed_in.read(passat)
    assert not control.calls(REFRESH)
    control.account(signed_in.spec.username, revoke="mbb_all")
    control.account(signed_in.spec.username, revoke="identity")
    assert await signed_in.read(passat)
    assert len(control.calls(REFRESH)) == 1


async def test_a_dead_sign_in_needs_the_owner(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """It is asked for once only; a new sign-in mends it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="all")
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await signed_in.read(passat)
    assert len(control.calls(REFRESH)) == 1
    assert await signed_in.sign_in() is SignInOutcome.SIGNED_IN
    assert await signed_in.read(passat)


async def test_the_maker_refuses_to_renew(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """How the service ended; tokens stay, should it open again."""
    control = signed_in.world.control
    control.service("we_connect", mbb_closed=True)
    await signed_in.world.advance(7200)
    with pytest.raises(ClosedByMaker):
        await signed_in.read(passat)
    control.service("we_connect", mbb_closed=False)
    assert await signed_in.read(passat)


async def test_an_outage_keeps_the_tokens(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """The token call fails for a while; nothing is lost by it."""
    control = signed_in.world.control
    stored = signed_in.stored
    fault = control.fault("status", path=MBB_TOKEN, status=503)
    await signed_in.world.advance(3600 - 60)
    assert await signed_in.read(passat)
    await signed_in.world.advance(120)
    with pytest.raises(Outage):
        await signed_in.read(passat)
    assert signed_in.stored == stored
    control.clear_faults(fault.number)
    assert await signed_in.read(passat)


async def test_without_tokens_there_is_no_call(account: WeConnectAccount) -> None:
    """An account that never signed in cannot read."""
    with pytest.raises(LoginExpired):
        await account.car()
    assert not account.world.control.calls()


async def test_tokens_are_given_back(signed_in: WeConnectAccount, passat: Car) -> None:
    """Whoever still had a copy of them can do nothing with it after an hour."""
    stolen = signed_in.stored
    await signed_in.run(signed_in.service.sign_out())
    control = signed_in.world.control
    assert [call.path for call in control.calls("*evoke*")] == [
        "/mbbcoauth/mobile/oauth2/v1/revoke",
        "/revokeToken",
    ]
    assert all(call.status == 200 for call in control.calls("*evoke*"))
    signed_in.stored = stolen
    signed_in.rebuild()
    await signed_in.world.advance(7200)
    with pytest.raises(LoginExpired):
        await signed_in.read(passat)


async def test_nobody_signs_out_twice(signed_in: WeConnectAccount) -> None:
    """What was never had is not given back."""
    signed_in.stored = None
    signed_in.rebuild()
    await signed_in.run(signed_in.service.sign_out())
    assert not signed_in.world.control.calls("*evoke*")
