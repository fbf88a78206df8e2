"""Every way in which a sign-in at Car-Net can end, over real HTTP."""

import json
import logging

import pytest
from yarl import URL

from custom_components.carport.makers.volkswagen_na.sign_in import IDENTITY_HOST
from custom_components.carport.service.errors import SignInFailed
from custom_components.carport.service.guard import SignInGuard, guarded_sign_in
from custom_components.carport.service.http import Answer
from custom_components.carport.service.identity_kit import check_address, diagnosis
from custom_components.carport.service.sign_in import SignInOutcome
from tests.conftest import account_of
from tests.world import World

from .account import CarNetAccount

TOKENS = "/oidc/v1/token"
AUTHENTICATE = "/signin-service/*/login/authenticate"


@pytest.mark.parametrize("email_page", ["A", "B"])
@pytest.mark.parametrize("password_page", ["A", "B"])
@pytest.mark.parametrize("code_in_fragment", [True, False])
async def test_both_variants_of_both_pages(
    account: CarNetAccount, email_page: str, password_page: str, code_in_fragment: bool
) -> None:
    """Forms and scripts, the code in the query or in the fragment."""
    account.world.control.service(
        "car_net",
        email_page=email_page,
        password_page=password_page,
        code_in_fragment=code_in_fragment,
    )
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    assert account.saves == 1
    assert await account.car()


async def test_the_account_has_a_stable_id(account: CarNetAccount) -> None:
    """It is the maker's own, whatever the owner typed."""
    first = await account.run(account.service.sign_in(account.credentials))
    typed = {**account.credentials, "username": account.spec.username.title()}
    assert first
    second = await account.run(account.service.sign_in(typed))
    assert second == first


async def test_a_sign_in_takes_no_detour(account: CarNetAccount) -> None:
    """Each step once: the chain of redirects, two forms, one token call."""
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    calls = account.world.control.calls()
    assert len(calls) == 11
    assert [call.method for call in calls].count("POST") == 3
    assert account.transport.ledger.counts_today() == {"sign_in": 10, "token": 1}


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("throttled", SignInOutcome.ACCOUNT_THROTTLED),
        ("locked", SignInOutcome.ACCOUNT_LOCKED),
        ("blocked", SignInOutcome.ACCOUNT_LOCKED),
        ("malformed_email", SignInOutcome.UNKNOWN_ACCOUNT),
        ("unknown", SignInOutcome.UNKNOWN_ACCOUNT),
        ("unknown_error_code", SignInOutcome.UNKNOWN_ACCOUNT),
        ("terms", SignInOutcome.NEW_TERMS),
        ("dataprivacy", SignInOutcome.NEW_TERMS),
        ("consent", SignInOutcome.CONSENT_MISSING),
        # The cloud's answer to an account of the other country is the same.
        ("outage", SignInOutcome.WRONG_REGION),
        ("page_changed", SignInOutcome.PAGE_NOT_UNDERSTOOD),
        ("new_style", SignInOutcome.WRONG_PASSWORD),
        ("no_code", SignInOutcome.PAGE_NOT_UNDERSTOOD),
    ],
)
@pytest.mark.parametrize("page", ["A", "B"])
async def test_each_failure_has_its_name(
    account: CarNetAccount, mode: str, outcome: SignInOutcome, page: str
) -> None:
    """Only a wrong password and an unknown account blame the owner."""
    control = account.world.control
    control.service("car_net", password_page=page)
    control.account(account.spec.username, sign_in=mode)
    assert await account.sign_in() is outcome
    assert account.stored is None
    assert not control.calls(TOKENS)


