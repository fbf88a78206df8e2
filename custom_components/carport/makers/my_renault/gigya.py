"""The calls to Gigya: sign-in, e-mailed code, token. Status 200, errors in the body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import CookieJar
from yarl import URL

from ...cloud.errors import BadAnswer, CloudError, LoginExpired, Outage, SignInFailed
from ...cloud.field_map import get_path, text_at, to_float
from ...cloud.http import Transport
from ...cloud.ledger import Purpose
from ...cloud.sign_in import SignInOutcome
from .countries import Country

LOGIN: Final = "/accounts.login"
JWT: Final = "/accounts.getJWT"
INFO: Final = "/accounts.getAccountInfo"

WRONG_CREDENTIALS: Final = 403042
_CODE_WANTED: Final = 403101
_WRONG_CODE: Final = 400006
_DEAD_TOKEN: Final = frozenset({403005, 403013})
_OUTCOMES: Final[Mapping[int, SignInOutcome]] = {
    400093: SignInOutcome.CLIENT_REFUSED,
    403042: SignInOutcome.WRONG_PASSWORD,
    403120: SignInOutcome.ACCOUNT_LOCKED,
    403048: SignInOutcome.ACCOUNT_THROTTLED,
    206001: SignInOutcome.NEW_TERMS,
}
_TROUBLE: Final = range(500_000, 600_000)
_KEY_REFUSED: Final = frozenset({400093, WRONG_CREDENTIALS})
"""What a call that sends no password is refused with for the app's key."""
_REG_TOKEN_LIFE: Final = 3600.0


class GigyaError(CloudError):
    """Gigya refused; `code` says why."""

    def __init__(self, what: str, code: int, body: Mapping[str, Any]) -> None:
        """Keep the code, and the token with which a code can be asked for."""
        super().__init__(what)
        self.code = code
        self.reg_token = text_at(body, "regToken")
        self.reg_token_life = (
            to_float(get_path(body, ("sessionInfo", "expires_in"))) or _REG_TOKEN_LIFE
        )


