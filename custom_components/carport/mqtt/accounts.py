"""The accounts behind the cars: how many calls are left, and whether a cloud wants rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
import hashlib
from typing import Any, Final

from ..cloud.clock import Timer
from ..cloud.contract import Service
from ..engine import Channel, GarageCar

_QUARTER: Final = 900


@dataclass(slots=True, kw_only=True)
class BridgeAccount:
    """An account, as some car is reached through it."""

    name: str
    service: Service
    timer: Timer | None = None
    undo: Callable[[], None] | None = None
    told: dict[str, Any] | None = None

    @property
    def digest(self) -> str:
        """A name of the account that stays, and tells nothing of it."""
        return digest_of_account(self.name)

    @property
    def counts(self) -> bool:
        """Whether anybody knows how many calls there may be."""
        return self.service.context.transport.ledger.left() is not None

    def state(self) -> dict[str, Any]:
        """Return how the account is."""
        ledger = self.service.context.transport.ledger
        pauses = (ledger.throttled_until, ledger.commands_paused_until)
        return {
            "service": self.service.info.name,
            "calls_left": ledger.left(),
            "calls_left_runs_out_at": _rounded(ledger.runs_out_at()),
            "throttled": any(pauses),
            "readings_paused_until": _iso(pauses[0]),
            "commands_paused_until": _iso(pauses[1]),
        }


def digest_of_account(name: str) -> str:
    """Return a name of an account that stays, and tells nothing of it."""
    return hashlib.sha256(f"account {name}".encode()).hexdigest()[:12]


class Accounts:
    """The accounts that are known through cars, and who hears of them."""

    def __init__(self, tell: Callable[[BridgeAccount], None]) -> None:
        """Begin without any; `tell` hears of each change that can be seen."""
        self._tell = tell
        self.known: dict[str, BridgeAccount] = {}

    def look(self, car: GarageCar) -> None:
        """Take up the accounts of a car; one that was opened anew is another."""
        for channel in car.channels.values():
            known = self.known.get(channel.account)
            if known is None or known.service is not channel.service:
                if known is not None:
                    self._leave(known)
                self._take_up(channel)

    def forget(self, name: str) -> None:
        """Hear no more of an account."""
        if (account := self.known.pop(name, None)) is not None:
            self._leave(account)

    def close(self) -> None:
        """Listen no more."""
        for account in self.known.values():
            self._leave(account)
        self.known.clear()

    def _take_up(self, channel: Channel) -> None:
        account = BridgeAccount(name=channel.account, service=channel.service)
        self.known[account.name] = account
        ledger = account.service.context.transport.ledger
        account.undo = ledger.listen(lambda: self._changed(account))
        self._changed(account)

    def _changed(self, account: BridgeAccount) -> None:
        """Tell what can be seen of a call, and notice the end of a pause by oneself."""
        state = account.state()
        if state != account.told:
            account.told = state
            self._tell(account)
        if account.timer is not None:
            account.timer.cancel()
            account.timer = None
        context = account.service.context
        ledger = context.transport.ledger
        pauses = (ledger.throttled_until, ledger.commands_paused_until)
        if ends := [until for until in pauses if until is not None]:
            left = (min(ends) - context.clock.now()).total_seconds()
            account.timer = context.clock.call_later(
                left, lambda: self._changed(account)
            )

    @staticmethod
    def _leave(account: BridgeAccount) -> None:
        if account.undo is not None:
            account.undo()
            account.undo = None
        if account.timer is not None:
            account.timer.cancel()
            account.timer = None


def _rounded(moment: datetime | None) -> str | None:
    """Round a forecast to a quarter of an hour, or every call would move it."""
    if moment is None:
        return None
    quarters = round(moment.timestamp() / _QUARTER)
    return datetime.fromtimestamp(quarters * _QUARTER, UTC).isoformat()


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
