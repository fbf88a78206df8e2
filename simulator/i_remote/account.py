"""One account of i Remote as the cloud keeps it, and the settings that change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, override

from aiohttp import web

from ..account import Account
from ..register import SELL, OpenAccount, Register
from ..settings import Setting, action, choice, flag, number, table, text
from ..throttle import Bucket
from .settings import Settings


@dataclass(slots=True, kw_only=True)
class AccountState(OpenAccount):
    """What the cloud knows of an account, and the app that signs in for it."""

    answer: str | None
    client_id: str
    client_secret: str
    sign_in: str = "ok"
    asks_answer: bool = False
    """Whether unlocking wants the answer to the account's security question."""
    first_word: str = "PENDING"
    """How the record of a command begins."""
    wrong_passwords: float = 0
    empty: bool = False
    tokens: dict[str, datetime] = field(default_factory=dict)
    sign_ins: Bucket = field(default_factory=Bucket)

    @property
    def region(self) -> str:
        """The region in which its cars are at home."""
        return self.spec.region

    @override
    def listed(self) -> dict[str, Any]:
        return {
            **super().listed(),
            "pin": self.answer,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }


class RemoteRegister(Register[AccountState, Settings]):
    """All accounts, and the tokens they were sold."""

    @override
    def open_all(self, specs: Iterable[Account]) -> None:
        kept = {account.username: account.tokens for account in self.accounts}
        super().open_all(specs)
        for account in self.accounts:
            account.tokens = kept.get(account.username, {})

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


def open_account(spec: Account) -> AccountState:
    """Open an account, with the app it signs in by."""
    return AccountState(
        spec=spec,
        answer=spec.pin,
        asks_answer=spec.pin is not None,
        client_id=spec.more.get("client_id", ""),
        client_secret=spec.more.get("client_secret", ""),
    )


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    choice("sign_in", "ok", "locked", "throttled", "outage", "text", "mobile_disabled"),
    text("password"),
    text("answer"),
    text("client_id"),
    text("client_secret"),
    choice("first_word", "PENDING", "INITIATED"),
    flag("asks_answer"),
    number("wrong_passwords"),
    flag("empty"),
    SELL,
    action("revoke", access=lambda account: account.tokens.clear()),
)