class AppKeyRefused(SignInFailed, LoginExpired):
    """The app's key is not taken any more; the login token may well be good."""

    def __init__(self) -> None:
        """Say that it is about the key: no password was sent."""
        super().__init__(SignInOutcome.APP_KEY_REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What Gigya knows a device by, once its owner has confirmed it."""

    gmid: str = field(repr=False)
    ucid: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWanted:
    """A sign-in that a code has to confirm, until a moment."""

    reg_token: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A sign-in that was taken: the login token, and Gigya's id of the person."""

    login_token: str = field(repr=False)
    uid: str = field(repr=False)


class Gigya:
    """The sign-in service of one country, by the app's key."""

    def __init__(self, transport: Transport, country: Country, key: str | None) -> None:
        """Use the country's own key unless the owner has another."""
        self._transport = transport
        self._country = country
        self._key = key or country.cloud.gigya_key
        self._root = URL(f"https://{country.cloud.gigya}")

    async def login(
        self, username: str, password: str, device: Device | None, now: datetime
    ) -> SignedIn | CodeWanted:
        """Sign in with the password; a device that is known is not asked for a code."""
        form = {"ApiKey": self._key, "loginID": username, "password": password}
        try:
            body = await self._post(LOGIN, form, Purpose.SIGN_IN, device)
        except GigyaError as error:
            if error.code != _CODE_WANTED or error.reg_token is None:
                raise
            life = timedelta(seconds=min(error.reg_token_life, 2 * _REG_TOKEN_LIFE))
            return CodeWanted(reg_token=error.reg_token, until=now + life)
        token = text_at(body, "sessionInfo", "cookieValue")
        uid = text_at(body, "UID")
        if token is None or uid is None:
            raise BadAnswer(LOGIN)
        return SignedIn(login_token=token, uid=uid)

    async def jwt(self, login_token: str) -> str:
        """Return a token for the cars; `LoginExpired` where only the owner helps."""
        form = {
            "ApiKey": self._key,
            "login_token": login_token,
            "fields": "data.personId,data.gigyaDataCenter",
            "expiration": "900",
        }
        try:
            body = await self._post(JWT, form, Purpose.TOKEN)
        except GigyaError as error:
            if error.code in _DEAD_TOKEN:
                raise LoginExpired(JWT) from None
            if error.code in _KEY_REFUSED:
                raise AppKeyRefused from None
            # Anything else leaves the login token good: it is tried again later.
            raise Outage(JWT) from None
        if (token := text_at(body, "id_token")) is None:
            raise BadAnswer(JWT)
        return token

    async def person_id(self, login_token: str) -> str:
        """Return the id of the person, where the token does not say it."""
        form = {"ApiKey": self._key, "login_token": login_token}
        body = await self._post(INFO, form, Purpose.TOKEN)
        if (person := text_at(body, "data", "personId")) is None:
            raise BadAnswer(INFO)
        return person

    # The code that is sent by e-mail. The calls are GETs by nature; nothing of their
    # query is ever logged.

    async def new_device(self) -> Device:
        """Ask for the ids of a device that nobody knows yet."""
        jar = CookieJar(quote_cookie=False)
        await self._get("/accounts.webSdkBootstrap", {}, None, jar)
        cookies = jar.filter_cookies(self._root)
        found = [cookies[name].value for name in ("gmid", "ucid") if name in cookies]
        if len(found) != 2:
            raise BadAnswer("/accounts.webSdkBootstrap")
        gmid, ucid = found
        return Device(gmid=gmid, ucid=ucid)

    async def begin_code(self, reg_token: str, device: Device) -> str:
        """Begin to confirm a device; return what the further calls are made with."""
        params = {
            "regToken": reg_token,
            "provider": "gigyaEmail",
            "mode": "verify",
            "gmid": device.gmid,
            "ucid": device.ucid,
        }
        what = "/accounts.tfa.initTFA"
        return _need(await self._get(what, params, device), what, "gigyaAssertion")

    async def addresses(self, assertion: str, device: Device) -> tuple[Address, ...]:
        """Return the addresses to which a code can be sent."""
        what = "/accounts.tfa.email.getEmails"
        body = await self._get(what, {"gigyaAssertion": assertion}, device)
        emails = body.get("emails")
        return tuple(
            Address(id=number_, shown=shown)
            for one in (emails if isinstance(emails, list) else ())
            if (number_ := text_at(one, "id")) is not None
            and (shown := text_at(one, "obfuscated")) is not None
        )

    async def send_code(self, assertion: str, address: str, device: Device) -> str:
        """Have an e-mail sent; return what its code is given back with."""
        what = "/accounts.tfa.email.sendVerificationCode"
        params = {
            "gigyaAssertion": assertion,
            "emailID": address,
            "lang": self._country.language,
        }
        return _need(await self._get(what, params, device), what, "phvToken")

    async def confirm(self, confirmation: Confirmed, code: str, device: Device) -> bool:
        """Confirm the device by the code and have it remembered; False if it is wrong."""
        what = "/accounts.tfa.email.completeVerification"
        params = {
            "gigyaAssertion": confirmation.assertion,
            "phvToken": confirmation.phv_token,
            "code": code,
        }
        try:
            body = await self._get(what, params, device)
        except GigyaError as error:
            if error.code == _WRONG_CODE:
                return False
            raise SignInFailed(SignInOutcome.CODE_EXPIRED) from None
        params = {
            "gigyaAssertion": confirmation.assertion,
            "providerAssertion": _need(body, what, "providerAssertion"),
            "regToken": confirmation.reg_token,
            "tempDevice": "false",
        }
        await self._get("/accounts.tfa.finalizeTFA", params, device)
        return True

    # On the wire

    async def _post(
        self,
        what: str,
        form: Mapping[str, str],
        purpose: Purpose,
        device: Device | None = None,
    ) -> Mapping[str, Any]:
        answer = await self._transport.request(
            "POST",
            self._root.with_path(what),
            purpose=purpose,
            what=what,
            form=form,
            jar=self._jar_of(device),
        )
        return _checked(what, answer.json())

    async def _get(
        self,
        what: str,
        params: Mapping[str, str],
        device: Device | None,
        jar: CookieJar | None = None,
    ) -> Mapping[str, Any]:
        answer = await self._transport.request(
            "GET",
            self._root.with_path(what),
            purpose=Purpose.SIGN_IN,
            what=what,
            params={"APIKey": self._key, **params},
            jar=self._jar_of(device) if jar is None else jar,
        )
        return _checked(what, answer.json())

    def _jar_of(self, device: Device | None) -> CookieJar | None:
        if device is None:
            return None
        jar = CookieJar(quote_cookie=False)
        jar.update_cookies({"gmid": device.gmid, "ucid": device.ucid}, self._root)
        return jar


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address for codes, as Gigya shows it: never whole."""

    id: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a code is given back with."""

    reg_token: str = field(repr=False)
    assertion: str = field(repr=False)
    phv_token: str = field(repr=False)


def outcome_of(error: GigyaError) -> SignInOutcome:
    """Say how a sign-in ended by Gigya's code."""
    if error.code in _TROUBLE:
        return SignInOutcome.MAKER_OUTAGE
    return _OUTCOMES.get(error.code, SignInOutcome.PAGE_NOT_UNDERSTOOD)


def _checked(what: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer's body; raise the error that stands in it."""
    code = to_float(body.get("errorCode"))
    if code is None:
        raise BadAnswer(what)
    if code > 0:
        raise GigyaError(what, int(code), body)
    return body


def _need(body: Mapping[str, Any], what: str, key: str) -> str:
    if (found := text_at(body, key)) is None:
        raise BadAnswer(what)
    return found
