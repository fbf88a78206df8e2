"""Every way in which a sign-in at ZE Services can end, and its tokens, over HTTP."""

import json
import logging

import pytest

from carport.car.commands import StartCharging
from carport.cloud.contract import Car
from carport.cloud.errors import BadAnswer, ClosedByMaker, Outage, SignInFailed
from carport.cloud.guard import SignInGuard, guarded_sign_in
from carport.cloud.service_info import Openness
from carport.cloud.sign_in import SignInOutcome
from carport.makers.ze_services.endpoints import LOGIN, REFRESH
from tests.token_contract import TokenContract, TokenLife

from .account import ZeAccount

LOGINS = f"/api{LOGIN}"
REFRESHES = f"/api{REFRESH}"


class TestFirstGeneration(TokenContract):
    """Renewed by a refresh token."""

    saved = TokenLife(first=LOGINS, renewal=REFRESHES, lifetime=36_000, ahead=60)


class TestSecondGeneration(TokenContract):
    """Renewed by a cookie and the pair of the sign-in, again and again."""

    saved = TokenLife(first=LOGINS, renewal=REFRESHES, lifetime=900, ahead=60)

    @pytest.fixture
    def account(self, account: ZeAccount) -> ZeAccount:
        """Return an account at the cloud of December 2018."""
        account.world.control.service("ze_services", generation=2)
        return account


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
        ({"kind": "status", "status": 400}, "page_not_understood"),
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


async def test_a_renewal_without_a_token(signed_in: ZeAccount, zoe: Car) -> None:
    """An odd answer is no dead sign-in."""
    control = signed_in.world.control
    fault = control.fault("change", path=REFRESHES, remove=["token"])
    await signed_in.world.advance(40_000)
    with pytest.raises(BadAnswer):
        await signed_in.read(zoe)
    control.clear_faults(fault.number)
    assert await signed_in.read(zoe)


@pytest.mark.parametrize("status", [403, 404, 405])
async def test_8_1_a_renewal_that_is_refused_once_is_tried_again(
    signed_in: ZeAccount, zoe: Car, status: int
) -> None:
    """Section 1: a passing refusal asks nobody for the password."""
    fault = signed_in.world.control.fault("status", path=REFRESHES, status=status)
    await signed_in.world.advance(40_000)
    with pytest.raises(BadAnswer):
        await signed_in.read(zoe)
    signed_in.world.control.clear_faults(fault.number)
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
