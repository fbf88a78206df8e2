"""Setting an account up at the portal: the conversation, and what it never does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from carport.cloud.errors import SignInFailed
from carport.cloud.login import RESEND, Question, Resend
from carport.cloud.sign_in import SignInOutcome
from simulator.calls import Call
from tests.conftest import account_of
from tests.world import World

from .account import DataActAccount
from .conftest import ID3, TESTER

PASSWORDS = "*/login/authenticate"
CREATIONS = "*/requests/partial"
MAILS = "/u/email-challenge"
PORTAL = "eu-data-act.drivesomethinggreater.com"


def _passwords(world: World) -> list[Call]:
    return world.control.calls(PASSWORDS, method="POST")


def _mailed(world: World) -> str:
    (found,) = (
        one["mailed_code"]
        for one in world.simulator.clouds["eu_data_act"].accounts()
        if "mailed_code" in one
    )
    return str(found)


async def test_sign_in_asks_for_nothing_it_does_not_need(
    account: DataActAccount, world: World
) -> None:
    """Where requests run there is no question; nothing is asked at the portal's home."""
    talk = account.dialog()
    assert await account.log_in(talk) is None
    assert talk.asked == [("ask", "account")]
    assert len(_passwords(world)) == 1
    assert not world.control.calls("/", host=PORTAL)
    assert not world.control.calls("*.html", host=PORTAL)


async def test_account_is_named_by_brand_and_owner(
    account: DataActAccount, world: World
) -> None:
    """The id is stable, and never the address; without a token it is a digest."""
    first = await account.run(account.service.sign_in(account.credentials))
    assert await account.run(account.service.sign_in(account.credentials)) == first
    assert first.startswith("volkswagen_passenger_cars:")
    assert TESTER not in first
    world.control.service("eu_data_act", opaque_session=True)
    opaque = await account.run(account.service.sign_in(account.credentials))
    assert opaque != first
    typed = {**account.credentials, "username": TESTER.upper()}
    assert await account.run(account.service.sign_in(typed)) == opaque


@pytest.mark.parametrize(
    ("country", "state", "languages"),
    [
        ("NL", "nl__nl__VOLKSWAGEN_PASSENGER_CARS", "nl-NL,nl;q=0.9,en;q=0.8"),
        ("AT", "at__de__VOLKSWAGEN_PASSENGER_CARS", "de-AT,de;q=0.9,en;q=0.8"),
        ("XX", "de__de__VOLKSWAGEN_PASSENGER_CARS", "de-DE,de;q=0.9,en;q=0.8"),
    ],
)
async def test_pages_are_asked_for_in_the_owners_language(
    account: DataActAccount,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    country: str,
    state: str,
    languages: str,
) -> None:
    """Country and language go along, at a renewal too; German is the usual one."""
    asked: list[tuple[str, str]] = []
    request = account.transport.request

    async def noted(method: str, url: Any, **more: Any) -> Any:
        if "authorize" in str(url):
            asked.append((url.query["state"], more["headers"]["Accept-Language"]))
        return await request(method, url, **more)

    monkeypatch.setattr(account.transport, "request", noted)
    assert await account.sign_in(country=country) is None
    assert await account.run(account.service.cars())
    await world.advance(5.5 * 3600)
    world.control.account(TESTER, revoke="session")
    assert await account.run(account.service.cars())
    assert asked == [(state, languages)] * 2


@pytest.mark.parametrize("detours", [3, 8])
async def test_way_from_the_identity_host_to_the_session(
    account: DataActAccount, world: World, detours: int
) -> None:
    """However the portal leads there, its cookies are those that calls bring."""
    world.control.service("eu_data_act", detours=detours)
    assert await account.sign_in() is None
    assert await account.run(account.service.cars())


async def test_way_that_has_no_end(account: DataActAccount, world: World) -> None:
    """After ten redirects the portal is out of order, and the password is not to blame."""
    world.control.service("eu_data_act", detours=50)
    assert await account.sign_in() is SignInOutcome.PAGE_NOT_UNDERSTOOD
    assert len(world.control.calls("/login", host=PORTAL)) <= 12


async def test_wrong_password(account: DataActAccount, world: World) -> None:
    """It is sent once."""
    assert await account.sign_in(password="wrong") is SignInOutcome.WRONG_PASSWORD
    assert len(_passwords(world)) == 1