async def test_a_wrong_password_is_sent_once(account: CarNetAccount) -> None:
    """Not again after a restart either: the guard remembers."""
    typed = {**account.credentials, "password": "wrong"}
    guard = SignInGuard(account.world.clock)
    for _ in range(3):
        with pytest.raises(SignInFailed) as caught:
            await account.run(guarded_sign_in(account.service, typed, guard))
        assert caught.value.outcome is SignInOutcome.WRONG_PASSWORD
        account.rebuild()
        guard = SignInGuard(
            account.world.clock, json.loads(json.dumps(guard.to_json()))
        )
    assert len(account.world.control.calls(AUTHENTICATE, method="POST")) == 1


async def test_an_unknown_account(account: CarNetAccount) -> None:
    """No password is sent for an address that nobody has."""
    outcome = await account.sign_in(username="nobody@example.com")
    assert outcome is SignInOutcome.UNKNOWN_ACCOUNT
    outcome = await account.sign_in(username="no address")
    assert outcome is SignInOutcome.UNKNOWN_ACCOUNT
    assert not account.world.control.calls(AUTHENTICATE, method="POST")


async def test_the_owner_reads_where_new_terms_wait(account: CarNetAccount) -> None:
    """The address has no parameters, and nothing was accepted."""
    account.world.control.account(account.spec.username, sign_in="terms")
    with pytest.raises(SignInFailed) as caught:
        await account.run(account.service.sign_in(account.credentials))
    address = caught.value.address or ""
    assert address.startswith(f"https://{IDENTITY_HOST}/")
    assert "terms-and-conditions" in address
    assert "?" not in address
    assert not account.world.control.calls("*terms*", method="POST")


async def test_marketing_is_passed_without_consent(account: CarNetAccount) -> None:
    """An optional page is left by its own way out."""
    account.world.control.account(account.spec.username, sign_in="marketing")
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    assert not account.world.control.calls("*/consent/*", method="POST")


@pytest.mark.parametrize("mode", ["presence", "enforced"])
async def test_a_client_that_is_locked_out(account: CarNetAccount, mode: str) -> None:
    """A refusal after good credentials is not the owner's fault."""
    account.world.control.service("car_net", attestation=mode)
    assert await account.sign_in() is SignInOutcome.CLIENT_REFUSED


async def test_an_account_of_the_other_country(world: World) -> None:
    """The cloud answers such a password with an error of its own."""
    account = CarNetAccount(world, account_of("pilote@example.com"))
    assert await account.sign_in() is SignInOutcome.WRONG_REGION


@pytest.mark.parametrize(
    ("path", "fault", "outcome"),
    [
        ("/oidc/v1/authorize", {"kind": "status", "status": 400}, "client_refused"),
        ("/oidc/v1/authorize", {"kind": "status", "status": 503}, "maker_outage"),
        (
            "/oidc/v1/authorize",
            {"kind": "status", "status": 404},
            "page_not_understood",
        ),
        ("/oidc/v1/authorize", {"kind": "html"}, "page_not_understood"),
        ("/signin-service/*", {"kind": "empty"}, "page_not_understood"),
        ("/signin-service/*", {"kind": "drop"}, "maker_outage"),
        ("*/login/identifier", {"kind": "status", "status": 500}, "maker_outage"),
        ("*/login/identifier", {"kind": "status", "status": 429}, "account_throttled"),
        ("*/login/authenticate", {"kind": "truncated"}, "page_not_understood"),
        (
            "*/login/authenticate",
            {"kind": "status", "status": 503, "method": "POST"},
            "maker_outage",
        ),
        (TOKENS, {"kind": "status", "status": 400}, "client_refused"),
        (TOKENS, {"kind": "status", "status": 404}, "page_not_understood"),
        (TOKENS, {"kind": "status", "status": 503}, "maker_outage"),
        (TOKENS, {"kind": "status", "status": 429}, "account_throttled"),
        (TOKENS, {"kind": "html"}, "page_not_understood"),
        (TOKENS, {"kind": "change", "remove": ["id_token"]}, "page_not_understood"),
    ],
)
async def test_faults_on_the_way(
    account: CarNetAccount, path: str, fault: dict[str, str], outcome: str
) -> None:
    """Whatever breaks, the end has a name and nothing is stored."""
    account.world.control.fault(path=path, **fault)
    assert await account.sign_in() == outcome
    assert account.stored is None


