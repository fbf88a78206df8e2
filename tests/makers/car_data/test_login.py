"""Signing in to CarData: each way in which it can end, and what follows."""

from typing import Any

import pytest

from carport.cloud.errors import LoginExpired, Outage, SignInFailed
from carport.cloud.login import LoginAborted, Visit
from carport.cloud.sign_in import SignInOutcome
from carport.makers.car_data.login import client_id_of

from .account import CarDataAccount

TOKEN = "/gcdm/oauth/token"
CODE = "/gcdm/oauth/device/code"


async def test_the_account_is_the_gcid(account: CarDataAccount) -> None:
    """Link and code are shown, and looked for every five seconds."""
    seen: list[Visit] = []

    def on_visit(visit: Visit) -> None:
        seen.append(visit)
        account.approve(visit)

    dialog = account.dialog(on_visit=on_visit)
    assert await account.run(account.service.login(dialog)) == account.gcid
    assert seen[0].complete_url is not None
    assert seen[0].complete_url.endswith(seen[0].user_code)
    assert account.saves


async def test_who_takes_a_minute(account: CarDataAccount) -> None:
    """It is looked again and again, no quicker than BMW wants it."""

    def on_visit(visit: Visit) -> None:
        account.world.clock.call_later(62, lambda: account.approve(visit))

    await account.run(account.service.login(account.dialog(on_visit=on_visit)))
    polls = account.world.control.calls(TOKEN)
    assert len(polls) == 13
    assert [poll.status for poll in polls] == [403] * 12 + [200]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("8D41B7C2-06FE-4B39-8F57-95E3A0C4D602", True),
        ("  8d41b7c2-06fe-4b39-8f57-95e3a0c4d602\n", True),
        ("client id: 8d41b7c2-06fe-4b39-8f57-95e3a0c4d602", True),
        ("someone@example.com", False),
        ("", False),
    ],
)
def test_a_client_id_is_lower_case(typed: str, found: bool) -> None:
    """In upper case BMW gives a code, and no tokens for it."""
    expected = "8d41b7c2-06fe-4b39-8f57-95e3a0c4d602" if found else None
    assert client_id_of(typed) == expected


async def test_something_else_than_a_client_id_is_not_sent(
    account: CarDataAccount,
) -> None:
    """The form comes again, and says what a client id is."""
    dialog = account.dialog()
    dialog.credentials = {"client_id": "i4.tester@example.com"}
    with pytest.raises(LoginAborted):
        await account.run(account.service.login(dialog))
    assert dialog.asked[-1] == ("ask", SignInOutcome.CLIENT_UNKNOWN)
    assert not account.world.control.calls()


async def test_another_client_id_may_be_typed(account: CarDataAccount) -> None:
    """One that vanished from the portal is replaced in the same conversation."""
    dialog = account.dialog(on_ask=lambda page, error: account.credentials)
    dialog.credentials = {"client_id": "00000000-0000-4000-8000-000000000000"}
    assert await account.run(account.service.login(dialog)) == account.gcid
    assert ("ask", SignInOutcome.CLIENT_UNKNOWN) in dialog.asked


async def test_the_checklist_comes_with_the_second_failure(
    account: CarDataAccount,
) -> None:
    """The first may be a slip; each further code is a click of the owner."""
    account.world.control.service("car_data", gateway_fault=True)
    errors: list[Any] = []

    def on_ask(page: str, error: SignInOutcome | None) -> dict[str, str]:
        errors.append(error)
        if len(errors) == 3:
            account.world.control.service("car_data", gateway_fault=False)
        return account.credentials

    dialog = account.dialog(on_ask=on_ask)
    assert await account.run(account.service.login(dialog)) == account.gcid
    again = SignInOutcome.DEVICE_REFUSED_AGAIN
    assert errors == [SignInOutcome.DEVICE_REFUSED, again, again]
    assert len(account.world.control.calls(CODE)) == 4


async def test_declined_and_expired(account: CarDataAccount) -> None:
    """Each has its own words, and the way to another code."""
    errors: list[Any] = []

    def on_visit(visit: Visit) -> None:
        if not errors:
            account.browse(visit, "decline")
        elif len(errors) == 2:
            account.approve(visit)

    def on_ask(page: str, error: SignInOutcome | None) -> dict[str, str]:
        errors.append(error)
        return account.credentials

    dialog = account.dialog(on_visit=on_visit, on_ask=on_ask)
    assert await account.run(account.service.login(dialog)) == account.gcid
    assert errors == [SignInOutcome.DEVICE_REFUSED, SignInOutcome.CODE_EXPIRED]


