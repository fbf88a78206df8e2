"""The conversation of a sign-in: one e-mail a click, and every end by its own name."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from carport.cloud.errors import LoginExpired, Outage, SignInFailed
from carport.cloud.login import RESEND, LoginAborted
from carport.cloud.sign_in import SignInOutcome
from carport.makers.my_renault.service import MyRenault
from tests.service_context import ClockAhead
from tests.world import World

from .account import MyRenaultAccount, account_named

LOGIN = "/accounts.login"


@pytest.fixture
def coded(world: World) -> MyRenaultAccount:
    """Return a person of whom a code is wanted on an unknown device."""
    account = account_named(world, "code.by.mail")
    account.turn(code="unknown_device")
    return account


@pytest.mark.parametrize(
    "name", ["my.renault.tester", "zoe.down.under", "megane.en.mexico"]
)
async def test_a_password_is_enough(world: World, name: str) -> None:
    """In every region; nothing is asked, no e-mail is sent."""
    account = account_named(world, name)
    dialog = account.dialog()
    assert await account.talk(dialog) is None
    assert [kind for kind, _ in dialog.asked] == ["ask"]
    assert account.codes == []
    assert (await account.car()).vin == account.spec.vins[0]
    assert len(world.control.calls("/accounts.*")) == 2


async def test_a_code_by_mail(coded: MyRenaultAccount) -> None:
    """Asked for, sent once, given, and the device is known from then on."""
    dialog = coded.dialog()
    assert await coded.talk(dialog) is None
    assert dialog.asked == [
        ("ask", "account"),
        ("confirm", "send_code"),
        ("code", "co***@ex***.com"),
    ]
    assert len(coded.codes) == 1
    assert await coded.car()
    facts = coded.service.account_facts()
    assert facts["device_remembered_at"] is not None
    coded.rebuild()
    assert await coded.sign_in() is None
    assert len(coded.codes) == 1


async def test_no_code_without_a_yes(coded: MyRenaultAccount) -> None:
    """An owner who does not want the e-mail gets none."""
    assert await coded.talk(coded.dialog(agrees=False)) is SignInOutcome.DECLINED
    assert coded.codes == []
    assert coded.stored is None


async def test_a_wrong_code_keeps_the_page(coded: MyRenaultAccount) -> None:
    """The same code is good for another try; no further e-mail is sent."""
    answers = iter(["000 000x", "12345", "999999"])

    def answer(_sent_to: str, _error: SignInOutcome | None) -> str:
        return next(answers, coded.codes[0])

    dialog = coded.dialog(answer)
    assert await coded.talk(dialog) is None
    said = [what for kind, what in dialog.asked if kind == "code"]
    assert said == ["co***@ex***.com", *[SignInOutcome.CODE_WRONG] * 3]
    assert len(coded.codes) == 1
    # What is no code at all is not even sent.
    calls = coded.world.control.calls("/accounts.tfa.email.completeVerification")
    assert len(calls) == 2


async def test_send_again(coded: MyRenaultAccount) -> None:
    """One more click, one more e-mail; the code of the first one is void."""
    answers: list[Any] = [RESEND, "old", "new"]

    def answer(_sent_to: str, _error: SignInOutcome | None) -> Any:
        match answers.pop(0):
            case "old":
                return coded.codes[1]
            case "new":
                return f" {coded.codes[0][:3]} {coded.codes[0][3:]} "
            case other:
                return other

    dialog = coded.dialog(answer)
    assert await coded.talk(dialog) is None
    said = [what for kind, what in dialog.asked if kind == "code"]
    assert said == ["co***@ex***.com"] * 2 + [SignInOutcome.CODE_WRONG]
    assert len(coded.codes) == 2


async def test_an_hour_is_too_long(coded: MyRenaultAccount) -> None:
    """The sign-in has run out, says so, and begins anew with a click of its own."""
    waited: list[str] = []

    def answer(_sent_to: str, _error: SignInOutcome | None) -> str:
        if not waited:
            waited.append(coded.codes[0])
            coded.world.clock.step(3601)
        return coded.codes[0]

    dialog = coded.dialog(answer)
    assert await coded.talk(dialog) is None
    assert ("ask", SignInOutcome.CODE_EXPIRED) in dialog.asked
    assert [kind for kind, _ in dialog.asked].count("confirm") == 2
    assert len(coded.codes) == 2


async def test_leaving_the_page(coded: MyRenaultAccount) -> None:
    """Nothing is kept of a sign-in that nobody finished."""
    dialog = coded.dialog()
    dialog.on_code = None
    with pytest.raises(LoginAborted):
        await coded.talk(dialog)
    assert coded.stored is None


async def test_several_addresses(coded: MyRenaultAccount, world: World) -> None:
    """Each is asked about; the code goes to the one that was agreed to."""
    coded.turn(several_addresses=True)
    dialog = coded.dialog(
        lambda _sent_to, _error: (
            world.control.mail(f"other.{coded.spec.username}")[0].code
        )
    )
    dialog.on_confirm = lambda question: question.placeholders["address"][0] == "o"
    assert await coded.talk(dialog) is None
    assert coded.codes == []


@pytest.mark.parametrize(
    ("turn", "outcome"),
    [
        ({"sign_in": "locked"}, SignInOutcome.ACCOUNT_LOCKED),
        ({"sign_in": "throttled"}, SignInOutcome.ACCOUNT_THROTTLED),
        ({"sign_in": "outage"}, SignInOutcome.MAKER_OUTAGE),
        ({"password": "another"}, SignInOutcome.WRONG_PASSWORD),
        ({"code": "always"}, SignInOutcome.CODE_WANTED),
    ],
)
async def test_ends(
    account: MyRenaultAccount, turn: dict[str, str], outcome: SignInOutcome
) -> None:
    """Each has its own name; without somebody to talk to no e-mail is sent."""
    account.turn(**turn)
    assert await account.sign_in() is outcome
    assert account.stored is None
    assert account.codes == []
    assert len(account.world.control.calls(LOGIN)) == 1


async def test_own_keys(account: MyRenaultAccount, world: World) -> None:
    """An owner who knows the maker's new key need not wait for a release."""
    world.control.service("my_renault", gigya_key="4_new", kamereon_key="newer")
    typed = {"gigya_key": " 4_new ", "kamereon_key": "newer"}
    assert await account.sign_in(**typed) is None
    assert await account.car()


