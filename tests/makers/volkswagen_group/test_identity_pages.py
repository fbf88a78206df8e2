"""What the identity pages say of an end that nobody expected."""

import json

import pytest
from yarl import URL

from carport.cloud.answer import Answer
from carport.cloud.errors import SignInFailed
from carport.cloud.sign_in import SignInOutcome
from carport.makers.volkswagen_group.identity_pages import check_address, diagnosis

HOST = "identity.vwgroup.io"


def page(text: str = "", path: str = "/somewhere", to: str | None = None) -> Answer:
    """Return an answer of the identity host."""
    return Answer(
        what="page",
        status=200 if to is None else 302,
        url=URL(f"https://{HOST}{path}"),
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
        (page(path="/signin-service/v1/consent"), SignInOutcome.CONSENT_MISSING),
        (page(path="/u/mfa-otp-challenge"), SignInOutcome.CODE_WANTED),
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
        (f"https://{HOST}/x?error=invalid_scope", "client_refused"),
        (f"https://{HOST}/x?error=surprise", "page_not_understood"),
    ],
)
def test_redirects_that_say_what_is_wrong(target: str, outcome: str) -> None:
    """In the query or in the fragment."""
    with pytest.raises(SignInFailed) as caught:
        check_address(page(to=target))
    assert caught.value.outcome == outcome
