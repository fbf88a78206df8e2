"""The identity kit: the sign-in pages that all clouds of the Volkswagen group share.

E-mail page, password page, redirects to the app's own scheme: the same software in
Europe and North America, whichever app asks. The owner's decisions, such as new
terms, are never taken for him.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import CookieJar
from yarl import URL

from ...cloud.answer import REDIRECTS, Answer
from ...cloud.errors import CloudError, Outage, SignInFailed, map_login_errors
from ...cloud.hosts import declared
from ...cloud.http import Transport
from ...cloud.ledger import Purpose
from ...cloud.sign_in import SignInOutcome
from .forms import (
    Form,
    ScriptPage,
    not_understood,
    read_code_form,
    read_error_code,
    read_form,
    read_login_form,
    read_script,
)

_PAGE_OR_REDIRECT: Final = REDIRECTS | {200}
# A newer style of page answers wrong credentials with 400 and the page itself.
_ANY_PAGE: Final = _PAGE_OR_REDIRECT | {400}
_OPTIONAL_PAGES: Final = 3

_BY_ERROR: Final = {
    # Of the sign-in pages, where the first word is `errors` or `error`.
    "password_invalid": SignInOutcome.WRONG_PASSWORD,
    "throttled": SignInOutcome.ACCOUNT_THROTTLED,
    "locked": SignInOutcome.ACCOUNT_LOCKED,
    "blocked": SignInOutcome.ACCOUNT_LOCKED,
    "validator.email.invalid": SignInOutcome.UNKNOWN_ACCOUNT,
    # Of OAuth.
    "invalid_client": SignInOutcome.CLIENT_REFUSED,
    "unauthorized_client": SignInOutcome.CLIENT_REFUSED,
    "invalid_request": SignInOutcome.CLIENT_REFUSED,
    "invalid_scope": SignInOutcome.CLIENT_REFUSED,
    "unsupported_response_type": SignInOutcome.CLIENT_REFUSED,
    "access_denied": SignInOutcome.CONSENT_MISSING,
    "consent_required": SignInOutcome.CONSENT_MISSING,
    "server_error": SignInOutcome.MAKER_OUTAGE,
    "temporarily_unavailable": SignInOutcome.MAKER_OUTAGE,
}
_BY_ERROR_ELEMENT: Final = {
    "error-element-password": SignInOutcome.WRONG_PASSWORD,
    "error-element-username": SignInOutcome.UNKNOWN_ACCOUNT,
}
_CHALLENGES: Final = ("/u/email-challenge", "/u/mfa-email-challenge")
_CODE_FIELDS: Final = ("code", "otp", "mfa-code", "token")
_CODE_ERRORS: Final = tuple(f"error-element-{name}" for name in _CODE_FIELDS)
_MOST_CODES: Final = 3
_CALLBACK: Final = "/oidc/v1/oauth/client/callback"
_CALLBACKS: Final = frozenset({_CALLBACK, f"{_CALLBACK}/success"})
_TERMS: Final = "terms-and-conditions"
_TERMS_PAGE: Final = "termsAndConditions"
_MARKETING: Final = "/consent/marketing/"
_CONSENT: Final = "consent"
_FURTHER_CODES: Final = "/u/mfa"
"""How the pages begin that want a code from elsewhere than an e-mail."""
_CAPTCHA: Final = "captcha"


type AskCode = Callable[[SignInOutcome | None], Awaitable[str]]
"""Gets from the owner the code that was mailed; says what was wrong with the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """Where one app's sign-in begins and ends, and which hosts it may visit.

    `authorize` has all parameters but the state. `after_500` is what it means when
    the password is answered with 500. With `referers` every page is told which one
    led to it, as browsers do.
    """

    authorize: URL = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    hosts: frozenset[str]
    headers: Mapping[str, str]
    after_500: SignInOutcome = SignInOutcome.MAKER_OUTAGE
    referers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationResponse:
    """What a sign-in ends with: the parameters for the app, and who it was."""

    parameters: Mapping[str, str] = field(repr=False)
    user_id: str | None


async def authorize(
    transport: Transport,
    request: AuthorizationRequest,
    username: str,
    password: str,
    *,
    jar: CookieJar | None = None,
    ask_code: AskCode | None = None,
) -> AuthorizationResponse:
    """Go through all pages; raise `SignInFailed` with what stood in the way.

    The cookies of the pages end up in `jar`. Without `ask_code` a mailed code is a
    page that nobody can pass.
    """
    journey = _Authorization(
        transport, request, new_jar() if jar is None else jar, ask_code
    )
    with map_login_errors():
        return await journey.sign_in(username, password)


def new_jar() -> CookieJar:
    """Return an empty jar that keeps cookies as the pages write them."""
    return CookieJar(quote_cookie=False)