async def test_a_replaced_key_of_the_cars_is_no_closed_door(
    account: MyRenaultAccount, world: World
) -> None:
    """The owner is told what to do: to update, or to enter the new one."""
    await account.enter()
    car = await account.known_car()
    world.control.service("my_renault", kamereon_key="newer")
    with pytest.raises(SignInFailed) as failed:
        await account.read(car)
    assert failed.value.outcome is SignInOutcome.APP_KEY_REFUSED
    assert await account.sign_in(kamereon_key="newer") is None
    assert await account.read(car)


async def test_another_password_leaves_the_rest(world: World) -> None:
    """Country, keys and choices stay as they were where nobody says otherwise."""
    account = account_named(world, "zoe.down.under")
    world.control.service("my_renault", gigya_key="4_new")
    typed = {"gigya_key": "4_new", "local_times": "VF1AG000X00011212"}
    assert await account.sign_in(**typed) is None
    account.rebuild()
    call = account.service.sign_in(
        {"username": account.spec.username, "password": account.spec.password}
    )
    assert await account.run(call)
    assert await account.car()
    assert account.service.account_facts()["country"] == "AU"
    assert json.loads(account.stored or "")["local_times"] == "VF1AG000X00011212"


async def test_an_own_key_goes_with_the_published_one(
    account: MyRenaultAccount, world: World
) -> None:
    """An update that brings another key ends what stood in for the old one."""
    world.control.service("my_renault", gigya_key="4_new")
    await account.sign_in(gigya_key="4_new")
    kept = json.loads(account.stored or "")
    account.stored = json.dumps({**kept, "keys_beside": "those of an earlier version"})
    account.rebuild()
    world.control.service("my_renault", gigya_key="")
    assert await account.sign_in() is None


async def test_only_a_digest_is_kept(account: MyRenaultAccount) -> None:
    """Unless the owner wants it, the password is not."""
    await account.sign_in()
    assert account.spec.password not in (account.stored or "")
    await account.sign_in(keep_password="true")
    assert json.loads(account.stored or "")["password"] == account.spec.password


async def test_a_kept_password_renews_once(coded: MyRenaultAccount) -> None:
    """A known device signs in by itself; it is never asked for a code."""
    await coded.talk(coded.dialog(keep_password="true"))
    car = await coded.known_car()
    coded.turn(revoke="all")
    assert await coded.read(car)
    assert len(coded.world.control.calls(LOGIN)) == 1
    assert len(coded.codes) == 1


