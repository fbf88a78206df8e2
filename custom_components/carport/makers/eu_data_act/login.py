"""Signing in at the portal: the group's identity pages, then a cookie for a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import hashlib
from typing import Final

from aiohttp import CookieJar
from yarl import URL

from ...cloud.errors import CloudError, SignInFailed, map_login_errors
from ...cloud.http import Transport
from ...cloud.jwt import claims, end_of
from ...cloud.ledger import Purpose
from ...cloud.product import PRODUCT
from ...cloud.sign_in import SignInOutcome
from ..volkswagen_group.identity_pages import (
    AskCode,
    AuthorizationRequest,
    authorize,
    new_jar,
)
from .hosts import HOSTS, IDENTITY_HOST, PORTAL, Brand
from .markets import accepted_languages, market

COOKIE: Final = "access_token"
_SCOPE: Final = "openid cars profile"
_REDIRECT: Final = f"{PORTAL}/login"
_CALLBACK: Final = f"{PORTAL}/services/callbacklogin"
_REDIRECTS: Final = frozenset({301, 302, 303})
_ANY: Final = frozenset(range(200, 400))
_CONSENT: Final = "consent"
_USERS: Final = "users"

_PAGE_HEADERS: Final = {
    # The maker tolerates programs that say who they are.
    "User-Agent": PRODUCT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a sign-in ends with: the session's cookie, and what the browser is known by.

    `remembered` are the identity host's cookies, of which one spares the next sign-in
    a mailed code.
    """

    cookie: str = field(repr=False)
    account_id: str
    ends_at: float | None
    remembered: Mapping[str, str] = field(repr=False)


async def enter(
    transport: Transport,
    brand: Brand,
    username: str,
    password: str,
    *,
    country: str | None = None,
    remembered: Mapping[str, str] | None = None,
    ask_code: AskCode | None = None,
) -> Entry:
    """Go through all pages; raise `SignInFailed` with what stood in the way.

    An address that comes with it is the portal's: the real one names the owner.
    """
    jar = new_jar()
    code, language = market(country)
    headers = {**_PAGE_HEADERS, "Accept-Language": accepted_languages(country)}
    jar.update_cookies(dict(remembered or {}), URL(f"https://{IDENTITY_HOST}"))
    door = AuthorizationRequest(
        authorize=URL(f"https://{IDENTITY_HOST}/oidc/v1/authorize").with_query(
            client_id=brand.client_id,
            response_type="code",
            scope=_SCOPE,
            redirect_uri=_REDIRECT,
            prompt="login",
        ),
        state=f"{code.lower()}__{language}__{brand.word}",
        redirect_uri=_REDIRECT,
        hosts=HOSTS,
        headers=headers,
        referers=True,
    )
    try:
        arrival = await authorize(
            transport, door, username, password, jar=jar, ask_code=ask_code
        )
    except SignInFailed as error:
        raise _for_the_owner(error) from None
    with map_login_errors():
        await _open_session(transport, arrival.parameters, jar, headers)
    cookie = _cookies(jar, PORTAL).get(COOKIE)
    if not cookie:
        raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)
    return Entry(
        cookie=cookie,
        account_id=_account_id(brand, username, cookie),
        ends_at=end_of(cookie),
        remembered=_cookies(jar, f"https://{IDENTITY_HOST}"),
    )


async def _open_session(
    transport: Transport,
    parameters: Mapping[str, str],
    jar: CookieJar,
    headers: Mapping[str, str],
) -> None:
    """Follow the portal's own redirects until it has set its cookie.

    The page that it leads to then is not fetched: for some countries there is none.
    """
    url = URL(_REDIRECT).with_query(dict(parameters))
    before = f"https://{IDENTITY_HOST}/"
    for _ in range(3):
        answer = await transport.request(
            "GET",
            url,
            purpose=Purpose.SIGN_IN,
            what="portal session",
            headers={**headers, "Referer": before},
            jar=jar,
            allowed=_ANY,
        )
        if str(answer.url).startswith(_CALLBACK):
            return
        target = answer.location
        if answer.status not in _REDIRECTS or target is None:
            break
        if not str(target).startswith(f"{PORTAL}/"):
            break
        before, url = str(answer.url), target
    raise CloudError("portal session")


def _for_the_owner(error: SignInFailed) -> SignInFailed:
    """Return an end with an address that the owner can use, and that names nobody."""
    if error.outcome is SignInOutcome.CONSENT_MISSING:
        return SignInFailed(error.outcome, address=PORTAL, detail=_kind(error.address))
    if error.outcome is SignInOutcome.NEW_TERMS:
        return SignInFailed(error.outcome, address=PORTAL)
    return error


def _kind(address: str | None) -> str | None:
    """Return which consent is missing, by the word in its address."""
    parts = [] if address is None else URL(address).path.split("/")
    if _CONSENT not in parts[:-1]:
        return None
    kind = parts[parts.index(_CONSENT) + 1]
    return None if kind == _USERS else kind


def _cookies(jar: CookieJar, origin: str) -> dict[str, str]:
    found = jar.filter_cookies(URL(origin))
    return {name: morsel.value for name, morsel in found.items()}


def _account_id(brand: Brand, username: str, cookie: str) -> str:
    """Return what names the account: the token's owner, else a digest of the address."""
    subject = claims(cookie).get("sub")
    if not isinstance(subject, str) or not subject:
        address = f"carport\0{PORTAL}\0{username.strip().casefold()}"
        subject = hashlib.sha256(address.encode()).hexdigest()[:32]
    return f"{brand.word.lower()}:{subject}"
