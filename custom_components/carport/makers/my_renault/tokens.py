"""The token for the cars, renewed by the login token that a sign-in gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, override

from ...cloud.account_state import AccountState
from ...cloud.contract import Context
from ...cloud.errors import BadAnswer, LoginExpired, Outage
from ...cloud.field_map import text_at
from ...cloud.jwt import claims, end_by_our_clock
from ...cloud.sign_in import SignInOutcome
from ...cloud.token_manager import TokenManager
from .countries import KAMEREON_KEY, Country, country_of, published_keys
from .gigya import JWT, AppKeyRefused, Device, Gigya, GigyaError, SignedIn, outcome_of

_LIFETIME: Final = 900.0
"""What a token without an end of its own is given."""
_NOT_JUDGED: Final = frozenset(
    {SignInOutcome.MAKER_OUTAGE, SignInOutcome.ACCOUNT_THROTTLED}
)
_PERSON: Final = "data.personId"
_KEYS: Final = ("gigya_key", "kamereon_key")
_CHOICES: Final = ("country", "keep_password", "local_times", *_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A token for the cars, and whose it is."""

    access: str = field(repr=False)
    expires_at: float
    person_id: str = field(repr=False)


class MyRenaultTokens(TokenManager[Session]):
    """Hands out the token, and renews it; a kept password renews the rest, once."""

    what = JWT
    ahead = 60.0
    harmless = (Outage, BadAnswer)

    def __init__(self, context: Context, account_state: AccountState) -> None:
        """Take up the token of the last run."""
        super().__init__(context, account_state, _stored(account_state))
        self._username = context.username

    # What is kept

    @property
    def country(self) -> Country:
        """The country that was chosen at the sign-in."""
        return country_of(self._account_state.text("country"))

    @property
    def chosen(self) -> Mapping[str, str | None]:
        """What the owner chose at the last sign-in, by the fields' keys.

        An own key is forgotten when an update brings another published one: it was
        typed because that one was out of date.
        """
        kept = {name: self._account_state.text(name) for name in _CHOICES}
        if self._account_state.text("keys_beside") != published_keys(self.country):
            kept |= dict.fromkeys(_KEYS)
        return kept

    @property
    def kamereon_key(self) -> str:
        """The app's key at the cars' cloud: the owner's own, or the published one."""
        return self.chosen["kamereon_key"] or KAMEREON_KEY

    @property
    def device(self) -> Device | None:
        """The device that Gigya knows; None before one was confirmed."""
        gmid, ucid = self._account_state.text("gmid"), self._account_state.text("ucid")
        return Device(gmid=gmid, ucid=ucid) if gmid and ucid else None

    @property
    def remembered_at(self) -> datetime | None:
        """The day on which the device was confirmed."""
        seconds = self._account_state.number("remembered_at")
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def gigya(self) -> Gigya:
        """Return the sign-in service as it was last signed in to."""
        return Gigya(self._transport, self.country, self.chosen["gigya_key"])

    async def remember(self, device: Device) -> None:
        """Keep a device that its owner has just confirmed."""
        await self._account_state.keep(
            gmid=device.gmid, ucid=device.ucid, remembered_at=self._now()
        )

    # Getting tokens

    async def begin(
        self, gigya: Gigya, signed_in: SignedIn, **kept: str | float | None
    ) -> None:
        """Get the first token of a sign-in and keep all that it gave."""
        session = await self._session(gigya, signed_in.login_token)
        await self._keep(
            session,
            **kept,
            **_told(session),
            login_token=signed_in.login_token,
            uid=signed_in.uid,
        )

    @override
    async def _renew(self, tokens: Session) -> Session:
        gigya = self.gigya()
        if (login_token := self._account_state.text("login_token")) is None:
            raise LoginExpired(JWT)
        try:
            session = await self._session(gigya, login_token)
        except AppKeyRefused:
            # A password is as little use without the key: it is kept for later.
            raise
        except LoginExpired:
            login_token = await self._sign_in_silently(gigya)
            # Kept at once: what fails from here on is no reason to sign in again.
            await self._account_state.keep(login_token=login_token)
            session = await self._session(gigya, login_token)
        return await self._keep(session, **_told(session))

    async def _session(self, gigya: Gigya, login_token: str) -> Session:
        access = await gigya.jwt(login_token)
        person = text_at(claims(access), _PERSON) or self._account_state.text(
            "person_id"
        )
        if person is None:
            person = await gigya.person_id(login_token)
        now = self._now()
        return Session(
            access=access,
            expires_at=end_by_our_clock(access, now) or now + _LIFETIME,
            person_id=person,
        )

    async def _sign_in_silently(self, gigya: Gigya) -> str:
        """Sign in with the password, if the owner left it here; never asks for a code.

        Whatever is not taken at once is the owner's business: the password is then
        forgotten, so that it is not sent again. An outage has not judged it.
        """
        password = self._account_state.text("password")
        if password is None:
            raise LoginExpired(JWT)
        now = self._clock.now()
        try:
            # Accounts that were never asked for a code have no device to name.
            result = await gigya.login(self._username, password, self.device, now)
        except GigyaError as error:
            if outcome_of(error) in _NOT_JUDGED:
                raise Outage(JWT) from None
            result = None
        if isinstance(result, SignedIn):
            return result.login_token
        await self._account_state.keep(password=None)
        raise LoginExpired(JWT)


def _stored(account_state: AccountState) -> Session | None:
    access, person = account_state.text("jwt"), account_state.text("person_id")
    if access is None or person is None or account_state.text("login_token") is None:
        return None
    return Session(
        access=access,
        expires_at=account_state.number("jwt_expires_at") or 0,
        person_id=person,
    )


def _told(session: Session) -> dict[str, str | float | None]:
    return {
        "jwt": session.access,
        "jwt_expires_at": session.expires_at,
        "person_id": session.person_id,
    }
