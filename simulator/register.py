"""The accounts of a service as they are now, and what can be set for all of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from .account import Account
from .settings import ControlError, Setting


@dataclass(slots=True, kw_only=True)
class OpenAccount:
    """What every cloud knows of an account."""

    spec: Account
    username: str = field(init=False)
    password: str = field(init=False)
    vins: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Begin as the owner has it; settings change it later."""
        self.username, self.password = self.spec.username, self.spec.password
        self.vins = list(self.spec.vins)

    def listed(self) -> dict[str, Any]:
        """Return what the index tells of it."""
        return {
            "region": self.spec.region,
            "username": self.username,
            "password": self.password,
            "pin": None,
            "vins": list(self.vins),
        }


class Register[A: OpenAccount, S]:
    """All accounts, as they are now, and the settings of the service."""

    def __init__(
        self,
        specs: Iterable[Account],
        open_account: Callable[[Account], A],
        settings: Callable[[], S],
    ) -> None:
        """Open the accounts."""
        self._open_account = open_account
        self._new_settings = settings
        self.accounts: list[A] = []
        self.open_all(specs)

    def open_all(self, specs: Iterable[Account]) -> None:
        """Open the accounts as on the first day, with the service's own settings."""
        self.settings = self._new_settings()
        self.accounts = [self._open_account(spec) for spec in specs]

    def by_name(self, username: object) -> A | None:
        """Find an account by its e-mail address, in whatever case it is typed."""
        if not isinstance(username, str):
            return None
        wanted = username.casefold()
        return next(
            (one for one in self.accounts if one.username.casefold() == wanted), None
        )


def _sell(account: OpenAccount, value: Any) -> None:
    if value not in account.vins:
        raise ControlError("sell takes a VIN of this account")
    account.vins.remove(value)


SELL: Final[Setting[Any]] = Setting(
    name="sell", takes="a VIN: the car leaves the account", apply=_sell
)