async def test_a_changed_email_page(account: CarNetAccount) -> None:
    """A page that we cannot read is named so."""
    account.world.control.service("car_net", email_page="changed")
    assert await account.sign_in() is SignInOutcome.PAGE_NOT_UNDERSTOOD


def page(text: str = "", path: str = "/somewhere", to: str | None = None) -> Answer:
    """Return an answer of the identity host."""
    return Answer(
        what="page",
        status=200 if to is None else 302,
        url=URL(f"https://{IDENTITY_HOST}{path}"),
        headers={},
        text=text,
        location=None if to is None else URL(to),
    )


def script(**model: object) -> str:
    """Return a page that a script draws."""
    return f"<script>window._IDK = {{ templateModel: {json.dumps(model)},\n }}</script>"


@pytest.mark.parametrize(
    ("shown", "outcome"),
    [
        (page(script(error="login.error.blocked")), SignInOutcome.ACCOUNT_LOCKED),
        (page(script(error="login.error.new")), SignInOutcome.PAGE_NOT_UNDERSTOOD),
        (page(script(errorCode="x")), SignInOutcome.UNKNOWN_ACCOUNT),
        (page(script(template="captchaPage")), SignInOutcome.CAPTCHA),
        (page(path="/captcha/solve"), SignInOutcome.CAPTCHA),
        (page(path="/signin-service/terms-and-conditions"), SignInOutcome.NEW_TERMS),
        (page("<a>termsAndConditions</a>"), SignInOutcome.NEW_TERMS),
        (page(path="/consent/users/1"), SignInOutcome.CONSENT_MISSING),
        (page("window._IDK = broken"), SignInOutcome.PAGE_NOT_UNDERSTOOD),
        (page("<p>Hello</p>"), SignInOutcome.PAGE_NOT_UNDERSTOOD),
        (
            page('<span id="error-element-username" data-error-code="x"></span>'),
            SignInOutcome.UNKNOWN_ACCOUNT,
        ),
    ],
)
def test_pages_that_nobody_expected(shown: Answer, outcome: SignInOutcome) -> None:
    """What a page wants is told as far as it says."""
    assert diagnosis(shown).outcome is outcome


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("car-net:///oauth-callback?error=access_denied", "consent_missing"),
        ("car-net:///oauth-callback#error=server_error", "maker_outage"),
        (f"https://{IDENTITY_HOST}/x?error=invalid_scope", "client_refused"),
        (f"https://{IDENTITY_HOST}/x?error=surprise", "page_not_understood"),
    ],
)
def test_redirects_that_say_what_is_wrong(target: str, outcome: str) -> None:
    """In the query or in the fragment."""
    with pytest.raises(SignInFailed) as caught:
        check_address(page(to=target))
    assert caught.value.outcome == outcome


async def test_camel_case_tokens(account: CarNetAccount) -> None:
    """The cloud has used both spellings."""
    account.world.control.service("car_net", camel_case=True)
    assert await account.sign_in() is SignInOutcome.SIGNED_IN


async def test_no_secret_leaves_a_sign_in(
    account: CarNetAccount, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither logs nor errors nor raw answers know the credentials."""
    caplog.set_level(logging.DEBUG)
    assert await account.sign_in() is SignInOutcome.SIGNED_IN
    await account.car()
    ours = "\n".join(
        record.getMessage() for record in caplog.records if "carport" in record.name
    )
    stored = json.loads(account.stored or "{}")
    secrets = [
        account.spec.username,
        account.spec.password,
        "Bearer",
        "relayState",
        *(value for value in stored.values() if isinstance(value, str)),
    ]
    assert ours
    assert not any(secret in ours for secret in secrets)
    assert set(account.transport.raw) == {"/account/v1/enrollment/status"}
