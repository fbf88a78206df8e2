"""How a sign-in at i Remote can end, and how its tokens are renewed."""

import logging
from typing import Any

import pytest

from carport.cloud.contract import Car
from carport.cloud.errors import ClosedByMaker, CloudError, LoginExpired, SignInFailed
from carport.cloud.sign_in import SignInOutcome
from tests.token_contract import TokenContract, TokenLife

from .account import IRemoteAccount

TOKEN = "/webapi/oauth/token/"
STATUS = "*/status"


class TestIRemoteTokens(TokenContract):
    """Each comes from a password grant."""

    saved = TokenLife(
        first=TOKEN,
        renewal=TOKEN,
        lifetime=28_800,
        dead={"password": "Another-2019"},
        mended_by={"password": "Another-2019"},
    )


def tokens_sold(account: IRemoteAccount) -> int:
    """Return how often the password was sent."""
    return len(account.world.control.calls(TOKEN))


async def test_one_call_signs_in(account: IRemoteAccount) -> None:
    """The account's id is its e-mail address, in whatever case it was typed."""
    name = account.spec.username
    known = {**account.credentials, "username": name.upper()}
    assert await account.run(account.service.sign_in(known)) == name
    assert tokens_sold(account) == 1


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"password": "Wrong"}, SignInOutcome.WRONG_PASSWORD),
        ({"username": "nobody@example.com"}, SignInOutcome.WRONG_PASSWORD),
        ({"client_id": "another-app"}, SignInOutcome.CLIENT_WRONG),
        ({"client_id": "with:colon"}, SignInOutcome.CLIENT_WRONG),
        ({"client_secret": "Wrong"}, SignInOutcome.CLIENT_WRONG),
    ],
)
async def test_what_was_typed_wrong(
    account: IRemoteAccount, change: dict[str, str], outcome: SignInOutcome
) -> None:
    """The app's key is not the owner's password."""
    assert await account.sign_in(**change) is outcome
    assert account.stored is None


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("locked", SignInOutcome.ACCOUNT_LOCKED),
        ("throttled", SignInOutcome.ACCOUNT_THROTTLED),
        ("outage", SignInOutcome.MAKER_OUTAGE),
        ("text", SignInOutcome.PAGE_NOT_UNDERSTOOD),
        ("mobile_disabled", SignInOutcome.CONSENT_MISSING),
    ],
)
async def test_what_stands_in_the_way(
    account: IRemoteAccount, mode: str, outcome: SignInOutcome
) -> None:
    """Each end has its own name, and none blames the owner."""
    account.world.control.account(account.spec.username, sign_in=mode)
    assert await account.sign_in() is outcome


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "status", "status": 400}, SignInOutcome.CLIENT_REFUSED),
        ({"kind": "status", "status": 403}, SignInOutcome.CLIENT_REFUSED),
        ({"kind": "status", "status": 410}, SignInOutcome.CLIENT_REFUSED),
        (
            {"kind": "change", "set": {"access_token": 5}},
            SignInOutcome.PAGE_NOT_UNDERSTOOD,
        ),
    ],
)
async def test_odd_answers(
    account: IRemoteAccount, fault: dict[str, Any], outcome: SignInOutcome
) -> None:
    """The password may well be right."""
    account.world.control.fault(path=TOKEN, **fault)
    assert await account.sign_in() is outcome


async def test_the_app_was_disabled(account: IRemoteAccount) -> None:
    """That is what happened to all of them in 2021."""
    account.world.control.service("i_remote", client_disabled=True)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED


async def test_wrong_passwords_lock_the_account(account: IRemoteAccount) -> None:
    """After five of them the right one does not help either."""
    for _ in range(5):
        outcome = await account.sign_in(password="Wrong")
        assert outcome is SignInOutcome.WRONG_PASSWORD
    assert await account.sign_in() is SignInOutcome.ACCOUNT_LOCKED


async def test_the_app_is_known_already(signed_in: IRemoteAccount) -> None:
    """A repeated sign-in need not type its key and secret again."""
    signed_in.rebuild()
    assert await signed_in.sign_in(client_id="", client_secret="") is None


# Renewal


async def test_a_changed_password_is_sent_once_only(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """A refused password is thrown away; a new sign-in mends it."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, password="Another-2019")
    await signed_in.world.advance(28_800)
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await signed_in.read(electric)
        signed_in.rebuild()
    assert tokens_sold(signed_in) == 1
    assert signed_in.spec.password not in (signed_in.stored or "")
    assert await signed_in.sign_in(password="Another-2019") is None
    assert await signed_in.read(electric)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("locked", SignInOutcome.ACCOUNT_LOCKED),
        ("mobile_disabled", SignInOutcome.CONSENT_MISSING),
    ],
)
async def test_a_locked_account_is_left_alone(
    signed_in: IRemoteAccount, electric: Car, mode: str, outcome: SignInOutcome
) -> None:
    """No further sign-in until the owner has been there."""
    signed_in.world.control.account(signed_in.spec.username, sign_in=mode)
    await signed_in.world.advance(28_800)
    for _ in range(3):
        with pytest.raises(SignInFailed) as caught:
            await signed_in.read(electric)
        assert caught.value.outcome is outcome
        signed_in.rebuild()
    assert tokens_sold(signed_in) == 1


async def test_the_app_is_disabled_meanwhile(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """The maker has closed the door; the owner did nothing wrong."""
    signed_in.world.control.service("i_remote", client_disabled=True)
    await signed_in.world.advance(28_800)
    for _ in range(2):
        with pytest.raises(ClosedByMaker):
            await signed_in.read(electric)
    assert tokens_sold(signed_in) == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "status", "status": 429}, {"kind": "html"}, {"kind": "empty"}]
)
async def test_a_good_token_serves_until_its_end(
    signed_in: IRemoteAccount, electric: Car, fault: dict[str, Any]
) -> None:
    """A renewal ahead of time may fail in any way that does not need the owner."""
    signed_in.world.control.fault(path=TOKEN, **fault)
    await signed_in.world.advance(28_800 - 60)
    assert await signed_in.read(electric)
    await signed_in.world.advance(120)
    with pytest.raises(CloudError):
        await signed_in.read(electric)


async def test_a_token_that_never_works_is_not_replaced_for_ever(
    signed_in: IRemoteAccount, electric: Car
) -> None:
    """One new one is tried; more would only lock the account."""
    signed_in.world.control.fault("status", path=STATUS, status=401)
    for _ in range(4):
        with pytest.raises(LoginExpired):
            await signed_in.read(electric)
    assert tokens_sold(signed_in) == 1


async def test_secrets_stay_secret(
    signed_in: IRemoteAccount, electric: Car, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor errors hold a password, a key, a token, a VIN or a place."""
    control = signed_in.world.control
    place = signed_in.world.simulator.twin(electric.vin).spec.home
    secrets = [
        signed_in.spec.password,
        *signed_in.spec.more.values(),
        electric.vin,
        str(place.latitude),
    ]
    texts: list[str] = []
    with caplog.at_level(logging.DEBUG):
        await signed_in.read(electric)
        for status in (400, 401, 403, 404, 405, 408, 410, 423, 429, 500):
            control.fault("status", path=STATUS, status=status, count=3)
            with pytest.raises(CloudError) as caught:
                await signed_in.read(electric)
            texts += [str(caught.value), repr(caught.value)]
            control.clear_faults()
            await signed_in.sign_in()
    ours = [
        record.getMessage() for record in caplog.records if "carport" in record.name
    ]
    assert ours
    for secret in secrets:
        assert not any(secret in text for text in (*texts, *ours))
