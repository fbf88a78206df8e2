"""Every way in which a sign-in at ZE Services can end, and its tokens, over HTTP."""

import asyncio
import json
import logging

import pytest

from custom_components.carport.car.commands import StartCharging
from custom_components.carport.makers.renault.ze_tokens import LOGIN, REFRESH
from custom_components.carport.service.contract import Car, Openness, ReadResult
from custom_components.carport.service.errors import (
    BadAnswer,
    ClosedByMaker,
    LoginExpired,
    Outage,
    SignInFailed,
)
from custom_components.carport.service.guard import SignInGuard, guarded_sign_in
from custom_components.carport.service.sign_in import SignInOutcome

from .account import ZeAccount

LOGINS = f"/api{LOGIN}"
REFRESHES = f"/api{REFRESH}"

both_generations = pytest.mark.parametrize("generation", [1, 2])


def test_it_says_what_works_today(account: ZeAccount) -> None:
    """The maker has closed it; it has no PIN."""
    info = account.service.info
    assert info.openness is Openness.CLOSED
    assert not info.pin
    assert set(info.hosts) == {"eu"}


async def test_the_account_has_a_stable_id(account: ZeAccount) -> None:
    """It is the maker's own, whatever the owner typed."""
    first = await account.run(account.service.sign_in(account.credentials))
    typed = {**account.credentials, "username": account.spec.username.title()}
    assert first != account.spec.username
    assert await account.run(account.service.sign_in(typed)) == first


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("locked", SignInOutcome.ACCOUNT_LOCKED),
        ("throttled", SignInOutcome.ACCOUNT_THROTTLED),
        ("refused", SignInOutcome.CLIENT_REFUSED),
        ("outage", SignInOutcome.MAKER_OUTAGE),
    ],
)
async def test_each_failure_has_its_name(
    account: ZeAccount, mode: str, outcome: SignInOutcome
) -> None:
    """And leaves nothing behind."""
    account.world.control.account(account.spec.username, sign_in=mode)
    assert await account.sign_in() is outcome
    assert account.stored is None


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "status", "status": 404}, "page_not_understood"),
        ({"kind": "status", "status": 400}, "page_not_understood"),
        ({"kind": "status", "status": 429}, "account_throttled"),
        ({"kind": "status", "status": 500}, "maker_outage"),
        ({"kind": "drop"}, "maker_outage"),
        ({"kind": "slow", "seconds": 45}, "maker_outage"),
        ({"kind": "html"}, "page_not_understood"),
        ({"kind": "empty"}, "page_not_understood"),
        ({"kind": "truncated"}, "page_not_understood"),
        ({"kind": "change", "remove": ["token"]}, "page_not_understood"),
        ({"kind": "change", "set": {"user": []}}, "page_not_understood"),
    ],
)
async def test_faults_on_the_way(
    account: ZeAccount, fault: dict[str, str], outcome: str
) -> None:
    """Whatever breaks, the end has a name and nothing is stored."""
    account.world.control.fault(path=LOGINS, **fault)
    assert await account.sign_in() == outcome
    assert account.stored is None
    await account.world.advance(60)


async def test_a_wrong_password_is_sent_once(account: ZeAccount) -> None:
    """The guard remembers it."""
    typed = {**account.credentials, "password": "wrong"}
    guard = SignInGuard(account.world.clock)
    for _ in range(3):
        with pytest.raises(SignInFailed) as caught:
            await account.run(guarded_sign_in(account.service, typed, guard))
        assert caught.value.outcome is SignInOutcome.WRONG_PASSWORD
    assert len(account.world.control.calls(LOGINS)) == 1


any_status = pytest.mark.parametrize("status", [200, 401, 403, 410, 451, 500])


@any_status
async def test_an_account_whose_country_has_moved_on(
    account: ZeAccount, status: int
) -> None:
    """The owner reads where to, whatever the status; it is no password's fault."""
    account.world.control.service("ze_services", moved_status=status)
    account.world.control.account(account.spec.username, migrated=True)
    with pytest.raises(SignInFailed) as caught:
        await account.run(account.service.sign_in(account.credentials))
    assert caught.value.outcome is SignInOutcome.CLIENT_REFUSED
    assert caught.value.address == "https://www.example.com/my-renault"


