"""Signing in at the portal: the group's identity pages, then a cookie for a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import hashlib
from typing import Final

from aiohttp import CookieJar
from multidict import CIMultiDict
from yarl import URL

from ...cloud.answer import Answer
from ...cloud.errors import SignInFailed, map_login_errors
from ...cloud.http import Transport
from ...cloud.jwt import claims
from ...cloud.ledger import Purpose
from ...cloud.product import PRODUCT
from ...cloud.sign_in import SignInOutcome
from ..volkswagen_group.identity_pages import (
    AskCode,
    AuthorizationRequest,
    authorize,
    check_address,
    diagnosis,
    new_jar,
)
from .hosts import HOSTS, IDENTITY_HOST, PORTAL, Brand
from .markets import accepted_languages, market

COOKIE: Final = "access_token"
"""The session; a browser sends whatever else the portal has set along with it."""
_SCOPE: Final = "openid cars profile"
_REDIRECT: Final = f"{PORTAL}/login"
_CALLBACK: Final = f"{PORTAL}/services/callbacklogin"
_CALLS: Final = f"{PORTAL}/proxy_api/"
_ANY: Final = frozenset(range(200, 400))
_MOST_REDIRECTS: Final = 10
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
    """What a sign-in ends with: the portal's cookies, and what the browser is known by.

    `remembered` are the identity host's cookies, of which one spares the next sign-in
    a mailed code.
    """

    cookies: Mapping[str, str] = field(repr=False)
    account_id: str
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
        response = await authorize(
            transport, door, username, password, jar=jar, ask_code=ask_code
        )
        with map_login_errors():
            await _open_session(transport, response.parameters, jar, headers)
    except SignInFailed as error:
        raise _for_the_owner(error) from None
    cookies = _cookies(jar, _CALLS)
    if not (cookie := cookies.get(COOKIE)):
        raise SignInFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)
    return Entry(
        cookies=cookies,
        account_id=_account_id(brand, username, cookie),
        remembered=_cookies(jar, f"https://{IDENTITY_HOST}"),
    )


async def _open_session(
    transport: Transport,
    parameters: Mapping[str, str],
    jar: CookieJar,
    headers: Mapping[str, str],
) -> None:
    """Follow the redirects behind the sign-in until the portal has set its cookie.

    The page that it leads to then is not fetched: for some countries there is none.
    """

    def of_page(before: Answer) -> Mapping[str, str]:
        return {**headers, "Referer": str(before.url)}

    async def get(url: URL, referer: str, allowed: frozenset[int]) -> Answer:
        return await transport.request(
            "GET",
            url,
            purpose=Purpose.SIGN_IN,
            what="portal session",
            headers={**headers, "Referer": referer},
            jar=jar,
            allowed=allowed,
        )

    first = URL(_REDIRECT).with_query(dict(parameters))
    answer = await transport.follow(
        await get(first, f"https://{IDENTITY_HOST}/", _ANY),
        purpose=Purpose.SIGN_IN,
        what="portal session",
        hosts=HOSTS,
        jar=jar,
        headers=of_page,
        stop=_CALLBACK,
        watch=check_address,
        limit=_MOST_REDIRECTS,
    )
    if answer.location is None:
        raise diagnosis(answer)
    await get(answer.location, str(answer.url), _ANY)


def cookies_after(cookies: Mapping[str, str], answer: Answer) -> Mapping[str, str]:
    """Return the portal's cookies after an answer, which may set some anew."""
    fresh = CIMultiDict(answer.headers).getall("Set-Cookie", [])
    if not fresh:
        return cookies
    jar = new_jar()
    jar.update_cookies(dict(cookies), URL(PORTAL))
    jar.update_cookies_from_headers(fresh, answer.url)
    return _cookies(jar, _CALLS)


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
