"""The portal's session: renewed silently, and seldom enough."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, pairwise
import json

import pytest

from carport.cloud.errors import LoginExpired, Outage, SignInFailed, Throttled
from carport.cloud.sign_in import SignInOutcome
from carport.makers.eu_data_act.service import EuDataAct
from tests.service_context import ClockAhead
from tests.world import World

from .account import DataActAccount
from .conftest import TESTER

PASSWORDS = "*/login/authenticate"
HOUR = 3600
LONG = 5.5 * HOUR
"""A life of a session that is not short."""


def _passwords(world: World) -> int:
    return len(world.control.calls(PASSWORDS, method="POST"))


async def _die(account: DataActAccount, world: World, after: float) -> EuDataAct:
    """Let the session be refused after a while."""
    await world.advance(after)
    world.control.account(TESTER, revoke="session")
    return account.service


async def test_session_is_renewed_with_the_kept_password(
    signed_in: DataActAccount, world: World
) -> None:
    """A dead session is one sign-in, of which nobody hears; also after a restart."""
    service = await _die(signed_in, world, LONG)
    assert await signed_in.run(service.cars())
    assert _passwords(world) == 1
    await _die(signed_in, world, LONG)
    service = signed_in.rebuild()
    assert await signed_in.run(service.cars())
    assert _passwords(world) == 2


async def test_clock_that_runs(
    signed_in: DataActAccount, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That time passes between two looks at the clock keeps nobody out."""
    service = await _die(signed_in, world, LONG)
    stopped, ticks = world.clock.now, count()
    monkeypatch.setattr(
        world.clock, "now", lambda: stopped() + timedelta(microseconds=next(ticks))
    )
    assert await signed_in.run(service.cars())
    signed_in.stored = json.dumps({**json.loads(signed_in.stored or ""), "tries": None})
    service = signed_in.rebuild()
    world.control.account(TESTER, revoke="session")
    assert await signed_in.run(service.cars())


async def test_end_that_the_cookie_says(
    signed_in: DataActAccount, world: World
) -> None:
    """A token that has an end is renewed ahead of it, without a refused call."""
    await world.advance(6 * HOUR - 30)
    world.control.forget_calls()
    assert await signed_in.run(signed_in.service.cars())
    assert _passwords(world) == 1
    assert not [
        call for call in world.control.calls("/proxy_api/*") if call.status == 401
    ]


async def test_session_that_the_portal_prolongs(
    signed_in: DataActAccount, world: World
) -> None:
    """A cookie that is set anew in an answer is the one to go on with, as in a browser."""
    world.control.service("eu_data_act", sliding_session=True)
    for _ in range(20):
        await world.advance(HOUR)
        assert await signed_in.run(signed_in.service.cars())
        signed_in.rebuild()
    assert _passwords(world) == 0


@pytest.mark.parametrize("sliding", [False, True])
async def test_clock_that_is_ahead_costs_no_sign_in(
    account: DataActAccount, world: World, *, sliding: bool
) -> None:
    """A session lives for as long as it says, by whatever clock the owner has."""
    world.control.service("eu_data_act", sliding_session=sliding)
    ahead = ClockAhead(world.clock, timedelta(days=1))
    account.service = EuDataAct(replace(account.service.context, clock=ahead))
    await account.enter()
    for _ in range(3):
        await world.advance(HOUR)
        assert await account.run(account.service.cars())
        # As after a restart.
        context = replace(account.rebuild().context, clock=ahead)
        account.service = EuDataAct(context)
    assert _passwords(world) == 0
    await world.advance(6 * HOUR - 30)
    world.control.forget_calls()
    assert await account.run(account.service.cars())
    assert _passwords(world) == 1
    assert not [
        call for call in world.control.calls("/proxy_api/*") if call.status == 401
    ]


async def test_dead_session_that_is_led_to_the_sign_in(
    signed_in: DataActAccount, world: World
) -> None:
    """A redirect in place of an answer is the end of the session, and nothing worse."""
    world.control.service("eu_data_act", ends_in_redirect=True)
    service = await _die(signed_in, world, LONG)
    assert await signed_in.run(service.cars())
    assert _passwords(world) == 1


async def test_session_that_an_earlier_version_kept(
    signed_in: DataActAccount, world: World
) -> None:
    """It is gone on with, where its one cookie is enough for the portal."""
    world.control.service("eu_data_act", affinity=False)
    kept = json.loads(signed_in.stored or "")
    cookie = json.loads(kept.pop("cookies"))["access_token"]
    signed_in.stored = json.dumps({**kept, "cookie": cookie})
    assert await signed_in.run(signed_in.rebuild().cars())
    assert _passwords(world) == 0


