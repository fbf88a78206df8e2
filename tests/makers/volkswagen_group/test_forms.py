"""Reading sign-in pages."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from carport.cloud.errors import SignInFailed
from carport.cloud.sign_in import SignInOutcome
from carport.makers.volkswagen_group.forms import (
    read_code_form,
    read_error_code,
    read_form,
    read_script,
)

from ...cloud.pages import EMAIL_FORM, ERROR_PAGE, PASSWORD_SCRIPT


def test_a_form() -> None:
    """Action and inputs are taken as they stand."""
    form = read_form(EMAIL_FORM, "emailPasswordForm")
    assert form is not None
    assert form.action == "/signin-service/v1/client@apps/login/identifier"
    assert form.value("hmac") == "9f2c"
    assert form.filled(email="driver@example.com") == {
        "_csrf": "5d0c1b52-0a55",
        "relayState": "0f3a9c6d",
        "hmac": "9f2c",
        "email": "driver@example.com",
    }


def test_a_form_that_is_not_there() -> None:
    """The page may be another one."""
    assert read_form(EMAIL_FORM, "credentialsForm") is None
    assert read_form("", "credentialsForm") is None


@pytest.mark.parametrize("tag", ["<form>", "<a>", "<!-->", "<form><input name=a>"])
def test_8_5_a_page_of_nothing_but_tags_costs_no_time(tag: str) -> None:
    """To parse them all would keep everything else waiting; no page has so many."""
    with pytest.raises(SignInFailed) as failed:
        read_form(tag * 100_000, "emailPasswordForm")
    assert failed.value.outcome is SignInOutcome.PAGE_NOT_UNDERSTOOD


@pytest.mark.parametrize("name", ["nothing", "email"])
def test_a_hidden_value_that_has_to_be_there(name: str) -> None:
    """An empty value is as bad as a missing one."""
    form = read_form(EMAIL_FORM, "emailPasswordForm")
    assert form is not None
    with pytest.raises(SignInFailed):
        form.value(name)


def test_a_form_without_an_aim() -> None:
    """A form that goes nowhere is not understood."""
    with pytest.raises(SignInFailed) as caught:
        read_form(ERROR_PAGE, "other")
    assert caught.value.outcome is SignInOutcome.PAGE_NOT_UNDERSTOOD


def test_a_script_page() -> None:
    """The model is JSON, the rest is not."""
    page = read_script(PASSWORD_SCRIPT)
    assert page is not None
    assert page.template == "loginAuthenticate"
    assert page.error is None
    assert page.value("clientLegalEntityModel", "clientId") == "client@apps"
    assert page.text("hmac", "deeper") is None
    assert page.tokens() == {
        "_csrf": "kQ3-_x",
        "relayState": "0f3a9c6d",
        "hmac": "c01d",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("templateModel:", "otherModel:"),
        ('"error":null,', '"error":null'),
        ('{"clientLegalEntityModel"', '[{}], {"clientLegalEntityModel"'),
        ('"title":null', '"title":' + "[" * 20_000),
    ],
)
def test_a_script_that_is_broken(old: str, new: str) -> None:
    """A changed script is named, not guessed at."""
    with pytest.raises(SignInFailed):
        read_script(PASSWORD_SCRIPT.replace(old, new))


@pytest.mark.parametrize("missing", ["csrf_token", '"relayState"', '"hmac"'])
def test_a_script_without_its_tokens(missing: str) -> None:
    """Nothing can be sent without them."""
    page = read_script(PASSWORD_SCRIPT.replace(missing, '"x"'))
    assert page is not None
    with pytest.raises(SignInFailed):
        page.tokens()


def test_a_page_without_a_script() -> None:
    """Forms have none."""
    assert read_script(EMAIL_FORM) is None


def test_an_error_element() -> None:
    """A newer page marks the field that is wrong."""
    code = read_error_code(ERROR_PAGE, "error-element-password")
    assert code == "wrong-email-credentials"
    assert read_error_code(ERROR_PAGE, "error-element-username") is None


@st.composite
def mutated(draw: st.DrawFn, page: str) -> str:
    """Draw a page with a few pieces cut, doubled or replaced."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(page)))
        end = min(len(page), start + draw(st.integers(0, 60)))
        filling = draw(
            st.sampled_from(
                [
                    "",
                    "<",
                    "<![",
                    "</form>",
                    "{",
                    '"',
                    "&#0;",
                    "\x00",
                    page[start:end] * 2,
                ]
            )
            | st.text(max_size=6)
        )
        page = page[:start] + filling + page[end:]
    return page


@given(mutated(EMAIL_FORM) | mutated(PASSWORD_SCRIPT) | mutated(ERROR_PAGE) | st.text())
def test_any_page_is_understood_or_not(html: str) -> None:
    """Nothing else than `SignInFailed` ever comes out of a page."""
    for ident in ("emailPasswordForm", "other"):
        with suppress(SignInFailed):
            form = read_form(html, ident)
            assert form is None or form.value("hmac")
    with suppress(SignInFailed):
        script = read_script(html)
        assert script is None or script.tokens()
    with suppress(SignInFailed):
        script = read_script(html)
        assert script is None or script.value("postAction")
    with suppress(SignInFailed):
        read_error_code(html, "error-element-password")


def test_the_form_for_a_code() -> None:
    """Hidden values go along; of the boxes only the one that remembers is ticked."""
    form = read_code_form(
        '<form method="POST"  action="/u/email-challenge?state=a&amp;b=1">'
        '<input type="hidden" name="state" value="hKFo2">'
        '<input type="text" name="code"><input type="checkbox" name="news" value="yes">'
        '<input type="checkbox" name="rememberBrowser" value="true"></form>'
    )
    assert form.action == "/u/email-challenge?state=a&b=1"
    assert form.filled(code="123456") == {
        "state": "hKFo2",
        "code": "123456",
        "rememberBrowser": "true",
    }


@pytest.mark.parametrize("page", ["", "<p>Check your mail</p>", "<form></form>"])
def test_a_page_without_a_form_for_a_code(page: str) -> None:
    """Nobody knows where the code would go."""
    with pytest.raises(SignInFailed) as failed:
        read_code_form(page)
    assert failed.value.outcome is SignInOutcome.PAGE_NOT_UNDERSTOOD
