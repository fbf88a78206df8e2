"""The identity kit: the sign-in pages that all clouds of the Volkswagen group share.

E-mail page, password page, redirects to the app's own scheme: the same software in
Europe and North America, whichever app asks. The owner's decisions, such as new
terms, are never taken for him.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import CookieJar
from yarl import URL

from .errors import CloudError, Outage, SignInFailed, named_ends
from .forms import ScriptPage, not_understood, read_error_code, read_form, read_script
from .hosts import declared
from .http import Answer, Transport
from .ledger import Purpose
from .sign_in import SignInOutcome

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAGE_OR_REDIRECT: Final = _REDIRECTS | {200}
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
_TERMS: Final = "terms-and-conditions"
_TERMS_PAGE: Final = "termsAndConditions"
_MARKETING: Final = "/consent/marketing/"
_CONSENT: Final = "/consent/"
_CAPTCHA: Final = "captcha"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where one app's sign-in begins and ends, and which hosts it may visit.

    `authorize` has all parameters but the state. `after_500` is what it means when
    the password is answered with 500.
    """

    authorize: URL = field(repr=False)
    state: str = field(repr=False)
    redirect_uri: str
    hosts: frozenset[str]
    headers: Mapping[str, str]
    after_500: SignInOutcome = SignInOutcome.MAKER_OUTAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a sign-in ends with: the parameters for the app, and who it was."""

    parameters: Mapping[str, str] = field(repr=False)
    user_id: str | None


async def pass_through(
    transport: Transport, door: Door, username: str, password: str
) -> Arrival:
    """Go through all pages; raise `SignInFailed` with what stood in the way."""
    journey = _Journey(transport, door)
    with named_ends():
        return await journey.sign_in(username, password)


class _Journey:
    """One sign-in with its cookies."""

    def __init__(self, transport: Transport, door: Door) -> None:
        self._transport = transport
        self._door = door
        self._jar = CookieJar(quote_cookie=False)

    async def sign_in(self, username: str, password: str) -> Arrival:
        page = await self._open()
        action, hidden = _email_form(page)
        form = {**hidden, "email": username}
        page = await self._follow(
            await self._post(self._known(page.url, action), form, "e-mail page")
        )
        action, fresh = _password_form(page)
        answer = await self._send_password(
            self._known(page.url, action),
            {**form, **fresh, "password": password},
        )
        user_id = (
            None if answer.location is None else answer.location.query.get("userId")
        )
        end = await self._pass_optional_pages(await self._follow(answer))
        return Arrival(parameters=self._parameters(end), user_id=user_id)

    async def _open(self) -> Answer:
        """Ask for authorization, and arrive at the e-mail page."""
        door = self._door
        try:
            answer = await self._get(door.authorize.update_query(state=door.state))
            return await self._follow(answer)
        except CloudError as error:
            if error.status in {400, 401, 403}:
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED) from None
            raise

    async def _send_password(self, action: URL, form: Mapping[str, str]) -> Answer:
        try:
            return await self._post(action, form, "password page")
        except Outage as error:
            if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SignInFailed(self._door.after_500) from None
            raise

    async def _pass_optional_pages(self, answer: Answer) -> Answer:
        """Leave pages that ask for consent to marketing, without consenting."""
        for _ in range(_OPTIONAL_PAGES):
            callback = answer.url.query.get("callback")
            if answer.location or callback is None or _MARKETING not in answer.url.path:
                break
            answer = await self._follow(
                await self._get(self._known(answer.url, callback))
            )
        return answer

    def _parameters(self, end: Answer) -> Mapping[str, str]:
        """Take what the app's own address carries, the end of a good sign-in."""
        if end.location is None:
            raise diagnosis(end)
        result = parameters_of(end.location)
        if result.get("state") != self._door.state or not result.get("code"):
            raise not_understood()
        return result

    async def _get(self, url: URL) -> Answer:
        return await self._transport.request(
            "GET",
            url,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            headers=self._door.headers,
            jar=self._jar,
            allowed=_PAGE_OR_REDIRECT,
        )

    async def _post(self, url: URL, form: Mapping[str, str], what: str) -> Answer:
        return await self._transport.request(
            "POST",
            url,
            purpose=Purpose.SIGN_IN,
            what=what,
            headers=self._door.headers,
            form=form,
            jar=self._jar,
            allowed=_ANY_PAGE,
        )

    async def _follow(self, answer: Answer) -> Answer:
        return await self._transport.follow(
            answer,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            hosts=self._door.hosts,
            jar=self._jar,
            headers=self._door.headers,
            stop=self._door.redirect_uri,
            watch=check_address,
        )

    def _known(self, base: URL, address: str) -> URL:
        """Return an address that a page names, which has to be at a known host."""
        url = self._transport.resolve(base, address)
        if url is None or not declared(url, self._door.hosts):
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
    if _CONSENT in path:
        return SignInFailed(SignInOutcome.CONSENT_MISSING, address=_shown(page.url))
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
