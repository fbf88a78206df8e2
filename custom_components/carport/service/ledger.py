"""The count of calls of one account, by purpose, against what the cloud allows a day."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from .clock import Clock


class Purpose(StrEnum):
    """What a call is for."""

    SIGN_IN = "sign_in"
    TOKEN = "token"
    LIST = "list"
    READ = "read"
    WAKE = "wake"
    COMMAND = "command"
    CONFIRM = "confirm"
    LOOKUP = "lookup"


URGENT: Final = frozenset(
    {
        Purpose.SIGN_IN,
        Purpose.TOKEN,
        Purpose.WAKE,
        Purpose.COMMAND,
        Purpose.CONFIRM,
    }
)
"""Purposes that may use the reserve and do not wait for a reading's pause to end."""


class Ledger:
    """Calls booked today; the day is the clock's day in UTC."""

    def __init__(
        self,
        clock: Clock,
        *,
        a_day: int | None = None,
        reserve: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Go on from what was kept; `reserve` is what only commands may use."""
        self._clock = clock
        self._a_day = a_day
        self._reserve = reserve
        self._listeners: list[Callable[[], None]] = []
        self._day = clock.now().date()
        self._counts: Counter[str] = Counter()
        self._throttled_until: datetime | None = None
        self._commands_paused_until: datetime | None = None
        if data:
            self._restore(data)

    def book(self, purpose: Purpose) -> None:
        """Count one call."""
        self._turn_page()
        self._counts[purpose] += 1
        self._tell()

    def counts_today(self) -> Mapping[str, int]:
        """Return today's calls by purpose."""
        self._turn_page()
        return dict(self._counts)

    def left(self, command: bool = False) -> int | None:
        """Return the calls left today; None where nobody knows a limit."""
        if self._a_day is None:
            return None
        self._turn_page()
        reserved = 0 if command else self._reserve
        return max(self._a_day - self._counts.total() - reserved, 0)

    def allows(self, purpose: Purpose) -> bool:
        """Return whether a call is affordable now."""
        urgent = purpose in URGENT
        if not urgent and self.throttled_until is not None:
            return False
        return self.left(command=urgent) != 0

    def throttle(self, until: datetime) -> None:
        """Note that the cloud wants no readings for a while."""
        if self._throttled_until is None or until > self._throttled_until:
            self._throttled_until = until
            self._tell()

    def pause_commands(self, until: datetime) -> None:
        """Note that the cloud wants no commands for a while."""
        if self._commands_paused_until is None or until > self._commands_paused_until:
            self._commands_paused_until = until
            self._tell()

    @property
    def throttled_until(self) -> datetime | None:
        """When the pause of reading ends; None while there is none."""
        return self._ahead(self._throttled_until)

    @property
    def commands_paused_until(self) -> datetime | None:
        """When the pause of commands ends; None while there is none."""
        return self._ahead(self._commands_paused_until)

    def runs_out_at(self) -> datetime | None:
        """Return when today's calls are used up at today's pace; None if not today."""
        if self._a_day is None:
            return None
        self._turn_page()
        now = self._clock.now()
        used = self._counts.total()
        if used >= self._a_day:
            return now
        midnight = datetime.combine(self._day, datetime.min.time(), UTC)
        passed = now - midnight
        if not used or not passed:
            return None
        at = midnight + passed * (self._a_day / used)
        return at if at < midnight + timedelta(days=1) else None

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call after every change; undo by the result."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def to_json(self) -> dict[str, Any]:
        """Turn the ledger into JSON."""
        return {
            "day": self._day.isoformat(),
            "counts": dict(self._counts),
            "throttled_until": _iso(self._throttled_until),
            "commands_paused_until": _iso(self._commands_paused_until),
        }

    def opens_at(self) -> datetime:
        """Return when reading is allowed again: after a pause, or on a new day."""
        if (until := self.throttled_until) is not None:
            return until
        tomorrow = self._clock.now().date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, UTC)

    def _restore(self, data: Mapping[str, Any]) -> None:
        self._day = date.fromisoformat(data["day"])
        self._counts = Counter(data["counts"])
        self._throttled_until = _moment(data.get("throttled_until"))
        self._commands_paused_until = _moment(data.get("commands_paused_until"))

    def _ahead(self, until: datetime | None) -> datetime | None:
        return until if until is not None and until > self._clock.now() else None

    def _turn_page(self) -> None:
        today = self._clock.now().date()
        if today != self._day:
            self._day = today
            self._counts.clear()

    def _tell(self) -> None:
        for callback in tuple(self._listeners):
            callback()


def _iso(until: datetime | None) -> str | None:
    return None if until is None else until.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
