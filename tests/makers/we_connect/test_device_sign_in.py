"""Signing in at the maker's own page, for cars with the former Car-Net enrolment."""

from collections.abc import Callable
import json
from typing import Any

import pytest

from carport.car import commands as c, signals as s
from carport.car.refusals import Reason
from carport.cloud.contract import Car
from carport.cloud.errors import LoginExpired, Outage, SignInFailed
from carport.cloud.login import Question, Visit
from carport.cloud.service_info import Openness
from carport.cloud.sign_in import SignInOutcome
from carport.makers.we_connect.endpoints import NotEnrolled
from tests.login_dialog import ScriptedDialog

from .account import WeConnectAccount

CODE = "/oidc/v1/device_authorization"
POLL = "/oidc/v1/token"
AUTHORIZE = "/oidc/v1/authorize"
MBB = "/mbbcoauth/mobile/oauth2/v1/token"
REGISTER = "/mbbcoauth/mobile/register/v1"
OPERATIONS = "*/operationlist/*"


def dialog_of(
    account: WeConnectAccount,
    on_visit: Callable[[Visit], object] | None = None,
    *,
    agrees: bool = True,
    **typed: str,
) -> ScriptedDialog:
    """Return an owner who signs in at the page, and approves unless told otherwise."""

    def approve(visit: Visit) -> None:
        account.world.control.account(account.spec.username, approved=visit.user_code)

    def agree(question: Question) -> bool:
        assert question.url is not None
        return agrees

    return ScriptedDialog(
        credentials={"way": "device", "username": account.spec.username, **typed},
        clock=account.world.clock,
        on_visit=on_visit or approve,
        on_confirm=agree,
    )


async def enter(account: WeConnectAccount, dialog: ScriptedDialog) -> str:
    """Sign in by talking; return the account's id."""
    return await account.run(account.service.login(dialog))


async def refused(account: WeConnectAccount, dialog: ScriptedDialog) -> SignInOutcome:
    """Return why a sign-in ended without tokens."""
    with pytest.raises(SignInFailed) as caught:
        await enter(account, dialog)
    assert "mbb_access" not in json.loads(account.stored or "{}")
    return caught.value.outcome


def test_it_says_for_whom_it_works(account: WeConnectAccount) -> None:
    """Some cars are still answered; the page comes first, and no password is needed."""
    info = account.service.info
    assert info.openness is Openness.PARTLY_OPEN
    way = info.credentials[0]
    assert (way.key, way.choices[0], way.suggested) == ("way", "device", "device")
    assert not next(one for one in info.credentials if one.key == "password").required


async def test_an_owner_approves(account: WeConnectAccount) -> None:
    """Nothing is asked of the maker before the owner agreed; no password is sent."""
    control = account.world.control
    dialog = dialog_of(account)
    assert await enter(account, dialog)
    assert [kind for kind, _ in dialog.asked] == ["ask", "confirm", "visit"]
    assert not control.calls(AUTHORIZE)
    for path in (CODE, REGISTER, MBB):
        assert len(control.calls(path)) == 1
    car = await account.car(0)
    assert (await account.read(car)).value(s.ODOMETER)
    look = await account.done(car, await account.send(car, c.Lock()))
    assert look.progress == "done"


async def test_who_does_not_agree(account: WeConnectAccount) -> None:
    """Then the maker is not asked for anything."""
    dialog = dialog_of(account, agrees=False)
    assert await refused(account, dialog) is SignInOutcome.DECLINED
    assert not account.world.control.calls()


async def test_both_ways_lead_to_one_account(account: WeConnectAccount) -> None:
    """An owner who signs in anew by the other way finds the account again."""
    by_page = await enter(account, dialog_of(account))
    assert by_page == await account.run(account.service.sign_in(account.credentials))
    account.stored = None
    account.rebuild()
    by_password = await account.run(account.service.sign_in(account.credentials))
    assert by_password == by_page == await enter(account, dialog_of(account))


async def test_a_host_of_profiles_that_is_gone(account: WeConnectAccount) -> None:
    """The account has an id all the same, and the same one next time."""
    control = account.world.control
    fault = control.fault("status", path="/v1/customers/*", status=403)
    first = await enter(account, dialog_of(account))
    control.clear_faults(fault.number)
    account.rebuild()
    assert await enter(account, dialog_of(account)) == first
    assert await account.read(await account.car(0))