@pytest.mark.parametrize(
    ("settings", "outcome"),
    [
        ({"sign_in": "locked"}, SignInOutcome.ACCOUNT_LOCKED),
        ({"sign_in": "throttled"}, SignInOutcome.ACCOUNT_THROTTLED),
        ({"sign_in": "unknown"}, SignInOutcome.UNKNOWN_ACCOUNT),
        ({"sign_in": "outage"}, SignInOutcome.MAKER_OUTAGE),
        ({"sign_in": "page_changed"}, SignInOutcome.PAGE_NOT_UNDERSTOOD),
        ({"sign_in": "terms"}, SignInOutcome.NEW_TERMS),
        ({"sign_in": "consent"}, SignInOutcome.CONSENT_MISSING),
        ({"consent_kind": "dataprivacy"}, SignInOutcome.CONSENT_MISSING),
        ({"email_code": True}, SignInOutcome.CODE_WANTED),
    ],
    ids=str,
)
async def test_pain_31_every_end_has_its_own_word(
    account: DataActAccount,
    world: World,
    settings: dict[str, Any],
    outcome: SignInOutcome,
) -> None:
    """A step for the owner is never taken for a wrong password."""
    world.control.account(TESTER, **settings)
    assert await account.sign_in() is outcome


async def test_pain_31_address_of_a_consent_names_nobody(
    account: DataActAccount, world: World
) -> None:
    """The kind of the consent is told; the address with the owner's id is not."""
    world.control.account(TESTER, consent_kind="dataprivacy")
    with pytest.raises(SignInFailed) as failed:
        await account.run(account.service.sign_in(account.credentials))
    assert failed.value.detail == "dataprivacy"
    assert failed.value.address == f"https://{PORTAL}"


async def test_pain_31_consent_that_the_portal_itself_asks_for(
    account: DataActAccount, world: World
) -> None:
    """It is named like one of the identity host's, and its address names nobody either."""
    world.control.service("eu_data_act", consent_after_response=True)
    real = "/signin-service/v1/consent/dataprivacy/users/u-1/portal"
    world.control.fault("html", path=real)
    with pytest.raises(SignInFailed) as failed:
        await account.run(account.service.sign_in(account.credentials))
    assert failed.value.outcome is SignInOutcome.CONSENT_MISSING
    assert failed.value.detail == "dataprivacy"
    assert failed.value.address == f"https://{PORTAL}"


@pytest.mark.parametrize(
    ("settings", "question", "kind", "mended"),
    [
        ({"sign_in": "terms"}, "new_terms", "", {"sign_in": "ok"}),
        (
            {"consent_kind": "dataprivacy"},
            "consent",
            "dataprivacy",
            {"consent_kind": ""},
        ),
    ],
)
async def test_pain_31_one_more_try_after_the_owner_was_in_the_browser(
    account: DataActAccount,
    world: World,
    settings: dict[str, Any],
    question: str,
    kind: str,
    mended: dict[str, Any],
) -> None:
    """The step is named with the portal's address; then it goes on, once."""
    world.control.account(TESTER, **settings)
    asked: list[Question] = []

    def confirm(said: Question) -> bool:
        asked.append(said)
        world.control.account(TESTER, **mended)
        return True

    talk = account.dialog(on_confirm=confirm)
    assert await account.log_in(talk) is None
    assert [(said.key, said.url, said.placeholders["kind"]) for said in asked] == [
        (question, f"https://{PORTAL}", kind)
    ]
    assert len(_passwords(world)) == 2


async def test_step_that_was_not_taken(account: DataActAccount, world: World) -> None:
    """There is one more try, not a loop; and none where the owner says no."""
    world.control.account(TESTER, consent_kind="dataprivacy")
    talk = account.dialog(on_confirm=lambda _question: True)
    assert await account.log_in(talk) is SignInOutcome.CONSENT_MISSING
    assert len(_passwords(world)) == 2
    world.control.forget_calls()
    talk = account.dialog(on_confirm=lambda _question: False)
    assert await account.log_in(talk) is SignInOutcome.CONSENT_MISSING
    assert len(_passwords(world)) == 1


async def test_marketing_is_passed_without_consent(
    account: DataActAccount, world: World
) -> None:
    """Nothing is sent to the page, and the sign-in goes on behind it."""
    world.control.account(TESTER, sign_in="marketing")
    assert await account.sign_in() is None
    assert not world.control.calls("*/marketing/*", method="POST")


def _codes(world: World, *said: str | Resend) -> Callable[..., str | Resend]:
    answers: Iterator[str | Resend] = iter(said)

    def answer(_sent_to: str, _error: SignInOutcome | None) -> str | Resend:
        word = next(answers)
        return _mailed(world) if word == "right" else word

    return answer