class _Authorization:
    """One sign-in with its cookies."""

    def __init__(
        self,
        transport: Transport,
        request: AuthorizationRequest,
        jar: CookieJar,
        ask_code: AskCode | None,
    ) -> None:
        self._transport = transport
        self._request = request
        self._jar = jar
        self._ask_code = ask_code
        self._user_id: str | None = None

    async def sign_in(self, username: str, password: str) -> AuthorizationResponse:
        page = await self._open()
        if (form := read_login_form(page.text)) is not None:
            answer = await self._fill_in(page, form, username, password)
        else:
            answer = await self._one_after_the_other(page, username, password)
        end = await self._pass_code(await self._follow(answer))
        end = await self._pass_optional_pages(end)
        return AuthorizationResponse(
            parameters=self._parameters(end), user_id=self._user_id
        )

    async def _fill_in(
        self, page: Answer, form: Form, username: str, password: str
    ) -> Answer:
        """Send name and password at once, as the newer software asks for them."""
        filled = form.filled(username=username, password=password, action="default")
        return await self._send_password(page, form.action or str(page.url), filled)

    async def _one_after_the_other(
        self, page: Answer, username: str, password: str
    ) -> Answer:
        """Send the address, and the password to the page behind it."""
        action, hidden = _email_form(page)
        form = {**hidden, "email": username}
        page = await self._follow(
            await self._post(page, action, form, "e-mail page", without_secret=True),
            without_secret=True,
        )
        action, fresh = _password_form(page)
        return await self._send_password(
            page, action, {**form, **fresh, "password": password}
        )

    async def _open(self) -> Answer:
        """Ask for authorization, and arrive at the e-mail page."""
        request = self._request
        try:
            answer = await self._get(
                request.authorize.update_query(state=request.state),
                without_secret=True,
            )
            return await self._follow(answer, without_secret=True)
        except CloudError as error:
            if error.status in {400, 401, 403}:
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED) from None
            raise

    async def _send_password(
        self, page: Answer, action: str, form: Mapping[str, str]
    ) -> Answer:
        try:
            return await self._post(page, action, form, "password page")
        except Outage as error:
            if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SignInFailed(self._request.after_500) from None
            raise

    async def _pass_code(self, page: Answer) -> Answer:
        """Send the code that was mailed, where a page wants one."""
        error: SignInOutcome | None = None
        for _ in range(_MOST_CODES):
            if page.location is not None or page.url.path not in _CHALLENGES:
                return page
            if self._ask_code is None:
                raise SignInFailed(SignInOutcome.CODE_WANTED)
            form = read_code_form(page.text)
            name = next((one for one in _CODE_FIELDS if one in form.fields), None)
            if name is None:
                raise not_understood()
            filled = form.filled(**{name: await self._ask_code(error)})
            page = await self._follow(
                await self._post(page, form.action, filled, "code page")
            )
            wrong = any(read_error_code(page.text, one) for one in _CODE_ERRORS)
            error = SignInOutcome.CODE_WRONG if wrong else None
        raise SignInFailed(SignInOutcome.CODE_WRONG)

    async def _pass_optional_pages(self, answer: Answer) -> Answer:
        """Leave pages that ask for consent to marketing, without consenting."""
        for _ in range(_OPTIONAL_PAGES):
            callback = answer.url.query.get("callback")
            if answer.location or callback is None or _MARKETING not in answer.url.path:
                break
            address = self._known(answer.url, callback)
            if address.host != answer.url.host or address.path not in _CALLBACKS:
                raise not_understood()
            answer = await self._follow(await self._get(address, answer))
        return answer

    def _parameters(self, end: Answer) -> Mapping[str, str]:
        """Take what the app's own address carries, the end of a good sign-in."""
        if end.location is None:
            raise diagnosis(end)
        result = parameters_of(end.location)
        if result.get("state") != self._request.state or not result.get("code"):
            raise not_understood()
        return result

    async def _get(
        self, url: URL, before: Answer | None = None, *, without_secret: bool = False
    ) -> Answer:
        return await self._transport.request(
            "GET",
            url,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            headers=self._headers(before),
            jar=self._jar,
            allowed=_PAGE_OR_REDIRECT,
            without_secret=without_secret,
        )

    async def _post(
        self,
        page: Answer,
        action: str,
        form: Mapping[str, str],
        what: str,
        *,
        without_secret: bool = False,
    ) -> Answer:
        """Send a page's form to where it says."""
        return await self._transport.request(
            "POST",
            self._known(page.url, action),
            purpose=Purpose.SIGN_IN,
            what=what,
            headers=self._headers(page),
            form=form,
            jar=self._jar,
            allowed=_ANY_PAGE,
            without_secret=without_secret,
        )

    async def _follow(self, answer: Answer, *, without_secret: bool = False) -> Answer:
        return await self._transport.follow(
            answer,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            hosts=self._request.hosts,
            jar=self._jar,
            headers=self._headers,
            stop=self._request.redirect_uri,
            watch=self._watch,
            without_secret=without_secret,
        )

    def _watch(self, answer: Answer) -> None:
        """Note whose sign-in it is, where a redirect says so first."""
        check_address(answer)
        if self._user_id is None and answer.location is not None:
            self._user_id = answer.location.query.get("userId")

    def _headers(self, before: Answer | None) -> Mapping[str, str]:
        """Return the headers of the call that comes after an answer."""
        if before is None or not self._request.referers:
            return self._request.headers
        return {**self._request.headers, "Referer": str(before.url)}

    def _known(self, base: URL, address: str) -> URL:
        """Return an address that a page names, which has to be at a known host."""
        url = self._transport.resolve(base, address)
        if url is None or not declared(url, self._request.hosts):
            raise not_understood()
        return url