async def test_an_account_of_the_version_before(account: WeConnectAccount) -> None:
    """It is found by the page too, though its profile no longer answers."""
    before = await account.run(account.service.sign_in(account.credentials))
    kept = json.loads(account.stored or "{}")
    del kept["account_user"], kept["account_id"]
    account.stored = json.dumps(kept)
    account.rebuild()
    account.world.control.fault("status", path="/v1/customers/*", status=503)
    assert await enter(account, dialog_of(account)) == before


async def test_a_password_that_a_browser_filled_in(account: WeConnectAccount) -> None:
    """Who chose the page sends no password, whatever stands in the form."""
    await enter(account, dialog_of(account, password=account.spec.password))
    assert not account.world.control.calls(AUTHORIZE)


async def test_the_maker_is_asked_as_often_as_it_wants(
    account: WeConnectAccount,
) -> None:
    """An owner takes a minute; what goes wrong at the maker meanwhile is waited out."""
    control, clock = account.world.control, account.world.clock
    control.fault("status", path=POLL, status=503, count=1)
    control.fault("status", path=POLL, status=429, count=1)
    started = clock.now()

    def look_away(visit: Visit) -> None:
        assert visit.complete_url is not None
        assert visit.user_code in visit.complete_url

    dialog = dialog_of(account, look_away)
    assert await refused(account, dialog) is SignInOutcome.CODE_EXPIRED
    assert 330 <= (clock.now() - started).total_seconds() < 345
    # After `slow down` it is ten seconds between two looks.
    assert 30 <= len(control.calls(POLL)) <= 36


async def test_the_maker_says_slow_down(account: WeConnectAccount) -> None:
    """From then on five seconds more lie between two looks."""
    control, clock = account.world.control, account.world.clock
    started = clock.now()
    control.fault("change", path=POLL, set={"error": "slow_down"}, count=3)
    dialog = dialog_of(account, lambda visit: None)
    assert await refused(account, dialog) is SignInOutcome.CODE_EXPIRED
    assert (clock.now() - started).total_seconds() >= 330
    # 5, 10, 15 and then 20 seconds: not sixty-six looks.
    assert len(control.calls(POLL)) < 25


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [
        ({"device_closed": True}, SignInOutcome.CLIENT_REFUSED),
        ({"mbb_closed": True}, SignInOutcome.CLIENT_REFUSED),
    ],
)
async def test_the_maker_closes_the_door(
    account: WeConnectAccount, setting: dict[str, bool], outcome: SignInOutcome
) -> None:
    """It may do so any day; the owner is not blamed."""
    account.world.control.service("we_connect", **setting)
    assert await refused(account, dialog_of(account)) is outcome


async def test_an_owner_declines_at_the_page(account: WeConnectAccount) -> None:
    """The maker says so, and it is asked no more."""
    control = account.world.control

    def decline(visit: Visit) -> None:
        control.account(account.spec.username, declined=visit.user_code)

    assert await refused(account, dialog_of(account, decline)) is SignInOutcome.DECLINED
    assert len(control.calls(POLL)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"set": {"verification_uri": "https://example.com/device"}},
        {"set": {"verification_uri_complete": "https://example.com/device"}},
        {"set": {"verification_uri": "javascript:alert(1)"}},
        {"remove": ["device_code"]},
        {"remove": ["user_code"]},
    ],
)
async def test_nobody_is_sent_elsewhere(
    account: WeConnectAccount, change: dict[str, Any]
) -> None:
    """Only a page of the identity host is shown to the owner."""
    account.world.control.fault("change", path=CODE, **change)
    dialog = dialog_of(account)
    assert await refused(account, dialog) is SignInOutcome.PAGE_NOT_UNDERSTOOD
    assert [kind for kind, _ in dialog.asked] == ["ask", "confirm"]


async def test_a_way_without_its_password(account: WeConnectAccount) -> None:
    """It is asked for before anything is sent."""
    dialog = dialog_of(account, way="password")
    assert await refused(account, dialog) is SignInOutcome.PASSWORD_WANTED
    assert not account.world.control.calls()


async def test_tokens_last(account: WeConnectAccount) -> None:
    """Those of the cars renew themselves; those of the sign-in are their last hope."""
    await enter(account, dialog_of(account))
    car = await account.car(0)
    control = account.world.control
    control.forget_calls()
    account.rebuild()
    await account.world.advance(7200)
    assert await account.read(car)
    assert (len(control.calls(MBB)), len(control.calls(POLL))) == (1, 0)
    control.account(account.spec.username, revoke="mbb_all")
    control.account(account.spec.username, revoke="identity")
    assert await account.read(car)
    assert len(control.calls(POLL)) == 1
    control.account(account.spec.username, revoke="all")
    with pytest.raises(LoginExpired):
        await account.read(car)
    assert not control.calls(CODE)


