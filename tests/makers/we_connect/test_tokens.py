"""Both tiers of We Connect's tokens: renewed, shared, kept, and at their end."""

import pytest

from carport.cloud.contract import Car
from carport.cloud.errors import ClosedByMaker, LoginExpired
from tests.token_contract import TokenContract, TokenLife

from .account import WeConnectAccount

REFRESH = "/refreshTokens"


class TestWeConnectTokens(TokenContract):
    """The second tier renews itself; the first one is its last hope."""

    saved = TokenLife(
        first="/exchangeAuthCode",
        renewal="/mbbcoauth/mobile/oauth2/v1/token",
        lifetime=3600,
        refused={"revoke": "mbb"},
        last_hope=REFRESH,
    )

    @pytest.mark.parametrize("rotation", ["single_use", "keep"])
    async def test_whatever_becomes_of_refresh_tokens(
        self, signed_in: WeConnectAccount, rotation: str
    ) -> None:
        """An old one may stay good, or do once only."""
        signed_in.world.control.service("we_connect", rotation=rotation)
        await self.check_restarts(signed_in)


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


async def test_tokens_are_given_back(signed_in: WeConnectAccount, passat: Car) -> None:
    """A copy of them is worth nothing after an hour."""
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