def _email_form(page: Answer) -> tuple[str, dict[str, str]]:
    """Return where the e-mail address goes, and what goes with it."""
    if (script := read_script(page.text)) is not None:
        if script.template != "loginIdentifier":
            raise diagnosis(page)
        return _script_target(script), script.tokens()
    form = read_form(page.text, "emailPasswordForm")
    if form is None or "email" not in form.fields:
        raise diagnosis(page)
    hidden = {name: form.value(name) for name in ("_csrf", "relayState", "hmac")}
    return form.action, hidden


def _password_form(page: Answer) -> tuple[str, dict[str, str]]:
    """Return where the password goes, and the hidden values that are new."""
    if (script := read_script(page.text)) is not None:
        if script.template != "loginAuthenticate" or _refused(script):
            raise diagnosis(page)
        return _script_target(script), script.tokens()
    form = read_form(page.text, "credentialsForm")
    if form is None:
        raise diagnosis(page)
    fresh = {
        name: value
        for name in ("_csrf", "relayState", "hmac")
        if (value := form.fields.get(name))
    }
    return form.action, {**fresh, "hmac": form.value("hmac")}


def _script_target(script: ScriptPage) -> str:
    client = script.value("clientLegalEntityModel", "clientId")
    return f"/signin-service/v1/{client}/{script.value('postAction')}"


def _refused(script: ScriptPage) -> bool:
    """Return whether a page says that it does not know the e-mail address."""
    return bool(
        script.error
        or script.text("registerCredentialsPath")
        or script.model.get("errorCode")
    )


def check_address(answer: Answer) -> None:
    """Raise what the target of a redirect says, if it says anything bad."""
    target = answer.location
    if target is None:
        return
    parameters = parameters_of(target)
    if (error := parameters.get("error")) is not None:
        raise SignInFailed(_outcome_of(error))
    terms = _TERMS in target.path or (
        parameters.get("updated") == "dataprivacy" and "userId" not in parameters
    )
    if terms:
        raise SignInFailed(SignInOutcome.NEW_TERMS, address=_shown(target))


def diagnosis(page: Answer) -> SignInFailed:
    """Say what a page wants that is not the page we expected."""
    for ident, outcome in _BY_ERROR_ELEMENT.items():
        if read_error_code(page.text, ident) is not None:
            return SignInFailed(outcome)
    try:
        script = read_script(page.text)
    except SignInFailed:
        script = None
    if script is not None:
        if script.error is not None:
            return SignInFailed(_outcome_of(script.error))
        if _refused(script):
            return SignInFailed(SignInOutcome.UNKNOWN_ACCOUNT)
    path = page.url.path
    if _TERMS in path or _TERMS_PAGE in page.text:
        return SignInFailed(SignInOutcome.NEW_TERMS, address=_shown(page.url))
    if _CONSENT in path.split("/"):
        return SignInFailed(SignInOutcome.CONSENT_MISSING, address=_shown(page.url))
    if path.startswith(_FURTHER_CODES):
        return SignInFailed(SignInOutcome.CODE_WANTED)
    template = script.template if script is not None else None
    if _CAPTCHA in path.lower() or _CAPTCHA in (template or "").lower():
        return SignInFailed(SignInOutcome.CAPTCHA)
    return not_understood()


def _outcome_of(error: str) -> SignInOutcome:
    key = error.removeprefix("login.errors.").removeprefix("login.error.")
    return _BY_ERROR.get(key, SignInOutcome.PAGE_NOT_UNDERSTOOD)


def parameters_of(url: URL) -> dict[str, str]:
    """Return the parameters of an address; some stand in its fragment."""
    return {**URL.build(query_string=url.raw_fragment).query, **url.query}


def _shown(url: URL) -> str:
    """Return an address for the owner, without parameters, which may be secrets."""
    return str(url.with_query(None).with_fragment(None))
