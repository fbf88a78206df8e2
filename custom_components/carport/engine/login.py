"""Trying an account: sign in, list its cars, and name what stands in the way."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
import logging
from typing import Any, Final

from ..cloud.clock import Clock
from ..cloud.contract import Car, Service, Tokens
from ..cloud.errors import (
    BadAnswer,
    ClosedByMaker,
    CloudError,
    FarServer,
    HostNotMapped,
    LoginExpired,
    Outage,
    PlainServer,
    ServerRefused,
    SignInFailed,
    Throttled,
)
from ..cloud.guard import GuardedDialog, Refusals, SignInGuard, guarded_login
from ..cloud.login import LoginAborted, LoginDialog, Question
from ..cloud.sign_in import SignInOutcome
from ..cloud.time_limit import time_limit
from .opening import OpenAccount
from .storage import belongs_to, kept_pin, pinned
from .vehicle_list import KnownVehicles

_LOGGER: Final = logging.getLogger(__name__)

type Opener = Callable[..., Awaitable[OpenAccount]]
"""`open_service` with all that a face knows of the account and its session."""

NO_CARS: Final = "no_cars"
SECRET_NEEDED: Final = "secret_needed"
SERVER_INVALID: Final = "server_invalid"
SERVER_UNREACHABLE: Final = "server_unreachable"
SERVER_PLAIN: Final = "server_plain"
SERVER_FAR: Final = "server_far"
SERVER_CHANGED: Final = "server_changed"
SERVER_NEEDS_SIGN_IN: Final = "server_needs_sign_in"
SERVER_LACKS_HOST: Final = "server_lacks_host"
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
class LoginResult:
    """A sign-in that worked: the maker's account id, its cars, and what is to be kept."""

    account_id: str
    vins: frozenset[str]
    kept: Mapping[str, Any]


SIGN_IN_TRACE: Final = "sign_in_trace"
"""Where the outline of the last sign-in is kept, for the report."""
_OWNERS: Final = frozenset(
    map(
        str,
        (
            SignInOutcome.WRONG_PASSWORD,
            SignInOutcome.UNKNOWN_ACCOUNT,
            SignInOutcome.CODE_WRONG,
            SignInOutcome.CODE_EXPIRED,
            SignInOutcome.DECLINED,
            SignInOutcome.KEY_REFUSED,
            SignInOutcome.VIN_INVALID,
        ),
    )
)
"""Where what was typed is the matter, and nothing about how the maker lets people in."""


class LoginFailed(Exception):
    """A sign-in that did not work; `key` names the text, `page` the maker's page.

    `hosts` are addresses that the text speaks of; with `asks` the owner may agree to
    them, and goes on.
    """

    def __init__(
        self,
        key: str,
        page: str | None = None,
        *,
        hosts: Collection[str] = (),
        asks: bool = False,
    ) -> None:
        """Keep what to say, and where the owner has to go."""
        super().__init__(key)
        self.key = key
        self.page = page
        self.hosts = tuple(hosts)
        self.asks = asks
        self.report: tuple[str, ...] = ()
        """What the calls were like, where that may tell what was different."""
        self.refusals: Refusals | None = None
        """How many of this account's credentials were refused today, where that is known."""


