"""One account of i Remote as the cloud keeps it, and the knobs to change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from ..accounts import Account
from ..car_net.throttle import Bucket
from ..knobs import ControlError, Knob, choice, flag, number, text
from .settings import Settings


@dataclass(slots=True, kw_only=True)
class AccountState:
    """What the cloud knows of an account, and the app that signs in for it."""

    username: str
    password: str
    answer: str | None
    client_id: str
    client_secret: str
    region: str
    vins: list[str]
    sign_in: str = "ok"
    asks_answer: bool = False
    """Whether unlocking wants the answer to the account's security question."""
    wrong_passwords: float = 0
    empty: bool = False
    tokens: dict[str, datetime] = field(default_factory=dict)
    sign_ins: Bucket = field(default_factory=Bucket)


class Register:
    """All accounts as they are now, and the settings of the service."""

    def __init__(self, specs: Iterable[Account]) -> None:
        """Open the accounts."""
        self.accounts: list[AccountState] = []
        self.open_all(specs)

    def open_all(self, specs: Iterable[Account]) -> None:
        """Open the accounts as on the first day; tokens stay good."""
        kept = {account.username: account.tokens for account in self.accounts}
        self.settings = Settings()
        self.accounts = [_open(spec, kept.get(spec.username, {})) for spec in specs]

    def by_name(self, username: str) -> AccountState | None:
        """Find an account by its e-mail address, in whatever case it is typed."""
        wanted = username.strip().casefold()
        for account in self.accounts:
            if account.username.casefold() == wanted:
                return account
        return None

    def owner(self, request: web.BaseRequest) -> AccountState | None:
        """Return whose token a call brings, alive or not."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for account in self.accounts:
            if token in account.tokens:
                return account
        return None

    def admit(self, request: web.BaseRequest, now: datetime) -> AccountState | None:
        """Return who calls with a token that is alive."""
        account = self.owner(request)
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if account is None or account.tokens[token] <= now:
            return None
        return account


def _open(spec: Account, tokens: dict[str, datetime]) -> AccountState:
    return AccountState(
        username=spec.username,
        password=spec.password,
        answer=spec.pin,
        client_id=spec.more.get("client_id", ""),
        client_secret=spec.more.get("client_secret", ""),
        region=spec.region,
        vins=list(spec.vins),
        asks_answer=spec.pin is not None,
        tokens=tokens,
    )


def _revoke(account: AccountState, value: Any) -> None:
    if value != "access":
        raise ControlError("revoke takes access")
    account.tokens.clear()


def _sell(account: AccountState, value: Any) -> None:
    if value not in account.vins:
        raise ControlError("sell takes a VIN of this account")
    account.vins.remove(value)


ACCOUNT_KNOBS: Final[Mapping[str, Knob[AccountState]]] = {
    "sign_in": choice(
        "sign_in", "ok", "locked", "throttled", "outage", "text", "mobile_disabled"
    ),
    "password": text("password"),
    "answer": text("answer"),
    "client_id": text("client_id"),
    "asks_answer": flag("asks_answer"),
    "wrong_passwords": number("wrong_passwords"),
    "empty": flag("empty"),
    "sell": Knob(takes="a VIN: the car leaves the account", turn=_sell),
    "revoke": Knob(takes="access", turn=_revoke),
}