async def test_a_registration_that_is_forgotten(account: WeConnectAccount) -> None:
    """The app registers anew once; the owner has nothing to do."""
    await enter(account, dialog_of(account))
    car = await account.car(0)
    kept = json.loads(account.stored or "{}")
    account.stored = json.dumps({**kept, "mbb_client": "forgotten"})
    account.rebuild()
    control = account.world.control
    control.forget_calls()
    await account.world.advance(7200)
    assert await account.read(car)
    assert len(control.calls(REGISTER)) == 1
    assert json.loads(account.stored)["mbb_client"] != "forgotten"


# A car without the enrolment


async def test_pain_39_a_car_that_is_not_enrolled(signed_in: WeConnectAccount) -> None:
    """It is refused for good: asked again after twelve hours, and never signed in for."""
    control, vin = signed_in.world.control, signed_in.spec.vins[0]
    control.account(signed_in.spec.username, not_enrolled=vin)
    cars = await signed_in.run(signed_in.service.cars())
    car = next(car for car in cars if car.vin == vin)
    assert not signed_in.service.commands(car, set())
    control.forget_calls()
    signed_in.rebuild()
    for _ in range(3):
        with pytest.raises(NotEnrolled) as caught:
            await signed_in.read(car)
        await signed_in.run(signed_in.service.cars())
    assert caught.value.reason is Reason.NOT_ENROLLED
    assert not [call for call in control.calls(OPERATIONS) if vin in call.path]
    assert not control.calls(AUTHORIZE)
    other = next(car for car in cars if car.vin != vin)
    assert await signed_in.read(other)
    control.account(signed_in.spec.username, not_enrolled="")
    await signed_in.world.advance(12 * 3600 + 60)
    assert await signed_in.read(await signed_in.car(0))


async def test_a_car_that_loses_its_enrolment(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Good tokens are refused for it; nobody has to sign in again."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, not_enrolled=passat.vin)
    with pytest.raises(NotEnrolled):
        await signed_in.read(passat)
    calls = len(control.calls())
    with pytest.raises(NotEnrolled):
        await signed_in.read(passat)
    assert len(control.calls()) == calls
    assert await signed_in.read(await signed_in.car(1))


async def test_a_gateway_that_refuses_a_car(
    signed_in: WeConnectAccount, passat: Car
) -> None:
    """Without the cloud's own word it is an outage, and no lost enrolment."""
    control = signed_in.world.control
    control.account(signed_in.spec.username, not_enrolled=passat.vin)
    fault = control.fault("change", path=f"*{passat.vin}*", remove=["error"], count=50)
    with pytest.raises(Outage):
        await signed_in.read(passat)
    assert not list(signed_in.service.advice())
    control.clear_faults(fault.number)
    control.account(signed_in.spec.username, not_enrolled="")
    assert await signed_in.read(passat)


async def test_a_page_in_place_of_a_look(account: WeConnectAccount) -> None:
    """It has not judged the code: the next look may find it approved."""
    account.world.control.fault("html", path=POLL, count=2)
    assert await enter(account, dialog_of(account))
    assert len(account.world.control.calls(POLL)) == 3


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
async def test_a_renewal_of_the_cars_tokens_that_is_put_off(
    account: WeConnectAccount, error: str
) -> None:
    """Neither are those of the sign-in used up for it, nor is the app registered anew."""
    await enter(account, dialog_of(account))
    car = await account.car(0)
    control = account.world.control
    control.account(account.spec.username, revoke="mbb_all")
    control.forget_calls()
    control.fault("change", path=MBB, set={"error": error}, count=1)
    with pytest.raises(Outage):
        await account.read(car)
    assert (len(control.calls(POLL)), len(control.calls(REGISTER))) == (0, 0)
    assert await account.read(car)


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
async def test_a_renewal_that_is_put_off(account: WeConnectAccount, error: str) -> None:
    """*Later* is no refused token: the owner is not asked to sign in again."""
    await enter(account, dialog_of(account))
    car = await account.car(0)
    control = account.world.control
    # The cars' own tokens are of no use any more either, so that both are renewed.
    control.account(account.spec.username, revoke="mbb_all")
    await account.world.advance(3 * 3600)
    control.fault("change", path=POLL, set={"error": error}, count=1)
    with pytest.raises(Outage):
        await account.read(car)
    assert await account.read(car)
