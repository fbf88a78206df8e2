"""What every service must do with its tokens, whatever cloud gives them.

A service's own test module derives from `TokenContract`, says as data how its tokens
live, and has a fixture `account`; everything below then runs against its cloud.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any, ClassVar

import pytest

from custom_components.carport.service.contract import ReadResult
from custom_components.carport.service.errors import LoginExpired, Outage
from custom_components.carport.service.ledger import Purpose
from custom_components.carport.service.sign_in import SignInOutcome
from tests.makers.account import ServiceAccount

type Account = ServiceAccount[Any]
type Knobs = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLife:
    """How the tokens of a cloud live and die."""

    first: str
    """The path of the call that ends a sign-in with tokens."""
    renewal: str
    """The path of the call that renews them."""
    lifetime: float
    """Seconds from one renewal to the next, if nobody renewed them ahead."""
    ahead: float = 120
    """Seconds before that in which they are renewed."""
    refused: Knobs = field(default_factory=lambda: {"revoke": "access"})
    """Turns of the account's knobs after which the tokens are not taken."""
    dead: Knobs = field(default_factory=lambda: {"revoke": "all"})
    """Turns after which they cannot be renewed either."""
    last_hope: str | None = None
    """The path that is asked once when they are dead, if not that of the renewal."""
    mended_by: Mapping[str, str] = field(default_factory=dict)
    """What the owner types differently then."""


class TokenContract:
    """The tests; each one signs in anew."""

    life: ClassVar[TokenLife]

    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [
            ({"kind": "status", "status": 404}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
            ({"kind": "status", "status": 429}, SignInOutcome.ACCOUNT_THROTTLED),
            ({"kind": "status", "status": 500}, SignInOutcome.MAKER_OUTAGE),
            ({"kind": "status", "status": 503}, SignInOutcome.MAKER_OUTAGE),
            ({"kind": "drop"}, SignInOutcome.MAKER_OUTAGE),
            ({"kind": "slow", "seconds": 45}, SignInOutcome.MAKER_OUTAGE),
            ({"kind": "html"}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
            ({"kind": "empty"}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
            ({"kind": "truncated"}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
        ],
    )
    async def test_a_failed_exchange_has_its_name(
        self, account: Account, fault: dict[str, Any], outcome: SignInOutcome
    ) -> None:
        """Nobody is blamed for it, nothing is stored, and it is not tried again."""
        control = account.world.control
        control.fault(path=self.life.first, **fault)
        assert await account.sign_in() is outcome
        assert account.stored is None
        assert len(control.calls(self.life.first)) == 1
        # An answer that came too late must not hold the world up.
        await account.world.advance(60)

    async def test_ten_calls_share_one_renewal(self, signed_in: Account) -> None:
        """Tokens die with ten calls in flight: one renewal, all succeed."""
        car = await signed_in.known_car()
        control, before = signed_in.world.control, _token_calls(signed_in)
        control.account(signed_in.spec.username, **self.life.refused)
        results: list[ReadResult] = await signed_in.world.result(
            asyncio.gather(*(signed_in.service.read(car) for _ in range(10)))
        )
        assert all(result.readings for result in results)
        assert not any(result.gaps for result in results)
        assert self._renewals(signed_in) == _token_calls(signed_in) - before == 1

    async def test_tokens_are_renewed_ahead_of_their_end(
        self, signed_in: Account
    ) -> None:
        """No call is wasted on tokens about to die, and none on good ones."""
        car = await signed_in.known_car()
        await signed_in.world.advance(self.life.lifetime - self.life.ahead - 20)
        assert await signed_in.read(car)
        assert self._renewals(signed_in) == 0
        await signed_in.world.advance(30)
        assert await signed_in.read(car)
        assert self._renewals(signed_in) == 1
        assert not _refusals(signed_in)

    async def test_renewed_tokens_survive_a_restart(self, signed_in: Account) -> None:
        """They are kept before they are used, with all that renews them again."""
        await self.check_restarts(signed_in)

    async def check_restarts(self, signed_in: Account) -> None:
        """Renew tokens three times, each time from what was stored."""
        car = await signed_in.known_car()
        for count in range(1, 4):
            signed_in.rebuild()
            await signed_in.world.advance(2 * self.life.lifetime)
            assert await signed_in.read(car)
            assert self._renewals(signed_in) == count
        signed_in.rebuild()
        assert await signed_in.read(car)
        assert self._renewals(signed_in) == 3
        assert not _refusals(signed_in)

    async def test_an_outage_keeps_the_tokens(self, signed_in: Account) -> None:
        """A renewal fails for a while: no matter while they last, or later on."""
        car = await signed_in.known_car()
        control, stored = signed_in.world.control, signed_in.stored
        fault = control.fault("status", path=self.life.renewal, status=503)
        await signed_in.world.advance(self.life.lifetime - self.life.ahead / 2)
        assert await signed_in.read(car)
        assert self._renewals(signed_in)
        await signed_in.world.advance(self.life.ahead)
        with pytest.raises(Outage):
            await signed_in.read(car)
        assert signed_in.stored == stored
        control.clear_faults(fault.number)
        assert await signed_in.read(car)

    async def test_dead_tokens_need_the_owner(self, signed_in: Account) -> None:
        """The cloud is asked once only; a new sign-in mends it."""
        car = await signed_in.known_car()
        control, life = signed_in.world.control, self.life
        control.account(signed_in.spec.username, **{**life.refused, **life.dead})
        for _ in range(3):
            with pytest.raises(LoginExpired):
                await signed_in.read(car)
        assert len(control.calls(life.last_hope or life.renewal)) == 1
        asked = len(control.calls())
        with pytest.raises(LoginExpired):
            await signed_in.car()
        assert len(control.calls()) == asked
        assert await signed_in.sign_in(**life.mended_by) is SignInOutcome.SIGNED_IN
        assert await signed_in.read(car)

    @pytest.mark.parametrize("kept", [None, "nothing", "nonsense"])
    async def test_without_tokens_there_is_no_call(
        self, signed_in: Account, kept: str | None
    ) -> None:
        """An account that never signed in, or forgot it, cannot read."""
        known = json.loads(signed_in.stored or "{}")
        assert known
        spoilt = {} if kept == "nothing" else dict.fromkeys(known, 5)
        signed_in.stored = None if kept is None else json.dumps(spoilt)
        signed_in.rebuild()
        with pytest.raises(LoginExpired):
            await signed_in.car()
        assert not signed_in.world.control.calls()

    def _renewals(self, account: Account) -> int:
        return len(account.world.control.calls(self.life.renewal))


def _token_calls(account: Account) -> int:
    return account.ledger.counts_today().get(Purpose.TOKEN, 0)


def _refusals(account: Account) -> list[str]:
    return [call.path for call in account.world.control.calls() if call.status == 401]
