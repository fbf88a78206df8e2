"""Car-Net's tokens: renewed once for all, kept, and lost, over real HTTP."""

import pytest

from carport.cloud.contract import Car
from carport.cloud.errors import ClosedByMaker, CloudError, LoginExpired
from tests.token_contract import TokenContract, TokenLife

from .account import CarNetAccount

TOKEN = "/oidc/v1/token"


class TestCarNetTokens(TokenContract):
    """Renewed by a refresh token, with the verifier of the sign-in."""

    saved = TokenLife(first=TOKEN, renewal=TOKEN, lifetime=1800)

    @pytest.mark.parametrize("rotation", ["single_use", "keep"])
    async def test_whatever_becomes_of_refresh_tokens(
        self, signed_in: CarNetAccount, rotation: str
    ) -> None:
        """An old one may stay good, or do once only."""
        signed_in.world.control.service("car_net", rotation=rotation)
        await self.check_restarts(signed_in)


async def test_a_refresh_token_of_another_year(
    signed_in: CarNetAccount, golf: Car
) -> None:
    """What has expired by its own date is not even sent."""
    await signed_in.world.advance(366 * 86400)
    with pytest.raises(LoginExpired):
        await signed_in.read(golf)
    assert not signed_in.world.control.calls()


@pytest.mark.parametrize("refusal", ["request", "attestation", "integrity"])
async def test_the_maker_refuses_to_renew(
    signed_in: CarNetAccount, golf: Car, refusal: str
) -> None:
    """Proof of being the maker's own app cannot be given; tokens stay."""
    control = signed_in.world.control
    control.service("car_net", attestation="enforced", attestation_refusal=refusal)
    await signed_in.world.advance(3600)
    with pytest.raises(ClosedByMaker):
        await signed_in.read(golf)
    control.service("car_net", attestation="off")
    assert await signed_in.read(golf)


@pytest.mark.parametrize("status", [403, 404, 405])
async def test_8_1_a_renewal_that_is_refused_once_is_tried_again(
    signed_in: CarNetAccount, golf: Car, status: int
) -> None:
    """Section 1, a sibling of Z.E.'s: a passing refusal asks nobody to sign in."""
    fault = signed_in.world.control.fault("status", path=TOKEN, status=status)
    await signed_in.world.advance(3600)
    with pytest.raises(CloudError) as caught:
        await signed_in.read(golf)
    assert not isinstance(caught.value, LoginExpired)
    signed_in.world.control.clear_faults(fault.number)
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
    assert await signed_in.sign_in() is None
    await signed_in.world.advance(1800 - 60)
    control.clear_faults(fault.number)
    # This sign-in came without a refresh token.
    await signed_in.world.advance(120)
    with pytest.raises(LoginExpired):
        await signed_in.read(golf)
