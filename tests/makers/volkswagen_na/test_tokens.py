"""Car-Net's tokens: renewed once for all, kept, and lost, over real HTTP."""

import asyncio

import pytest

from custom_components.carport.service.contract import Car, ReadResult
from custom_components.carport.service.errors import ClosedByMaker, LoginExpired, Outage
from custom_components.carport.service.jwt import claims
from custom_components.carport.service.sign_in import SignInOutcome

from .account import CarNetAccount

TOKEN = "/oidc/v1/token"


async def test_ten_calls_share_one_renewal(signed_in: CarNetAccount, golf: Car) -> None:
    """An access token dies with ten calls in flight: one refresh, all succeed."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="access")
    results: list[ReadResult] = await signed_in.world.result(
        asyncio.gather(*(signed_in.service.read(golf) for _ in range(10)))
    )
    assert all(result.readings for result in results)
    assert not any(result.gaps for result in results)
    assert len(control.calls(TOKEN)) == 1


async def test_tokens_are_renewed_ahead_of_expiry(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """No call is wasted on a token that is about to die."""
    control = signed_in.world.control
    await signed_in.world.advance(1800 - 100)
    await signed_in.read(golf)
    assert len(control.calls(TOKEN)) == 1
    assert not [call for call in control.calls() if call.status == 401]


@pytest.mark.parametrize("rotation", ["fresh", "single_use", "keep"])
async def test_renewed_tokens_survive_a_restart(
    signed_in: CarNetAccount, golf: Car, rotation: str
) -> None:
    """They are kept before they are used, with the verifier of the sign-in."""
    signed_in.world.control.service("car_net", rotation=rotation)
    for _ in range(3):
        await signed_in.world.advance(3600)
        await signed_in.read(golf)
        signed_in.rebuild()
    assert await signed_in.read(golf)
    assert len(signed_in.world.control.calls(TOKEN)) == 3


async def test_a_dead_refresh_token_needs_the_owner(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """It is asked for once only; a new sign-in mends it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, revoke="all")
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await signed_in.read(golf)
    assert len(control.calls(TOKEN)) == 1
    assert await signed_in.sign_in() is SignInOutcome.SIGNED_IN
    assert await signed_in.read(golf)


async def test_a_refresh_token_of_another_year(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """What has expired by its own date is not even sent."""
    await signed_in.world.advance(366 * 86400)
    with pytest.raises(LoginExpired):
        await signed_in.read(golf)
    assert not signed_in.world.control.calls()


async def test_without_tokens_there_is_no_call(account: CarNetAccount) -> None:
    """An account that never signed in cannot read."""
    with pytest.raises(LoginExpired):
        await account.car()
    assert not account.world.control.calls()


async def test_an_outage_keeps_the_tokens(signed_in: CarNetAccount, golf: Car) -> None:
    """The token call fails for a while; nothing is lost by it."""
    control = signed_in.world.control
    stored = signed_in.stored
    fault = control.fault("status", path=TOKEN, status=503)
    await signed_in.world.advance(1800 - 60)
    assert await signed_in.read(golf)
    await signed_in.world.advance(120)
    with pytest.raises(Outage):
        await signed_in.read(golf)
    assert signed_in.stored == stored
    control.clear_faults(fault.number)
    assert await signed_in.read(golf)


async def test_the_maker_refuses_to_renew(signed_in: CarNetAccount, golf: Car) -> None:
    """Proof of being the maker's own app cannot be given; tokens stay."""
    control = signed_in.world.control
    control.service("car_net", attestation="enforced")
    await signed_in.world.advance(3600)
    with pytest.raises(ClosedByMaker):
        await signed_in.read(golf)
    control.service("car_net", attestation="off")
    assert await signed_in.read(golf)


async def test_answers_that_leave_things_out(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """A lifetime that is not said is the one before, or what the token claims."""
    control = signed_in.world.control
    fault = control.fault("change", path=TOKEN, remove=["expires_in", "refresh_token"])
    for _ in range(2):
        await signed_in.world.advance(1800 - 100)
        assert await signed_in.read(golf)
    assert len(control.calls(TOKEN)) == 2
    assert await signed_in.sign_in() is SignInOutcome.SIGNED_IN
    await signed_in.world.advance(1800 - 60)
    control.clear_faults(fault.number)
    # This sign-in came without a refresh token.
    await signed_in.world.advance(120)
    with pytest.raises(LoginExpired):
        await signed_in.read(golf)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("a.eyJzdWIiOiAieCJ9.c", {"sub": "x"}),
        ("a.WzFd.c", {}),
        ("a.e30.c", {}),
        ("a.!!.c", {}),
        ("opaque", {}),
        ("a.\u00e9.c", {}),
    ],
)
def test_what_a_token_claims(token: str, expected: dict[str, str]) -> None:
    """A token that is none claims nothing."""
    assert claims(token) == expected


@pytest.mark.parametrize("broken", ["{", "{}", '{"access_token": 5}'])
async def test_an_unreadable_memory_counts_as_none(
    account: CarNetAccount, broken: str
) -> None:
    """The owner has to sign in again."""
    account.stored = None if broken == "{" else broken
    account.rebuild()
    with pytest.raises(LoginExpired):
        await account.car()