async def test_code_by_email(account: DataActAccount, world: World) -> None:
    """A wrong code is asked for again, without another mail; the address is masked."""
    world.control.account(TESTER, email_code=True)
    talk = account.dialog(on_code=_codes(world, "000", "right"))
    assert await account.log_in(talk) is None
    assert talk.asked == [
        ("ask", "account"),
        ("code", "d…@e…"),
        ("code", SignInOutcome.CODE_WRONG),
    ]
    assert _account(world).mails == 1


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, None),
        ({"email_code": True}, None),
        ({"sign_in": "marketing"}, None),
        ({"password": "Another-2027"}, SignInOutcome.WRONG_PASSWORD),
    ],
    ids=str,
)
async def test_newer_page_that_asks_for_name_and_password_at_once(
    account: DataActAccount,
    world: World,
    changes: dict[str, Any],
    outcome: SignInOutcome,
) -> None:
    """The identity host shows either; a code may follow, and the password goes once."""
    world.control.service("eu_data_act", email_page="one_page")
    world.control.account(TESTER, **changes)
    talk = account.dialog(on_code=_codes(world, "right"))
    assert await account.log_in(talk) is outcome
    assert len(world.control.calls("/u/login", method="POST")) == 1
    assert not _passwords(world)


async def test_code_that_is_wrong_again_and_again(
    account: DataActAccount, world: World
) -> None:
    """After three codes that is the end."""
    world.control.account(TESTER, email_code=True)
    talk = account.dialog(on_code=_codes(world, *["000"] * 9))
    assert await account.log_in(talk) is SignInOutcome.CODE_WRONG
    assert _account(world).mails == 1


async def test_pain_36_one_mail_for_one_click(
    account: DataActAccount, world: World
) -> None:
    """Send again is another sign-in, and another mail; nothing else is."""
    world.control.account(TESTER, email_code=True)
    talk = account.dialog(on_code=_codes(world, RESEND, "right"))
    assert await account.log_in(talk) is None
    assert _account(world).mails == 2


async def test_pain_36_renewal_needs_no_second_code(
    account: DataActAccount, world: World
) -> None:
    """The browser is known again; were it not, nobody would be mailed twice."""
    world.control.account(TESTER, email_code=True)
    talk = account.dialog(on_code=_codes(world, "right"))
    assert await account.log_in(talk) is None
    account.rebuild()
    await world.advance(5.5 * 3600)
    world.control.account(TESTER, revoke="session")
    assert await account.run(account.service.cars())
    assert _account(world).mails == 1
    _account(world).devices.clear()
    world.control.account(TESTER, revoke="session")
    await world.advance(3600)
    for _ in range(3):
        with pytest.raises(SignInFailed) as failed:
            await account.run(account.service.cars())
        assert failed.value.outcome is SignInOutcome.CODE_WANTED
        await world.advance(3600)
    assert _account(world).mails == 2


# Data requests


async def test_pain_32_request_is_created_upon_a_clear_yes(
    account: DataActAccount, world: World
) -> None:
    """Each car is asked about; yes creates what is needed and no more."""
    world.control.account(TESTER, requests="delete")
    talk = account.dialog(
        on_confirm=lambda question: question.placeholders["car"] == "ID.3"
    )
    assert await account.log_in(talk) is None
    assert talk.asked[1:] == [("confirm", "create_data_request")] * 2
    (made,) = _account(world).requests.values()
    assert made[0].clusters == (
        "Charging",
        "Maintenance Related Information",
        "Vehicle Warning Lights",
    )
    assert made[0].end is None
    assert len(world.control.calls(CREATIONS)) == 1


async def test_pain_32_nothing_is_created_without_a_yes(
    account: DataActAccount, world: World
) -> None:
    """The set-up succeeds without a request, and the cars are there."""
    world.control.account(TESTER, requests="delete")
    talk = account.dialog(on_confirm=lambda _question: False)
    assert await account.log_in(talk) is None
    assert not world.control.calls(CREATIONS)
    assert await account.sign_in() is None
    assert not world.control.calls(CREATIONS)
    car = await account.car()
    assert (await account.read(car)).readings["data_delivery"].value == "no_request"


async def test_never_a_second_request(account: DataActAccount, world: World) -> None:
    """A request that runs is looked for first, no matter who has made it."""
    talk = account.dialog(on_confirm=lambda _question: True)
    assert await account.log_in(talk) is None
    assert await account.log_in(account.dialog()) is None
    assert not world.control.calls(CREATIONS)


async def test_ended_request_is_made_anew(
    account: DataActAccount, world: World
) -> None:
    """One that has run out is no reason against another."""
    world.control.account(TESTER, requests="lapse")
    talk = account.dialog(on_confirm=lambda _question: True)
    assert await account.log_in(talk) is None
    assert len(world.control.calls(CREATIONS)) == 2


