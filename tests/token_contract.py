"""What every service must do with its tokens or its key, whatever cloud gives them.

A service's own test module derives from `TokenContract` and says as data how its tokens
live; one whose key is never renewed derives from `KeyContract`, which is the half that
holds for it too. Both need a fixture `account`; everything below then runs against the
service's cloud.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Any, ClassVar, override

import pytest

from carport.cloud.contract import ReadResult
from carport.cloud.errors import LoginExpired, Outage, SignInFailed
from carport.cloud.ledger import Purpose
from carport.cloud.sign_in import SignInOutcome
from tests.makers.account import ServiceAccount

type Account = ServiceAccount[Any]
type AccountSettings = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLife:
    """How what lets a service in comes to its end."""

    first: str
    """The path of the call that ends a sign-in."""
    refused: AccountSettings = field(default_factory=dict)
    """Changes of the account's settings after which it is not taken."""
    dead: AccountSettings = field(default_factory=lambda: {"revoke": "all"})
    """Changes after which only the owner helps."""
    last_hope: str = ""
    """The path that is asked once when it is dead, if not that of the sign-in."""
    mended_by: Mapping[str, str] = field(default_factory=dict)
    """What the owner types differently then."""
    mended: AccountSettings = field(default_factory=dict)
    """What the owner changes at the maker then."""
    named: Mapping[Any, SignInOutcome] = field(default_factory=dict)
    """What statuses mean at this cloud, where that is something of its own."""
    tries: int = 1
    """How often a call that was not answered is made; reading one may be repeated."""

    @property
    def asked_last(self) -> str:
        """The path that is asked once when it is dead."""
        return self.last_hope or self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLife(KeyLife):
    """How the tokens of a cloud live and die."""

    refused: AccountSettings = field(default_factory=lambda: {"revoke": "access"})
    renewal: str
    """The path of the call that renews them."""
    lifetime: float
    """Seconds from one renewal to the next, if nobody renewed them ahead."""
    ahead: float = 120
    """Seconds before that in which they are renewed."""

    @property
    @override
    def asked_last(self) -> str:
        return self.last_hope or self.renewal


class KeyContract:
    """What holds for keys and tokens alike; each test signs in anew."""

    saved: ClassVar[KeyLife]

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
        """Nobody is blamed for it, and it is not tried again."""
        control = account.world.control
        control.fault(path=self.saved.first, **fault)
        named = self.saved.named.get(fault.get("status"), outcome)
        assert await account.sign_in() is named
        tries = self.saved.tries if fault["kind"] in {"drop", "slow"} else 1
        assert len(control.calls(self.saved.first)) == tries
        # An answer that came too late must not hold the world up.
        await account.world.advance(120)

    async def test_dead_tokens_need_the_owner(self, signed_in: Account) -> None:
        """The cloud is asked once only; a new sign-in mends it."""
        car = await signed_in.known_car()
        control, life = signed_in.world.control, self.saved
        control.account(signed_in.spec.username, **{**life.refused, **life.dead})
        for _ in range(3):
            with pytest.raises((LoginExpired, SignInFailed)):
                await signed_in.read(car)
        assert len(control.calls(life.asked_last)) == 1
        control.account(signed_in.spec.username, **life.mended)
        assert await signed_in.sign_in(**life.mended_by) is None
        assert await signed_in.read(car)

    @pytest.mark.parametrize("kept", [None, "nothing", "nonsense"])
    async def test_without_tokens_there_is_no_call(
        self, signed_in: Account, kept: str | None
    ) -> None:
        """An account that never signed in, or forgot it, cannot read."""
        car = await signed_in.known_car()
        known = json.loads(signed_in.stored or "{}")
        assert known
        spoilt = {} if kept == "nothing" else dict.fromkeys(known, 5)
        signed_in.stored = None if kept is None else json.dumps(spoilt)
        signed_in.rebuild()
        with pytest.raises(LoginExpired):
            await signed_in.read(car)
        assert not signed_in.world.control.calls()


class TokenContract(KeyContract):
    """What holds for tokens that are renewed."""

    saved: ClassVar[TokenLife]

    async def test_a_failed_sign_in_keeps_no_tokens(self, account: Account) -> None:
        """Nothing is stored of half a sign-in."""
        account.world.control.fault("status", path=self.saved.first, status=500)
        assert await account.sign_in() is SignInOutcome.MAKER_OUTAGE
        assert account.stored is None

    async def test_without_tokens_nothing_is_listed(self, signed_in: Account) -> None:
        """Dead ones are not tried for the list of cars either; nor are none."""
        car = await signed_in.known_car()
        control, life = signed_in.world.control, self.saved
        control.account(signed_in.spec.username, **{**life.refused, **life.dead})
        with pytest.raises(LoginExpired):
            await signed_in.read(car)
        asked = len(control.calls())
        with pytest.raises(LoginExpired):
            await signed_in.car()
        signed_in.stored = None
        signed_in.rebuild()
        with pytest.raises(LoginExpired):
            await signed_in.car()
        assert len(control.calls()) == asked

    async def test_ten_calls_share_one_renewal(self, signed_in: Account) -> None:
        """Tokens die with ten calls in flight: one renewal, all succeed."""
        car = await signed_in.known_car()
        control, before = signed_in.world.control, _token_calls(signed_in)
        control.account(signed_in.spec.username, **self.saved.refused)
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
        await signed_in.world.advance(self.saved.lifetime - self.saved.ahead - 20)
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
            await signed_in.world.advance(2 * self.saved.lifetime)
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
        fault = control.fault("status", path=self.saved.renewal, status=503)
        await signed_in.world.advance(self.saved.lifetime - self.saved.ahead / 2)
        assert await signed_in.read(car)
        assert self._renewals(signed_in)
        await signed_in.world.advance(self.saved.ahead)
        with pytest.raises(Outage):
            await signed_in.read(car)
        assert signed_in.stored == stored
        control.clear_faults(fault.number)
        assert await signed_in.read(car)

    async def test_a_page_in_place_of_tokens_keeps_them(
        self, signed_in: Account
    ) -> None:
        """What a gateway answers instead of the cloud matters as little."""
        car = await signed_in.known_car()
        control, stored = signed_in.world.control, signed_in.stored
        fault = control.fault("html", path=self.saved.renewal)
        await signed_in.world.advance(self.saved.lifetime - self.saved.ahead / 2)
        assert await signed_in.read(car)
        assert self._renewals(signed_in)
        assert signed_in.stored == stored
        control.clear_faults(fault.number)
        await signed_in.world.advance(self.saved.ahead)
        assert await signed_in.read(car)

    def _renewals(self, account: Account) -> int:
        return len(account.world.control.calls(self.saved.renewal))


def _token_calls(account: Account) -> int:
    return account.ledger.counts_today().get(Purpose.TOKEN, 0)


def _refusals(account: Account) -> list[str]:
    return [call.path for call in account.world.control.calls() if call.status == 401]