@both_generations
async def test_ten_calls_share_one_renewal(account: ZeAccount, generation: int) -> None:
    """A token dies with ten calls in flight: one refresh, all succeed."""
    control = account.world.control
    control.service("ze_services", generation=generation)
    await account.sign_in()
    car = await account.car()
    control.account(account.spec.username, revoke="access")
    results: list[ReadResult] = await account.world.result(
        asyncio.gather(*(account.service.read(car) for _ in range(10)))
    )
    assert all(result.readings for result in results)
    assert not any(result.gaps for result in results)
    assert len(control.calls(REFRESHES)) == 1


@both_generations
async def test_the_token_says_itself_when_it_ends(
    account: ZeAccount, generation: int
) -> None:
    """It is renewed a minute ahead, with the pair of the sign-in, again and again."""
    control = account.world.control
    control.service("ze_services", generation=generation)
    await account.sign_in()
    car = await account.car()
    lifetime = {1: 36_000, 2: 900}[generation]
    await account.world.advance(lifetime - 90)
    await account.read(car)
    assert not control.calls(REFRESHES)
    for count in range(1, 4):
        await account.world.advance(lifetime - 30)
        account.rebuild()
        await account.read(car)
        assert len(control.calls(REFRESHES)) == count
    assert not [call for call in control.calls() if call.status == 401]


@both_generations
async def test_a_dead_refresh_needs_the_owner(
    account: ZeAccount, generation: int
) -> None:
    """It is asked for once only; a new sign-in mends it."""
    control = account.world.control
    control.service("ze_services", generation=generation)
    await account.sign_in()
    car = await account.car()
    control.account(account.spec.username, revoke="all")
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await account.read(car)
    assert len(control.calls(REFRESHES)) == 1
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    assert await account.read(car)


async def test_an_outage_keeps_the_tokens(signed_in: ZeAccount, zoe: Car) -> None:
    """The token call fails for a while; nothing is lost by it."""
    control, stored = signed_in.world.control, signed_in.stored
    fault = control.fault("status", path=REFRESHES, status=503)
    await signed_in.world.advance(36_000 - 30)
    assert await signed_in.read(zoe)
    await signed_in.world.advance(60)
    with pytest.raises(Outage):
        await signed_in.read(zoe)
    assert signed_in.stored == stored
    control.clear_faults(fault.number)
    assert await signed_in.read(zoe)


async def test_a_renewal_without_a_token(signed_in: ZeAccount, zoe: Car) -> None:
    """An odd answer is no dead sign-in."""
    control = signed_in.world.control
    fault = control.fault("change", path=REFRESHES, remove=["token"])
    await signed_in.world.advance(40_000)
    with pytest.raises(BadAnswer):
        await signed_in.read(zoe)
    control.clear_faults(fault.number)
    assert await signed_in.read(zoe)


@any_status
async def test_a_country_that_moves_on_later(
    signed_in: ZeAccount, zoe: Car, status: int
) -> None:
    """Commands, reads and renewals say so, and tokens stay."""
    control = signed_in.world.control
    control.service("ze_services", moved_status=status)
    control.account(signed_in.spec.username, migrated=True)
    stored = signed_in.stored
    with pytest.raises(ClosedByMaker):
        await signed_in.send(zoe, StartCharging())
    # An outage is tried again before anybody reads what stands in it.
    with pytest.raises(Outage if status == 500 else ClosedByMaker):
        await signed_in.read(zoe)
    await signed_in.world.advance(40_000)
    with pytest.raises(ClosedByMaker):
        await signed_in.read(zoe)
    assert signed_in.stored == stored


async def test_without_tokens_there_is_no_call(account: ZeAccount) -> None:
    """An account that never signed in cannot read."""
    with pytest.raises(LoginExpired):
        await account.car()
    assert not account.world.control.calls()


async def test_no_secret_leaves_a_session(
    account: ZeAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor errors nor raw answers know credentials, tokens or VINs."""
    caplog.set_level(logging.DEBUG)
    account.world.control.service("ze_services", generation=2)
    await account.sign_in()
    car = await account.car()
    await account.read(car)
    await account.world.advance(1000)
    account.world.control.fault("status", path="*/battery", status=500)
    with pytest.raises(Outage) as caught:
        await account.read(car)
    ours = "\n".join(
        record.getMessage() for record in caplog.records if "carport" in record.name
    )
    stored = json.loads(account.stored or "{}")
    secrets = [account.spec.username, account.spec.password, car.vin, "Bearer"]
    secrets += [stored[key] for key in ("token", "pair", "xsrf", "cookie")]
    assert ours
    assert not any(secret in f"{ours}{caught.value}" for secret in secrets)
    assert not {LOGIN, REFRESH} & account.transport.raw.keys()
    assert not any(car.vin in what for what in account.transport.raw)
