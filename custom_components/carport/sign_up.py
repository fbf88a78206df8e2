"""Trying an account: sign in, list its cars, and name what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .account import OpenAccount, async_open_account
from .keeper import async_get_keeper
from .listing import ListedCars
from .service.contract import Tokens
from .service.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    LoginExpired,
    Outage,
    SignInFailed,
    Throttled,
)
from .service.guard import guarded_sign_in
from .service.sign_in import SignInOutcome

NO_CARS: Final = "no_cars"
SERVER_INVALID: Final = "server_invalid"
SERVER_UNREACHABLE: Final = "server_unreachable"
CLOUD_REFUSED: Final = "cloud_refused"

_NO_PAGE: Final[Mapping[str, str]] = {
    SignInOutcome.NEW_TERMS: "new_terms_no_page",
    SignInOutcome.CONSENT_MISSING: "consent_missing_no_page",
}
"""What is said instead where the maker's page is not known."""

_BY_ERROR: Final[tuple[tuple[type[CloudError], str], ...]] = (
    (Throttled, SignInOutcome.ACCOUNT_THROTTLED),
    (ClosedByMaker, SignInOutcome.CLIENT_REFUSED),
    # Tokens that are minutes old and already refused: not the owner's fault.
    (LoginExpired, SignInOutcome.CLIENT_REFUSED),
    (BadAnswer, SignInOutcome.PAGE_NOT_UNDERSTOOD),
    (Outage, SignInOutcome.MAKER_OUTAGE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Which account, where: what an entry keeps of it, but for the PIN."""

    service: str
    region: str
    username: str
    server: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A sign-in that worked: the maker's account id, and what is to be kept."""

    account_id: str
    kept: Mapping[str, Any]


class NotSignedIn(Exception):
    """A sign-in that did not work; `key` names the text, `page` the maker's page."""

    def __init__(self, key: str, page: str | None = None) -> None:
        """Keep what to say, and where the owner has to go."""
        super().__init__(key)
        self.key = key
        self.page = page


async def async_try_sign_in(
    hass: HomeAssistant,
    account: Account,
    credentials: Mapping[str, str],
    kept: Mapping[str, Any] | None = None,
) -> SignedIn:
    """Sign in and list the cars; `kept` is what a known account has in its store."""
    known = kept or {}
    tokens: Tokens | None = known.get("tokens")

    async def save_tokens(fresh: Tokens | None) -> None:
        nonlocal tokens
        tokens = fresh

    opened = await _async_open(hass, account, tokens, save_tokens, known.get("ledger"))
    keeper = await async_get_keeper(hass)
    try:
        account_id = await guarded_sign_in(opened.service, credentials, keeper.guard)
        cars = await opened.service.cars()
    except CloudError as error:
        raise _named(error) from error
    finally:
        # A refused password must not be tried again after a crash either.
        await keeper.async_save()
        await opened.service.close()
    if not cars and not known:
        raise NotSignedIn(NO_CARS)
    listed = ListedCars.from_json(known.get("cars")).after(cars, opened.clock.now())
    return SignedIn(
        account_id=account_id,
        kept={
            "tokens": tokens,
            "ledger": opened.ledger.to_json(),
            "cars": listed.to_json(),
        },
    )


async def async_check_server(hass: HomeAssistant, account: Account) -> None:
    """Make sure that the account's server answers, without a sign-in."""

    async def keep_nothing(tokens: Tokens | None) -> None:
        """Take no tokens: nobody signs in."""

    opened = await _async_open(hass, account, None, keep_nothing, None)
    await opened.service.close()


async def _async_open(
    hass: HomeAssistant,
    account: Account,
    tokens: Tokens | None,
    save_tokens: Any,
    ledger: Mapping[str, Any] | None,
) -> OpenAccount:
    """Build the service; only a given server is called for it."""
    try:
        return await async_open_account(
            hass,
            service_key=account.service,
            region=account.region,
            username=account.username,
            server=account.server,
            account="sign-in",
            tokens=tokens,
            save_tokens=save_tokens,
            ledger_data=ledger,
        )
    except Outage as error:
        raise NotSignedIn(SERVER_UNREACHABLE) from error
    except CloudError as error:
        raise NotSignedIn(SERVER_INVALID) from error


def _named(error: CloudError) -> NotSignedIn:
    """Name what went wrong by the key of its text."""
    if isinstance(error, SignInFailed):
        return NotSignedIn(message_key(error.outcome, error.address), error.address)
    for kind, key in _BY_ERROR:
        if isinstance(error, kind):
            return NotSignedIn(str(key))
    return NotSignedIn(CLOUD_REFUSED)


def message_key(outcome: SignInOutcome, page: str | None) -> str:
    """Return the key of an outcome's text, with or without a page to go to."""
    return str(outcome) if page else _NO_PAGE.get(outcome, str(outcome))