async def test_portal_that_wants_all_data(
    account: DataActAccount, world: World
) -> None:
    """What all data includes is the owner's decision, with a question of its own."""
    world.control.account(TESTER, requests="delete")
    world.control.service("eu_data_act", all_data_needed=True)
    talk = account.dialog(on_confirm=lambda _question: True)
    assert await account.log_in(talk) is None
    assert [key for _, key in talk.asked[1:3]] == [
        "create_data_request",
        "create_data_request_all",
    ]
    assert all(
        "All Data" in made[0].clusters for made in _account(world).requests.values()
    )


@pytest.mark.parametrize("creation", ["refused", "broken"])
async def test_pain_32_refused_creation_sends_the_owner_to_the_portal(
    account: DataActAccount, world: World, creation: str
) -> None:
    """Some cars take no request this way; the set-up succeeds all the same."""
    world.control.account(TESTER, requests="delete", creation=creation)
    asked: list[Question] = []

    def confirm(question: Question) -> bool:
        asked.append(question)
        return True

    assert await account.log_in(account.dialog(on_confirm=confirm)) is None
    assert [question.key for question in asked[:3]] == [
        "create_data_request",
        "create_data_request_all",
        "data_request_refused",
    ]
    assert asked[2].url == f"https://{PORTAL}"


async def test_creation_of_which_nobody_hears(
    account: DataActAccount, world: World
) -> None:
    """A cut connection is no reason to ask again: the request may be there."""
    world.control.account(TESTER, requests="delete")
    world.control.fault("drop_after", path=CREATIONS, count=1)
    talk = account.dialog(
        on_confirm=lambda question: question.placeholders["car"] == "ID.3"
    )
    assert await account.log_in(talk) is None
    assert ("confirm", "create_data_request_all") not in talk.asked
    assert list(_account(world).requests) == [ID3]


async def test_account_that_is_refused_for_ever(
    account: DataActAccount, world: World
) -> None:
    """A sign-in whose session is refused at once is not repeated at once."""
    world.control.account(TESTER, unauthorised=True)
    assert await account.log_in(account.dialog()) is SignInOutcome.ACCESS_REFUSED
    for _ in range(3):
        with pytest.raises(SignInFailed):
            await account.run(account.service.cars())
        await world.advance(3600)
        account.rebuild()
    assert len(_passwords(world)) == 1
    world.control.account(TESTER, unauthorised=False)
    assert await account.log_in(account.dialog()) is None


@pytest.mark.parametrize(
    "username",
    [
        "lieferung@example.com",
        "vier.ringe@example.com",
        "skoda.daten@example.com",
        "leonera@example.com",
        "nacida@example.com",
        "crewe@example.com",
    ],
)
async def test_every_brand(world: World, username: str) -> None:
    """Each brand has its own client, and its cars its name."""
    account = DataActAccount(world, account_of(username))
    assert await account.log_in(account.dialog()) is None
    (car,) = await account.run(account.service.cars())
    assert car.manufacturer


async def test_cars_that_are_not_linked_yet(
    account: DataActAccount, world: World
) -> None:
    """The owner hears what to do at the portal; then it is looked again, without a password."""
    world.control.account(TESTER, empty=True)
    asked: list[Question] = []

    def confirm(question: Question) -> bool:
        asked.append(question)
        world.control.account(TESTER, empty=len(asked) < 2)
        return True

    assert await account.log_in(account.dialog(on_confirm=confirm)) is (None)
    assert [question.key for question in asked] == ["link_cars"] * 2
    assert asked[0].placeholders == {"brand": "Volkswagen"}
    assert asked[0].url == f"https://{PORTAL}"
    assert len(_passwords(world)) == 1
    assert await account.run(account.service.cars())


async def test_owner_who_links_no_car(account: DataActAccount, world: World) -> None:
    """A no ends the questions: the account has no cars, and that is what is said."""
    world.control.account(TESTER, empty=True)
    talk = account.dialog(on_confirm=lambda _question: False)
    assert await account.log_in(talk) is None
    assert talk.asked == [("ask", "account"), ("confirm", "link_cars")]
    assert await account.run(account.service.cars()) == ()


async def test_other_brand_has_no_cars(account: DataActAccount) -> None:
    """The password is good, but the cars are another brand's."""
    assert await account.sign_in(brand="audi") is None
    assert await account.run(account.service.cars()) == ()


def _account(world: World) -> Any:
    cloud: Any = world.simulator.clouds["eu_data_act"]
    return cloud.register.by_name(TESTER)