async def test_a_kept_password_of_an_account_without_codes(
    account: MyRenaultAccount,
) -> None:
    """Where no code was ever asked for, the password alone renews, once."""
    await account.sign_in(keep_password="true")
    car = await account.known_car()
    account.turn(revoke="all")
    assert await account.read(car)
    assert len(account.world.control.calls(LOGIN)) == 1


async def test_a_code_where_none_was_asked_for_before(
    account: MyRenaultAccount,
) -> None:
    """The kept password is sent once; the owner comes for the code, and no mail before."""
    await account.sign_in(keep_password="true")
    car = await account.known_car()
    account.turn(revoke="all", code="always")
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await account.read(car)
        account.rebuild()
    assert len(account.world.control.calls(LOGIN)) == 1
    assert account.spec.password not in (account.stored or "")
    assert not account.codes


@pytest.mark.parametrize(
    "change",
    [{"password": "changed"}, {"forget": "devices"}, {"sign_in": "locked"}],
)
async def test_a_kept_password_that_is_not_enough(
    coded: MyRenaultAccount, change: dict[str, str]
) -> None:
    """It is sent once, then forgotten: the owner has to come."""
    await coded.talk(coded.dialog(keep_password="true"))
    car = await coded.known_car()
    coded.turn(revoke="all", **change)
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await coded.read(car)
        coded.rebuild()
    assert len(coded.world.control.calls(LOGIN)) == 1
    assert coded.spec.password not in (coded.stored or "")
    assert len(coded.codes) == 1


@pytest.mark.parametrize("trouble", ["throttled", "outage"])
async def test_a_kept_password_that_nobody_judged(
    coded: MyRenaultAccount, trouble: str
) -> None:
    """A hiccup of the sign-in is no reason to forget it, or to ask the owner."""
    await coded.talk(coded.dialog(keep_password="true"))
    car = await coded.known_car()
    coded.turn(revoke="all", sign_in=trouble)
    with pytest.raises(Outage):
        await coded.read(car)
    coded.turn(sign_in="ok")
    await coded.world.advance(900)
    assert await coded.read(car)


async def test_a_kept_password_is_sent_once_for_each_end(
    coded: MyRenaultAccount, world: World
) -> None:
    """What fails after it was taken is tried again with what the sign-in gave."""
    await coded.talk(coded.dialog(keep_password="true"))
    car = await coded.known_car()
    coded.turn(revoke="all")
    # The first call is refused as it is; the one after the sign-in is not answered.
    token = "/accounts.getJWT"
    world.control.fault("change", path=token, set={"callId": "c1"}, count=1)
    world.control.fault("status", path=token, status=503)
    with pytest.raises(Outage):
        await coded.read(car)
    world.control.clear_faults()
    assert await coded.read(car)
    assert len(world.control.calls(LOGIN)) == 1


async def test_a_clock_that_is_ahead_costs_no_tokens(
    account: MyRenaultAccount, world: World
) -> None:
    """Tokens live for as long as they say, by whatever clock the owner has."""
    ahead = ClockAhead(world.clock, timedelta(hours=1))
    ours = replace(account.service.context, clock=ahead)
    account.service = MyRenault(ours)
    await account.enter()
    car = await account.known_car()
    assert await account.read(car)
    assert not world.control.calls("/accounts.*")


async def test_a_replaced_key_is_no_outage(
    coded: MyRenaultAccount, world: World
) -> None:
    """The owner is told once; a kept password is neither sent nor forgotten for it."""
    await coded.talk(coded.dialog(keep_password="true"))
    car = await coded.known_car()
    world.control.service("my_renault", gigya_key="4_another")
    await world.advance(900)
    world.control.forget_calls()
    with pytest.raises(SignInFailed) as failed:
        await coded.read(car)
    assert failed.value.outcome is SignInOutcome.APP_KEY_REFUSED
    for _ in range(3):
        with pytest.raises(LoginExpired):
            await coded.read(car)
        await world.advance(900)
    assert len(world.control.calls("/accounts.*")) == 1
    assert coded.spec.password in (coded.stored or "")
    # An update of Carport brings the new one.
    world.control.service("my_renault", gigya_key="")
    coded.rebuild()
    assert await coded.read(car)