async def test_password_is_used_once_in_a_quarter_of_an_hour(
    signed_in: DataActAccount, world: World
) -> None:
    """A session that dies young waits for the rest of the pause."""
    assert await signed_in.run(signed_in.service.cars())
    service = await _die(signed_in, world, 300)
    with pytest.raises(Throttled) as paused:
        await signed_in.run(service.cars())
    assert (paused.value.until - world.clock.now()).total_seconds() == 600
    assert signed_in.ledger.throttled_until == paused.value.until
    assert _passwords(world) == 0
    await world.advance(600)
    assert await signed_in.run(service.cars())
    assert _passwords(world) == 1


async def test_five_sign_ins_a_day(signed_in: DataActAccount, world: World) -> None:
    """The sixth waits until the first is a day old, also over a restart."""
    for number in range(20):
        service = await _die(signed_in, world, HOUR)
        if number % 3 == 0:
            service = signed_in.rebuild()
        with suppress(Throttled):
            await signed_in.run(service.cars())
    # One was the owner's own, at the set-up.
    assert 1 <= _passwords(world) <= 4


async def test_failed_sign_ins_count_double(
    signed_in: DataActAccount, world: World
) -> None:
    """An outage of the identity host costs two of the day's five."""
    world.control.account(TESTER, sign_in="outage")
    for _ in range(12):
        service = await _die(signed_in, world, HOUR)
        with pytest.raises((Outage, Throttled)):
            await signed_in.run(service.cars())
    assert _passwords(world) == 2


async def test_changed_password_is_sent_once(
    signed_in: DataActAccount, world: World
) -> None:
    """A refused password is forgotten: only the owner can give another."""
    world.control.account(TESTER, password="Another-2027")
    for _ in range(3):
        service = await _die(signed_in, world, HOUR)
        with pytest.raises(LoginExpired):
            await signed_in.run(service.cars())
    assert _passwords(world) == 1
    assert "Parked & plugged" not in (signed_in.stored or "")
    assert await signed_in.sign_in(password="Another-2027") is None
    assert await signed_in.run(signed_in.service.cars())


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"sign_in": "terms"}, SignInOutcome.NEW_TERMS),
        ({"consent_kind": "dataprivacy"}, SignInOutcome.CONSENT_MISSING),
        ({"sign_in": "locked"}, SignInOutcome.ACCOUNT_LOCKED),
    ],
    ids=str,
)
async def test_step_for_the_owner_stops_the_renewals(
    signed_in: DataActAccount,
    world: World,
    settings: dict[str, str],
    outcome: SignInOutcome,
) -> None:
    """Nobody tries again until the owner signs in, also not after a restart."""
    world.control.account(TESTER, **settings)
    service = await _die(signed_in, world, HOUR)
    for _ in range(3):
        with pytest.raises(SignInFailed) as failed:
            await signed_in.run(service.cars())
        assert failed.value.outcome is outcome
        await world.advance(HOUR)
        service = signed_in.rebuild()
    assert _passwords(world) == 1
    world.control.account(TESTER, sign_in="ok", consent_kind="")
    assert await signed_in.sign_in() is None
    assert await signed_in.run(service.cars())


async def test_life_of_sessions_is_measured(
    signed_in: DataActAccount, world: World
) -> None:
    """Nobody knows how long they last, so the figure is kept."""
    assert signed_in.service.account_facts()["session_hours"] is None
    service = await _die(signed_in, world, 7 * HOUR)
    await signed_in.run(service.cars())
    facts = signed_in.rebuild().account_facts()
    assert facts["session_hours"] == 7.0
    assert facts["sign_ins_spread"] == "false"
    assert facts["sign_ins_today"] == 2.0


async def test_sign_ins_are_spread_where_sessions_are_short(
    signed_in: DataActAccount, world: World
) -> None:
    """After two that died in under five hours there are five looks a day, evenly."""
    car = await signed_in.car()
    service = await _die(signed_in, world, 2 * HOUR)
    await signed_in.run(service.read(car))
    await _die(signed_in, world, 2 * HOUR)
    with pytest.raises(Throttled) as paused:
        await signed_in.run(service.read(car))
    await world.advance((paused.value.until - world.clock.now()).total_seconds())
    assert service.account_facts()["sign_ins_spread"] == "true"
    world.control.forget_calls()
    signs: list[float] = []
    began = world.clock.now()
    while (world.clock.now() - began).total_seconds() < 24 * HOUR:
        before = _passwords(world)
        try:
            await signed_in.run(service.read(car))
        except Throttled as paused:
            wait = (paused.until - world.clock.now()).total_seconds()
        else:
            wait = 1800.0
            world.control.account(TESTER, revoke="session")
        if _passwords(world) > before:
            signs.append((world.clock.now() - began).total_seconds() / HOUR)
        await world.advance(wait)
    assert len(signs) == 5
    gaps = [later - earlier for earlier, later in pairwise(signs)]
    assert min(gaps) >= 4.79
