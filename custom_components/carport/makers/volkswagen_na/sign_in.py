"""Signing in at Volkswagen's identity host for North America, for every app of it.

Authorize, e-mail page, password page, redirects to the app's own scheme. The owner's
decisions, such as new terms, are never taken for him.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from aiohttp import CookieJar
from yarl import URL

from ...service.errors import CloudError, Outage, SignInFailed, Throttled
from ...service.forms import (
    ScriptPage,
    not_understood,
    read_error_code,
    read_form,
    read_script,
)
from ...service.hosts import declared
from ...service.http import Answer, Transport
from ...service.ledger import Purpose
from ...service.pkce import Pkce, new_pkce
from ...service.sign_in import SignInOutcome

IDENTITY_HOST: Final = "identity.na.vwgroup.io"

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PAGE_OR_REDIRECT: Final = _REDIRECTS | {200}
# A newer style of page answers wrong credentials with 400 and the page itself.
_ANY_PAGE: Final = _PAGE_OR_REDIRECT | {400}
_OPTIONAL_PAGES: Final = 3

# No value is known to be enforced; these are what the app's sign-in view sent.
_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Language": "en-us",
    "User-Agent": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3_1 like Mac OS X) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/13.0.5 Mobile/15E148 Safari/604.1"
    ),
}

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
class Client:
    """The app we speak as: its cloud, its name there, and where a sign-in ends."""

    base: str
    client_id: str
    redirect_uri: str

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that a sign-in may visit."""
        return frozenset({URL(self.base).host or "", IDENTITY_HOST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a sign-in ends with: a code for tokens, and who it was."""

    code: str = field(repr=False)
    pkce: Pkce = field(repr=False)
    user_id: str | None


async def sign_in(
    transport: Transport, client: Client, username: str, password: str
) -> Grant:
    """Go through all pages; raise `SignInFailed` with what stood in the way."""
    journey = _Journey(transport, client)
    try:
        return await journey.sign_in(username, password)
    except Throttled:
        raise SignInFailed(SignInOutcome.ACCOUNT_THROTTLED) from None
    except Outage:
        raise SignInFailed(SignInOutcome.MAKER_OUTAGE) from None
    except SignInFailed:
        raise
    except CloudError:
        raise not_understood() from None


class _Journey:
    """One sign-in with its cookies."""

    def __init__(self, transport: Transport, client: Client) -> None:
        self._transport = transport
        self._client = client
        self._jar = CookieJar(quote_cookie=False)
        self._pkce = new_pkce()
        self._state = str(uuid4())

    async def sign_in(self, username: str, password: str) -> Grant:
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
        return Grant(code=self._code(end), pkce=self._pkce, user_id=user_id)

    async def _open(self) -> Answer:
        """Ask for authorization, and arrive at the e-mail page."""
        client = self._client
        try:
            answer = await self._get(
                URL(f"{client.base}/oidc/v1/authorize").with_query(
                    redirect_uri=client.redirect_uri,
                    scope="openid",
                    prompt="login",
                    # The app kept the padding; the cloud does not mind either way.
                    code_challenge=self._pkce.padded_challenge,
                    state=self._state,
                    response_type="code",
                    client_id=client.client_id,
                )
            )
            return await self._follow(answer)
        except CloudError as error:
            if error.status in {400, 401, 403}:
                raise SignInFailed(SignInOutcome.CLIENT_REFUSED) from None
            raise

    async def _send_password(self, action: URL, form: Mapping[str, str]) -> Answer:
        try:
            return await self._post(action, form, "password page")
        except Outage as error:
            # The cloud's way of saying that the account is of the other country.
            if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                raise SignInFailed(SignInOutcome.WRONG_REGION) from None
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

    def _code(self, end: Answer) -> str:
        """Take the code from the app's own address, the end of a good sign-in."""
        if end.location is None:
            raise diagnosis(end)
        result = _parameters(end.location)
        if result.get("state") != self._state or not (code := result.get("code")):
            raise not_understood()
        return code

    async def _get(self, url: URL) -> Answer:
        return await self._transport.request(
            "GET",
            url,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            headers=_HEADERS,
            jar=self._jar,
            allowed=_PAGE_OR_REDIRECT,
        )

    async def _post(self, url: URL, form: Mapping[str, str], what: str) -> Answer:
        return await self._transport.request(
            "POST",
            url,
            purpose=Purpose.SIGN_IN,
            what=what,
            headers=_HEADERS,
            form=form,
            jar=self._jar,
            allowed=_ANY_PAGE,
        )

    async def _follow(self, answer: Answer) -> Answer:
        return await self._transport.follow(
            answer,
            purpose=Purpose.SIGN_IN,
            what="sign-in page",
            hosts=self._client.hosts,
            jar=self._jar,
            headers=_HEADERS,
            stop=self._client.redirect_uri,
            watch=check_address,
        )

    def _known(self, base: URL, address: str) -> URL:
        """Return an address that a page names, which has to be at a known host."""
        url = self._transport.resolve(base, address)
        if url is None or not declared(url, self._client.hosts):
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
    parameters = _parameters(target)
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


def _parameters(url: URL) -> dict[str, str]:
    """Return the parameters of an address; some stand in its fragment."""
    return {**URL.build(query_string=url.raw_fragment).query, **url.query}


def _shown(url: URL) -> str:
    """Return an address for the owner, without parameters, which may be secrets."""
    return str(url.with_query(None).with_fragment(None))
