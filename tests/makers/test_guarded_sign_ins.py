"""What uses up the sign-ins of a day, at every service (8.5)."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from attacks.accounts import account_of, attacked
from carport.cloud.errors import CloudError, SignInFailed
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.sign_in import SignInOutcome
from simulator.faults import FaultKind

from .account import ServiceAccount

type Account = ServiceAccount[Any]

PROFILES = {profile.service: profile for profile in attacked()}
WITH_SECRET = sorted(
    service
    for service in PROFILES
    # Where nothing secret is typed, every try counts.
    if service != "car_data"
)

BY_PAGES = frozenset({"car_net", "we_connect", "eu_data_act"})

LOCALLY_WRONG = {
    "skoda": {"vins": "none"},
    "i_remote": {"client_id": "with:colon"},
    "eu_data_act": {"brand": "none"},
}
"""What a service refuses without asking the maker."""


@pytest.fixture(params=WITH_SECRET)
async def account(
    request: pytest.FixtureRequest, socket_enabled: None
) -> AsyncIterator[Account]:
    """Open a world with an account of each service, which has not signed in."""
    async with account_of(PROFILES[request.param]) as account:
        yield account


def tries(guard: SignInGuard) -> int:
    """Return how many sign-ins of today count."""
    return sum(len(times) for times in guard.to_json()["tries"].values())


async def sign_in(
    account: Account, guard: SignInGuard, **changes: str
) -> SignInOutcome | None:
    """Sign in as the engine does; return how it failed, if it did."""
    credentials = {**account.credentials, **changes}
    try:
        await account.run(guarded_sign_in(account.service, credentials, guard))
    except SignInFailed as error:
        return error.outcome
    return None


async def test_8_5_a_server_that_is_not_there_uses_up_no_sign_in(
    account: Account,
) -> None:
    """However often it is tried; a sign-in that works counts."""
    guard = SignInGuard(account.world.clock)
    assert await sign_in(account, guard) is None
    assert tries(guard) == 1
    await account.world.simulator.stop()
    for _ in range(account.kind.info.sign_ins_a_day):
        assert await sign_in(account, guard) is SignInOutcome.MAKER_OUTAGE
    assert tries(guard) == 1


async def test_8_5_a_page_without_a_form_uses_up_no_sign_in(account: Account) -> None:
    """Where the password is typed at a page, it is not sent before that page is there."""
    if account.kind.info.key not in BY_PAGES:
        return
    guard = SignInGuard(account.world.clock)
    account.world.control.fault(FaultKind.HTML, path="*", method="GET")
    for _ in range(2):
        assert await sign_in(account, guard) is not None
    assert tries(guard) == 0


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.DROP])
async def test_8_5_a_password_that_was_sent_counts(
    account: Account, kind: FaultKind
) -> None:
    """Whatever the answer is, or if there is none: the maker may have counted it."""
    guard = SignInGuard(account.world.clock)
    by_pages = account.kind.info.key in BY_PAGES
    path = "*/authenticate" if by_pages else "*"
    account.world.control.fault(
        kind, path=path, status=503, method="POST" if by_pages else None
    )
    for number in (1, 2):
        assert await sign_in(account, guard) is not None
        assert tries(guard) == number


@pytest.mark.parametrize("service", WITH_SECRET)
async def test_8_5_whichever_call_fails_a_sent_password_counts(
    service: str, socket_enabled: None
) -> None:
    """A sign-in is broken at each of its calls, one after the other."""
    async with account_of(PROFILES[service]) as account:
        assert await sign_in(account, SignInGuard(account.world.clock)) is (None)
        calls = account.world.control.calls()
    with_password = next(
        (
            number
            for number, call in enumerate(calls)
            if call.path.endswith("/authenticate") and call.method == "POST"
        ),
        0,
    )
    assert (with_password > 0) is (service in BY_PAGES)
    for number, call in enumerate(calls):
        async with account_of(PROFILES[service]) as account:
            guard = SignInGuard(account.world.clock)
            account.world.control.fault(
                FaultKind.STATUS,
                host=call.host,
                path=call.path,
                method=call.method,
                status=503,
            )
            with suppress(CloudError):
                await sign_in(account, guard)
            assert tries(guard) == (number >= with_password), call


async def test_8_5_what_is_wrong_by_itself_uses_up_no_sign_in(account: Account) -> None:
    """The maker is not asked, so it has not counted anything."""
    wrong = LOCALLY_WRONG.get(account.kind.info.key)
    if wrong is None:
        return
    guard = SignInGuard(account.world.clock)
    account.world.control.forget_calls()
    for _ in range(account.kind.info.sign_ins_a_day + 1):
        assert await sign_in(account, guard, **wrong) not in {
            None,
            SignInOutcome.QUOTA,
        }
    assert tries(guard) == 0
    assert not account.world.control.calls()


async def test_8_5_a_client_id_uses_up_a_sign_in_only_where_somebody_hears_it(
    socket_enabled: None,
) -> None:
    """Where the owner approves on a page, the id is all that is typed."""
    async with account_of(PROFILES["car_data"]) as account:
        guard = SignInGuard(account.world.clock)
        account.world.control.fault(FaultKind.STATUS, status=503)
        assert await sign_in(account, guard) is SignInOutcome.MAKER_OUTAGE
        assert tries(guard) == 1
        await account.world.simulator.stop()
        assert await sign_in(account, guard) is SignInOutcome.MAKER_OUTAGE
        assert tries(guard) == 1
