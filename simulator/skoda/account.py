"""Owners with their keys as the cloud keeps them, and the settings to change them."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, override

from aiohttp import web

from carport.cloud.clock import Clock

from ..account import Account
from ..register import SELL, OpenAccount, Register
from ..settings import ControlError, Setting, flag, table
from .parts import ENDINGS, PARTS
from .settings import Settings

KEY_LIFE: Final = 180 * 86_400.0
"""Seconds for which a new key is good; how long real ones are is not known."""
_KEYS_FOR_A_CAR: Final = 5


@dataclass(slots=True, kw_only=True)
class Key:
    """A key made in the owner's app, for some of the cars."""

    text: str
    vins: list[str]
    expires_at: datetime
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class AccountState(OpenAccount):
    """What the cloud knows of an owner."""

    clock: Clock
    spin: str | None
    keys: list[Key] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    """How the parts that are missing are missing, by the key of the part."""
    secondary: bool = False
    """Whether the cars refuse what is asked in the name of this user."""
    guarded: bool = False
    """Whether the cars decline to be disturbed."""

    @property
    def key(self) -> Key:
        """The key that was made last."""
        return self.keys[-1]

    def make_key(self, text: str) -> None:
        """Make another key for all cars; those before stay good."""
        for vin in self.vins:
            good = [key for key in self.keys if vin in key.vins and not key.revoked]
            if len(good) >= _KEYS_FOR_A_CAR:
                raise ControlError(f"a car has at most {_KEYS_FOR_A_CAR} keys")
        expires_at = self.clock.now() + timedelta(seconds=KEY_LIFE)
        self.keys.append(Key(text=text, vins=list(self.vins), expires_at=expires_at))

    @override
    def listed(self) -> dict[str, Any]:
        return {**super().listed(), "pin": self.spin, "api_key": self.key.text}


class KeyRegister(Register[AccountState, Settings]):
    """All owners, the keys they are known by, and how often each was used."""

    def __init__(self, clock: Clock, specs: Iterable[Account]) -> None:
        """Open the accounts."""
        self._clock = clock
        super().__init__(specs, self._open, Settings)

    @override
    def open_all(self, specs: Iterable[Account]) -> None:
        self._used: dict[str, deque[datetime]] = {}
        super().open_all(specs)

    def _open(self, spec: Account) -> AccountState:
        account = AccountState(spec=spec, clock=self._clock, spin=spec.pin)
        account.make_key(spec.more["api_key"])
        return account

    def owner(self, request: web.BaseRequest) -> tuple[AccountState, Key] | None:
        """Return whose key a call brings, good or not."""
        text = request.headers.get("X-API-Key", "")
        for account in self.accounts:
            for key in account.keys:
                if key.text == text:
                    return account, key
        return None

    # How often cars were asked after

    def left(self, counted: str) -> int:
        """Return how many calls may still be made now."""
        return max(int(self.settings.limit) - len(self._recent(counted)), 0)

    def wait(self, counted: str) -> float:
        """Return the seconds until one more call may be made than now."""
        recent = self._recent(counted)
        if not recent:
            return self.settings.window
        passed = (self._clock.now() - recent[0]).total_seconds()
        return self.settings.window - passed

    def use(self, counted: str) -> None:
        """Count a call."""
        self._recent(counted).append(self._clock.now())

    def _recent(self, counted: str) -> deque[datetime]:
        used = self._used.setdefault(counted, deque())
        begin = self._clock.now() - timedelta(seconds=self.settings.window)
        while used and used[0] <= begin:
            used.popleft()
        return used


def _expire(account: AccountState, value: Any) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ControlError("key_expires_in takes a number, of seconds")
    account.key.expires_at = account.clock.now() + timedelta(seconds=value)


def _new_key(account: AccountState, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise ControlError("new_key takes a text")
    account.make_key(value)


def _revoke(account: AccountState, value: Any) -> None:
    found = [key for key in account.keys if key.text == value]
    if not found:
        raise ControlError("revoke_key takes a key of this account")
    found[0].revoked = True


def _leave_out(account: AccountState, value: Any) -> None:
    if value not in account.key.vins:
        raise ControlError("leave_out takes a VIN that the newest key is for")
    account.key.vins.remove(value)


def _set_parts(account: AccountState, value: Any) -> None:
    good = isinstance(value, dict) and all(
        part in PARTS and (ending is None or ending in ENDINGS)
        for part, ending in value.items()
    )
    if not good:
        raise ControlError(
            f"parts takes an object of {', '.join(PARTS)} to {', '.join(ENDINGS)} or null"
        )
    kept = account.parts | value
    account.parts = {part: ending for part, ending in kept.items() if ending}


ACCOUNT_SETTINGS: Final[Mapping[str, Setting[Any]]] = table(
    Setting(
        name="new_key",
        takes="a text: the owner makes another key in the app",
        apply=_new_key,
    ),
    Setting(
        name="revoke_key",
        takes="a key: the owner deletes it in the app",
        apply=_revoke,
    ),
    Setting(
        name="key_expires_in",
        takes="a number: seconds from now, may be negative",
        apply=_expire,
    ),
    Setting(
        name="leave_out",
        takes="a VIN: the newest key is not for this car",
        apply=_leave_out,
    ),
    Setting(
        name="parts",
        takes="an object of parts and how they are missing: "
        "UNSUPPORTED, DISABLED, UNAVAILABLE, or null to have them back",
        apply=_set_parts,
    ),
    flag("secondary"),
    flag("guarded"),
    SELL,
)