async def test_slow_down(account: CarDataAccount) -> None:
    """A clock that is a little off does not end the sign-in."""
    account.world.control.service("car_data", interval=5)

    def on_visit(visit: Visit) -> None:
        account.world.control.service("car_data", interval=9)
        account.world.clock.call_later(30, lambda: account.approve(visit))

    await account.run(account.service.login(account.dialog(on_visit=on_visit)))
    assert 400 in [poll.status for poll in account.world.control.calls(TOKEN)]


async def test_outages_of_a_look(account: CarDataAccount) -> None:
    """Three are let pass; a fourth ends it in words that blame nobody."""
    account.world.control.fault("status", path=TOKEN, status=503, count=3)
    await account.run(account.service.login(account.dialog()))
    account.world.control.fault("drop", path=TOKEN)
    with pytest.raises(SignInFailed) as failed:
        await account.run(account.service.login(account.dialog()))
    assert failed.value.outcome is SignInOutcome.MAKER_OUTAGE


async def test_another_client_of_the_same_account(signed_in: CarDataAccount) -> None:
    """It keeps the account's id, and with it entities and history."""
    new = "11111111-0000-4000-8000-000000000000"
    signed_in.world.control.account(signed_in.spec.username, client_id=new)
    await signed_in.world.advance(3600)
    with pytest.raises(LoginExpired):
        await signed_in.car()
    dialog = signed_in.dialog()
    dialog.credentials = {"client_id": new}
    assert await signed_in.run(signed_in.service.login(dialog)) == signed_in.gcid
    assert await signed_in.car()


async def test_a_restored_backup(signed_in: CarDataAccount) -> None:
    """It is said, once, and the dead token is not sent again."""
    backup = signed_in.stored
    await signed_in.world.advance(3000)
    await signed_in.car()
    signed_in.stored = backup
    signed_in.rebuild()
    signed_in.world.control.forget_calls()
    with pytest.raises(SignInFailed) as failed:
        await signed_in.car()
    assert failed.value.outcome is SignInOutcome.SESSION_OUTDATED
    with pytest.raises(LoginExpired):
        await signed_in.car()
    assert len(signed_in.world.control.calls()) == 1


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_gateway_that_refuses_ends_no_session(
    signed_in: CarDataAccount, status: int
) -> None:
    """Only BMW's own word about the token does; the owner is not asked for it."""
    control = signed_in.world.control
    control.fault("status", path="/gcdm/oauth/token", status=status, count=2)
    await signed_in.world.advance(3601)
    for _ in range(2):
        with pytest.raises(Outage):
            await signed_in.car()
    assert await signed_in.car()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_gateway_that_refuses_a_look(
    account: CarDataAccount, status: int
) -> None:
    """It has not judged the code: the next look may find it approved."""
    control = account.world.control
    control.fault("status", path="/gcdm/oauth/token", status=status, count=2)
    assert await account.run(account.service.login(account.dialog())) == account.gcid


async def test_a_gateway_that_refuses_a_code(account: CarDataAccount) -> None:
    """The client id is not at fault."""
    control = account.world.control
    control.fault("status", path="/gcdm/oauth/device/code", status=403, count=1)
    with pytest.raises(SignInFailed) as failed:
        await account.run(account.service.login(account.dialog()))
    assert failed.value.outcome is SignInOutcome.MAKER_OUTAGE


async def test_a_fortnight_of_silence(signed_in: CarDataAccount) -> None:
    """Then only the owner can sign in again; nothing is wrong with a backup."""
    await signed_in.world.advance(15 * 86_400)
    with pytest.raises(LoginExpired) as expired:
        await signed_in.car()
    assert not isinstance(expired.value, SignInFailed)


async def test_a_service_that_is_not_subscribed(account: CarDataAccount) -> None:
    """The data calls say so in words of their own."""
    account.world.control.account(account.spec.username, api=False)
    await account.enter()
    with pytest.raises(SignInFailed) as failed:
        await account.car()
    assert failed.value.outcome is SignInOutcome.SERVICE_NOT_SUBSCRIBED


@pytest.mark.parametrize("name", ["verification_uri", "verification_uri_complete"])
async def test_the_link_leads_to_bmw_alone(account: CarDataAccount, name: str) -> None:
    """Whatever else an answer names, nobody is sent there."""
    account.world.control.fault(
        "change", path=CODE, set={name: "https://bmw.example.com/link?user_code=x"}
    )
    seen: list[Visit] = []
    dialog = account.dialog(on_visit=seen.append)
    if name == "verification_uri":
        with pytest.raises(SignInFailed) as failed:
            await account.run(account.service.login(dialog))
        assert failed.value.outcome is SignInOutcome.PAGE_NOT_UNDERSTOOD
        assert not seen
    else:
        dialog.on_ask = None
        with pytest.raises(LoginAborted):
            await account.run(account.service.login(dialog))
        assert seen[0].complete_url is None