async def try_login(
    opener: Opener,
    server: str | None,
    talk: LoginDialog,
    guard: SignInGuard,
    save_guard: Callable[[], Awaitable[None]],
    kept: Mapping[str, Any] | None = None,
    *,
    agreed: Collection[str] = (),
    anew: bool = False,
    hear_clock: Callable[[Clock], None] = lambda clock: None,
) -> LoginResult:
    """Sign in by talking, and list the cars; `kept` is what a known account has in its store.

    `agreed` are the addresses of a server that the owner was shown and agreed to. What
    was kept for another server, or for the same one before it is agreed to `anew`, has
    no part in this: neither tokens nor credentials among them are sent.
    """
    known = kept or {}
    same = not anew and belongs_to(known, server)
    tokens: Tokens | None = known.get("tokens") if same else None

    async def save_tokens(fresh: Tokens | None) -> None:
        nonlocal tokens
        tokens = fresh

    opened = await open_named(
        opener,
        tokens=tokens,
        save_tokens=save_tokens,
        ledger_data=known.get("ledger"),
        pin=kept_pin(known) if same else None,
        agreed=agreed,
    )
    # A server may have a clock of its own, by which codes expire there.
    hear_clock(opened.clock)
    guarded = GuardedDialog(talk, opened.service, guard)
    try:
        account_id = await guarded_login(opened.service, guarded)
        with time_limit(opened.clock):
            cars = await opened.service.cars()
    except CloudError as error:
        failed = named(error)
        if failed.key not in _OWNERS:
            failed.report = tuple(opened.transport.trace.lines())
        raise failed from error
    except LoginAborted:
        raise
    except Exception as error:
        # What nobody foresaw is no reason for a dialog that says nothing.
        _LOGGER.exception("Signing in failed")
        unknown = LoginFailed(SignInOutcome.PAGE_NOT_UNDERSTOOD)
        unknown.report = tuple(opened.transport.trace.lines())
        raise unknown from error
    finally:
        # A refused password must not be tried again after a crash either.
        await save_guard()
        await opened.service.close()
    if not cars and not known:
        nothing = LoginFailed(NO_CARS)
        nothing.report = tuple(opened.transport.trace.lines())
        raise nothing
    if kept is None and not await _agrees(opened.service, cars, talk):
        raise LoginAborted
    listed = KnownVehicles.from_json(known.get("cars")).after(cars, opened.clock.now())
    return LoginResult(
        account_id=account_id,
        vins=frozenset(car.vin for car in cars),
        kept={
            "tokens": tokens,
            "ledger": opened.ledger.to_json(),
            "cars": listed.to_json(),
            SIGN_IN_TRACE: opened.transport.trace.calls,
            **pinned(opened.pin),
        },
    )


async def _agrees(service: Service, cars: Sequence[Car], talk: LoginDialog) -> bool:
    """Return whether the owner takes what a day of these cars costs, where that counts."""
    cost = service.day_cost(cars)
    if cost is None:
        return True
    hours = cost.limit.per / timedelta(hours=1)
    told = {
        "cars": ", ".join(
            car.nickname or car.model or car.manufacturer for car in cars
        ),
        "calls": str(cost.calls),
        "most": str(cost.limit.calls - cost.limit.reserve),
        "limit": str(cost.limit.calls),
        "hours": f"{hours:g}",
    }
    question = Question(key="day_cost", placeholders=told, harmless=True)
    return await talk.confirm(question)


async def open_named(opener: Opener, **kept: Any) -> OpenAccount:
    """Build the service, and name what keeps it from that; only a given server is called."""
    try:
        return await opener(account="sign-in", **kept)
    except ServerRefused as error:
        kinds = ((PlainServer, SERVER_PLAIN), (FarServer, SERVER_FAR))
        key = next((key for kind, key in kinds if isinstance(error, kind)), None)
        raise LoginFailed(
            key or SERVER_CHANGED, hosts=error.doubts, asks=key is not None
        ) from error
    except Outage as error:
        raise LoginFailed(SERVER_UNREACHABLE) from error
    except CloudError as error:
        raise LoginFailed(SERVER_INVALID) from error


def named(error: CloudError) -> LoginFailed:
    """Name what went wrong by the key of its text."""
    if isinstance(error, SignInFailed):
        return LoginFailed(message_key(error.outcome, error.address), error.address)
    if isinstance(error, HostNotMapped):
        return LoginFailed(SERVER_LACKS_HOST, hosts=(error.host,))
    for kind, key in _BY_ERROR:
        if isinstance(error, kind):
            return LoginFailed(str(key))
    return LoginFailed(CLOUD_REFUSED)


def message_key(outcome: SignInOutcome, page: str | None) -> str:
    """Return the key of an outcome's text, with or without a page to go to."""
    return str(outcome) if page else _NO_PAGE.get(outcome, str(outcome))
